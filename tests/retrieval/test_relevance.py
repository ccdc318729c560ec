"""Words, features, the calibration and its fitting."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import orjson
import pytest

from retrieval.errors import IndexCorrupt
from retrieval.model import Entry, EntryId, Passage, PassageKind
from retrieval.relevance import calibration
from retrieval.relevance.calibration import Weighing, comparison, parse
from retrieval.relevance.features import Candidate, Features, features_of
from retrieval.relevance.fitting import COMPARED, fit_relevance
from retrieval.relevance.query import likeness, make_query
from retrieval.relevance.vocabulary import TYPO_MATCH, Vocabulary, collect_words
from retrieval.words import surface_words_of, words_of

AT = datetime(2026, 11, 23, tzinfo=UTC)


def vocabulary(*texts: str, vectors: bool = False) -> Vocabulary:
    words = collect_words(texts)
    made = Vocabulary(words, np.eye(len(words), dtype=np.float32) if vectors else None)
    for text in texts:
        made.count([text], "en")
    return made


def test_words_are_folded_and_stemmed() -> None:
    assert words_of("The KETTLE’s Cafés are returning") == ["the", "kettl", "cafe", "are", "return"]


def test_surface_words_hold_hyphens_together_and_come_once() -> None:
    assert surface_words_of("AW-201, aw-201 - it's the O'Neill's!") == ["aw-201", "it", "the", "oneill"]


def test_a_word_of_few_entries_weighs_more_than_one_of_many() -> None:
    words = vocabulary("return a kettle", "return a lamp", "return a shoe")
    assert words.weight("kettle", "en") > words.weight("return", "en") > 0
    assert words.weight("elephant", "en") > words.weight("kettle", "en")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ketle", ["kettle"]),
        ("kettel", ["kettle"]),
        ("delivry", ["delivery"]),
        ("deliverryy", ["delivery"]),
        ("cat", []),
        ("settle", []),
        ("aw-202", []),
    ],
)
def test_a_typo_is_understood_by_a_near_word_with_the_same_first_letter(typed: str, meant: list[str]) -> None:
    words = vocabulary("kettle delivery car aw-201")
    assert [words.words[number] for number in words.meant_by(typed)] == meant


def test_likeness_is_one_for_a_stem_and_nearly_one_for_a_typo() -> None:
    words = vocabulary("returning kettles", "a lamp")
    query = make_query("return my ketles", "en", words, vector=None, extra_words={})
    ids = words.ids("returning kettles")
    assert likeness(query, ids, words).tolist() == [[1.0, 0.0], [0.0, 0.0], [0.0, TYPO_MATCH]]


def test_words_are_alike_by_their_vectors_above_the_floor() -> None:
    words = Vocabulary(["phone"], np.array([[1.0, 0.0]], dtype=np.float32))
    words.count(["phone"], "en")
    near = {"mobile": np.array([0.65, 0.76], dtype=np.float32)}
    far = {"mobile": np.array([0.3, 0.95], dtype=np.float32)}
    for extra, wanted in ((near, 0.5), (far, 0.0), ({}, 0.0)):
        query = make_query("mobile", "en", words, vector=None, extra_words=extra)
        assert likeness(query, words.ids("phone"), words)[0, 0] == pytest.approx(wanted, abs=0.01)


def candidate(words: Vocabulary, cosines: list[float], *texts: tuple[PassageKind, str]) -> Candidate:
    passages = [Passage(EntryId("e"), kind, text) for kind, text in texts]
    ids = [words.ids(passage.text) for passage in passages]
    return Candidate(Entry(EntryId("e"), "e", "", ""), passages, ids, np.array(cosines, dtype=np.float32), {})


def test_questions_cover_what_was_asked_together_but_passages_of_an_answer_do_not() -> None:
    words = vocabulary("kettle leaks", "broken lid")
    query = make_query("kettle lid", "en", words, vector=None, extra_words={})
    asked, told = features_of(
        query,
        [
            candidate(words, [0.5, 0.5], ("question", "kettle leaks"), ("question", "broken lid")),
            candidate(words, [0.5, 0.5], ("answer", "kettle leaks"), ("answer", "broken lid")),
        ],
        words,
    )
    assert asked["question_coverage"] == pytest.approx(1.0)
    assert told["answer_coverage"] == pytest.approx(0.5)


def test_what_a_title_and_the_best_passage_hold_counts_together_and_other_passages_do_not() -> None:
    words = vocabulary("kettle leaks", "broken lid", "red cord")
    query = make_query("kettle lid cord", "en", words, vector=None, extra_words={})
    (one,) = features_of(
        query,
        [candidate(words, [0.5] * 3, ("title", "kettle leaks"), ("answer", "broken lid"), ("answer", "red cord"))],
        words,
    )
    assert one["question_coverage"] == pytest.approx(1 / 3)
    assert one["coverage"] == pytest.approx(2 / 3)
    (silent,) = features_of(query, [candidate(words, [0.5], ("title", "kettle leaks"))], words)
    assert silent["coverage"] == silent["question_coverage"]


def test_the_engines_scores_count_as_shares_of_the_best() -> None:
    words = vocabulary("kettle")
    query = make_query("kettle", "en", words, vector=None, extra_words={})
    made = candidate(words, [0.5], ("title", "kettle"))
    strong, weak = (replace(made, bm25=scores) for scores in ({"title": 3.0, "answer": 1.0}, {"title": 1.0}))
    assert [row["bm25_share"] for row in features_of(query, [strong, weak], words)] == [1.0, 0.25]
    assert [row["bm25_share"] for row in features_of(query, [made], words)] == [0.0]
    assert features_of(query, [], words) == []


def test_three_near_questions_agree_more_than_one() -> None:
    words = vocabulary("a", "b", "c")
    query = make_query("a", "en", words, vector=None, extra_words={})
    texts: list[tuple[PassageKind, str]] = [("question", "a"), ("question", "b"), ("question", "c")]
    lucky, sure, only = features_of(
        query,
        [
            candidate(words, [0.9, 0.3, 0.3], *texts),
            candidate(words, [0.9, 0.9, 0.9], *texts),
            candidate(words, [0.9], texts[0]),
        ],
        words,
    )
    assert lucky["question_agreement"] == pytest.approx(0.5)
    assert sure["question_agreement"] == only["question_agreement"] == pytest.approx(0.9)


WEIGHING = Weighing({"a": 2.0, "b": 1.0}, {"score": 1.0, "gap": 3.0, "lead": 0.5}, -1.0)


def test_a_candidate_that_stands_out_is_more_relevant_than_one_among_equals() -> None:
    alone, *_ = WEIGHING.judge([{"a": 1.0, "b": 1.0}, {"a": 0.1, "b": 0.0}])
    crowded, *_ = WEIGHING.judge([{"a": 1.0, "b": 1.0}, {"a": 1.0, "b": 0.9}])
    assert alone.score == crowded.score
    assert alone.relevance > crowded.relevance


def test_the_comparison_takes_missing_rivals_for_zeros() -> None:
    first: Features = {"question_coverage": 0.9, "coverage": 0.9}
    second: Features = {"question_coverage": 0.4, "coverage": 0.6}
    assert comparison(2.0, first, [(2.0, first)]) == {"gap": 2.0, "lead": 2.0, "coverage_gap": 0.9}
    assert comparison(2.0, first, [(2.0, first), (1.0, second), (0.5, {})]) == pytest.approx(
        {"gap": 1.0, "lead": 2.0 - 1.5 / 5, "coverage_gap": 0.4}
    )
    assert comparison(1.0, second, [(2.0, first), (1.0, second)]) == pytest.approx(
        {"gap": -1.0, "lead": 1.0 - 2.0 / 5, "coverage_gap": -0.4}
    )


def test_a_candidate_that_lacks_a_word_which_another_knows_comes_later() -> None:
    rows: list[Features] = [
        {"a": 1.0, "question_coverage": 0.4, "coverage": 0.4},
        {"a": 0.9, "question_coverage": 0.9, "coverage": 0.9},
    ]
    first, second = Weighing({"a": 1.0}, {}, 0.0, outdone=0.3).judge(rows)
    assert first.score > second.score
    assert (first.place, second.place) == pytest.approx((0.85, 0.9))
    by_score, other = Weighing({"a": 1.0}, {}, 0.0).judge(rows)
    assert by_score.place > other.place


def test_a_calibration_without_a_loss_for_what_others_know_orders_by_score() -> None:
    weighing = {"ranking": {"a": 1.0}, "relevance": {}, "intercept": 0.0}
    assert parse(orjson.dumps({"version": "old", "both": weighing, "lexical": weighing})).both.outdone == 0.0


def test_a_candidate_that_lacks_a_word_which_another_knows_is_less_relevant() -> None:
    weighing = Weighing({"a": 1.0}, {"score": 1.0, "coverage_gap": 3.0}, 0.0)
    told, *_ = weighing.judge([{"a": 1.0, "question_coverage": 0.9}, {"a": 0.5, "question_coverage": 0.4}])
    doubted, *_ = weighing.judge([{"a": 1.0, "question_coverage": 0.5}, {"a": 0.5, "question_coverage": 1.0}])
    assert told.relevance > doubted.relevance


def test_extreme_logits_stay_probabilities() -> None:
    judged = Weighing({"a": 1e6}, {"score": 1.0}, 0.0).judge([{"a": 1.0}, {"a": -1.0}])
    assert [item.relevance for item in judged] == [1.0, 0.0]


def test_the_fit_recovers_the_probabilities_that_made_the_labels() -> None:
    rng = np.random.default_rng(7)
    rows = [dict(zip(COMPARED, rng.uniform(0, 1, len(COMPARED)), strict=True)) for _ in range(8000)]
    truth = Weighing({}, {"score": 2.0, "gap": 3.0, "lead": 0.0}, -2.0)
    p = [1 / (1 + np.exp(2.0 - 2.0 * row["score"] - 3.0 * row["gap"])) for row in rows]
    labels = rng.uniform(size=len(p)) < p
    fitted = fit_relevance(truth, rows, labels, np.ones(len(p)))
    assert fitted.intercept == pytest.approx(-2.0, abs=0.3)
    assert fitted.relevance["score"] == pytest.approx(2.0, abs=0.4)
    assert fitted.relevance["gap"] == pytest.approx(3.0, abs=0.4)


def test_the_fit_never_makes_more_evidence_mean_less_relevance() -> None:
    rng = np.random.default_rng(7)
    rows = [dict(zip(COMPARED, rng.uniform(0, 1, len(COMPARED)), strict=True)) for _ in range(500)]
    labels = [row["gap"] < 0.5 for row in rows]
    fitted = fit_relevance(WEIGHING, rows, labels, np.ones(500))
    assert min(fitted.relevance.values()) >= 0


def test_the_shipped_calibration_orders_both_modes_by_the_same_kinds_of_evidence() -> None:
    shipped = calibration.load()
    assert set(shipped.lexical.ranking) < set(shipped.both.ranking)
    for weighing in (shipped.both, shipped.lexical):
        assert all(weight >= 0 for weight in (*weighing.ranking.values(), *weighing.relevance.values()))


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"version": "x", "both": {}, "lexical": {}}'])
def test_a_file_that_is_no_calibration_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "c.json"
    path.write_bytes(content)
    with pytest.raises(IndexCorrupt):
        calibration.load(path)


def test_a_calibration_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(IndexCorrupt, match="cannot be read"):
        calibration.load(tmp_path / "none.json")
