"""The Elasticsearch index behind the ``KnowledgeIndex`` port.

A search asks one version by its own name, never the alias, so that it cannot mix two. The same request asks the
alias which version is in force; when that is another one the search is made again on it.
"""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from elasticsearch import AsyncElasticsearch, NotFoundError

from retrieval.adapters.elasticsearch import queries
from retrieval.adapters.elasticsearch.connection import translated
from retrieval.adapters.elasticsearch.records import document_of, words_id
from retrieval.adapters.elasticsearch.version import Version
from retrieval.asking import cleaned, vectors_of
from retrieval.errors import IndexCorrupt, IndexMissing, IndexUnavailable
from retrieval.model import Entry, EntryId, SearchFilters, SearchResult, language_of
from retrieval.ports import Embedder
from retrieval.relevance.calibration import Calibration
from retrieval.relevance.features import Candidate
from retrieval.relevance.query import Query, make_query
from retrieval.relevance.ranking import ranked_hits
from retrieval.spelling import mended

_ATTEMPTS = 5
_PIECES_AT_ONCE = 8
_FIRST_OPENING_SECONDS = 5.0  # a fresh process has no earlier version to answer from meanwhile
_GONE = 404


class _Gone(Exception):
    """The version that was asked has been cleared away."""


class ElasticsearchIndex:
    """Searches the version in force; opens the next one when the alias moves."""

    def __init__(
        self,
        client: AsyncElasticsearch,
        *,
        alias: str,
        embedder: Embedder,
        calibration: Calibration,
        timeout: float,
        open_timeout: float,
    ) -> None:
        """Ask through ``client``; nothing is asked before the first search.

        ``timeout`` in seconds bounds all of Elasticsearch's part in one search, ``open_timeout`` each request while
        a version's vocabulary is fetched, which happens once a version.
        """
        self._client = client
        self._opener = client.options(request_timeout=open_timeout)
        self._alias = alias
        self._embedder = embedder
        self._calibration = calibration
        self._timeout = timeout
        self._version: Version | None = None
        self._opening: tuple[str, asyncio.Task[Version]] | None = None

    async def search(self, query: str, *, top_k: int = 5, filters: SearchFilters) -> SearchResult:
        """See ``KnowledgeIndex.search``."""
        asked = cleaned(query)
        version = self._version or await self._in_force()
        if not asked or not version.entries:
            version = await self._in_force()
        for attempt in range(1, _ATTEMPTS + 1):
            if not asked or not version.entries:
                return SearchResult((), dense=False, version=version.index)
            ready = await self._ready(asked, version, filters)
            try:
                candidates, current = await self._candidates(version, ready, filters)
            except _Gone:
                version = await self._in_force()
                continue
            if current != version.index and attempt < _ATTEMPTS:
                newer = await self._in_force()
                if newer is not version:
                    version = newer
                    continue
            hits = await asyncio.to_thread(
                ranked_hits, ready, candidates, version.vocabulary, self._calibration, top_k=top_k
            )
            return SearchResult(tuple(hits), dense=ready.vector is not None, version=version.index)
        raise IndexUnavailable("the index was replaced faster than it could be asked", reason="answer")

    async def get(self, entry_id: EntryId, *, filters: SearchFilters) -> Entry | None:
        """See ``KnowledgeIndex.get``."""
        await self._in_force()  # opened here, too, so that a readiness probe warms a fresh process
        found = await self._of_alias(queries.by_id(entry_id, filters))
        return document_of(found["_source"]["payload"]).entry if found else None

    async def version(self) -> str:
        """See ``KnowledgeIndex.version``."""
        return (await self._in_force()).index

    async def close(self) -> None:
        """Close the embedder and the connections, and let the version go."""
        if self._opening is not None:
            self._opening[1].cancel()
        await self._embedder.close()
        await self._client.close()
        self._opening = self._version = None

    async def _ready(self, asked: str, version: Version, filters: SearchFilters) -> Query:
        language = language_of(filters.locale)
        asked = await asyncio.to_thread(mended, asked, version.vocabulary, language)
        made = await vectors_of(asked, version.vocabulary, self._embedder, model=version.model)
        return make_query(asked, language, version.vocabulary, vector=made.vector, extra_words=made.words)

    async def _candidates(
        self, version: Version, ready: Query, filters: SearchFilters
    ) -> tuple[list[Candidate], str | None]:
        """The best entries of each arm, and the name of the version in force meanwhile.

        Raises:
            _Gone: the version was cleared away.
            IndexUnavailable: no answer in time, or an error.
        """
        try:
            async with asyncio.timeout(self._timeout):
                bm25, nearest, current = await self._ask(version, ready, filters)
                chosen = list(dict.fromkeys([*bm25, *nearest]))
                await self._fetch(version, chosen)
        except TimeoutError as error:
            raise IndexUnavailable("Elasticsearch did not answer in time", reason="timeout") from error
        found = [version.candidate(one, ready.vector, {"all": bm25.get(one, 0.0)}) for one in chosen]
        version.trim()
        return found, current

    async def _ask(
        self, version: Version, ready: Query, filters: SearchFilters
    ) -> tuple[dict[str, float], list[str], str | None]:
        here = {"index": version.index}
        searches: list[Mapping[str, Any]] = [here, queries.lexical(ready.text, filters)]
        direction = ready.direction if version.dimensions is not None else None
        if direction is not None:
            searches += [here, queries.dense(direction, filters)]
        searches += [{"index": self._alias}, queries.manifest(whole=False)]
        with translated():
            answers = (await self._client.msearch(searches=searches))["responses"]
        *arms, alias = [_hits_of(answer) for answer in answers]
        bm25 = {hit["_id"]: float(hit["_score"]) for hit in arms[0]}
        nearest = [hit["_id"] for hit in arms[1]] if direction is not None else []
        return bm25, nearest, alias[0]["_index"] if alias else None

    async def _fetch(self, version: Version, chosen: Sequence[str]) -> None:
        while missing := version.missing(chosen):
            version.keep(await self._payloads(version.index, missing, self._client))

    async def _payloads(self, index: str, ids: Sequence[str], client: AsyncElasticsearch) -> dict[str, dict[str, Any]]:
        with translated():
            answer = await client.mget(index=index, ids=list(ids), source_includes=["payload"])
        documents = answer["docs"]
        if any("error" in document or not document.get("found") for document in documents):
            raise _Gone
        return {document["_id"]: document["_source"]["payload"] for document in documents}

    async def _in_force(self) -> Version:
        """The version in force. While it takes long to open, the one before it, which is still there, does its work.

        Raises:
            IndexMissing: nothing was ingested yet.
            IndexCorrupt: it cannot be read.
            IndexUnavailable: no answer, or the first version could not be opened in time.
        """
        for _ in range(_ATTEMPTS):
            found = await self._of_alias(queries.manifest(whole=False))
            if found is None:
                raise IndexMissing(self._nothing())
            index: str = found["_index"]
            if self._version is not None and self._version.index == index:
                return self._version
            with suppress(_Gone):
                return await self._opened(index)
        raise IndexCorrupt(f"the versions behind {self._alias} lack documents: ingest with --rebuild")

    async def _opened(self, index: str) -> Version:
        if self._opening is None or self._opening[0] != index or self._opening[1].done():
            self._opening = (index, asyncio.create_task(self._open(index)))
        task = self._opening[1]
        patience = _FIRST_OPENING_SECONDS if self._version is None else self._timeout
        done, _ = await asyncio.wait({task}, timeout=patience)
        if done:
            self._version = task.result()
        if self._version is None:
            raise IndexUnavailable("Elasticsearch is too slow to open the index", reason="timeout")
        return self._version

    async def _open(self, index: str) -> Version:
        manifest = (await self._payloads(index, ["manifest"], self._opener))["manifest"]
        ids = [words_id(number) for number in range(manifest.get("pieces", 0))]
        pieces: list[dict[str, Any]] = []
        for start in range(0, len(ids), _PIECES_AT_ONCE):
            some = ids[start : start + _PIECES_AT_ONCE]
            payloads = await self._payloads(index, some, self._opener)
            pieces += [payloads[one] for one in some]
        return await asyncio.to_thread(Version, index, manifest, pieces)

    async def _of_alias(self, body: dict[str, Any]) -> Mapping[str, Any] | None:
        """The one hit of a search on the alias; it resolves the alias once, so this is one version, too."""
        with translated():
            try:
                answer = await self._client.search(index=self._alias, **_as_arguments(body))
            except NotFoundError as error:
                raise IndexMissing(self._nothing()) from error
        hits: list[Mapping[str, Any]] = answer["hits"]["hits"]
        return hits[0] if hits else None

    def _nothing(self) -> str:
        return f"no knowledge index behind the alias {self._alias}: run `python -m retrieval ingest knowledge`"


def _as_arguments(body: dict[str, Any]) -> dict[str, Any]:
    return {name.lstrip("_"): value for name, value in body.items()}


def _hits_of(answer: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The hits of one search among several.

    Raises:
        _Gone: its index does not exist any more.
        IndexUnavailable: it failed, as a whole or on a shard.
    """
    if error := answer.get("error"):
        if answer.get("status") == _GONE:
            raise _Gone
        raise IndexUnavailable(f"Elasticsearch could not search ({error.get('type', 'unknown')})", reason="answer")
    if answer.get("timed_out") or answer["_shards"]["failed"]:
        raise IndexUnavailable("Elasticsearch searched a part of the index only", reason="answer")
    hits: list[Mapping[str, Any]] = answer["hits"]["hits"]
    return hits
