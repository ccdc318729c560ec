"""``history`` and ``restore``: what the knowledge said before, who changed it, and the way back."""

import argparse
import difflib
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from retrieval.bootstrap import build_embedder, build_history, build_restore
from retrieval.history.model import Version, os_user
from retrieval.model import Entry, EntryId
from retrieval.settings import RetrievalSettings

_COLOURS = {"added": "green", "changed": "yellow", "removed": "magenta"}


def add_arguments(commands: Any) -> None:
    """Register the commands."""
    look = commands.add_parser("history", help="who changed what and when; of one entry with what changed")
    look.add_argument("entry_id", nargs="?")
    look.set_defaults(run=show)
    back = commands.add_parser("restore", help="bring an earlier state back, as a new change")
    back.add_argument("entry_id", nargs="?", help="only this entry")
    back.add_argument("--to", type=int, required=True, metavar="NUMBER", help="number of the change (see history)")
    back.add_argument("--by", default=os_user(), help="who does it (default: you)")
    back.add_argument("--lexical-only", action="store_true", help="do without vectors")
    back.set_defaults(run=restore)


async def show(options: argparse.Namespace, settings: RetrievalSettings, console: Console) -> int:
    """Print the changes, or one entry's versions with their differences."""
    history = build_history(settings)
    if options.entry_id:
        versions = history.versions(EntryId(options.entry_id))
        if not versions:
            console.print(f"Nothing is known of {options.entry_id}.", markup=False)
            return 2
        for newer, older in zip(versions, [*versions[1:], None], strict=True):
            _show_version(newer, older, console)
        return 0
    table = Table(box=None, header_style="bold")
    for column in ("number", "when", "who", "what", "by"):
        table.add_column(column)
    for change in history.changes():
        what = ", ".join(f"[{_COLOURS[kind]}]{count} {kind}[/]" for kind, count in change.counts.items())
        table.add_row(str(change.number), f"{change.at:%Y-%m-%d %H:%M} UTC", Text(change.by), what, Text(change.note))
    console.print(table)
    return 0


def _show_version(version: Version, older: Version | None, console: Console) -> None:
    change = version.change
    console.print(
        f"[bold]{change.number}[/bold]  {change.at:%Y-%m-%d %H:%M} UTC  "
        f"[{_COLOURS[version.kind]}]{version.kind}[/] by {escape(change.by)} ({escape(change.note)})",
        highlight=False,
    )
    lines = difflib.unified_diff(_lines(older.entry if older else None), _lines(version.entry), lineterm="", n=1)
    for line in [*lines][2:]:
        console.print(Text("    " + line, style={"+": "green", "-": "red"}.get(line[:1], "dim")))


def _lines(entry: Entry | None) -> list[str]:
    if entry is None:
        return []
    facts = [
        f"title: {entry.title}",
        f"audience: {entry.audience}, {entry.locale}",
        f"valid: {entry.valid_from or '-'} to {entry.valid_until or '-'}",
        *(f"question: {question}" for question in entry.questions),
    ]
    return [*facts, *entry.answer.splitlines()]


async def restore(options: argparse.Namespace, settings: RetrievalSettings, console: Console) -> int:
    """Bring a state back and say which entries differ now."""
    embedder = build_embedder(settings, for_ingest=True)
    entry_id = EntryId(options.entry_id) if options.entry_id else None
    try:
        changed = await build_restore(settings, embedder).run(
            options.to, entry_id=entry_id, by=options.by, lexical_only=options.lexical_only
        )
    finally:
        await embedder.close()
    told = f"Restored: {', '.join(changed)}. It stays so until the file changes." if changed else "It is so already."
    console.print(told, markup=False, highlight=False)
    return 0
