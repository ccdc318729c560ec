"""What is counted, and what is shown of it."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from contracts.nlu import ClassifyResult
from intent_service.evaluation.compare import comparison
from intent_service.evaluation.evaluate import evaluate, figures_of
from intent_service.evaluation.extras import measure_extras
from intent_service.evaluation.model import Evaluation, Judgement
from intent_service.evaluation.report import account, keep
from intent_service.nlu_data.model import Example
from intent_service.service import Understanding

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)


def judged(gold: str, best: str, confidence: float, scope: float) -> Judgement:
    return Judgement(f"{gold} as {best}", gold, best, confidence, scope, kept=scope >= 0.5)


def test_figures_count_rejected_sentences_as_wrong_only_after_rejection() -> None:
    figures = figures_of(
        [judged("a", "a", 0.9, 0.9), judged("a", "a", 0.8, 0.4), judged("b", "a", 0.6, 0.7), judged("", "a", 0.5, 0.1)]
    )
    assert (figures["accuracy"], figures["accuracy_kept"]) == (pytest.approx(0.6667), pytest.approx(0.3333))
    assert (figures["in_scope_kept"], figures["oos_recall"], figures["oos_auroc"]) == (pytest.approx(0.6667), 1.0, 1.0)


def test_a_model_is_judged_on_its_ranking_and_on_its_decision(understanding: Understanding) -> None:
    inside = [Example("where is my parcel", "order_status", "x.csv", 1), Example("purple", "greet", "x.csv", 2)]
    outside = [Example("who won", "out_of_scope", "y.csv", 1)]
    found = evaluate("v1", understanding.classify, inside, outside)
    assert [one.right for one in found.judgements] == [True, False, True]
    assert found.figures["sentences"] == 2
    assert "greet" in account(found)


def test_a_comparison_names_every_sentence_whose_verdict_changed() -> None:
    before = Evaluation("v1", [judged("a", "a", 0.9, 0.9), judged("b", "a", 0.6, 0.7)], {"accuracy": 0.5})
    after = Evaluation("v2", [judged("a", "a", 0.9, 0.1), judged("b", "b", 0.6, 0.7)], {"accuracy": 0.75})
    text = comparison(before, after)
    assert "+0.2500" in text
    assert "1 worse:\n  'a as a': a 0.90 → nlu_fallback 0.90 (true: a)" in text
    assert "1 better:\n  'b as a': a 0.60 → b 0.60 (true: b)" in text


def test_a_measurement_is_one_line_that_is_kept(tmp_path: Path) -> None:
    line = keep("eval-x", {"accuracy": 0.9}, now=NOW, folder=tmp_path)
    assert (tmp_path / "eval-x.json").read_text(encoding="utf-8") == line + "\n"
    assert json.loads(line) == {"target": "eval-x", "at": "2026-11-23T10:00:00+00:00", "accuracy": 0.9}


def test_segments_count_when_number_place_and_intent_agree(tmp_path: Path, understanding: Understanding) -> None:
    entries = [
        {
            "text": "where is my parcel? and when are you open",
            "segments": [
                {"text": "where is my parcel", "intent": "order_status"},
                {"text": "when are you open", "intent": "ask_opening_hours"},
            ],
        },
        {
            "text": "where is my parcel? and when are you open on monday",
            "segments": [
                {"text": "where is my parcel", "intent": "order_status"},
                {"text": "when are you open on monday", "intent": "ask_delivery"},
            ],
        },
        {"text": "my parcel and my order", "segments": [{"text": "my parcel and my order", "intent": "order_status"}]},
    ]
    text = "\n".join(json.dumps(entry) for entry in entries)
    (tmp_path / "two_requests.jsonl").write_text(text, encoding="utf-8")
    figures = measure_extras(understanding.classify, tmp_path)
    assert figures == {"two_requests_cut": 1.0, "two_requests_intents": 0.5, "one_request_whole": 1.0}


def test_sentiment_urgency_and_language_are_scored_where_their_sets_are(tmp_path: Path) -> None:
    def fixed(texts: Sequence[str]) -> list[ClassifyResult]:
        plain = {"sentiment": -0.5, "urgency": "high", "language": {"code": "de", "confidence": 1.0}}
        return [plain for _ in texts]  # type: ignore[misc]

    (tmp_path / "sentiment.csv").write_text("text,sentiment,strength\nbad,negative,-1\nso,neutral,0\n", "utf-8")
    (tmp_path / "urgency.csv").write_text("text,urgency\nfire,high\nhm,low\n", "utf-8")
    (tmp_path / "languages.csv").write_text("text,language\nhallo,de\nhello,en\n", "utf-8")
    figures = measure_extras(fixed, tmp_path)
    assert (figures["sentiment_accuracy"], figures["urgency_accuracy"], figures["language_accuracy"]) == (0.5, 0.5, 0.5)
