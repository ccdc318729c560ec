"""The embedded engine: the contract, and what only it promises."""
# ruff: noqa: ASYNC240 - looking at a folder in between is what these tests do

import asyncio
import errno
from pathlib import Path

import numpy as np
import pytest

from retrieval.adapters.embedded.index import EmbeddedIndex
from retrieval.adapters.embedded.store import EmbeddedStore
from retrieval.adapters.hashing_embedder import HashingEmbedder
from retrieval.content import build
from retrieval.errors import EmbedderUnavailable, IndexCorrupt, IndexMissing, IndexUnavailable
from retrieval.model import Entry, SearchFilters
from retrieval.ports import Embeddings
from retrieval.relevance import calibration
from tests.retrieval.conftest import NOON, Fill
from tests.retrieval.knowledge_index_contract import HOURS, RETURNS, SOMEBODY, KnowledgeIndexContract, Publish, entry


class DownEmbedder:
    """Never answers; counts how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    async def embed(self, _texts: object) -> Embeddings:
        self.asked += 1
        raise EmbedderUnavailable("down")

    async def close(self) -> None:
        pass


def publisher(index: EmbeddedIndex, store: EmbeddedStore, embedder: HashingEmbedder) -> Publish:
    async def publish(entries: list[Entry]) -> EmbeddedIndex:
        ordered = sorted(entries, key=lambda entry: entry.entry_id)
        store.publish((await build(ordered, embedder)).content)
        return index

    return publish


class TestEmbeddedIndex(KnowledgeIndexContract):
    @pytest.fixture
    def publish(self, index: EmbeddedIndex, index_dir: Path, embedder: HashingEmbedder) -> Publish:
        return publisher(index, EmbeddedStore(index_dir, now=lambda: NOON), embedder)


@pytest.fixture
def publish(index: EmbeddedIndex, index_dir: Path, embedder: HashingEmbedder) -> Publish:
    return publisher(index, EmbeddedStore(index_dir, now=lambda: NOON), embedder)


def reader(index_dir: Path, embedder: object) -> EmbeddedIndex:
    return EmbeddedIndex(index_dir, embedder=embedder, calibration=calibration.load(), now=lambda: NOON)  # type: ignore[arg-type]


async def test_with_the_embedder_down_words_alone_find_the_entry(
    fill: Fill, index_dir: Path, now: SearchFilters
) -> None:
    await fill()
    result = await reader(index_dir, DownEmbedder()).search("how do I descale my kettle", filters=now)
    assert not result.dense
    assert result.hits[0].entry_id == "kettle"
    assert "question_cosine" not in result.hits[0].features


async def test_words_alone_have_their_own_calibration(fill: Fill, index_dir: Path, now: SearchFilters) -> None:
    await fill()
    hit = (await reader(index_dir, DownEmbedder()).search("descale the kettle", filters=now)).hits[0]
    weighing = calibration.load().lexical
    logit = weighing.intercept + sum(
        weight * hit.features[name] for name, weight in weighing.relevance.items() if name in hit.features
    )
    assert hit.relevance == pytest.approx(1 / (1 + np.exp(-logit)))


async def test_an_embedder_with_another_model_is_not_believed(fill: Fill, index_dir: Path, now: SearchFilters) -> None:
    await fill()
    result = await reader(index_dir, HashingEmbedder(dimensions=64)).search("return window", filters=now)
    assert not result.dense
    assert result.hits[0].entry_id == "returns"


async def test_an_index_without_vectors_never_asks_the_embedder(index_dir: Path, now: SearchFilters) -> None:
    content = (await build([HOURS, RETURNS], None)).content
    EmbeddedStore(index_dir, now=lambda: NOON).publish(content)
    embedder = DownEmbedder()
    result = await reader(index_dir, embedder).search("return window", filters=now)
    assert result.hits[0].entry_id == "returns"
    assert embedder.asked == 0


async def test_searching_before_the_first_ingest_says_what_to_do(index: EmbeddedIndex) -> None:
    with pytest.raises(IndexMissing, match="retrieval ingest"):
        await index.search("return", filters=SOMEBODY)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("manifest.json", b"{"),
        ("manifest.json", b'{"format": 1}'),
        ("documents.jsonl", b"{}\n"),
        ("documents.jsonl", b""),
        ("vectors.npy", b"not an array"),
        ("words.json", b"[]"),
    ],
)
async def test_a_damaged_generation_is_told_not_guessed_at(
    fill: Fill, index: EmbeddedIndex, index_dir: Path, name: str, content: bytes
) -> None:
    report = await fill()
    (index_dir / str(report.version) / name).write_bytes(content)
    with pytest.raises(IndexCorrupt):
        await index.search("return", filters=SOMEBODY)


async def test_a_generation_swept_away_while_opening_is_found_again(
    publish: Publish, index: EmbeddedIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    await publish([RETURNS])
    import retrieval.adapters.embedded.index as module  # noqa: PLC0415 - patched below

    real, calls = module.load, []

    def gone_once(folder: Path) -> object:
        calls.append(folder)
        if len(calls) == 1:
            raise FileNotFoundError(folder)
        return real(folder)

    monkeypatch.setattr(module, "load", gone_once)
    assert (await index.search("return window", filters=SOMEBODY)).hits
    assert len(calls) == 2


async def test_searches_during_a_switch_see_the_old_or_the_new_content(publish: Publish, index: EmbeddedIndex) -> None:
    await publish([RETURNS])
    seen: set[str] = set()

    async def ask() -> None:
        for _ in range(20):
            hits = (await index.search("return window showroom", filters=SOMEBODY)).hits
            seen.add("+".join(sorted(hit.entry_id for hit in hits)))

    async def switch() -> None:
        for number in range(6):
            await publish([HOURS] if number % 2 else [RETURNS])

    await asyncio.gather(ask(), ask(), switch())
    assert seen <= {"returns", "hours"}


async def test_only_the_generation_in_force_and_the_one_before_are_kept(publish: Publish, index_dir: Path) -> None:
    for _ in range(4):
        await publish([RETURNS])
    assert len([path for path in index_dir.iterdir() if path.is_dir()]) == 2


async def test_a_listed_question_finds_its_entry_against_a_longer_answer(
    publish: Publish, index: EmbeddedIndex
) -> None:
    own = entry("try", "Trying products", "Come to the showroom.", questions=("test the espresso machine",))
    rival = entry(
        "water", "Test your espresso machine's water", "Test the espresso machine with a strip of test paper."
    )
    await publish([own, rival])
    first = (await index.search("Test the espresso machine?", filters=SOMEBODY)).hits[0]
    assert first.entry_id == "try"
    assert first.relevance > 0.75


async def test_a_disk_that_does_not_give_the_index_out_is_told_as_ours(
    publish: Publish, index_dir: Path, embedder: HashingEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    await publish([RETURNS])

    def broken(_: Path) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr("retrieval.adapters.embedded.index.load", broken)
    with pytest.raises(IndexUnavailable, match="Input/output error"):
        await reader(index_dir, embedder).search("return", filters=SOMEBODY)
