"""``evaluate``: the figures of the public sets and of the demo company's own questions."""

import argparse
import os
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from rich.console import Console
from rich.table import Table

from retrieval.adapters.embedded.searcher import NOTHING_HIDDEN
from retrieval.bootstrap import build_embedder, limits_from
from retrieval.cli.options import in_zone, moment_of, share
from retrieval.documents.files import knowledge_files
from retrieval.documents.reader import Reader
from retrieval.errors import DocumentRefused
from retrieval.evaluation.bench import Found, content_of, find, opened, queries_of
from retrieval.evaluation.judged import JudgedQuestion, read_help_texts, read_judged, read_public_faq
from retrieval.evaluation.measure import Ranking, SetFigures, Trust, figures
from retrieval.evaluation.slips import misspelt
from retrieval.model import Entry, SearchFilters
from retrieval.ports import Content, Embedder
from retrieval.relevance import calibration
from retrieval.settings import RetrievalSettings

PUBLIC_SETS = ("stackfaq", "covidfaq")
_DEMO_QUESTIONS = Path("tests/evaluation/knowledge_questions.jsonl")
_ELSEWHERE = Path("tests/evaluation/elsewhere")
DEMO_MOMENT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
"""The moment the demo's questions were judged for."""

_MEASUREMENTS = Path("var/measurements")

JudgedSet = tuple[str, list[Entry], list[JudgedQuestion]]


def add_arguments(commands: Any) -> None:
    """Register the command."""
    parser = commands.add_parser("evaluate", help="measure ranking and relevance on judged sets")
    add_set_arguments(parser)
    parser.add_argument("--slips", action="store_true", help="ask misspelt questions, too, as written and mended")
    parser.set_defaults(run=run)


def add_set_arguments(parser: argparse.ArgumentParser) -> None:
    """Which sets are measured, and by which calibration."""
    default = Path(os.environ.get("EVAL_DATA", "../shared/eval"))
    parser.add_argument("--data", type=Path, default=default, help="folder of the public sets (EVAL_DATA)")
    parser.add_argument("--knowledge", type=Path, default=Path("knowledge"))
    parser.add_argument("--questions", type=Path, default=_DEMO_QUESTIONS)
    parser.add_argument("--answer-at", type=share, default=0.75)
    parser.add_argument("--at", type=moment_of, default=DEMO_MOMENT, help="the moment the demo's questions are asked")
    parser.add_argument("--calibration", type=Path, help="measure this calibration file instead")


async def run(options: argparse.Namespace, settings: RetrievalSettings, console: Console) -> int:
    """Measure each set that is there and print one table, then one line of JSON."""
    options.at = in_zone(options.at, ZoneInfo(settings.time_zone))
    weights = calibration.load(options.calibration or settings.calibration)
    measured: list[SetFigures] = []
    embedder = build_embedder(settings, for_ingest=True)
    try:
        for judged_set in judged_sets(options, settings, console):
            console.print(f"[dim]measuring {judged_set[0]} …[/dim]")
            measured += await _measured(judged_set, embedder, weights, options)
    finally:
        await embedder.close()
    _show(measured, console)
    record = {
        "measurement": "eval-retrieval",
        "calibration": weights.version,
        "answer_at": options.answer_at,
        "sets": {figure.name: figure.as_json() for figure in measured},
    }
    keep(orjson.dumps(record), "eval-retrieval")
    return 0 if measured else 2


async def _measured(
    judged_set: JudgedSet, embedder: Embedder, weights: calibration.Calibration, options: argparse.Namespace
) -> list[SetFigures]:
    """A set's figures, and where they are wanted those of its questions misspelt: as written, then mended."""
    name, entries, questions = judged_set
    if not options.slips:
        return [await measure(judged_set, embedder, weights, answer_at=options.answer_at, at=options.at)]
    content, slips = await content_of(entries, embedder), misspelt(questions)
    measured = []
    for label, texts, mend in (
        (name, questions, True),
        (f"{name} misspelt", slips, False),
        (f"{name} mended", slips, True),
    ):
        found = await _found_in(content, texts, embedder, at=options.at, mend=mend)
        measured.append(figures(label, len(entries), found, weights, answer_at=options.answer_at))
    return measured


def keep(line: bytes, name: str) -> None:
    """Print one line of JSON and keep it where all measurements lie."""
    _MEASUREMENTS.mkdir(parents=True, exist_ok=True)
    (_MEASUREMENTS / f"{name}.json").write_bytes(line + b"\n")
    print(line.decode())  # noqa: T201 - one bare line, never wrapped


async def measure(
    judged_set: JudgedSet,
    embedder: Embedder,
    weights: calibration.Calibration,
    *,
    answer_at: float,
    at: datetime = DEMO_MOMENT,
) -> SetFigures:
    """Index one set's entries, ask its questions, and compute the figures."""
    name, entries, _ = judged_set
    return figures(name, len(entries), await asked(judged_set, embedder, at=at), weights, answer_at=answer_at)


async def asked(judged_set: JudgedSet, embedder: Embedder, *, at: datetime) -> list[Found]:
    """What each question of a set finds in an index of the set's entries."""
    _, entries, questions = judged_set
    return await _found_in(await content_of(entries, embedder), questions, embedder, at=at)


async def _found_in(
    content: Content, questions: Sequence[JudgedQuestion], embedder: Embedder, *, at: datetime, mend: bool = True
) -> list[Found]:
    """What each question finds, its slips mended as in a search or not."""
    filters = SearchFilters(at=at)
    with opened(content) as searcher:
        queries = await queries_of([question.text for question in questions], searcher, embedder, "en", mend=mend)
        return [
            find(searcher, question, query, filters, NOTHING_HIDDEN)
            for question, query in zip(questions, queries, strict=True)
        ]


def demo_entries(folder: Path, settings: RetrievalSettings) -> list[Entry]:
    """The entries of a knowledge folder; files that would be refused are left out."""
    found: list[Entry] = []
    reader = Reader(zone=ZoneInfo(settings.time_zone), limits=limits_from(settings))
    try:
        for path in knowledge_files([folder]):
            with suppress(DocumentRefused):
                found += reader.read(path, path.as_posix()).entries
    finally:
        reader.close()
    return found


def judged_sets(options: argparse.Namespace, settings: RetrievalSettings, console: Console) -> list[JudgedSet]:
    """The sets that are there; one line for each that is not."""
    sets: list[JudgedSet] = []
    for name in PUBLIC_SETS:
        folder = options.data / "retrieval" / name
        if folder.is_dir():
            sets.append((name, *read_public_faq(folder)))
        else:
            console.print(f"[yellow]skipped {name}: there is no {folder} (set EVAL_DATA)[/yellow]")
    if options.questions.is_file() and options.knowledge.is_dir():
        entries = demo_entries(options.knowledge, settings)
        sets.append(("demo", entries, _known(read_judged(options.questions), entries, console)))
    else:
        console.print(f"[yellow]skipped demo: {options.questions} or {options.knowledge} is missing[/yellow]")
    if _ELSEWHERE.is_dir():
        sets.append(("elsewhere", *read_help_texts(_ELSEWHERE)))
    return sets


def _known(questions: Sequence[JudgedQuestion], entries: Sequence[Entry], console: Console) -> list[JudgedQuestion]:
    """The questions, with a warning for judged ids that no entry has."""
    ids = {entry.entry_id for entry in entries}
    if strangers := sorted({i for question in questions for i in question.answers} - ids):
        console.print(f"[yellow]judged entries that do not exist: {', '.join(strangers)}[/yellow]")
    return list(questions)


def _show(measured: Sequence[SetFigures], console: Console) -> None:
    ranking = Table(title="Ranking", box=None, title_justify="left", header_style="bold")
    trust = Table(title="Relevance of the first hit", box=None, title_justify="left", header_style="bold")
    for column in ("set", "arm", "MRR@10", "recall@1", "recall@3", "recall@5"):
        ranking.add_column(column)
    for column in ("set", "mode", "AUROC", "calibration error", "answered", "precision", "false answers"):
        trust.add_column(column)
    for figure in measured:
        for arm in ("bm25", "dense", "both", "words"):
            row: Ranking = getattr(figure, arm)
            values = (row.mrr_at_10, row.recall_at_1, row.recall_at_3, row.recall_at_5)
            ranking.add_row(figure.name, arm, *(f"{value:.4f}" for value in values))
        for mode in ("relevance", "relevance_words"):
            worth: Trust = getattr(figure, mode)
            parts = (worth.auroc, worth.calibration_error, worth.answered, worth.precision, worth.false_answers)
            name = "both" if mode == "relevance" else "words"
            trust.add_row(figure.name, name, *(f"{value:.3f}" for value in parts))
    console.print(ranking)
    console.print(trust)
