"""``show``, ``list``, ``stats`` and ``verify``: looking at what the index holds."""

import argparse
from dataclasses import asdict
from typing import Any
from zoneinfo import ZoneInfo

import httpx
from rich.console import Console
from rich.markdown import Markdown
from rich.markup import escape
from rich.table import Table

from retrieval.adapters.embedded.searcher import Searcher
from retrieval.bootstrap import open_searcher, utc_now
from retrieval.cli.bars import bars
from retrieval.cli.options import in_zone, moment_of
from retrieval.inspection import Finding, stats, verify
from retrieval.links import dead_pages, links_of
from retrieval.model import Entry, EntryId
from retrieval.relevance import calibration
from retrieval.settings import RetrievalSettings

_PAGE_SECONDS = 10.0
_COLOURS = {
    "expired": "red",
    "dead link": "red",
    "contradicting validity": "red",
    "not found by its own question": "yellow",
    "near duplicate": "magenta",
}


def add_arguments(commands: Any) -> None:
    """Register the commands."""
    one = commands.add_parser("show", help="show one entry whole")
    one.add_argument("entry_id")
    one.set_defaults(run=show)
    every = commands.add_parser("list", help="list the entries")
    every.add_argument("--category")
    every.add_argument("--audience", choices=["public", "customer", "staff"])
    every.set_defaults(run=list_entries)
    commands.add_parser("stats", help="count what the index holds").set_defaults(run=show_stats)
    check = commands.add_parser("verify", help="find what is odd about the knowledge")
    check.add_argument("--at", type=moment_of, help="as of this day, e.g. 2026-12-24, or time, e.g. 2026-12-24T18:00")
    check.add_argument("--links", action="store_true", help="ask the web whether its pages are there, too")
    check.set_defaults(run=show_findings)


async def show(options: argparse.Namespace, settings: RetrievalSettings, console: Console) -> int:
    """Print one entry as it is stored."""
    entry = open_searcher(settings).entry(EntryId(options.entry_id))
    if entry is None:
        console.print(f"There is no entry {options.entry_id}; `list` shows the ids.", markup=False)
        return 2
    table = Table.grid(padding=(0, 2))
    for name, value in _facts(entry):
        table.add_row(f"[dim]{name}[/dim]", escape(value))
    console.print(table)
    console.rule()
    console.print(Markdown(entry.answer))
    return 0


def _facts(entry: Entry) -> list[tuple[str, str]]:
    until = f"{entry.valid_until:%Y-%m-%d %H:%M} UTC" if entry.valid_until else "further notice"
    since = f"{entry.valid_from:%Y-%m-%d %H:%M} UTC" if entry.valid_from else "ever"
    return [
        ("id", entry.entry_id),
        ("title", entry.title),
        ("path", " > ".join(entry.path) or "-"),
        ("category", entry.category),
        ("audience", f"{entry.audience}, {entry.locale}"),
        ("valid", f"since {since}, until {until}"),
        ("products", ", ".join(entry.products) or "-"),
        ("questions", "\n".join(entry.questions) or "-"),
        ("source", f"{entry.source} (updated {entry.updated or '?'})"),
    ]


async def list_entries(options: argparse.Namespace, settings: RetrievalSettings, console: Console) -> int:
    """Print one line an entry; what may not be told now is dimmed."""
    now = utc_now()
    entries = open_searcher(settings).snapshot.entries
    categories = sorted({entry.category for entry in entries})
    if options.category not in {None, *categories}:
        console.print(f"There is no category {options.category}; there are: {', '.join(categories)}.", markup=False)
        return 2
    table = Table(box=None, header_style="bold")
    for column in ("entry", "title", "category", "audience"):
        table.add_column(column)
    for entry in entries:
        if options.category not in {None, entry.category} or options.audience not in {None, entry.audience}:
            continue
        over = (entry.valid_until and entry.valid_until <= now) or (entry.valid_from and entry.valid_from > now)
        shown = (escape(text) for text in (entry.entry_id, entry.title, entry.category, entry.audience))
        table.add_row(*shown, style="dim" if over else None)
    console.print(table)
    return 0


async def show_stats(_options: argparse.Namespace, settings: RetrievalSettings, console: Console) -> int:
    """Print the counts."""
    counted = asdict(stats(open_searcher(settings), utc_now()))
    table = Table.grid(padding=(0, 2))
    for name, value in counted.items():
        shown = ", ".join(f"{key} {count}" for key, count in value.items()) if isinstance(value, dict) else str(value)
        table.add_row(f"[dim]{name.replace('_', ' ')}[/dim]", escape(shown))
    console.print(table)
    return 0


async def show_findings(options: argparse.Namespace, settings: RetrievalSettings, console: Console) -> int:
    """Print what is odd; 1 when something is expired or cannot be found."""
    searcher: Searcher = open_searcher(settings)
    at = in_zone(options.at or utc_now(), ZoneInfo(settings.time_zone))
    with bars(console) as progress:
        findings = verify(searcher, calibration.load(settings.calibration), at, progress)
    if options.links:
        findings += await _dead_pages(searcher)
    table = Table(box=None, header_style="bold")
    for column in ("entry", "oddity", "detail"):
        table.add_column(column)
    for finding in findings:
        colour = _COLOURS.get(finding.oddity, "dim")
        oddity = f"[{colour}]{finding.oddity}[/{colour}]"
        table.add_row(escape(finding.entry_id), oddity, escape(finding.detail))
    console.print(table if findings else "Nothing odd.")
    serious = {"expired", "not found by its own question", "dead link", "contradicting validity"}
    return 1 if any(finding.oddity in serious for finding in findings) else 0


async def _dead_pages(searcher: Searcher) -> list[Finding]:
    async with httpx.AsyncClient(timeout=_PAGE_SECONDS, follow_redirects=True) as client:
        dead = await dead_pages((link for entry in searcher.snapshot.entries for link in _on_the_web(entry)), client)
    return [
        Finding(entry.entry_id, "dead link", f"{link}: {dead[link]}")
        for entry in searcher.snapshot.entries
        for link in _on_the_web(entry)
        if link in dead
    ]


def _on_the_web(entry: Entry) -> list[str]:
    named = [*links_of(entry.answer), *([entry.url] if entry.url else [])]
    return [link for link in dict.fromkeys(named) if link.startswith(("http://", "https://"))]
