"""``export``: what was saved in the console, back into the files."""

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape

from privacy.model import IN_DOCUMENTS
from retrieval.bootstrap import build_history, build_store
from retrieval.company import personal_data_from
from retrieval.export import export
from retrieval.history.publishing import entries_of
from retrieval.settings import RetrievalSettings


def add_arguments(commands: Any) -> None:
    """Register the command."""
    parser = commands.add_parser("export", help="write what was saved in the console into Markdown files")
    parser.add_argument("folder", type=Path, help="the knowledge folder")
    parser.add_argument("--dry-run", action="store_true", help="only say what would be written")
    parser.set_defaults(run=run)


async def run(options: argparse.Namespace, settings: RetrievalSettings, console: Console) -> int:
    """Export and say which files; 1 when an entry has no file of its own."""
    screen = replace(personal_data_from(settings), kinds=IN_DOCUMENTS)
    entries = entries_of(build_store(settings).read())
    done = export(entries, build_history(settings), options.folder, screen=screen, dry_run=options.dry_run)
    for path, entry_id in done.written:
        console.print(f"[green]written[/green]  {escape(f'{path}  ({entry_id})')}", highlight=False)
    for entry_id, why in done.refused:
        console.print(f"[red]not written[/red]  {escape(f'{entry_id}: {why}')}", highlight=False)
    if not done.written and not done.refused:
        console.print("Nothing was saved in the console that is not in the files.")
    elif options.dry_run:
        console.print("Dry run: nothing was written.")
    return 1 if done.refused else 0
