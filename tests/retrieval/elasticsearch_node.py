"""A node for this test run: the one named in the environment, else one that is started, else a skip."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from secrets import token_hex

import pytest
from elasticsearch import Elasticsearch

from retrieval.adapters.elasticsearch.connection import Address
from retrieval.adapters.elasticsearch.index import ElasticsearchIndex
from retrieval.adapters.elasticsearch.store import ElasticsearchStore
from retrieval.content import build
from retrieval.evaluation.local_node import LocalNode, free_port, why_not
from retrieval.model import Entry
from retrieval.ports import Embedder
from retrieval.relevance import calibration

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
PATIENT = 20.0  # seconds; the machine may be busy


@contextmanager
def started_node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalNode]:
    """A node of its own for the time of a ``with``; skips the test where none can be started."""
    if reason := why_not():
        pytest.skip(f"no Elasticsearch: TEST_ELASTICSEARCH_URL is not set and {reason}")
    node = LocalNode(free_port(), tmp_path_factory.mktemp("elasticsearch"), heap="256m")
    node.start()
    try:
        yield node
    finally:
        node.stop()


@pytest.fixture(scope="session")
def elasticsearch_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a node that all tests share."""
    if given := os.environ.get("TEST_ELASTICSEARCH_URL"):
        yield given
        return
    with started_node(tmp_path_factory) as node:
        yield node.url


@pytest.fixture
def address(elasticsearch_url: str) -> Address:
    """The same as the product takes it."""
    return Address((elasticsearch_url,))


@pytest.fixture
def client(address: Address) -> Iterator[Elasticsearch]:
    """A client to look behind the product's back."""
    made = address.writer(timeout=PATIENT)
    yield made
    made.close()


@pytest.fixture
def alias(client: Elasticsearch) -> Iterator[str]:
    """An alias of this test; everything under it is removed after."""
    name = f"test-{token_hex(4)}"
    yield name
    for index in client.indices.get(index=f"{name}-*"):
        client.indices.delete(index=index)


@pytest.fixture
def store(client: Elasticsearch, alias: str) -> ElasticsearchStore:
    """The writing side."""
    return ElasticsearchStore(client, alias=alias, now=lambda: NOON, retry_pause=0.0)


def elasticsearch_reader(
    address: Address, alias: str, embedder: Embedder, *, timeout: float = PATIENT
) -> ElasticsearchIndex:
    """A reading process of its own."""
    return ElasticsearchIndex(
        address.reader(timeout=timeout),
        alias=alias,
        embedder=embedder,
        calibration=calibration.load(),
        timeout=timeout,
        open_timeout=PATIENT,
    )


@pytest.fixture
async def elasticsearch_index(address: Address, alias: str, embedder: Embedder) -> AsyncIterator[ElasticsearchIndex]:
    """The reading side."""
    made = elasticsearch_reader(address, alias, embedder)
    yield made
    await made.close()


@pytest.fixture
def elasticsearch_publish(
    elasticsearch_index: ElasticsearchIndex, store: ElasticsearchStore, embedder: Embedder
) -> object:
    """Replaces the content, as the contract's ``publish`` does."""

    async def publish(entries: list[Entry]) -> ElasticsearchIndex:
        ordered = sorted(entries, key=lambda entry: entry.entry_id)
        await asyncio.to_thread(store.publish, (await build(ordered, embedder)).content)
        return elasticsearch_index

    return publish
