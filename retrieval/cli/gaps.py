"""``gaps``: what customers asked and nothing answered, the most frequent first."""

import argparse
from datetime import timedelta
from typing import Any

import orjson
from rich.console import Console
from rich.table import Table
from rich.text import Text

from retrieval.bootstrap import build_embedder, build_gap_record, utc_now
from retrieval.cli.options import at_least_one
from retrieval.gaps.clusters import gaps
from retrieval.settings import RetrievalSettings

_WORDINGS = 3


def add_arguments(commands: Any) -> None:
    """Register the command."""
    parser = commands.add_parser("gaps", help="questions that found nothing, the most frequent first")
    parser.add_argument("--days", type=at_least_one, help="only of the last so many days")
    parser.add_argument("--top", type=at_least_one, default=20, help="how many to show")
    parser.add_argument("--json", action="store_true", help="one line of JSON each")
    parser.set_defaults(run=run)


async def run(options: argparse.Namespace, settings: RetrievalSettings, console: Console) -> int:
    """Print the clusters."""
    since = utc_now() - timedelta(days=options.days) if options.days else None
    asked = build_gap_record(settings).all(since=since)
    embedder = build_embedder(settings, patient=True)
    try:
        found = await gaps(asked, embedder)
    finally:
        await embedder.close()
    if options.json:
        for gap in found[: options.top]:
            print(orjson.dumps(gap).decode())  # noqa: T201 - bare lines, never wrapped
        return 0
    table = Table(box=None, header_style="bold")
    for column in ("asked", "last", "questions"):
        table.add_column(column)
    for gap in found[: options.top]:
        more = len(gap.wordings) - _WORDINGS
        told = "\n".join(gap.wordings[:_WORDINGS]) + (f"\n… and {more} more wordings" if more > 0 else "")
        table.add_row(str(gap.count), f"{gap.last:%Y-%m-%d}", Text(told))
    console.print(table if found else "No question went unanswered.")
    return 0
