"""From candidates to hits: the same for every engine, so that a relevance means the same on each."""

from collections.abc import Sequence

from retrieval.model import Hit
from retrieval.relevance.calibration import Calibration, Judged
from retrieval.relevance.features import Candidate, features_of
from retrieval.relevance.query import Query
from retrieval.relevance.vocabulary import Vocabulary


def ranked_hits(
    query: Query, candidates: Sequence[Candidate], vocabulary: Vocabulary, calibration: Calibration, *, top_k: int
) -> list[Hit]:
    """The ``top_k`` most relevant candidates, most relevant first; weighed by the arms that there are."""
    weighing = calibration.lexical if query.vector is None else calibration.both
    judged = weighing.judge(features_of(query, candidates, vocabulary))
    order = sorted(range(len(candidates)), key=lambda i: (-judged[i].place, candidates[i].entry.entry_id))
    return [_hit(candidates[number], judged[number]) for number in order[:top_k]]


def _hit(candidate: Candidate, judged: Judged) -> Hit:
    entry = candidate.entry
    return Hit(
        entry_id=entry.entry_id, document_id=entry.document_id, title=entry.title, answer=entry.answer,
        category=entry.category, source=entry.source, url=entry.url, relevance=judged.relevance, path=entry.path,
        passage=candidate.nearest.text if candidate.nearest else "", features=judged.features,
        contributions=judged.contributions,
    )  # fmt: skip
