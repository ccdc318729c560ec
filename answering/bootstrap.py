"""The composition root of the answering room."""

from answering.adapters.approved_store import ApprovedStore
from answering.approved import ApprovedRung
from answering.cache import AnswerCache
from answering.ladder import Ladder
from answering.settings import AnsweringSettings
from retrieval.bootstrap import build_embedder, build_index, utc_now
from retrieval.settings import RetrievalSettings


def build_ladder(settings: AnsweringSettings | None = None, retrieval: RetrievalSettings | None = None) -> Ladder:
    """The ladder over the configured index; close it when the process ends. Opens nothing by itself."""
    settings, retrieval = settings or AnsweringSettings(), retrieval or RetrievalSettings()
    approved = ApprovedRung(
        build_approved_store(settings), build_embedder(retrieval), near_at=settings.approved_near_at, now=utc_now
    )
    cache = AnswerCache(settings.cache_size, settings.cache_seconds, now=utc_now)
    return Ladder(build_index(retrieval), settings, now=utc_now, approved=approved, cache=cache)


def build_approved_store(settings: AnsweringSettings) -> ApprovedStore:
    """Where staff's answers are kept."""
    return ApprovedStore(settings.approved, now=utc_now)
