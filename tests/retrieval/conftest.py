"""A small knowledge folder, an embedder without a model, and an index over it at a fixed time."""

import os
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from retrieval.adapters.embedded.index import EmbeddedIndex
from retrieval.adapters.embedded.store import EmbeddedStore
from retrieval.adapters.hashing_embedder import HashingEmbedder
from retrieval.documents.model import Limits
from retrieval.ingest import Ingest
from retrieval.model import SearchFilters
from retrieval.relevance import calibration
from retrieval.report import IngestReport
from tests.retrieval.elasticsearch_node import (
    address,
    alias,
    client,
    elasticsearch_index,
    elasticsearch_publish,
    elasticsearch_url,
    store,
)

__all__ = [
    "address",
    "alias",
    "client",
    "elasticsearch_index",
    "elasticsearch_publish",
    "elasticsearch_url",
    "store",
]  # fixtures that live beside the node


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the marks that `.ci/run` has said this machine cannot serve."""
    without = os.environ.get("FRONTDESK_TEST_WITHOUT", "").split()
    out = [item for item in items if any(item.get_closest_marker(mark) for mark in without)]
    if out:
        items[:] = [item for item in items if item not in out]
        config.hook.pytest_deselected(items=out)


NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)

ENTRIES = {
    "returns": ("How long do I have to return something?", "You have 30 days from delivery.", ["return window"]),
    "refunds": ("When do I get my refund?", "Within 5 working days of the parcel's arrival.", ["where is my money"]),
    "hours": ("When is the showroom open?", "Monday to Saturday from 10:00.", ["opening hours of the shop"]),
    "kettle": ("How do I descale the kettle?", "Fill it with vinegar and boil it once.", ["limescale in my kettle"]),
}


def write_entry(folder: Path, name: str, *, title: str = "", answer: str = "An answer.", **head: object) -> Path:
    """Write one knowledge file; ``head`` adds to its front matter."""
    lines = [f"id: {head.pop('id', name)}", f"title: {title or name}"]
    lines += [f"{key}: {value}" for key, value in head.items()]
    path = folder / f"{name}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("---\n" + "\n".join(lines) + f"\n---\n\n{answer}\n", encoding="utf-8")
    return path


@pytest.fixture
def knowledge(tmp_path: Path) -> Path:
    """A folder with four entries."""
    folder = tmp_path / "knowledge"
    for name, (title, answer, questions) in ENTRIES.items():
        write_entry(folder, name, title=title, answer=answer, category="general", questions=questions)
    return folder


@pytest.fixture
def embedder() -> HashingEmbedder:
    """Knows no synonyms, but equal words are near."""
    return HashingEmbedder(dimensions=128)


@pytest.fixture
def index_dir(tmp_path: Path) -> Path:
    """Where the index goes."""
    return tmp_path / "index"


@pytest.fixture
def ingest(index_dir: Path, embedder: HashingEmbedder) -> Ingest:
    """An ingest into the embedded index."""
    return Ingest(
        EmbeddedStore(index_dir, now=lambda: NOON),
        embedder,
        zone=ZoneInfo("Europe/Dublin"),
        limits=Limits(text_bytes=100_000),
    )


@pytest.fixture
def index(index_dir: Path, embedder: HashingEmbedder) -> EmbeddedIndex:
    """The embedded index, not yet filled."""
    return EmbeddedIndex(index_dir, embedder=embedder, calibration=calibration.load(), now=lambda: NOON)


@pytest.fixture
def now() -> SearchFilters:
    """Somebody unknown asks at noon of 23 November 2026."""
    return SearchFilters(at=NOON)


Fill = Callable[[], Awaitable[IngestReport]]


@pytest.fixture
def fill(ingest: Ingest, knowledge: Path) -> Fill:
    """Takes the knowledge folder in."""
    return lambda: ingest.run([knowledge])
