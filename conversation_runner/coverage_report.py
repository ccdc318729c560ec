"""Coverage for the eye: a summary in the terminal and a page in the browser."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from string import Template

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from conversation_runner.coverage import Kind, Part

_FEW = 8


def summary(kinds: Sequence[Kind]) -> RenderableType:
    """A line per kind, and below it the first of the names nobody reached."""
    return Group(*(line for kind in kinds for line in _kind(kind)))


def _kind(kind: Kind) -> Iterator[RenderableType]:
    style = "yellow" if kind.missed else "green"
    counts = f"{kind.reached}/{len(kind.parts)}"
    yield Text(f"{kind.name:<10} {counts:>7} ", "bold").append(f"{kind.share:>5.0%} reached", style)
    if kind.elsewhere:
        yield Padding(Text(f"{len(kind.elsewhere)} more by other tests", "dim"), (0, 0, 0, 2), expand=False)
    if kind.listed_in_vain:
        names = ", ".join(kind.listed_in_vain)
        yield Padding(Text(f"listed as reached elsewhere, but not needed there: {names}", "red"), (0, 0, 0, 2))
    if kind.missed:
        more = len(kind.missed) - _FEW
        names = ", ".join(kind.missed[:_FEW]) + (f" … and {more} more" if more > 0 else "")
        yield Padding(Text(f"not: {names}", "dim"), (0, 0, 0, 2), expand=False)


def write_page(path: Path, kinds: Sequence[Kind], scenarios: int) -> None:
    """Write one page that needs nothing beside it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    sections = "\n".join(_section(kind) for kind in kinds)
    page = Template((Path(__file__).parent / "coverage.html").read_text(encoding="utf-8"))
    path.write_text(page.substitute(scenarios=scenarios, sections=sections), encoding="utf-8")


def _section(kind: Kind) -> str:
    missed = [part for part in kind.parts if not part.reached and not part.elsewhere]
    elsewhere = [part for part in kind.parts if not part.reached and part.elsewhere]
    reached = [part for part in kind.parts if part.reached]
    return (
        f"<section><h2>{kind.name} <span>{kind.reached} of {len(kind.parts)}</span></h2>"
        f'<div class="bar" role="img" aria-label="{kind.share:.0%} reached">'
        f'<i style="width:{kind.share:.1%}"></i></div>'
        f"<ul>{''.join(_item(part) for part in [*missed, *elsewhere, *reached])}</ul></section>"
    )


def _item(part: Part) -> str:
    if not part.reached and part.elsewhere:
        told = escape(f"{part.elsewhere.why} {part.elsewhere.test}")
        return f"<li><details><summary>{escape(part.name)} <b>elsewhere</b></summary>{told}</details></li>"
    if not part.reached:
        return f'<li class="missed">{escape(part.name)}</li>'
    scenarios = "".join(f"<li>{escape(name)}</li>" for name in part.scenarios)
    return (
        f"<li><details><summary>{escape(part.name)} <b>{len(part.scenarios)}</b></summary>"
        f"<ul>{scenarios}</ul></details></li>"
    )
