"""The commands' arguments, and one sentence for each thing that can go wrong."""

import argparse
import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

import structlog
from pydantic import ValidationError
from rich.console import Console
from rich.markup import escape

from retrieval.bootstrap import one_thread
from retrieval.cli import bench, calibrate, copy, evaluate, export, gaps, history, ingest, look, search, tune
from retrieval.errors import DocumentRefused, EmbedderUnavailable, RetrievalError
from retrieval.settings import RetrievalSettings
from telemetry.wrong_settings import sentences_of

Command = Callable[[argparse.Namespace, RetrievalSettings, Console], Coroutine[Any, Any, int]]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m retrieval", description="The knowledge index.")
    commands = parser.add_subparsers(dest="command", required=True)
    for module in (ingest, search, copy, look, history, export, gaps, evaluate, tune, calibrate, bench):
        module.add_arguments(commands)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 done with refusals, 2 not done."""
    options = _parser().parse_args(arguments)
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL)
    )  # a command tells the person itself what happened
    one_thread()
    console = Console()
    try:
        command: Command = options.run
        settings = RetrievalSettings()
        return asyncio.run(command(options, settings, console))
    except EmbedderUnavailable as error:
        words_alone = ", or do without vectors (--lexical-only)" if hasattr(options, "lexical_only") else ""
        service = f"the intent service at {settings.embedder_url} (RETRIEVAL_EMBEDDER_URL)"
        _tell(console, f"{error}. Start {service}{words_alone}.")
    except (DocumentRefused, RetrievalError) as error:
        _tell(console, f"{error}.")
    except OSError as error:
        place = f"{error.filename} cannot be used: " if error.filename else ""
        _tell(console, f"{place}{error.strerror or error}.")
    except ValidationError as error:
        _tell(console, sentences_of(error))
    except KeyboardInterrupt:
        _tell(console, "Stopped; the index is as it was before.")
    return 2


def _tell(console: Console, sentence: str) -> None:
    console.print(f"[red]✗[/red] {escape(sentence[0].upper() + sentence[1:])}", highlight=False)
