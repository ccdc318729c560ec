"""The knowledge index behind the editor: retrieval's objects, each write in a thread with a loop of its own.

A write reads and publishes the whole index with blocking calls, and awaits vectors in between; on the gateway's own
loop it would hold up customers.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import structlog

from desk.errors import Invalid, NotFound, NotPossible
from desk.knowledge_admin.errors import EntryStale
from desk.knowledge_admin.model import Edition, EntryState, Past
from retrieval.bootstrap import (
    build_editor,
    build_embedder,
    build_history,
    build_index,
    build_ingest,
    build_restore,
    build_store,
)
from retrieval.company import personal_data_from
from retrieval.editing import Written
from retrieval.errors import (
    DocumentRefused,
    EmbedderError,
    EntryChanged,
    EntryUnknown,
    IndexMissing,
    IngestBusy,
    RetrievalError,
)
from retrieval.history.publishing import entries_of
from retrieval.model import Entry, EntryId, Hit, SearchFilters
from retrieval.ports import Embedder, KnowledgeIndex, Vectors
from retrieval.report import IngestReport
from retrieval.settings import RetrievalSettings

logger = structlog.get_logger()

T = TypeVar("T")
MakeEmbedder = Callable[[bool], Embedder]
"""Called with whether it is for an ingest; whoever gets the embedder closes it."""

AUDIENCES = {
    "public": frozenset({"public"}),
    "customer": frozenset({"public", "customer"}),
    "staff": frozenset({"public", "customer", "staff"}),
}


class RetrievalKnowledge:
    """``Knowledge`` over the configured index."""

    def __init__(
        self,
        settings: RetrievalSettings,
        *,
        now: Callable[[], datetime],
        make_embedder: MakeEmbedder | None = None,
    ) -> None:
        """Open nothing yet; ``make_embedder`` replaces the embedding service in tests."""
        self._settings = settings
        self._now = now
        self._make_embedder = make_embedder or (
            lambda for_ingest: build_embedder(settings, for_ingest=for_ingest, patient=not for_ingest)
        )
        self._index: KnowledgeIndex | None = None
        self._history = build_history(settings)
        self._personal_data = personal_data_from(settings)
        self._read: tuple[str, list[Entry]] | None = None

    async def editions(self) -> Sequence[Edition]:
        """See ``Knowledge.editions``."""
        with refused():
            entries = await self._entries()
            latest = await asyncio.to_thread(self._history.latest)
        now = self._now()
        made = []
        for entry in entries:
            change = latest.get(entry.entry_id)
            made.append(
                Edition(
                    entry,
                    _state(entry, now),
                    change.number if change else 0,
                    change.at if change else None,
                    change.by if change else None,
                )
            )
        return made

    async def versions(self, entry_id: str) -> Sequence[Past]:
        """See ``Knowledge.versions``."""
        with refused():
            found = await asyncio.to_thread(self._history.versions, EntryId(entry_id))
        return [Past(one.change.number, one.change.at, one.change.by, one.change.note, one.entry) for one in found]

    async def save(
        self, entry_id: str, written: Written, *, expected: int | None, by: str, why: str, allow_personal_data: bool
    ) -> None:
        """See ``Knowledge.save``."""

        async def save(embedder: Embedder) -> None:
            await build_editor(self._settings, embedder, now=self._now).save(
                EntryId(entry_id),
                written,
                expected=expected,
                by=by,
                why=why,
                allow_personal_data=allow_personal_data,
            )

        await self._apart(save)

    async def retire(self, entry_id: str, *, expected: int | None, by: str, why: str) -> None:
        """See ``Knowledge.retire``."""

        async def retire(embedder: Embedder) -> None:
            await build_editor(self._settings, embedder, now=self._now).retire(
                EntryId(entry_id), expected=expected, by=by, why=why
            )

        await self._apart(retire)

    async def restore(self, entry_id: str, version: int, *, by: str) -> bool:
        """See ``Knowledge.restore``."""

        async def restore(embedder: Embedder) -> bool:
            restoring = build_restore(self._settings, embedder)
            return bool(await restoring.run(version, entry_id=EntryId(entry_id), by=by))

        return await self._apart(restore)

    async def search(self, question: str, *, audience: str, locale: str, most: int) -> Sequence[Hit]:
        """See ``Knowledge.search``."""
        filters = SearchFilters(at=self._now(), audience=AUDIENCES[audience], locale=locale)
        with refused():
            return (await self._opened().search(question, top_k=most, filters=filters)).hits

    async def take_in(self, files: Sequence[Path], *, by: str, dry_run: bool) -> IngestReport:
        """See ``Knowledge.take_in``."""

        async def take_in(embedder: Embedder) -> IngestReport:
            return await build_ingest(self._settings, embedder).run(files, dry_run=dry_run, by=by)

        return await self._apart(take_in)

    async def vectors(self, texts: Sequence[str]) -> Vectors | None:
        """See ``Knowledge.vectors``."""
        embedder = self._make_embedder(True)
        try:
            return (await embedder.embed(texts)).vectors
        except EmbedderError:
            return None
        finally:
            await embedder.close()

    def masked(self, text: str) -> str:
        """See ``Knowledge.masked``."""
        return self._personal_data.masked(text)

    async def close(self) -> None:
        """See ``Knowledge.close``."""
        if self._index is not None:
            await self._index.close()

    def _opened(self) -> KnowledgeIndex:
        """The index for reading; commands that never ask it do without."""
        if self._index is None:
            self._index = build_index(self._settings, embedder=self._make_embedder(False))
        return self._index

    async def _entries(self) -> list[Entry]:
        """The entries in force; read again only when the index has changed."""
        try:
            version = await self._opened().version()
        except IndexMissing:
            return []
        if self._read is None or self._read[0] != version:
            stored = await asyncio.to_thread(build_store(self._settings).read)
            self._read = (stored.version if stored else version, entries_of(stored))
        return self._read[1]

    async def _apart(self, work: Callable[[Embedder], Awaitable[T]]) -> T:
        async def alone() -> T:
            embedder = self._make_embedder(True)
            try:
                return await work(embedder)
            finally:
                await embedder.close()

        def run() -> T:
            return asyncio.run(alone())

        with refused():
            return await asyncio.to_thread(run)


def _state(entry: Entry, now: datetime) -> EntryState:
    if entry.valid_until is not None and entry.valid_until <= now:
        return EntryState.EXPIRED
    if entry.valid_from is not None and entry.valid_from > now:
        return EntryState.SCHEDULED
    return EntryState.LIVE


@contextmanager
def refused() -> Iterator[None]:
    """Retrieval's errors as refusals, in sentences for an editor."""
    try:
        yield
    except EntryChanged as error:
        raise EntryStale(error.by) from error
    except EntryUnknown as error:
        raise NotFound from error
    except DocumentRefused as error:
        raise Invalid(_sentence(error)) from error
    except IngestBusy as error:
        raise NotPossible("Files are being taken into the knowledge right now. Try again in a minute.") from error
    except EmbedderError as error:
        words = "The service that understands texts does not answer, so this cannot be found yet. Nothing was changed."
        raise NotPossible(words) from error
    except RetrievalError as error:
        raise NotPossible(_sentence(error)) from error
    except OSError as error:
        logger.error("knowledge.not_written", error=error.strerror)  # noqa: TRY400 - the cause is chained
        raise NotPossible(f"The knowledge cannot be written ({error.strerror}). Nothing was changed.") from error


def _sentence(error: Exception) -> str:
    text = str(error)
    return f"{text[:1].upper()}{text[1:]}."
