"""The Elasticsearch engine on a real node: the contract, and what only it promises."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from secrets import token_hex

import pytest
from elasticsearch import Elasticsearch

from retrieval.adapters.elasticsearch.connection import Address
from retrieval.adapters.elasticsearch.index import ElasticsearchIndex
from retrieval.adapters.elasticsearch.store import ElasticsearchStore
from retrieval.adapters.hashing_embedder import HashingEmbedder
from retrieval.content import build
from retrieval.model import Entry
from retrieval.relevance import calibration
from tests.retrieval.conftest import NOON
from tests.retrieval.knowledge_index_contract import KnowledgeIndexContract, Publish

pytestmark = [pytest.mark.server, pytest.mark.elasticsearch]

PATIENT = 20.0


@pytest.fixture
def address(elasticsearch_url: str) -> Address:
    return Address((elasticsearch_url,))


@pytest.fixture
def alias(address: Address) -> Iterator[str]:
    """An alias of this test; everything under it is removed after."""
    name = f"test-{token_hex(4)}"
    yield name
    client = address.writer(timeout=PATIENT)
    for index in client.indices.get(index=f"{name}-*"):
        client.indices.delete(index=index)
    client.close()


@pytest.fixture
def client(address: Address) -> Iterator[Elasticsearch]:
    made = address.writer(timeout=PATIENT)
    yield made
    made.close()


@pytest.fixture
def store(client: Elasticsearch, alias: str) -> ElasticsearchStore:
    return ElasticsearchStore(client, alias=alias, now=lambda: NOON, retry_pause=0.0)


def reader(address: Address, alias: str, embedder: HashingEmbedder) -> ElasticsearchIndex:
    return ElasticsearchIndex(
        address.reader(timeout=PATIENT),
        alias=alias,
        embedder=embedder,
        calibration=calibration.load(),
        timeout=PATIENT,
        open_timeout=PATIENT,
    )


@pytest.fixture
async def index(address: Address, alias: str, embedder: HashingEmbedder) -> AsyncIterator[ElasticsearchIndex]:
    made = reader(address, alias, embedder)
    yield made
    await made.close()


@pytest.fixture
def publish(index: ElasticsearchIndex, store: ElasticsearchStore, embedder: HashingEmbedder) -> Publish:
    async def publish(entries: list[Entry]) -> ElasticsearchIndex:
        ordered = sorted(entries, key=lambda entry: entry.entry_id)
        content = (await build(ordered, embedder)).content
        await asyncio.to_thread(store.publish, content)
        return index

    return publish


class TestElasticsearchIndex(KnowledgeIndexContract):
    """The contract on a real node."""
