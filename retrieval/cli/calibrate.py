"""``calibrate``: fit the relevance to judged questions and write a calibration file."""

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
from rich.console import Console

from retrieval.adapters.embedded.searcher import NOTHING_HIDDEN, Searcher
from retrieval.bootstrap import build_embedder, utc_now
from retrieval.cli.evaluate import demo_entries
from retrieval.evaluation.bench import Found, content_of, find, opened, queries_of
from retrieval.evaluation.fit import fitted
from retrieval.evaluation.judged import read_judged
from retrieval.evaluation.own_questions import own_questions, with_removed
from retrieval.model import SearchFilters
from retrieval.ports import Embedder
from retrieval.relevance import calibration
from retrieval.relevance.fitting import as_json
from retrieval.settings import RetrievalSettings

_UNANSWERABLE_SHARE = 1 / 3  # as one in four of all: about what a shop's customers ask that no page answers


def add_arguments(commands: Any) -> None:
    """Register the command."""
    parser = commands.add_parser("calibrate", help="fit the relevance and write a calibration file")
    parser.add_argument("--knowledge", type=Path, default=Path("knowledge"))
    parser.add_argument(
        "--judged", type=Path, nargs="*", default=[], help="JSON lines of query and entry_ids (none: unanswerable)"
    )
    parser.add_argument("--own-weight", type=float, default=1.0, help="weight of the entries' own questions")
    parser.add_argument("--version", default="v5", help="name written into the file")
    parser.add_argument("--out", type=Path, required=True)
    parser.set_defaults(run=run)


async def run(options: argparse.Namespace, settings: RetrievalSettings, console: Console) -> int:
    """Fit both modes and write the file."""
    options.out.parent.mkdir(parents=True, exist_ok=True)
    base = calibration.load(settings.calibration)
    filters = SearchFilters(at=utc_now(), audience=frozenset({"public", "customer"}))
    embedder = build_embedder(settings, for_ingest=True)
    try:
        content = await content_of(demo_entries(options.knowledge, settings), embedder)
        with opened(content) as searcher:
            own = list(own_questions(searcher, filters)) if options.own_weight > 0 else []
            judged = await _judged(options.judged, searcher, filters, embedder)
    finally:
        await embedder.close()
    results = [*own, *with_removed(own), *judged]
    per_own = options.own_weight * (len(judged) or len(own)) / max(1, len(own))
    weights = [per_own] * len(own) + [per_own * _UNANSWERABLE_SHARE] * len(own) + [1.0] * len(judged)
    if not results:
        console.print("[red]✗[/red] No questions to fit to.")
        return 2
    made = replace(base, both=fitted(base.both, results, weights), lexical=fitted(base.lexical, results, weights))
    notes = {"own_questions": len(own), "judged_questions": len(judged), "own_weight": options.own_weight}
    record = as_json(options.version, made.both, made.lexical, notes)
    options.out.write_bytes(orjson.dumps(record, option=orjson.OPT_INDENT_2) + b"\n")
    console.print(f"Fitted to {len(own)} own and {len(judged)} judged questions: {options.out}")
    return 0


async def _judged(files: Sequence[Path], searcher: Searcher, filters: SearchFilters, embedder: Embedder) -> list[Found]:
    questions = [question for path in files for question in read_judged(path)]
    if not questions:
        return []
    queries = await queries_of([question.text for question in questions], searcher, embedder, filters.locale)
    return [
        find(searcher, question, query, filters, NOTHING_HIDDEN)
        for question, query in zip(questions, queries, strict=True)
    ]
