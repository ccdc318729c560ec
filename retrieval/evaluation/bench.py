"""An index of given entries in a temporary folder, asked many judged questions at once."""

import asyncio
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from retrieval.adapters.embedded.searcher import Hidden, Searcher
from retrieval.adapters.embedded.snapshot import load, write
from retrieval.content import Progress, build, silent
from retrieval.evaluation.judged import JudgedQuestion
from retrieval.model import Entry, EntryId, SearchFilters, language_of
from retrieval.ports import Content, Embedder
from retrieval.relevance.calibration import Calibration, Judged, Weighing
from retrieval.relevance.features import Features, features_of
from retrieval.relevance.query import Query
from retrieval.spelling import mended


@contextmanager
def opened(content: Content) -> Iterator[Searcher]:
    """A searcher over ``content``, written to and read from a folder that goes away afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), content)
        yield Searcher(load(Path(folder)))


async def content_of(entries: Sequence[Entry], embedder: Embedder, *, progress: Progress = silent) -> Content:
    """The entries as an ingest would store them."""
    ordered = sorted(entries, key=lambda entry: entry.entry_id)
    return (await build(ordered, embedder, progress=progress)).content


async def queries_of(
    questions: Sequence[str], searcher: Searcher, embedder: Embedder, locale: str, *, mend: bool = True
) -> list[Query]:
    """All questions made ready as a search does: mended, unless that is what is measured, and with vectors."""
    if mend:
        questions = [mended(question, searcher.vocabulary, language_of(locale)) for question in questions]
    unknown = sorted({word for question in questions for word in searcher.unknown_words(question)})
    vectors = (await embedder.embed([*questions, *unknown])).vectors
    extra = dict(zip(unknown, vectors[len(questions) :], strict=True))
    return await asyncio.to_thread(
        lambda: [
            searcher.query(question, locale, vector=vector, extra_words=extra)
            for question, vector in zip(questions, vectors, strict=False)
        ]
    )


@dataclass(frozen=True, slots=True)
class Found:
    """What one question found: entry ids, features and BM25 totals of the candidates, all in one order."""

    question: JudgedQuestion
    ids: tuple[EntryId, ...]
    rows: tuple[Features, ...]
    bm25: tuple[float, ...]

    def ranked(self, weighing: Weighing) -> list[tuple[EntryId, Judged]]:
        """The candidates as a weighing orders them."""
        judged = zip(self.ids, weighing.judge(self.rows), strict=True)
        return sorted(judged, key=lambda pair: (-pair[1].place, pair[0]))

    def without(self, entries: frozenset[EntryId]) -> "Found":
        """The same question on an index that lacks ``entries``."""
        keep = [number for number, entry_id in enumerate(self.ids) if entry_id not in entries]
        return Found(
            JudgedQuestion(self.question.text, self.question.answers - entries),
            tuple(self.ids[i] for i in keep),
            tuple(self.rows[i] for i in keep),
            tuple(self.bm25[i] for i in keep),
        )


def find(searcher: Searcher, question: JudgedQuestion, query: Query, filters: SearchFilters, hidden: Hidden) -> Found:
    """Candidates of one question with their features, before anything is weighed."""
    candidates = searcher.candidates(query, filters, hidden=hidden)
    return Found(
        question,
        tuple(candidate.entry.entry_id for candidate in candidates),
        tuple(features_of(query, candidates, searcher.vocabulary)),
        tuple(sum(candidate.bm25.values()) for candidate in candidates),
    )


def dense_only(calibration: Calibration) -> Weighing:
    """The dense arm alone: only what sentence vectors say."""
    ranking = {name: w for name, w in calibration.both.ranking.items() if name.endswith("_cosine")}
    return Weighing(ranking, {}, 0.0)
