"""Elasticsearch with the embedded index as its copy: reading falls back to it, writing keeps it up to date."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import structlog

from retrieval.adapters.breaker import CircuitBreaker
from retrieval.errors import IndexUnavailable, RetrievalError
from retrieval.metrics import FAILURES, SEARCHES, UP
from retrieval.model import Entry, EntryId, SearchFilters, SearchResult
from retrieval.ports import Content, KnowledgeIndex, KnowledgeStore, Stored

logger = structlog.get_logger()
T = TypeVar("T")


class FailoverIndex:
    """Asks the first index, and where that fails the copy. A breaker keeps a dead one from costing its time-out."""

    def __init__(self, first: KnowledgeIndex, copy: KnowledgeIndex, *, breaker: CircuitBreaker) -> None:
        """Ask ``first`` while ``breaker`` allows it."""
        self._first = first
        self._copy = copy
        self._breaker = breaker
        self._up = True

    async def search(self, query: str, *, top_k: int = 5, filters: SearchFilters) -> SearchResult:
        """See ``KnowledgeIndex.search``."""
        return await self._either(lambda index: index.search(query, top_k=top_k, filters=filters))

    async def get(self, entry_id: EntryId, *, filters: SearchFilters) -> Entry | None:
        """See ``KnowledgeIndex.get``."""
        return await self._either(lambda index: index.get(entry_id, filters=filters))

    async def version(self) -> str:
        """See ``KnowledgeIndex.version``."""
        return await self._either(lambda index: index.version())

    async def close(self) -> None:
        """Close both."""
        await self._first.close()
        await self._copy.close()

    async def _either(self, ask: Callable[[KnowledgeIndex], Awaitable[T]]) -> T:
        if not self._breaker.allows():
            failure: RetrievalError = IndexUnavailable(
                "Elasticsearch failed repeatedly and is left alone for a moment", reason="breaker"
            )
        else:
            try:
                answer = await ask(self._first)
            except IndexUnavailable as error:
                self._breaker.failed()
                failure = error
            except RetrievalError as error:  # it answers, but holds nothing usable
                self._breaker.succeeded()
                failure = error
            else:
                self._breaker.succeeded()
                self._note_up()
                return answer
        return await self._instead(ask, failure)

    async def _instead(self, ask: Callable[[KnowledgeIndex], Awaitable[T]], failure: RetrievalError) -> T:
        reason = failure.reason if isinstance(failure, IndexUnavailable) else "missing"
        FAILURES.labels(reason).inc()
        UP.set(0)
        self._up = False
        try:
            answer = await ask(self._copy)
        except RetrievalError as error:
            SEARCHES.labels("none").inc()
            logger.error("index.unavailable", reason=reason, detail=str(failure), copy=str(error))  # noqa: TRY400
            raise failure from error
        SEARCHES.labels("copy").inc()
        logger.warning("index.copy_answered", reason=reason, detail=str(failure))
        return answer

    def _note_up(self) -> None:
        SEARCHES.labels("elasticsearch").inc()
        UP.set(1)
        if not self._up:
            logger.info("index.recovered")
        self._up = True


class CopyingStore:
    """Publishes to both, the copy first: when the second step fails, the next ingest sees a difference and mends it."""

    def __init__(self, first: KnowledgeStore, copy: KnowledgeStore) -> None:
        """``first`` is what ingest compares with."""
        self._first = first
        self._copy = copy

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Hold both writers' locks."""
        with self._copy.exclusive(), self._first.exclusive():
            yield

    def read(self) -> Stored | None:
        """What the first holds."""
        return self._first.read()

    def publish(self, content: Content) -> str:
        """Publish to the copy, then to the first; the first's version."""
        self._copy.publish(content)
        return self._first.publish(content)
