"""Measure what stands beside the intent: segments, sentiment, urgency, language."""

import csv
import json
from collections.abc import Callable, Sequence
from pathlib import Path

from contracts.nlu import ClassifyResult, Segment
from intent_service.evaluation.evaluate import AT_ONCE
from intent_service.evaluation.figures import accuracy, macro_f1

Classify = Callable[[Sequence[str]], list[ClassifyResult]]

NEUTRAL = 0.15
"""Sentiments nearer to zero count as neutral, as in the set's own definition."""

VADER_NEUTRAL = 0.05
"""The threshold that VADER's authors recommend."""


def measure_extras(classify: Classify, folder: Path) -> dict[str, float]:
    """The figures of every set that lies in the folder."""
    found: dict[str, float] = {}
    if (folder / "two_requests.jsonl").exists():
        found |= _segments(classify, folder / "two_requests.jsonl")
    if (folder / "sentiment.csv").exists():
        found |= _sentiment(classify, _rows(folder / "sentiment.csv"))
    if (folder / "urgency.csv").exists():
        rows = _rows(folder / "urgency.csv")
        levels = [str(result["urgency"]) for result in _judged(classify, [row["text"] for row in rows])]
        found["urgency_accuracy"] = accuracy([row["urgency"] for row in rows], levels)
        found["urgency_macro_f1"] = macro_f1([row["urgency"] for row in rows], levels)
    if (folder / "languages.csv").exists():
        rows = _rows(folder / "languages.csv")
        codes = [result["language"]["code"] for result in _judged(classify, [row["text"] for row in rows])]
        found["language_accuracy"] = accuracy([row["language"] for row in rows], codes)
    return {name: round(value, 4) for name, value in found.items()}


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def _judged(classify: Classify, texts: Sequence[str]) -> list[ClassifyResult]:
    return [result for at in range(0, len(texts), AT_ONCE) for result in classify(texts[at : at + AT_ONCE])]


def _sentiment(classify: Classify, rows: Sequence[dict[str, str]]) -> dict[str, float]:
    texts, gold = [row["text"] for row in rows], [row["sentiment"] for row in rows]
    own = [_mood(result["sentiment"], NEUTRAL) for result in _judged(classify, texts)]
    figures = {"sentiment_accuracy": accuracy(gold, own), "sentiment_macro_f1": macro_f1(gold, own)}
    try:
        from vaderSentiment.vaderSentiment import (  # noqa: PLC0415 - only where the test tools are installed
            SentimentIntensityAnalyzer,
        )
    except ImportError:
        return figures
    vader = SentimentIntensityAnalyzer()
    theirs = [_mood(vader.polarity_scores(text)["compound"], VADER_NEUTRAL) for text in texts]
    return figures | {"vader_accuracy": accuracy(gold, theirs), "vader_macro_f1": macro_f1(gold, theirs)}


def _mood(value: float, neutral: float) -> str:
    if value > neutral:
        return "positive"
    return "negative" if value < -neutral else "neutral"


def _segments(classify: Classify, file: Path) -> dict[str, float]:
    """Share of messages cut rightly, for those with several requests and those with one.

    Right is: as many segments as there are requests, each overlapping its own; ``two_requests_intents`` also
    wants each segment's intent right.
    """
    entries = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    results = _judged(classify, [entry["text"] for entry in entries])
    several, cut, named, single, whole = 0, 0, 0, 0, 0
    for entry, result in zip(entries, results, strict=True):
        gold, found = entry["segments"], result["segments"]
        if len(gold) == 1:
            single += 1
            whole += len(found) == 1
            continue
        several += 1
        pairs = _pairs(entry["text"], gold, found)
        cut += pairs is not None
        named += pairs is not None and all(want == got for want, got in pairs)
    return {
        "two_requests_cut": cut / max(1, several),
        "two_requests_intents": named / max(1, several),
        "one_request_whole": whole / max(1, single),
    }


def _pairs(text: str, gold: Sequence[dict[str, str]], found: Sequence[Segment]) -> list[tuple[str, str]] | None:
    """Gold and found intents side by side, or None when the cuts do not match."""
    if len(gold) != len(found):
        return None
    pairs = []
    for want, got in zip(gold, found, strict=True):
        start = text.index(want["text"])
        overlap = min(got["end"], start + len(want["text"])) - max(got["start"], start)
        if overlap < len(want["text"]) / 2:
            return None
        pairs.append((want["intent"], got["intent"]["name"]))
    return pairs
