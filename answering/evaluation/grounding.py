"""How much of what is wrong the quality check stops, and how much of what is right."""

import argparse
import asyncio
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import yaml

from answering.evaluation.grounding_fit import Sentence, fitted
from answering.evaluation.report import keep, show
from answering.quality.doubt import SHIPPED, Weights, load_forest
from answering.quality.grounding import GroundingCheck, source_of, vectors_of
from answering.quality.ports import Draft, JudgeContext, Material, Source, Verdict
from answering.quality.support import features_of, texts_to_embed
from retrieval.bootstrap import build_embedder, limits_from
from retrieval.documents.files import knowledge_files
from retrieval.documents.reader import Reader
from retrieval.model import Entry
from retrieval.ports import Embedder, Embeddings, Vectors
from retrieval.settings import RetrievalSettings

PAIRS = Path("tests/evaluation/grounding.yml")
MORE_TUNING = Path("tests/evaluation/grounding_tuning.yml")
UNSEEN = {name: Path(f"tests/evaluation/grounding_{name}.yml") for name in ("plain", "fresh")}
"""Pairs to yet other entries, which nothing is fitted to."""


@dataclass(frozen=True, slots=True)
class Pair:
    """An answer and the entry it was written from; ``kind`` is ``ok`` or what is wrong with it.

    Only pairs of the ``part`` "tuning" are fitted to.
    """

    entry_id: str
    kind: str
    text: str
    part: str


class Remembering:
    """An ``Embedder`` that asks for each text once: the same entries come again and again here."""

    def __init__(self, behind: Embedder) -> None:
        self._behind = behind
        self._known: dict[str, Vectors] = {}
        self._model = ""

    async def embed(self, texts: Sequence[str]) -> Embeddings:
        """See ``Embedder.embed``."""
        if new := [text for text in dict.fromkeys(texts) if text not in self._known]:
            found = await self._behind.embed(new)
            self._model = found.model
            self._known |= dict(zip(new, found.vectors, strict=True))
        return Embeddings(np.array([self._known[text] for text in texts]), self._model)

    async def close(self) -> None:
        """Let go of the embedder behind."""
        await self._behind.close()


def read_pairs(path: Path = PAIRS, parts: Sequence[str] = ("tuning", "test")) -> list[Pair]:
    """All pairs of the file, in order; its entries go to the parts by turns."""
    found: list[Pair] = []
    for number, (entry_id, kinds) in enumerate(yaml.safe_load(path.read_text("utf-8")).items()):
        for kind, texts in kinds.items():
            listed = texts if isinstance(texts, list) else [texts]
            found += [Pair(entry_id, kind, text, parts[number % len(parts)]) for text in listed]
    return found


def run(options: argparse.Namespace) -> int:
    """Measure, or fit and then measure."""
    return asyncio.run(_run(options))


async def _run(options: argparse.Namespace) -> int:
    settings = RetrievalSettings()
    embedder = Remembering(build_embedder(settings, for_ingest=True))
    unseen = [pair for part, path in UNSEEN.items() for pair in read_pairs(path, [part])]
    pairs, sources = [*read_pairs(), *unseen], _sources(Path("knowledge"), settings)
    try:
        if options.fit:
            tuning = [*(pair for pair in pairs if pair.part == "tuning"), *read_pairs(MORE_TUNING, ["tuning"])]
            SHIPPED.write_text(json.dumps(await _fit(tuning, sources, embedder), separators=(",", ":")) + "\n", "utf-8")
            load_forest.cache_clear()
        check = GroundingCheck(embedder, doubts=load_forest(), hosts=frozenset({"alderwick.example"}))
        verdicts = [await _judge(check, pair, sources[pair.entry_id]) for pair in pairs]
    finally:
        await embedder.close()
    if options.verbose:
        _show_mistakes(pairs, verdicts)
    for part in ("tuning", "test", *UNSEEN):
        _report(part, [both for both in zip(pairs, verdicts, strict=True) if both[0].part == part])
    return 0


def _report(part: str, judged: Sequence[tuple[Pair, Verdict]]) -> None:
    kinds = Counter(pair.kind for pair, _ in judged)
    stopped = Counter(pair.kind for pair, verdict in judged if not verdict.passed)
    bad = sum(count for kind, count in kinds.items() if kind != "ok")
    caught = sum(count for kind, count in stopped.items() if kind != "ok")
    figures: dict[str, object] = {
        "pairs": len(judged),
        "caught": round(caught / bad, 3),
        "false_alarms": round(stopped["ok"] / kinds["ok"], 3),
        "caught_by_kind": {kind: round(stopped[kind] / kinds[kind], 3) for kind in kinds if kind != "ok"},
    }
    show(f"grounding, {part} part", figures)
    keep(f"eval-grounding-{part}", figures)


def _show_mistakes(pairs: Sequence[Pair], verdicts: Sequence[Verdict]) -> None:
    for pair, verdict in zip(pairs, verdicts, strict=True):
        if verdict.passed == (pair.kind != "ok") and pair.part == "tuning":
            why = "; ".join(f"{reason.kind}: {reason.detail}" for reason in verdict.reasons)
            print(f"{pair.kind:14} {pair.entry_id}: {pair.text} {why}")


async def _judge(check: GroundingCheck, pair: Pair, source: Source) -> Verdict:
    sentences = pair.text.replace(". ", ". [1] ").rstrip()
    return await check.judge(Draft(f"{sentences} [1]"), Material((source,)), JudgeContext(source.title))


async def _fit(pairs: Sequence[Pair], sources: dict[str, Source], embedder: Embedder) -> dict[str, object]:
    """Trees from the pairs that the strict rules let through, so that they learn what is left to do."""
    open_check = GroundingCheck(embedder, doubts=Weights({}, -99.0, 1.0), hosts=frozenset({"alderwick.example"}))
    usual = {pair.entry_id for pair in read_pairs()}
    found: list[Sentence] = []
    for number, pair in enumerate(pairs):
        if not (await _judge(open_check, pair, sources[pair.entry_id])).passed:
            continue
        source, typical = source_of([sources[pair.entry_id]]), pair.entry_id in usual
        sentences = [part for part in pair.text.replace(". ", ".\n").split("\n") if part]
        vectors = await vectors_of(texts_to_embed(sentences, source), embedder)
        found += [
            Sentence(features_of(sentence, source, vectors), number, pair.entry_id, pair.kind != "ok", typical)
            for sentence in sentences
        ]
    return fitted(found)


def _sources(folder: Path, settings: RetrievalSettings) -> dict[str, Source]:
    """Every entry of the folder as a source."""
    return {
        entry.entry_id: Source(1, "entry", entry.entry_id, entry.title, entry.answer)
        for entry in _entries(folder, settings)
    }


def _entries(folder: Path, settings: RetrievalSettings) -> list[Entry]:
    reader = Reader(zone=ZoneInfo(settings.time_zone), limits=limits_from(settings))
    try:
        return [
            entry for path in knowledge_files([folder / "faq"]) for entry in reader.read(path, path.as_posix()).entries
        ]
    finally:
        reader.close()
