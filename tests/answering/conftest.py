"""A knowledge index that finds what a test tells it to."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from retrieval.errors import IndexMissing
from retrieval.model import Entry, EntryId, Hit, SearchFilters, SearchResult

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def hit(name: str, relevance: float, **more: object) -> Hit:
    """A hit; its document is itself unless said otherwise."""
    made = Hit(
        entry_id=EntryId(name), document_id=name, title=f"About {name}", answer=f"All about {name}.",
        category="general", source=f"faq/{name}.md", url=None, relevance=relevance,
    )  # fmt: skip
    return replace(made, **more)  # type: ignore[arg-type]


class ScriptedIndex:
    """Implements ``KnowledgeIndex`` from a list of hits and entries; keeps what it was asked."""

    def __init__(self, hits: Sequence[Hit] = (), *, entries: Sequence[Entry] = (), dense: bool = True) -> None:
        self.hits = tuple(hits)
        self.entries = {entry.entry_id: entry for entry in entries}
        self.dense = dense
        self.broken = False
        self.closed = False
        self.asked: list[tuple[str, SearchFilters]] = []

    async def search(self, query: str, *, top_k: int = 5, filters: SearchFilters) -> SearchResult:
        self._fail_when_broken()
        self.asked.append((query, filters))
        return SearchResult(self.hits[:top_k], dense=self.dense, version="v")

    async def get(self, entry_id: EntryId, *, filters: SearchFilters) -> Entry | None:
        self._fail_when_broken()
        entry = self.entries.get(entry_id)
        return entry if entry and entry.is_visible(filters) else None

    async def version(self) -> str:
        return "v"

    async def close(self) -> None:
        self.closed = True

    def _fail_when_broken(self) -> None:
        if self.broken:
            raise IndexMissing("nothing there")


@pytest.fixture
def index() -> ScriptedIndex:
    """Finds nothing until told to."""
    return ScriptedIndex()
