"""Judged sentences to measure the quality check with, and the sources they were written from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml

from answering.quality.ports import Source
from retrieval.bootstrap import limits_from
from retrieval.documents.files import knowledge_files
from retrieval.documents.reader import Reader
from retrieval.evaluation.judged import help_texts
from retrieval.settings import RetrievalSettings

_FOLDER = Path("tests/evaluation")
USUAL = _FOLDER / "grounding.yml"
_HARD = _FOLDER / "grounding_tuning.yml"
_ELSEWHERE = _FOLDER / "elsewhere"
UNSEEN = ("plain", "fresh")
"""Sets of pairs to yet other entries, which nothing is fitted to."""
TOLERATED = ("ok", "derived")
"""Kinds that are no mistake. A ``derived`` sentence follows by a step, mostly with a number that the source lacks: it
may be stopped, and counts neither for nor against."""


@dataclass(frozen=True, slots=True)
class Pair:
    """An answer and the source it was written from; ``kind`` is ``ok``, ``derived`` or what is wrong with it.

    ``part`` is "tuning" or "hard" where it is fitted to, else the name of a set that is only measured.
    """

    source: Source
    kind: str
    text: str
    part: str

    @property
    def bad(self) -> bool:
        return self.kind not in TOLERATED


def measured_pairs() -> list[Pair]:
    """All pairs that figures are told of: the usual file's two halves, the unseen sets, other companies' texts."""
    entries = _entries(Path("knowledge"), RetrievalSettings())
    pairs = list(_of_entries(USUAL, ("tuning", "test"), entries))
    for name in UNSEEN:
        pairs += _of_entries(_FOLDER / f"grounding_{name}.yml", (name,), entries)
    return pairs + list(_elsewhere())


def fitted_pairs() -> list[Pair]:
    """All pairs that are fitted to."""
    entries = _entries(Path("knowledge"), RetrievalSettings())
    usual = [pair for pair in _of_entries(USUAL, ("tuning", "test"), entries) if pair.part == "tuning"]
    return usual + list(_of_entries(_HARD, ("hard",), entries))


def _of_entries(path: Path, parts: Sequence[str], entries: dict[str, Source]) -> Iterator[Pair]:
    """All pairs of the file, in order; its entries go to the parts by turns."""
    for number, (entry_id, kinds) in enumerate(yaml.safe_load(path.read_text("utf-8")).items()):
        for kind, texts in kinds.items():
            for text in texts if isinstance(texts, list) else [texts]:
                yield Pair(entries[entry_id], kind, text, parts[number % len(parts)])


def _elsewhere() -> Iterator[Pair]:
    """Sentences about other companies' help texts, which the knowledge here does not hold."""
    for name, told in help_texts(_ELSEWHERE):
        source = Source(1, "entry", name, told["title"], told["text"])
        for kind, texts in told.items():
            if kind not in {"title", "text", "answered", "not_answered"}:
                yield from (Pair(source, kind, text, "elsewhere") for text in texts)


def _entries(folder: Path, settings: RetrievalSettings) -> dict[str, Source]:
    """Every entry of the folder as a source."""
    reader = Reader(zone=ZoneInfo(settings.time_zone), limits=limits_from(settings))
    try:
        return {
            entry.entry_id: Source(1, "entry", entry.entry_id, entry.title, entry.answer)
            for path in knowledge_files([folder / "faq"])
            for entry in reader.read(path, path.as_posix()).entries
        }
    finally:
        reader.close()
