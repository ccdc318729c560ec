"""Both engines set up for a measurement, each with data of its own that goes away afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex

from retrieval.adapters.elasticsearch.connection import Address
from retrieval.adapters.elasticsearch.index import ElasticsearchIndex
from retrieval.adapters.elasticsearch.store import ElasticsearchStore
from retrieval.adapters.embedded.index import EmbeddedIndex
from retrieval.adapters.embedded.store import EmbeddedStore
from retrieval.ports import Content, Embedder, KnowledgeIndex
from retrieval.relevance import calibration

_PATIENCE = 600.0  # seconds for one request of an ingest
_SEARCH_PATIENCE = 10.0  # nothing may be cut off in a measurement: the time-out would hide the tail


def now() -> datetime:
    """The time of the machine."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class EmbeddedEngine:
    """The embedded index in a folder."""

    folder: Path
    name: str = "embedded"

    def publish(self, content: Content) -> str:
        """Put a content in force."""
        return EmbeddedStore(self.folder, now=now).publish(content)

    def open(self, embedder: Embedder) -> KnowledgeIndex:
        """The index for reading."""
        return EmbeddedIndex(self.folder, embedder=embedder, calibration=calibration.load(), now=now)


@dataclass(frozen=True, slots=True)
class ElasticsearchEngine:
    """An alias on an Elasticsearch."""

    url: str
    alias: str
    name: str = "elasticsearch"

    def publish(self, content: Content) -> str:
        """Put a content in force."""
        client = Address((self.url,)).writer(timeout=_PATIENCE)
        try:
            return ElasticsearchStore(client, alias=self.alias, now=now).publish(content)
        finally:
            client.close()

    def open(self, embedder: Embedder) -> KnowledgeIndex:
        """The index for reading."""
        return ElasticsearchIndex(
            Address((self.url,)).reader(timeout=_SEARCH_PATIENCE), alias=self.alias, embedder=embedder,
            calibration=calibration.load(), timeout=_SEARCH_PATIENCE, open_timeout=_PATIENCE,
        )  # fmt: skip

    def remove(self) -> None:
        """Remove all that was published."""
        client = Address((self.url,)).writer(timeout=_PATIENCE)
        try:
            for index in client.indices.get(index=f"{self.alias}-*"):
                client.indices.delete(index=index)
        finally:
            client.close()


Engine = EmbeddedEngine | ElasticsearchEngine


@contextmanager
def engines(folder: Path, url: str | None) -> Iterator[list[Engine]]:
    """The embedded engine below ``folder``, and Elasticsearch's where ``url`` names one."""
    name = f"bench-{token_hex(3)}"
    embedded = EmbeddedEngine(folder / name)
    if url is None:
        yield [embedded]
        return
    other = ElasticsearchEngine(url, name)
    try:
        yield [embedded, other]
    finally:
        other.remove()
