"""``copy``: bring this machine's embedded copy to what Elasticsearch holds."""

import argparse
import asyncio
from typing import Any

from rich.console import Console

from retrieval.bootstrap import copy_to_disk
from retrieval.settings import RetrievalSettings


def add_arguments(commands: Any) -> None:
    """Register the command."""
    text = "write what Elasticsearch holds into the copy that answers while it is down"
    commands.add_parser("copy", help=text).set_defaults(run=run)


async def run(_options: argparse.Namespace, settings: RetrievalSettings, console: Console) -> int:
    """Copy and name the copy's version."""
    if settings.backend != "elasticsearch":
        console.print("Nothing to copy: RETRIEVAL_BACKEND is not elasticsearch.")
        return 2
    version = await asyncio.to_thread(copy_to_disk, settings)
    console.print(f"Copied to {settings.index_dir}: {version}.", highlight=False)
    return 0
