"""What is made of readings: decisions, bare facts, segments."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intent_service.segmentation import JudgedPiece, Piece, pieces, requests_of
from intent_service.service import Understanding


def test_the_decision_is_the_best_intent_or_the_fallback(understanding: Understanding) -> None:
    inside, outside = understanding.classify(["when are you open", "purple"])
    assert inside["intent"] == inside["ranking"][0]
    assert inside["scope"]["score"] >= inside["scope"]["threshold"]
    assert outside["intent"] == {"name": "nlu_fallback", "confidence": 0.9}
    assert outside["scope"]["score"] < outside["scope"]["threshold"]


def test_a_message_without_words_is_decided_unread(understanding: Understanding) -> None:
    result = understanding.classify(["🎉"])[0]
    assert result["intent"] == {"name": "nlu_fallback", "confidence": 1.0}
    assert (result["ranking"], result["scope"]["score"]) == ([], 0.0)


@pytest.mark.parametrize("text", ["10046", "my order is 10046 thanks", "t-100234"])
def test_a_bare_fact_informs(understanding: Understanding, text: str) -> None:
    result = understanding.classify([text])[0]
    assert result["intent"]["name"] == "inform"
    assert result["ranking"][0] == result["intent"]
    assert result["scope"]["in_scope"]
    assert sum(one["confidence"] for one in result["ranking"]) <= 1.001


def test_two_requests_are_two_segments(understanding: Understanding) -> None:
    text = "Hello! Where is my parcel 10046? And when are you open on saturday"
    result = understanding.classify([text])[0]
    assert [one["intent"]["name"] for one in result["segments"]] == ["order_status", "ask_opening_hours"]
    assert [text[one["start"] : one["end"]] for one in result["segments"]] == [
        one["text"] for one in result["segments"]
    ]
    assert result["intent"]["name"] in {"order_status", "ask_opening_hours"}
    assert result["ranking"][0] == result["intent"]


@pytest.mark.parametrize(
    "text",
    ["where is my parcel and my order", "hello and thanks", "I love the great shipping and delivery", "open"],
)
def test_one_request_is_one_segment_over_the_whole(understanding: Understanding, text: str) -> None:
    result = understanding.classify([text])[0]
    assert [(one["start"], one["end"]) for one in result["segments"]] == [(0, len(text))]
    assert result["segments"][0]["ranking"] == result["ranking"]


def judged(*parts: tuple[str, float, bool]) -> list[JudgedPiece]:
    return [
        JudgedPiece(Piece(10 * at, 10 * at + 9), intent, confidence, stands_alone=alone)
        for at, (intent, confidence, alone) in enumerate(parts)
    ]


def test_pieces_that_are_no_requests_join_the_one_before_or_the_first() -> None:
    found = requests_of(judged(("x", 0.2, False), ("a", 0.9, True), ("y", 0.3, False), ("b", 0.8, True)))
    assert [(one.piece.start, one.piece.end, one.judged_by) for one in found] == [(0, 29, 1), (30, 39, 3)]


def test_neighbours_with_one_intent_are_one_request() -> None:
    assert requests_of(judged(("a", 0.7, True), ("a", 0.9, True))) == []
    found = requests_of(judged(("a", 0.7, True), ("a", 0.9, True), ("b", 0.8, True)))
    assert [one.judged_by for one in found] == [1, 2]


@given(st.text(alphabet=st.sampled_from("ab ,.?!;\nand also but-"), max_size=120))
def test_pieces_lie_in_order_inside_the_text(text: str) -> None:
    cut = pieces(text)
    assert cut
    assert all(0 <= piece.start <= piece.end <= len(text) for piece in cut)
    assert all(a.end <= b.start for a, b in itertools.pairwise(cut))
    assert len(cut) <= 6
