"""The composition root of the answering room."""

from answering.ladder import Ladder
from answering.settings import AnsweringSettings
from retrieval.bootstrap import build_index, utc_now
from retrieval.settings import RetrievalSettings


def build_ladder(settings: AnsweringSettings | None = None, retrieval: RetrievalSettings | None = None) -> Ladder:
    """The ladder over the configured index; close it when the process ends. Opens nothing by itself."""
    index = build_index(retrieval or RetrievalSettings())
    return Ladder(index, settings or AnsweringSettings(), now=utc_now)
