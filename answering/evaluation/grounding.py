"""How much of what is wrong the quality check stops, and how much of what is right."""

import argparse
import asyncio
import json
from collections import Counter
from collections.abc import Sequence

import numpy as np

from answering.bootstrap import build_reader
from answering.evaluation.grounding_fit import Sentence, fitted
from answering.evaluation.grounding_pairs import UNSEEN, Pair, fitted_pairs, measured_pairs
from answering.evaluation.report import keep, show
from answering.quality.doubt import SHIPPED, Weights, load_forest
from answering.quality.grounding import GroundingCheck, source_of, vectors_of
from answering.quality.ports import Draft, JudgeContext, Material, Verdict
from answering.quality.support import features_of, texts_to_embed
from answering.settings import LanguageModelSettings
from retrieval.bootstrap import build_embedder
from retrieval.ports import Embedder, Embeddings, Vectors
from retrieval.settings import RetrievalSettings

_HOSTS = frozenset({"alderwick.example"})


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


def run(options: argparse.Namespace) -> int:
    """Measure, or fit and then measure."""
    return asyncio.run(_run(options))


async def _run(options: argparse.Namespace) -> int:
    embedder = Remembering(build_embedder(RetrievalSettings(), for_ingest=True))
    pairs = measured_pairs()
    try:
        if options.fit:
            forest = json.dumps(await _fit(fitted_pairs(), embedder), separators=(",", ":"))
            SHIPPED.write_text(f"{forest}\n", "utf-8")
            load_forest.cache_clear()
        reader = build_reader(LanguageModelSettings()) if options.read_again else None
        check = GroundingCheck(embedder, doubts=load_forest(), hosts=_HOSTS, reader=reader)
        verdicts = [await _judge(check, pair) for pair in pairs]
    finally:
        await embedder.close()
    if options.verbose:
        _show_mistakes(pairs, verdicts)
    for part in ("tuning", "test", *UNSEEN, "elsewhere"):
        _report(part, [both for both in zip(pairs, verdicts, strict=True) if both[0].part == part])
    return 0


def _report(part: str, judged: Sequence[tuple[Pair, Verdict]]) -> None:
    kinds = Counter(pair.kind for pair, _ in judged)
    stopped = Counter(pair.kind for pair, verdict in judged if not verdict.passed)
    bad = sum(pair.bad for pair, _ in judged)
    caught = sum(pair.bad and not verdict.passed for pair, verdict in judged)
    figures: dict[str, object] = {
        "pairs": len(judged),
        "caught": round(caught / bad, 3),
        "false_alarms": round(stopped["ok"] / kinds["ok"], 3),
        "stopped_by_kind": {kind: round(stopped[kind] / kinds[kind], 3) for kind in kinds if kind != "ok"},
    }
    show(f"grounding, {part} part", figures)
    keep(f"eval-grounding-{part}", figures)


def _show_mistakes(pairs: Sequence[Pair], verdicts: Sequence[Verdict]) -> None:
    for pair, verdict in zip(pairs, verdicts, strict=True):
        if verdict.passed == pair.bad and pair.part == "tuning":
            why = "; ".join(f"{reason.kind}: {reason.detail}" for reason in verdict.reasons)
            print(f"{pair.kind:14} {pair.source.name}: {pair.text} {why}")


async def _judge(check: GroundingCheck, pair: Pair) -> Verdict:
    sentences = pair.text.replace(". ", ". [1] ").rstrip()
    return await check.judge(Draft(f"{sentences} [1]"), Material((pair.source,)), JudgeContext(pair.source.title))


async def _fit(pairs: Sequence[Pair], embedder: Embedder) -> dict[str, object]:
    """Trees from the pairs that the strict rules let through, so that they learn what is left to do."""
    open_check = GroundingCheck(embedder, doubts=Weights({}, -99.0, 1.0), hosts=_HOSTS)
    found: list[Sentence] = []
    for number, pair in enumerate(pairs):
        if not (await _judge(open_check, pair)).passed:
            continue
        source = source_of([pair.source])
        sentences = [part for part in pair.text.replace(". ", ".\n").split("\n") if part]
        vectors = await vectors_of(texts_to_embed(sentences, source), embedder)
        found += [
            Sentence(features_of(sentence, source, vectors), number, pair.source.name, pair.bad, pair.part == "tuning")
            for sentence in sentences
        ]
    return fitted(found)
