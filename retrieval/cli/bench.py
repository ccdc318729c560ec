"""``bench``: how fast both engines answer and take in knowledge, and how often they agree."""

import argparse
import asyncio
import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import orjson
from rich.console import Console

from retrieval.adapters.hashing_embedder import HashingEmbedder
from retrieval.bootstrap import build_embedder
from retrieval.cli.evaluate import DEMO_MOMENT, JudgedSet, judged_sets, keep
from retrieval.evaluation.bench import content_of
from retrieval.evaluation.engines import Engine, engines
from retrieval.evaluation.filler import filled_up
from retrieval.evaluation.load import ask_all, ask_until, first_hits
from retrieval.evaluation.local_node import LocalNode, free_port, why_not
from retrieval.model import SearchFilters
from retrieval.ports import Content, Embedder
from retrieval.settings import RetrievalSettings

_MIB = 1024 * 1024
_REBUILD_CLIENTS = 2
_SMALL = 40


def add_arguments(commands: Any) -> None:
    """Register the command."""
    parser = commands.add_parser("bench", help="measure both engines' speed, size and agreement")
    parser.add_argument("--passages", type=int, nargs="+", default=[5_000, 50_000])
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 10])
    parser.add_argument("--searches", type=int, default=400, help="searches in each measurement")
    parser.add_argument("--rebuild-up-to", type=int, default=5_000, help="largest size that is rebuilt under load")
    parser.add_argument("--small", action="store_true", help="seconds instead of minutes, without a model")
    parser.set_defaults(run=run, data=Path(os.environ.get("EVAL_DATA", "../shared/eval")))
    parser.set_defaults(
        at=DEMO_MOMENT, knowledge=Path("knowledge"), questions=Path("tests/evaluation/knowledge_questions.jsonl")
    )


async def run(options: argparse.Namespace, settings: RetrievalSettings, console: Console) -> int:
    """Measure, print progress, then one line of JSON."""
    if options.small:
        options.passages, options.clients, options.searches, options.data = [300], [1, 2], 40, Path("/nowhere")
    sets = judged_sets(options, settings, console)
    if options.small:
        sets = [(name, entries[:_SMALL], questions[:_SMALL]) for name, entries, questions in sets]
    demo = next((one for one in sets if one[0] == "demo"), None)
    if demo is None:
        return 2
    with tempfile.TemporaryDirectory() as folder, _elasticsearch(Path(folder), console) as (url, node):
        bench = _Bench(options, settings, console, folder=Path(folder), url=url, node=node)
        record = {"measurement": "bench-retrieval", "small": options.small, **await bench.all(demo, sets)}
    keep(orjson.dumps(record), "bench-retrieval")
    return 0


@contextmanager
def _elasticsearch(folder: Path, console: Console) -> Iterator[tuple[str | None, LocalNode | None]]:
    if given := os.environ.get("TEST_ELASTICSEARCH_URL"):
        yield given, None
    elif reason := why_not():
        console.print(f"[yellow]skipped Elasticsearch: TEST_ELASTICSEARCH_URL is not set and {reason}[/yellow]")
        yield None, None
    else:
        node = LocalNode(free_port(), folder / "elasticsearch")
        node.start()
        try:
            yield node.url, node
        finally:
            node.stop()


class _Bench:
    """One run: the same contents and questions on each engine."""

    def __init__(
        self,
        options: argparse.Namespace,
        settings: RetrievalSettings,
        console: Console,
        *,
        folder: Path,
        url: str | None,
        node: LocalNode | None,
    ) -> None:
        self._options = options
        self._settings = settings
        self._console = console
        self._folder = folder
        self._url = url
        self._node = node

    async def all(self, demo: JudgedSet, sets: Sequence[JudgedSet]) -> dict[str, object]:
        _, entries, questions = demo
        texts = [question.text for question in questions]
        asked = [texts[number % len(texts)] for number in range(self._options.searches)]
        base = await self._embedded(entries)
        sizes = {}
        for passages in self._options.passages:
            self._console.print(f"[dim]{passages} passages …[/dim]")
            content = await asyncio.to_thread(filled_up, base, passages)
            sizes[str(passages)] = await self._size(content, asked, rebuild=passages <= self._options.rebuild_up_to)
        agreement = {name: await self._agreement(one) for one in sets for name in [one[0]]} if self._url else {}
        return {"passages": sizes, "agreement": agreement}

    async def _embedded(self, entries: Sequence[Any]) -> Content:
        embedder = self._embedder(for_ingest=True)
        try:
            return await content_of(entries, embedder)
        finally:
            await embedder.close()

    def _embedder(self, *, for_ingest: bool = False) -> Embedder:
        if self._options.small:
            return HashingEmbedder()
        return build_embedder(self._settings, for_ingest=for_ingest, patient=True)

    async def _size(self, content: Content, asked: Sequence[str], *, rebuild: bool) -> dict[str, object]:
        found: dict[str, object] = {}
        with engines(self._folder, self._url) as both:
            for engine in both:
                found[engine.name] = await self._measured(engine, content, asked, rebuild=rebuild)
                self._console.print(f"[dim]  {engine.name}: {found[engine.name]}[/dim]", highlight=False)
        return found

    async def _measured(
        self, engine: Engine, content: Content, asked: Sequence[str], *, rebuild: bool
    ) -> dict[str, object]:
        passages = sum(len(document.passages) for document in content.documents)
        seconds = await _published(engine, content)
        found: dict[str, object] = {"ingest_passages_per_second": round(passages / seconds)}
        filters = SearchFilters(at=self._options.at)
        before = _memory()
        index = engine.open(self._embedder())
        try:
            started = time.perf_counter()
            await index.version()
            found["open_ms"] = round((time.perf_counter() - started) * 1000)
            await ask_all(index, asked[: len(asked) // 4], filters, clients=1)  # warm, as a running process is
            for clients in self._options.clients:
                load = await ask_all(index, asked, filters, clients=clients)
                found[f"clients_{clients}"] = load.as_json()
            found["reader_mib"] = round((_memory() - before) / _MIB)
            if engine.name == "elasticsearch" and self._node:
                found["node_mib"] = round(self._node.memory() / _MIB)
            if rebuild:
                found["rebuild"] = await self._rebuilt(engine, content, index, asked, filters)
        finally:
            await index.close()
        return found

    async def _rebuilt(
        self, engine: Engine, content: Content, index: Any, asked: Sequence[str], filters: SearchFilters
    ) -> dict[str, object]:
        done = asyncio.Event()
        searching = asyncio.create_task(ask_until(done, index, asked, filters, clients=_REBUILD_CLIENTS))
        try:
            seconds = await _published(engine, content)
            await index.search(asked[0], filters=filters)
        finally:
            done.set()
        load = await searching
        return {**load.as_json(), "versions_seen": len(load.versions), "seconds": round(seconds, 1)}

    async def _agreement(self, judged_set: JudgedSet) -> dict[str, object]:
        name, entries, questions = judged_set
        self._console.print(f"[dim]agreement on {name} …[/dim]")
        content, filters = await self._embedded(entries), SearchFilters(at=self._options.at)
        firsts = []
        with engines(self._folder, self._url) as both:
            for engine in both:
                await asyncio.to_thread(engine.publish, content)
                index = engine.open(self._embedder())
                firsts.append(await first_hits(index, [question.text for question in questions], filters))
                await index.close()
        same = sum(one == other for one, other in zip(*firsts, strict=True))
        return {"questions": len(questions), "same_first_hit": round(same / len(questions), 4)}


async def _published(engine: Engine, content: Content) -> float:
    """Publish as an ingest does, in a process of its own; the seconds it took there."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as other:
        return await asyncio.get_running_loop().run_in_executor(other, _publish, engine, content)


def _publish(engine: Engine, content: Content) -> float:
    started = time.perf_counter()
    engine.publish(content)
    return time.perf_counter() - started


def _memory() -> int:
    status = Path("/proc/self/status")
    if not status.is_file():
        return 0
    lines = status.read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) * 1024
