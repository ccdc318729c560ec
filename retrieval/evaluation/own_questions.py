"""Judged questions without a judge: each entry's own questions, each hidden while it is asked."""

from collections.abc import Iterator, Sequence

from retrieval.adapters.embedded.searcher import Hidden, Searcher
from retrieval.evaluation.bench import Found, find
from retrieval.evaluation.judged import JudgedQuestion
from retrieval.model import SearchFilters, language_of


def own_questions(searcher: Searcher, filters: SearchFilters) -> Iterator[Found]:
    """What each question of each visible entry finds when the index does not know that question.

    No embedder is needed: the question's vector lies in the index.
    """
    snapshot = searcher.snapshot
    for number, passage in enumerate(snapshot.passages):
        ordinal = int(snapshot.passage_owner[number])
        entry = snapshot.entries[ordinal]
        if passage.kind != "question" or not entry.is_visible(filters):
            continue
        vector = None if snapshot.vectors is None else snapshot.vectors[number]
        query = searcher.query(passage.text, language_of(filters.locale), vector=vector)
        asked = JudgedQuestion(passage.text, frozenset({entry.entry_id}))
        yield find(searcher, asked, query, filters, Hidden(passages=frozenset({number})))


def with_removed(results: Sequence[Found]) -> list[Found]:
    """The same questions on an index that lacks the entry they belong to."""
    return [result.without(result.question.answers) for result in results]
