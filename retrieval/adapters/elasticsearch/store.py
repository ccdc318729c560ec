"""The writing side: a new version is filled beside the one in force, checked, and put in force in one step."""

from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, closing, suppress
from datetime import datetime
from typing import Any

import structlog
from elasticsearch import ApiError, Elasticsearch, NotFoundError, TransportError
from elasticsearch.helpers import streaming_bulk

from retrieval.adapters.elasticsearch import schema
from retrieval.adapters.elasticsearch.connection import translated
from retrieval.adapters.elasticsearch.lease import Lease
from retrieval.adapters.elasticsearch.records import (
    actions_of,
    dimensions_of,
    document_of,
    size_of,
    words_id,
    words_of_pieces,
)
from retrieval.errors import PublishFailed
from retrieval.ports import Content, Document, Stored

logger = structlog.get_logger()

_CHUNK = 200  # documents
_CHUNK_BYTES = 10_000_000
_PAGE = 200
_RETRIES = 6
_BUSY = (429, 502, 503, 504)


class ElasticsearchStore:
    """Publishes versions of the knowledge to Elasticsearch."""

    def __init__(
        self, client: Elasticsearch, *, alias: str, now: Callable[[], datetime], retry_pause: float = 0.5
    ) -> None:
        """Write through ``client``; ``retry_pause`` in seconds doubles with each try of documents that were refused."""
        self._client = client
        self._alias = alias
        self._now = now
        self._retry_pause = retry_pause
        self._lease = Lease(client, alias=alias, now=now)

    def exclusive(self) -> AbstractContextManager[None]:
        """Hold the writer's lease for the time of one ingest."""
        return self._lease.held()

    def close(self) -> None:
        """Let go of connections."""
        self._client.close()

    def read(self) -> Stored | None:
        """What is published, or None when there is nothing that this version of the code can read."""
        with translated():
            index = self._in_force()
            if index is None:
                return None
            manifest = self._payload(index, schema.MANIFEST)
            if manifest.get("format") != schema.FORMAT:
                return None
            pieces = [self._payload(index, words_id(number)) for number in range(manifest["pieces"])]
            words, vectors = words_of_pieces(pieces)
            documents = tuple(self._documents(index))
        return Stored(Content(documents, words, vectors, manifest["embedding_model"]), index)

    def publish(self, content: Content) -> str:
        """Write a version and put it in force.

        Raises:
            PublishFailed: a document was refused for good, or not all arrived.
            IndexUnavailable: Elasticsearch did not answer.
        """
        with translated():
            self._lease.renew()
            name = schema.version_name(self._alias, self._now())
            languages = sorted({document.entry.language for document in content.documents})
            self._client.indices.create(
                index=name,
                settings=schema.settings(languages),
                mappings=schema.mapping(languages, dimensions_of(content)),
            )
            try:
                self._fill(name, content)
                self._lease.renew()
                before = self._switch(name)
            except BaseException:
                self._remove([name])
                raise
            self._sweep(keep={name, *before})
        logger.info("index.published", index=name, entries=len(content.documents))
        return name

    def _fill(self, name: str, content: Content) -> None:
        """Write all documents. Only those that were refused for the moment are sent again."""
        results: Generator[tuple[bool, dict[str, Any]]] = streaming_bulk(  # type: ignore[assignment]
            self._client, actions_of(content), index=name, chunk_size=_CHUNK, max_chunk_bytes=_CHUNK_BYTES,
            max_retries=_RETRIES, initial_backoff=self._retry_pause, max_backoff=30, retry_on_status=_BUSY,
            raise_on_error=False, yield_ok=False,
        )  # fmt: skip
        with closing(results):  # now and here: the helper keeps a context variable of this thread
            for _, refused in results:
                raise PublishFailed(f"Elasticsearch refused a document: {_why(refused)}; the index stays as it was")
        indices = self._client.indices
        indices.refresh(index=name)
        indices.forcemerge(index=name, max_num_segments=1)  # it never changes again: one graph is searched fastest
        indices.refresh(index=name)
        indices.add_block(index=name, block="write")
        count = self._client.count(index=name)["count"]
        if count != size_of(content):
            raise PublishFailed(f"{count} of {size_of(content)} documents arrived; the index stays as it was")

    def _switch(self, name: str) -> set[str]:
        """Move the alias in one step; the versions it stood on before.

        Raises:
            IndexUnavailable: another writer moved it meanwhile.
        """
        before = self._behind_alias()
        removals = [{"remove": {"index": old, "alias": self._alias, "must_exist": True}} for old in before]
        self._client.indices.update_aliases(actions=[*removals, {"add": {"index": name, "alias": self._alias}}])
        return before

    def _sweep(self, *, keep: set[str]) -> None:
        """Remove older versions and what a killed ingest left; the version before stays for searches under way."""
        found = self._client.indices.get(index=f"{self._alias}-*", features=["aliases"], expand_wildcards=["open"])
        self._remove([one for one in found if schema.is_version(one, self._alias) and one not in keep])

    def _remove(self, names: list[str]) -> None:
        for name in names:
            with suppress(ApiError, TransportError):  # the next ingest tries again
                self._client.indices.delete(index=name, ignore_unavailable=True)

    def _behind_alias(self) -> set[str]:
        try:
            return set(self._client.indices.get_alias(name=self._alias))
        except NotFoundError:
            return set()

    def _in_force(self) -> str | None:
        return max(self._behind_alias(), default=None)

    def _payload(self, index: str, identifier: str) -> dict[str, Any]:
        payload: dict[str, Any] = self._client.get(index=index, id=identifier)["_source"]["payload"]
        return payload

    def _documents(self, index: str) -> list[Document]:
        """All entries in order, a page at a time; the index does not change, so pages fit together."""
        found: list[Document] = []
        while True:
            query = {"range": {"ordinal": {"gte": len(found), "lt": len(found) + _PAGE}}}
            page = self._client.search(index=index, query=query, sort=["ordinal"], size=_PAGE)["hits"]["hits"]
            if not page:
                return found
            found += [document_of(hit["_source"]["payload"]) for hit in page]


def _why(refused: dict[str, Any]) -> str:
    """The type of the error and the field it is about, never the document's own words."""
    result: dict[str, Any] = next(iter(refused.values()), {})
    error = result.get("error")
    kind = error.get("type", "unknown") if isinstance(error, dict) else "unknown"
    return f"{result.get('_id', '?')} ({result.get('status', '?')} {kind})"
