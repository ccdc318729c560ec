"""What is odd about the knowledge: for the command line now, for the staff console later."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

import numpy as np

from retrieval.adapters.embedded.searcher import Searcher
from retrieval.content import Progress, silent
from retrieval.links import broken_inside, links_of
from retrieval.model import Entry, EntryId, SearchFilters, language_of
from retrieval.relevance.calibration import Calibration

Oddity = Literal[
    "expired", "expires soon", "not yet valid", "contradicting validity",
    "not found by its own question", "near duplicate", "dead link",
]  # fmt: skip

_SOON = timedelta(days=30)
_DUPLICATE_COSINE = 0.95  # of two entries' answers with their titles
_EVERYBODY = frozenset({"public", "customer", "staff"})


@dataclass(frozen=True, slots=True)
class Finding:
    """One entry a person should look at, and why."""

    entry_id: EntryId
    oddity: Oddity
    detail: str


@dataclass(frozen=True, slots=True)
class Stats:
    """How much there is, in numbers."""

    version: str
    entries: int
    visible: int
    questions: int
    passages: int
    words: int
    embedding_model: str | None
    by_category: dict[str, int]
    by_audience: dict[str, int]


def stats(searcher: Searcher, at: datetime) -> Stats:
    """Count what the index holds; ``visible`` entries may be told to a public visitor at ``at``."""
    snapshot = searcher.snapshot
    return Stats(
        version=snapshot.version,
        entries=len(snapshot.entries),
        visible=sum(_told_to_anybody(entry, at) and entry.audience == "public" for entry in snapshot.entries),
        questions=sum(len(entry.questions) for entry in snapshot.entries),
        passages=len(snapshot.passages),
        words=len(snapshot.words),
        embedding_model=snapshot.embedding_model,
        by_category=dict(Counter(entry.category for entry in snapshot.entries).most_common()),
        by_audience=dict(Counter(entry.audience for entry in snapshot.entries).most_common()),
    )


def verify(searcher: Searcher, calibration: Calibration, at: datetime, progress: Progress = silent) -> list[Finding]:
    """Everything odd about the knowledge as of ``at``, by entry id. Asks each listed question: a minute for 5,000."""
    findings = [
        *_validity(searcher.snapshot.entries, at),
        *_not_found(searcher, calibration, at, progress),
        *_duplicates(searcher, at),
        *_contradictions(searcher.snapshot.entries),
        *dead_links(searcher.snapshot.entries),
    ]
    return sorted(findings, key=lambda finding: (finding.entry_id, finding.oddity))


def _told_to_anybody(entry: Entry, at: datetime) -> bool:
    return entry.is_visible(SearchFilters(at=at, audience=_EVERYBODY, locale=entry.locale))


def _validity(entries: Sequence[Entry], at: datetime) -> Iterator[Finding]:
    for entry in entries:
        if entry.valid_until and entry.valid_until <= at:
            yield Finding(entry.entry_id, "expired", f"{entry.valid_until:%Y-%m-%d %H:%M} UTC")
        elif entry.valid_until and entry.valid_until <= at + _SOON:
            yield Finding(entry.entry_id, "expires soon", f"{entry.valid_until:%Y-%m-%d %H:%M} UTC")
        if entry.valid_from and entry.valid_from > at:
            yield Finding(entry.entry_id, "not yet valid", f"from {entry.valid_from:%Y-%m-%d %H:%M} UTC")


def _not_found(searcher: Searcher, calibration: Calibration, at: datetime, progress: Progress) -> Iterator[Finding]:
    """Entries that are not first for a question of their own: another entry claims the same words."""
    snapshot = searcher.snapshot
    for number, passage in enumerate(snapshot.passages):
        progress("ask", number + 1, len(snapshot.passages))
        entry = snapshot.entries[int(snapshot.passage_owner[number])]
        if passage.kind != "question" or not _told_to_anybody(entry, at):
            continue
        filters = SearchFilters(at=at, audience=_EVERYBODY, locale=entry.locale)
        vector = None if snapshot.vectors is None else snapshot.vectors[number]
        query = searcher.query(passage.text, language_of(entry.locale), vector=vector)
        first = next(iter(searcher.hits(query, filters, calibration, top_k=1)), None)
        if first is None or first.entry_id != entry.entry_id:
            rival = first.entry_id if first else "nothing"
            yield Finding(entry.entry_id, "not found by its own question", f'"{passage.text}" finds {rival}')


def _duplicates(searcher: Searcher, at: datetime) -> Iterator[Finding]:
    """Pairs of entries whose answers say nearly the same, or that list the same question at the same time."""
    snapshot = searcher.snapshot
    for question, first, other in _same_questions(snapshot.entries):
        if _from(other) < _until(first) and _from(first) < _until(other):
            yield Finding(other.entry_id, "near duplicate", f'lists "{question}" like {first.entry_id}')
    if snapshot.vectors is None:
        return
    answers = [n for n, passage in enumerate(snapshot.passages) if passage.kind == "answer"]
    owners_of = snapshot.passage_owner[answers]
    valid = np.array([_told_to_anybody(snapshot.entries[int(owner)], at) for owner in owners_of], dtype=bool)
    vectors = np.asarray(snapshot.vectors[answers])
    for row in np.flatnonzero(valid):
        near = np.flatnonzero((vectors[:row] @ vectors[row] >= _DUPLICATE_COSINE) & valid[:row])
        for other in near[owners_of[near] != owners_of[row]]:
            rival = snapshot.entries[int(owners_of[other])].entry_id
            entry = snapshot.entries[int(owners_of[row])]
            yield Finding(entry.entry_id, "near duplicate", f"says nearly the same as {rival}")


def dead_links(entries: Sequence[Entry]) -> Iterator[Finding]:
    """Links to files and entries that are not there; the web is not asked."""
    ids = {entry.entry_id for entry in entries} | {entry.document_id for entry in entries}
    for entry in entries:
        for link in links_of(entry.answer):
            if reason := broken_inside(link, entry.source, ids):
                yield Finding(entry.entry_id, "dead link", f"{link}: {reason}")


def _same_questions(entries: Sequence[Entry]) -> Iterator[tuple[str, Entry, Entry]]:
    """Pairs of entries that list one question, in the order of their ids."""
    asked: dict[str, dict[EntryId, Entry]] = defaultdict(dict)
    for entry in entries:
        for question in entry.questions:
            asked[" ".join(question.lower().split()).strip("?!. ")][entry.entry_id] = entry
    for question, owners in asked.items():
        first, *others = (owners[entry_id] for entry_id in sorted(owners))
        for other in others:
            yield question, first, other


def _contradictions(entries: Sequence[Entry]) -> Iterator[Finding]:
    """Two entries for one question and the same readers, of which one follows the other, but not at once."""
    told: set[tuple[EntryId, EntryId]] = set()
    for _, one, other in _same_questions(entries):
        first, then = sorted((one, other), key=_from)
        same_readers = (first.audience, first.language) == (then.audience, then.language)
        if not same_readers or first.valid_until is None or then.valid_from is None:
            continue
        if (first.entry_id, then.entry_id) in told or first.valid_until == then.valid_from:
            continue
        told.add((first.entry_id, then.entry_id))
        days = f"{first.valid_until:%Y-%m-%d %H:%M} and {then.valid_from:%Y-%m-%d %H:%M} UTC"
        gap = first.valid_until < then.valid_from
        detail = f"neither holds between {days}" if gap else f"both hold between {days}"
        yield Finding(then.entry_id, "contradicting validity", f"follows {first.entry_id}, but {detail}")


def _from(entry: Entry) -> datetime:
    return entry.valid_from or datetime.min.replace(tzinfo=UTC)


def _until(entry: Entry) -> datetime:
    return entry.valid_until or datetime.max.replace(tzinfo=UTC)
