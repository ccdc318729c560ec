"""What counts as a question, and that none is taken for a yes, a goodbye or a wish to stop."""

import pytest

from contracts.questions import asks
from rasa_extensions.understanding import opened


@pytest.mark.parametrize(
    "text",
    [
        "so what now?",
        "ok and what happens to the old one",
        "until when is that",
        "yes but how long will it take",
        "can i refuse it",
        "is it cancelled",
        "did that work?",
        "repair or swap, whats quicker",
        "could you tell me who pays for that",
        "thanks, where do I hand it in",
    ],
)
def test_a_question_is_one_without_its_mark(text: str) -> None:
    assert asks(text)


@pytest.mark.parametrize(
    "text",
    [
        "yes please",
        "do it",
        "can you do it please",
        "could I have the money back",
        "why not",
        "what a mess",
        "have a lovely evening",
        "ok",
        "the second one",
        "how nice of you",
        "don't bother",
        "10046",
    ],
)
def test_orders_answers_and_exclamations_are_none(text: str) -> None:
    assert not asks(text)


@pytest.mark.parametrize(
    ("text", "intent", "read"),
    [
        ("so what now", "goodbye", "nlu_fallback"),
        ("ok what about the box", "affirm", "nlu_fallback"),
        ("see you", "goodbye", "goodbye"),
        ("where is my parcel", "order_status", "order_status"),
    ],
)
def test_what_only_answers_is_taken_out_of_a_question(text: str, intent: str, read: str) -> None:
    parsed = {"text": text, "intent": {"name": intent, "confidence": 0.9}, "entities": [], "sentiment": 0.1}
    assert opened(parsed) == {**parsed, "intent": {"name": read, "confidence": 0.9}}


@pytest.mark.parametrize(
    ("intent", "confidence", "read"),
    [("ask_if_bot", 0.42, "nlu_fallback"), ("ask_if_bot", 0.9, "ask_if_bot"), ("complain", 0.42, "complain")],
)
def test_small_talk_that_names_an_order_is_open_unless_it_is_sure(intent: str, confidence: float, read: str) -> None:
    parsed = {
        "text": "10031, what are you people",
        "intent": {"name": intent, "confidence": confidence},
        "entities": [{"entity": "order_number", "value": "10031"}],
    }
    assert opened(parsed)["intent"]["name"] == read


@pytest.mark.parametrize(("confidence", "read"), [(0.49, "nlu_fallback"), (0.9, "greet")])
def test_an_unsure_greeting_that_asks_is_open(confidence: float, read: str) -> None:
    parsed = {"text": "so what now?", "intent": {"name": "greet", "confidence": confidence}, "entities": []}
    assert opened(parsed)["intent"]["name"] == read
