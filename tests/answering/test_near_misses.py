"""What becomes of hits that are near but not near enough to be told."""

from datetime import UTC, datetime

import pytest

from answering.ladder import Ladder
from answering.model import Question
from answering.settings import AnsweringSettings
from retrieval.model import Entry, EntryId, Hit, SearchFilters, SearchResult

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


class OneHit:
    """An index that finds one entry with a given relevance for everything."""

    def __init__(self, relevance: float) -> None:
        self._hit = Hit(EntryId("a"), "a", "How long?", "Thirty days.", "returns", "a.md", None, relevance)

    async def search(self, query: str, *, top_k: int = 5, filters: SearchFilters) -> SearchResult:
        del query, top_k, filters
        return SearchResult((self._hit,), dense=True)

    async def get(self, entry_id: EntryId, *, filters: SearchFilters) -> Entry | None:
        del entry_id, filters
        return None

    async def version(self) -> str:
        return "1"

    async def close(self) -> None:
        """Nothing to close."""


@pytest.mark.parametrize(
    ("intent", "relevance", "kind"),
    [
        ("ask_return_policy", 0.75, "entry"),
        ("ask_return_policy", 0.74, "did_you_mean"),
        ("ask_return_policy", 0.1, "did_you_mean"),
        ("ask_return_policy", 0.09, "none"),
        ("nlu_fallback", 0.25, "did_you_mean"),
        ("nlu_fallback", 0.24, "none"),
        (None, 0.24, "none"),
    ],
)
async def test_a_known_intent_earns_a_weaker_suggestion(intent: str | None, relevance: float, kind: str) -> None:
    ladder = Ladder(OneHit(relevance), AnsweringSettings(), now=lambda: NOON)
    assert (await ladder.answer(Question("how long", intent=intent))).kind == kind
