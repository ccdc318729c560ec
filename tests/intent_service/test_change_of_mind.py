"""A change of mind inside one message, and questions that stand beside each other."""

import numpy as np
import pytest

from intent_service.change_of_mind import in_the_light_of, turnaround
from intent_service.model import Reading
from intent_service.questions import asks_by_itself
from intent_service.service import Understanding


@pytest.mark.parametrize(
    ("text", "before", "after"),
    [
        ("cancel it pls, acutally no change the address", "cancel it pls", "change the address"),
        ("where is my order, no wait, cancel it", "where is my order", "cancel it"),
        ("a refund for it. Actually just swap it", "a refund for it", "swap it"),
        ("send it back - or rather, exchange it", "send it back", "exchange it"),
        ("book friday. scratch that, call it off", "book friday", "call it off"),
    ],
)
def test_what_takes_the_first_request_back_parts_it_from_the_second(text: str, before: str, after: str) -> None:
    found = turnaround(text)
    assert found is not None
    assert text[found.before.start : found.before.end] == before
    assert text[found.after.start : found.after.end] == after
    assert not found.withdraws


@pytest.mark.parametrize("text", ["send it back. never mind", "cancel my order... forget it!"])
def test_what_is_taken_back_without_another_wish_is_withdrawn(text: str) -> None:
    found = turnaround(text)
    assert found is not None
    assert found.withdraws


@pytest.mark.parametrize(
    "text",
    [
        "I'd actually like to cancel my order",  # no clause begins with it
        "where is my order? actually I also want an invoice",  # adds, takes nothing back
        "never mind",  # nothing before it
        "could you amend it? I meant to order the speaker",
        "cancel my order please",
    ],
)
def test_other_words_take_nothing_back(text: str) -> None:
    assert turnaround(text) is None


def reading(*chances: float) -> Reading:
    return Reading(np.array(chances, dtype=np.float32), 0.9, 0.0, "low")


def test_the_second_request_is_read_in_the_light_of_the_whole() -> None:
    before, after, whole = reading(0.9, 0.0, 0.1), reading(0.0, 0.7, 0.3), reading(0.7, 0.0, 0.3)
    likely = in_the_light_of(after, whole, instead_of=before).probabilities
    assert likely.argmax() == 2
    assert likely[0] == 0.0
    assert likely.sum() == pytest.approx(1.0)


def test_the_second_request_is_what_the_message_wants(understanding: Understanding) -> None:
    text = "where is my parcel 10046? no wait, when are you open on saturday"
    result = understanding.classify([text])[0]
    assert result["intent"]["name"] == "ask_opening_hours"
    assert [segment["text"] for segment in result["segments"]] == ["when are you open on saturday"]
    assert any(entity["entity"] == "order_number" for entity in result["entities"])


def test_a_change_between_two_ways_of_saying_the_same_is_none(understanding: Understanding) -> None:
    text = "where is my parcel? no wait, where is my order"
    result = understanding.classify([text])[0]
    assert result["intent"]["name"] == "order_status"
    assert [segment["text"] for segment in result["segments"]] == [text]


@pytest.mark.parametrize(
    "text", ["do you have gift wrap?", "And can I collect from a store", "what does delivery cost"]
)
def test_a_whole_question_stands_by_itself(text: str) -> None:
    assert asks_by_itself(text)


@pytest.mark.parametrize("text", ["how much is it", "can I put it in the dishwasher", "is it", "I bought a kettle", ""])
def test_what_leans_on_its_neighbour_does_not(text: str) -> None:
    assert not asks_by_itself(text)
