"""Figures, judged sets and the evaluation's arms."""

import math
from pathlib import Path

import orjson
import pytest

from retrieval.adapters.hashing_embedder import HashingEmbedder
from retrieval.cli.evaluate import measure
from retrieval.errors import DocumentRefused
from retrieval.evaluation.bench import content_of, opened
from retrieval.evaluation.judged import JudgedQuestion, read_help_texts, read_judged, read_public_faq
from retrieval.evaluation.metrics import auroc, calibration_error, found, reciprocal_rank
from retrieval.evaluation.own_questions import own_questions, with_removed
from retrieval.model import EntryId, SearchFilters
from retrieval.relevance import calibration
from tests.retrieval.conftest import NOON
from tests.retrieval.knowledge_index_contract import HOURS, RETURNS


def test_reciprocal_rank_looks_ten_deep() -> None:
    right = frozenset({"x"})
    assert reciprocal_rank(["x"], right) == 1.0
    assert reciprocal_rank(["a", "b", "x"], right) == pytest.approx(1 / 3)
    assert reciprocal_rank([*"abcdefghij", "x"], right) == 0.0


def test_found_counts_any_right_entry() -> None:
    assert found(["a", "b"], frozenset({"b", "c"}), depth=2) == 1.0
    assert found(["a", "b"], frozenset({"b"}), depth=1) == 0.0


def test_auroc_counts_ties_half_and_takes_weights() -> None:
    assert auroc([0.9, 0.8, 0.1], [1, 1, 0]) == 1.0
    assert auroc([0.5, 0.5], [1, 0]) == 0.5
    assert auroc([0.9, 0.5, 0.1], [0, 1, 0], [1.0, 1.0, 3.0]) == pytest.approx(0.75)
    assert math.isnan(auroc([0.5], [1]))


def test_calibration_error_is_the_gap_between_said_and_seen() -> None:
    assert calibration_error([0.95] * 20, [1] * 19 + [0]) == pytest.approx(0.0)
    assert calibration_error([0.95] * 10, [0] * 10) == pytest.approx(0.95)
    assert calibration_error([1.0, 0.0], [1, 0]) == 0.0


def test_judged_questions_are_read_in_both_spellings(tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text('{"query": "a", "entry_ids": ["x"]}\n\n{"question": "b", "faq_ids": []}\n')
    assert read_judged(path) == [
        JudgedQuestion("a", frozenset({EntryId("x")})),
        JudgedQuestion("b", frozenset()),
    ]


@pytest.mark.parametrize("line", ["{", "[1]", '{"query": 1, "entry_ids": []}', '{"query": "a"}'])
def test_a_wrong_line_is_told_with_its_number(tmp_path: Path, line: str) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text(line)
    with pytest.raises(DocumentRefused, match="line 1"):
        read_judged(path)


def test_a_public_set_becomes_entries_and_questions(tmp_path: Path) -> None:
    faq = {"faq_id": "f", "question": "Q?", "answers": ["One.", "Two."]}
    (tmp_path / "faqs.jsonl").write_bytes(orjson.dumps(faq))
    (tmp_path / "queries.jsonl").write_bytes(orjson.dumps({"qid": "q", "query": "q", "faq_ids": ["f"]}))
    entries, questions = read_public_faq(tmp_path)
    assert (entries[0].title, entries[0].answer) == ("Q?", "One.\n\nTwo.")
    assert questions[0].answers == {"f"}


async def test_a_set_is_measured_for_each_arm_and_for_trust(embedder: HashingEmbedder) -> None:
    questions = [
        JudgedQuestion("how long can I return things", frozenset({RETURNS.entry_id})),
        JudgedQuestion("is the showroom open", frozenset({HOURS.entry_id})),
    ]
    figures = await measure(("tiny", [RETURNS, HOURS], questions), embedder, calibration.load(), answer_at=0.75)
    for arm in (figures.bm25, figures.dense, figures.both, figures.words):
        assert arm.mrr_at_10 == arm.recall_at_1 == 1.0
    assert (figures.answerable, figures.unanswerable) == (2, 0)
    assert figures.relevance.auroc == 1.0  # against the same questions with their entries removed
    assert orjson.loads(orjson.dumps(figures.as_json()))["both"]["mrr_at_10"] == 1.0


async def test_an_entrys_own_question_is_hidden_while_it_is_asked(embedder: HashingEmbedder) -> None:
    with opened(await content_of([RETURNS, HOURS], embedder)) as searcher:
        results = list(own_questions(searcher, SearchFilters(at=NOON)))
    assert [result.question.text for result in results] == ["return window"]
    row = results[0].rows[results[0].ids.index(RETURNS.entry_id)]
    assert row["question_cosine"] < 0.99
    assert RETURNS.entry_id not in with_removed(results)[0].ids


def test_help_texts_of_other_companies_become_entries_and_questions() -> None:
    entries, questions = read_help_texts(Path("tests/evaluation/elsewhere"))
    known = {entry.entry_id for entry in entries}
    assert len(entries) == len(known) == 420
    assert all(entry.title and entry.answer and not entry.questions for entry in entries)
    answered = [question for question in questions if question.answers]
    assert (len(answered), len(questions)) == (1260, 2940)
    assert all(question.answers <= known for question in answered)
