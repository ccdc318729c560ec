"""``tune``: what each choice of ``answer_at`` would give, as a picture and in a few lines."""

import argparse
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table

from retrieval.bootstrap import build_embedder
from retrieval.cli.evaluate import add_set_arguments, asked, judged_sets
from retrieval.cli.options import in_zone, share
from retrieval.evaluation.tuning import Choice, choices, first_with_precision
from retrieval.relevance import calibration
from retrieval.settings import RetrievalSettings

_PICTURE = Path("var/measurements/tune.png")
_SHOWN = range(30, 100, 5)


def add_arguments(commands: Any) -> None:
    """Register the command."""
    parser = commands.add_parser("tune", help="a picture of relevance against share answered and precision")
    add_set_arguments(parser)
    parser.add_argument("--out", type=Path, default=_PICTURE, help="the picture, PNG or SVG by its ending")
    parser.add_argument("--precision", type=share, default=0.95, help="precision to find the threshold for")
    parser.set_defaults(run=run)


async def run(options: argparse.Namespace, settings: RetrievalSettings, console: Console) -> int:
    """Ask every set's questions, print what some thresholds give, and draw all of them."""
    options.at = in_zone(options.at, ZoneInfo(settings.time_zone))
    weights = calibration.load(options.calibration or settings.calibration)
    found: list[tuple[str, list[Choice]]] = []
    embedder = build_embedder(settings, for_ingest=True)
    try:
        for judged_set in judged_sets(options, settings, console):
            console.print(f"[dim]measuring {judged_set[0]} …[/dim]")
            found.append((judged_set[0], choices(await asked(judged_set, embedder, at=options.at), weights.both)))
    finally:
        await embedder.close()
    for name, every in found:
        _show(name, every, options.precision, console)
    if not found:
        return 2
    try:
        from retrieval.evaluation.pictures import draw_choices  # noqa: PLC0415 - matplotlib is not there in production
    except ModuleNotFoundError:
        console.print("[yellow]No picture: matplotlib comes with requirements/train.txt.[/yellow]")
        return 0
    draw_choices(found, options.out, answer_at=options.answer_at)
    console.print(f"Picture: {options.out}", markup=False, highlight=False)
    return 0


def _show(name: str, every: list[Choice], precision: float, console: Console) -> None:
    table = Table(title=name, box=None, title_justify="left", header_style="bold")
    for column in ("answer_at", "answered", "of these right", "unanswerable answered"):
        table.add_column(column)
    for choice in (every[step] for step in _SHOWN):
        right = "-" if choice.precision is None else f"{choice.precision:.2f}"
        table.add_row(f"{choice.answer_at:.2f}", f"{choice.answered:.2f}", right, f"{choice.false_answers:.2f}")
    console.print(table)
    best = first_with_precision(every, precision)
    told = f"from {best.answer_at:.2f} on, answering {best.answered:.0%}" if best else "at no threshold"
    console.print(f"At least {precision:.0%} of what is told is right {told}.", highlight=False)
