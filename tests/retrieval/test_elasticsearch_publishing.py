"""Publishing to Elasticsearch: whole versions, retries of what was refused only, one writer, nothing left behind."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import orjson
import pytest
from elastic_transport import ApiResponseMeta, HttpHeaders, NodeConfig, ObjectApiResponse
from elasticsearch import Elasticsearch

from retrieval.adapters.elasticsearch.connection import Address
from retrieval.adapters.elasticsearch.index import ElasticsearchIndex
from retrieval.adapters.elasticsearch.store import ElasticsearchStore
from retrieval.adapters.hashing_embedder import HashingEmbedder
from retrieval.content import build, says_the_same
from retrieval.errors import IndexMissing, IngestBusy, PublishFailed
from retrieval.ports import Content
from tests.retrieval.conftest import NOON
from tests.retrieval.elasticsearch_node import elasticsearch_reader
from tests.retrieval.knowledge_index_contract import HOURS, RETURNS, SOMEBODY, Publish, entry

pytestmark = [pytest.mark.server, pytest.mark.elasticsearch]


@pytest.fixture
async def content(embedder: HashingEmbedder) -> Content:
    return (await build([HOURS, RETURNS], embedder)).content


class RefusingItems:
    """Stands before the client's bulk call and refuses single items, as a busy node does."""

    def __init__(self, client: Elasticsearch, refuse: Callable[[str, int], int | None]) -> None:
        """``refuse`` tells the status for an id at its nth try, None to let it pass."""
        self._bulk = client.bulk
        self._refuse = refuse
        self.tries: dict[str, int] = {}

    def __call__(self, *, operations: list[bytes], **more: Any) -> Any:
        pairs = [tuple(operations[n : n + 2]) for n in range(0, len(operations), 2)]
        refused: dict[str, int] = {}
        passed: list[bytes] = []
        for action, source in pairs:
            identifier = orjson.loads(action)["index"]["_id"]
            self.tries[identifier] = self.tries.get(identifier, 0) + 1
            status = self._refuse(identifier, self.tries[identifier])
            if status is None:
                passed += [action, source]
            else:
                refused[identifier] = status
        done = iter(self._bulk(operations=passed, **more)["items"] if passed else [])
        items = []
        for action, _ in pairs:
            identifier = orjson.loads(action)["index"]["_id"]
            error = {
                "_id": identifier,
                "status": refused.get(identifier),
                "error": {"type": "es_rejected", "reason": "x"},
            }
            items.append({"index": error} if identifier in refused else next(done))
        meta = ApiResponseMeta(200, "1.1", HttpHeaders(), 0.0, NodeConfig("http", "test", 1))
        return ObjectApiResponse({"errors": bool(refused), "items": items}, meta)


async def test_only_the_items_that_were_refused_are_sent_again(
    store: ElasticsearchStore, client: Elasticsearch, content: Content, monkeypatch: pytest.MonkeyPatch
) -> None:
    bulk = RefusingItems(client, lambda name, tries: 429 if name == "e1" and tries < 3 else None)
    monkeypatch.setattr(Elasticsearch, "bulk", bulk)
    store.publish(content)
    assert bulk.tries.pop("e1") == 3
    assert set(bulk.tries.values()) == {1}
    read = store.read()
    assert read
    assert says_the_same(read.content, content)


async def test_an_item_refused_for_good_leaves_the_version_in_force_and_no_half_of_another(
    store: ElasticsearchStore, client: Elasticsearch, alias: str, content: Content, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = store.publish(content)
    monkeypatch.setattr(Elasticsearch, "bulk", RefusingItems(client, lambda name, _: 400 if name == "e0" else None))
    with pytest.raises(PublishFailed, match="e0"):
        store.publish(content)
    assert set(client.indices.get(index=f"{alias}-*")) == {first}
    assert set(client.indices.get_alias(name=alias)) == {first}


async def test_what_was_published_is_read_back_whole(store: ElasticsearchStore, embedder: HashingEmbedder) -> None:
    whole = replace(RETURNS, valid_from=NOON, path=("Manual", "Returns"), products=("AW-1",), locale="en-IE")
    many = [entry(f"e{n:03}", f"Question number {n}", f"Answer {n}.") for n in range(450)]
    content = (await build([*many, whole], embedder)).content
    store.publish(content)
    read = store.read()
    assert read
    assert says_the_same(read.content, content)
    assert read.content.words == content.words
    assert all((a.vectors == b.vectors).all() for a, b in zip(read.content.documents, content.documents, strict=True))  # type: ignore[union-attr]


async def test_the_version_in_force_and_the_one_before_are_kept_and_nothing_of_others_is_touched(
    store: ElasticsearchStore, client: Elasticsearch, alias: str, content: Content
) -> None:
    client.indices.create(index=f"{alias}-other-20261123t120000-abcdef")
    client.indices.create(index=f"{alias}-20260101t000000-abcdef")  # what a killed ingest left
    names = [store.publish(content) for _ in range(3)]
    left = set(client.indices.get(index=f"{alias}-*"))
    assert set(client.indices.get_alias(name=alias)) == {names[-1]}
    assert left == {*names[1:], f"{alias}-other-20261123t120000-abcdef"}


def test_a_second_writer_is_turned_away_until_the_first_is_done_or_has_died(client: Elasticsearch, alias: str) -> None:
    time = [NOON]
    first, second = (ElasticsearchStore(client, alias=alias, now=lambda: time[0]) for _ in range(2))
    with first.exclusive(), pytest.raises(IngestBusy, match="12:15"), second.exclusive():
        pass
    died = first.exclusive()
    died.__enter__()
    time[0] += timedelta(minutes=16)
    with second.exclusive(), pytest.raises(IngestBusy):
        first.publish(Content((), (), None, None))


async def test_a_version_once_published_takes_no_more_writes(
    store: ElasticsearchStore, client: Elasticsearch, content: Content
) -> None:
    name = store.publish(content)
    with pytest.raises(Exception, match="write"):
        client.index(index=name, id="e0", document={"kind": "entry"})


async def test_searching_before_the_first_ingest_says_what_to_do(elasticsearch_index: ElasticsearchIndex) -> None:
    with pytest.raises(IndexMissing, match="retrieval ingest"):
        await elasticsearch_index.search("return", filters=SOMEBODY)


async def test_a_rebuild_under_traffic_fails_no_search_and_mixes_no_two_versions(
    store: ElasticsearchStore, address: Address, alias: str, embedder: HashingEmbedder
) -> None:
    """The versions hold other entries, and the same document ids stand for others: a mixture shows in the hits."""

    def version(word: str) -> list[Any]:
        return [entry(f"{word}{n}", f"Returning things {n}", f"The {word} answer.") for n in range(8)]

    others = [entry(f"a{n}", f"Number {n}", "Something else.") for n in range(40)]
    contents = [(await build(entries, embedder)).content for entries in (version("even"), [*others, *version("odd")])]
    store.publish(contents[0])
    readers = [elasticsearch_reader(address, alias, embedder) for _ in range(3)]
    done = asyncio.Event()
    seen: set[tuple[str, str]] = set()

    async def ask(index: ElasticsearchIndex) -> int:
        asked = 0
        while not done.is_set():
            result = await index.search("returning things", filters=SOMEBODY, top_k=8)
            assert len(result.hits) == 8
            words = {hit.entry_id.rstrip("0123456789") for hit in result.hits}
            assert len(words) == 1
            seen.add((result.version, words.pop()))
            asked += 1
        return asked

    async def rebuild() -> None:
        for number in range(1, 7):
            await asyncio.to_thread(store.publish, contents[number % 2])
        done.set()

    try:
        *counts, _ = await asyncio.gather(*(ask(one) for one in readers for _ in range(2)), rebuild())
    finally:
        for one in readers:
            await one.close()
    assert all(counts)
    assert len({name for name, _ in seen}) == len(seen)  # a version always gave the same content
    assert {word for _, word in seen} == {"even", "odd"}


async def test_a_version_cleared_away_under_a_reader_is_no_failure(
    elasticsearch_publish: Publish, elasticsearch_index: ElasticsearchIndex, store: ElasticsearchStore, content: Content
) -> None:
    await elasticsearch_publish([RETURNS])
    await elasticsearch_index.search("return", filters=SOMEBODY)
    for _ in range(2):
        await asyncio.to_thread(store.publish, content)
    assert {hit.entry_id for hit in (await elasticsearch_index.search("showroom return", filters=SOMEBODY)).hits} == {
        HOURS.entry_id,
        RETURNS.entry_id,
    }
