"""``search``: what the bot finds for a question, and why."""

import argparse
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from retrieval.bootstrap import build_embedder, build_index, utc_now
from retrieval.cli.options import at_least_one, in_zone, moment_of
from retrieval.model import SearchFilters
from retrieval.settings import RetrievalSettings

_SURE, _NEAR = 0.75, 0.4


def add_arguments(commands: Any) -> None:
    """Register the command."""
    parser = commands.add_parser("search", help="show what a question finds")
    parser.add_argument("question")
    parser.add_argument("--top", type=at_least_one, default=5)
    parser.add_argument("--at", type=moment_of, help="as of this day, e.g. 2026-12-24, or time, e.g. 2026-12-24T18:00")
    add_filters(parser)
    parser.set_defaults(run=run)


def add_filters(parser: argparse.ArgumentParser) -> None:
    """Who asks."""
    parser.add_argument("--audience", nargs="+", default=["public"], choices=["public", "customer", "staff"])
    parser.add_argument("--locale", default="en")


def filters_from(options: argparse.Namespace, zone: ZoneInfo) -> SearchFilters:
    """The filters that the options ask for; a moment without zone is one of ``zone``."""
    at = in_zone(options.at or utc_now(), zone)
    return SearchFilters(at=at, audience=frozenset(options.audience), locale=options.locale)


async def run(options: argparse.Namespace, settings: RetrievalSettings, console: Console) -> int:
    """Search and print the hits with their features' parts."""
    if not options.question.strip():
        console.print("[red]✗[/red] A question is needed.")
        return 2
    filters = filters_from(options, ZoneInfo(settings.time_zone))
    index = build_index(settings, embedder=build_embedder(settings, patient=True))
    try:
        result = await index.search(options.question, top_k=options.top, filters=filters)
    finally:
        await index.close()
    table = Table(box=None, header_style="bold")
    for column in ("relevance", "entry", "title", "why (logits)"):
        table.add_column(column)
    for hit in result.hits:
        colour = "green" if hit.relevance >= _SURE else "yellow" if hit.relevance >= _NEAR else "dim"
        parts = sorted(hit.contributions.items(), key=lambda part: -abs(part[1]))
        why = "  ".join(f"{name} {value:+.1f}" for name, value in parts if abs(value) >= 0.05)  # noqa: PLR2004
        relevance = f"[{colour}]{hit.relevance:.3f}[/{colour}]"
        table.add_row(relevance, escape(hit.entry_id), escape(hit.title), f"[dim]{why}[/dim]")
    console.print(table if result.hits else "Nothing found.")
    if settings.backend == "elasticsearch" and not result.version.startswith(settings.elasticsearch_alias):
        console.print("[yellow]From the copy on this machine: Elasticsearch cannot be used now.[/yellow]")
    if not result.dense:
        console.print("[yellow]By words only: the embedder did not answer, or the index has no vectors.[/yellow]")
    return 0
