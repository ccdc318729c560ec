"""Coverage for the eye: a table in the terminal and a page in the browser."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path
from string import Template

from rich.table import Table

from conversation_runner.coverage import Kind, Part

_FEW = 12


def table(kinds: Sequence[Kind]) -> Table:
    """A row per kind with the names nobody reached."""
    grid = Table("", "reached", "", "not reached", box=None, padding=(0, 2), header_style="dim")
    for kind in kinds:
        missed = [
            *kind.missed[:_FEW],
            *([f"… {len(kind.missed) - _FEW} more"] if len(kind.missed) > _FEW else []),
        ]
        style = "green" if not missed else "yellow"
        grid.add_row(
            f"[bold]{kind.name}[/]",
            f"{kind.reached}/{len(kind.parts)}",
            f"[{style}]{kind.share:.0%}[/]",
            ", ".join(missed),
        )
    return grid


def write_page(path: Path, kinds: Sequence[Kind], scenarios: int) -> None:
    """Write one page that needs nothing beside it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    sections = "\n".join(_section(kind) for kind in kinds)
    page = Template((Path(__file__).parent / "coverage.html").read_text(encoding="utf-8"))
    path.write_text(page.substitute(scenarios=scenarios, sections=sections), encoding="utf-8")


def _section(kind: Kind) -> str:
    missed = [part for part in kind.parts if not part.reached]
    reached = [part for part in kind.parts if part.reached]
    return (
        f"<section><h2>{kind.name} <span>{kind.reached} of {len(kind.parts)}</span></h2>"
        f'<div class="bar" role="img" aria-label="{kind.share:.0%} reached">'
        f'<i style="width:{kind.share:.1%}"></i></div>'
        f"<ul>{''.join(_item(part) for part in [*missed, *reached])}</ul></section>"
    )


def _item(part: Part) -> str:
    if not part.reached:
        return f'<li class="missed">{escape(part.name)}</li>'
    scenarios = "".join(f"<li>{escape(name)}</li>" for name in part.scenarios)
    return (
        f"<li><details><summary>{escape(part.name)} <b>{len(part.scenarios)}</b></summary>"
        f"<ul>{scenarios}</ul></details></li>"
    )
