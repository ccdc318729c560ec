"""Answers kept ready for questions that come often. What is kept is still checked before it is told."""

from collections.abc import Callable, Hashable
from datetime import datetime

import orjson
from cachetools import TTLCache

from answering.model import Answer
from retrieval.model import EntryId

ASK_ENTRY = "/ask_entry"
KEPT = frozenset({"entry", "did_you_mean", "none"})
"""Kinds that depend on the question and the index alone; what a model wrote for one customer is never kept."""


class AnswerCache:
    """At most ``size`` answers, each for at most ``seconds``: entries whose first day has come show up by then."""

    def __init__(self, size: int, seconds: float, *, now: Callable[[], datetime]) -> None:
        """Count time by ``now``; a ``size`` of 0 keeps nothing."""
        self._kept: TTLCache[Hashable, Answer] = TTLCache(size, seconds, timer=lambda: now().timestamp())
        self._size = size

    def get(self, key: Hashable) -> Answer | None:
        """The answer kept under ``key``, if any."""
        return self._kept.get(key)

    def put(self, key: Hashable, answer: Answer) -> None:
        """Keep an answer, unless it is of a kind, or was found in a way, that must not last."""
        if self._size and answer.kind in KEPT and answer.dense:
            self._kept[key] = answer

    def drop(self, key: Hashable) -> None:
        """Forget an answer."""
        self._kept.pop(key, None)


def entries_behind(answer: Answer) -> list[EntryId]:
    """The entries that an answer tells or offers."""
    offered = (orjson.loads(item.payload.removeprefix(ASK_ENTRY))["entry_id"] for item in answer.suggestions)
    return [EntryId(found) for found in (*(citation.entry_id for citation in answer.citations), *offered)]
