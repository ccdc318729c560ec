"""``ingest``: put files into the index and say what happened to each."""

import argparse
import asyncio
import time
from pathlib import Path
from typing import Any

import orjson
from rich.console import Console
from rich.markup import escape

from retrieval.bootstrap import build_embedder, build_ingest
from retrieval.cli.bars import bars
from retrieval.errors import EmbedderUnavailable
from retrieval.history.model import os_user
from retrieval.ports import Embedder
from retrieval.report import IngestReport
from retrieval.settings import RetrievalSettings

_POLL_SECONDS = 0.5


def add_arguments(commands: Any) -> None:
    """Register the command."""
    parser = commands.add_parser("ingest", help="take files into the index")
    parser.add_argument("paths", nargs="+", type=Path, help="folders or files")
    parser.add_argument("--dry-run", action="store_true", help="only say what would change")
    parser.add_argument("--rebuild", action="store_true", help="embed everything anew")
    parser.add_argument("--lexical-only", action="store_true", help="do without vectors")
    parser.add_argument("--wait", type=float, default=0.0, metavar="SECONDS", help="wait for the embedder")
    parser.add_argument("--strict", action="store_true", help="exit with 1 when a file was refused")
    parser.add_argument(
        "--allow-personal-data", action="store_true", help="take in what holds card numbers, addresses, telephones"
    )
    parser.add_argument("--take-files", action="store_true", help="let files win over what was saved in the console")
    parser.add_argument("--by", default=os_user(), help="who changes it, for the history (default: you)")
    parser.add_argument("--json", action="store_true", help="print the report as one line of JSON")
    parser.set_defaults(run=run)


async def run(options: argparse.Namespace, settings: RetrievalSettings, console: Console) -> int:
    """Ingest and print the report."""
    embedder = build_embedder(settings, for_ingest=True)
    try:
        if options.wait and not options.lexical_only:
            await _wait(embedder, options.wait)
        with bars(console) as progress:
            report = await build_ingest(settings, embedder).run(
                options.paths,
                dry_run=options.dry_run,
                rebuild=options.rebuild,
                lexical_only=options.lexical_only,
                allow_personal_data=options.allow_personal_data,
                take_files=options.take_files,
                by=options.by,
                progress=progress,
            )
    finally:
        await embedder.close()
    if options.json:
        print(orjson.dumps(report.as_json()).decode())  # noqa: T201 - one bare line, never wrapped
    else:
        show(report, console, dry_run=options.dry_run)
    return 1 if report.refused and options.strict else 0


async def _wait(embedder: Embedder, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            await embedder.embed(["ready?"])
        except EmbedderUnavailable:
            if time.monotonic() >= deadline:
                raise
            await asyncio.sleep(_POLL_SECONDS)
        else:
            return


def show(report: IngestReport, console: Console, *, dry_run: bool) -> None:
    """Print a report for people."""
    for label, colour, ids in (
        ("added", "green", report.added),
        ("changed", "yellow", report.changed),
        ("removed", "magenta", report.removed),
    ):
        if ids:
            _say(console, f"[{colour}]{label:>9} {len(ids):>4}[/{colour}]  ", ", ".join(ids))
    _say(console, f"[dim]unchanged {len(report.unchanged):>4}[/dim]")
    for refusal in report.refused:
        kept = f" (its {refusal.kept} earlier entries stay)" if refusal.kept else ""
        _say(console, "[red]  refused[/red]       ", f"{refusal.source}: {refusal.reason}{kept}")
    for note in report.notes:
        _say(console, "[dim]     note[/dim]       ", note)
    if dry_run:
        console.print("Dry run: nothing was changed.")
        return
    arms = "words and vectors" if report.dense else "[yellow]words only[/yellow]"
    console.print(f"Index {report.version}: {arms}, {report.embedded} texts embedded.", highlight=False)


def _say(console: Console, label: str, text: str = "") -> None:
    """A line in one piece, so that it can be searched for; in ``text`` square brackets are square brackets."""
    console.print(f"{label}{escape(text)}", highlight=False, soft_wrap=True)
