"""How fast an index answers, with one client and with many, and while it is replaced."""

import asyncio
import itertools
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from retrieval.errors import RetrievalError
from retrieval.model import SearchFilters
from retrieval.ports import KnowledgeIndex

_MILLI = 1000.0


@dataclass(slots=True)
class Load:
    """What many searches came to. Times in seconds, each with its question's embedding."""

    seconds: list[float] = field(default_factory=list)
    failed: int = 0
    without_vector: int = 0
    versions: set[str] = field(default_factory=set)

    def as_json(self) -> dict[str, object]:
        """Counts, and percentiles in milliseconds."""
        p50, p95, p99 = np.percentile(self.seconds or [float("nan")], [50, 95, 99]) * _MILLI
        return {
            "searches": len(self.seconds), "failed": self.failed, "without_vector": self.without_vector,
            "p50_ms": round(float(p50), 1), "p95_ms": round(float(p95), 1), "p99_ms": round(float(p99), 1),
        }  # fmt: skip


async def ask_all(index: KnowledgeIndex, questions: Sequence[str], filters: SearchFilters, *, clients: int) -> Load:
    """Ask every question once, shared out between ``clients`` that each wait for their answer."""
    load, waiting = Load(), iter(questions)

    async def client() -> None:
        for question in waiting:
            await _ask(index, question, filters, load)

    await asyncio.gather(*(client() for _ in range(clients)))
    return load


async def ask_until(
    done: asyncio.Event, index: KnowledgeIndex, questions: Sequence[str], filters: SearchFilters, *, clients: int
) -> Load:
    """Ask over and over until ``done``."""
    load, endless = Load(), itertools.cycle(questions)

    async def client() -> None:
        while not done.is_set():
            await _ask(index, next(endless), filters, load)

    await asyncio.gather(*(client() for _ in range(clients)))
    return load


async def first_hits(index: KnowledgeIndex, questions: Sequence[str], filters: SearchFilters) -> list[str]:
    """The id of each question's first hit, empty where there is none."""
    results = [await index.search(question, top_k=1, filters=filters) for question in questions]
    return [result.hits[0].entry_id if result.hits else "" for result in results]


async def _ask(index: KnowledgeIndex, question: str, filters: SearchFilters, load: Load) -> None:
    started = time.perf_counter()
    try:
        result = await index.search(question, filters=filters)
    except RetrievalError:
        load.failed += 1
        return
    load.seconds.append(time.perf_counter() - started)
    load.versions.add(result.version)
    load.without_vector += not result.dense
