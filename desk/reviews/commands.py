"""``python -m desk corrections …`` and ``python -m desk reviews read``."""

import argparse
import asyncio
from pathlib import Path
from typing import Any

from desk.bootstrap import build_desk
from desk.errors import DeskError
from desk.reviews.corrections import Exported
from desk.settings import DeskSettings


def add_review_commands(commands: Any) -> None:
    """Put them beside the others."""
    corrections = commands.add_parser("corrections", help="what colleagues corrected in transcripts")
    what = corrections.add_subparsers(required=True, metavar="what")
    export = what.add_parser("export", help="into the training data, checked and without personal data")
    export.add_argument("--data", type=Path, help="folder of NLU data (default: DESK_NLU_DATA)")
    export.add_argument("--dry-run", action="store_true", help="show what would be written, write nothing")
    export.set_defaults(run=_export)
    reviews = commands.add_parser("reviews", help="transcripts from Rasa's tracker store")
    read = reviews.add_subparsers(required=True, metavar="what").add_parser("read", help="read what is new, now")
    read.set_defaults(run=_read)


def _export(options: argparse.Namespace, settings: DeskSettings) -> int:
    if options.data is not None:
        settings = settings.model_copy(update={"nlu_data": options.data})
    desk = build_desk(settings)
    try:
        done = asyncio.run(desk.reviews.desk.corrections.export(dry_run=options.dry_run))
    finally:
        desk.database.close()
    print("\n".join(_told(done, dry_run=options.dry_run)))
    return 1 if done.added and not done.path and not options.dry_run else 0


def _told(done: Exported, *, dry_run: bool) -> list[str]:
    lines = [f"  {one.intent}: {one.text}" for one in done.added]
    lines += [f"  left out: {one.correction.text!r} {one.why}" for one in done.refused]
    if done.path:
        lines.append(
            f"{len(done.added)} examples added to {done.path}: `make learn` trains on them and serves the new model"
        )
    elif done.added and not dry_run:
        lines.append("the training data cannot be written here: choose another folder with --data")
    else:
        lines.append(f"{len(done.added)} examples would be added" if dry_run else "there is nothing to add")
    return lines


def _read(_options: argparse.Namespace, settings: DeskSettings) -> int:
    desk = build_desk(settings)
    reader = desk.reviews.reader
    if reader is None:
        raise DeskError("DESK_TRACKER_URL is not set: there is no tracker store to read")

    async def all_of_it() -> None:
        while await reader.read_once():
            pass
        await reader.give_back()

    asyncio.run(all_of_it())
    print("the transcripts are up to date")
    desk.database.close()
    return 0
