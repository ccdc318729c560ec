"""What a conversation's events say about attempts, open matters, moods, money and outages."""

from typing import Any

import pytest

from contracts.escalation import thresholds, words
from contracts.escalation.history import state_from
from contracts.escalation.model import ConversationState
from tests.escalation.conversation import handed_over, replied, said, times

LIMITS, WORDS = thresholds.load(), words.load()
MISS = (said("qwertz", "nlu_fallback"), replied("utter_not_understood"))
NEAR = (said("the filter"), replied("utter_did_you_mean"))
TOLD = (said("how long"), replied("utter_answer", "returns-window"))
UNHELPED = said("that's not it", "not_helpful")


def state(*events: dict[str, Any], **more: Any) -> ConversationState:
    return state_from(events, LIMITS, WORDS, **more)


def test_failures_in_a_row_count_and_this_one_only_when_it_is_known() -> None:
    events = (*times(2, *MISS), said("asdf", "nlu_fallback"))
    assert state(*events).failed_attempts == 0
    assert state(*events, failed_now=True).failed_attempts == 3


def test_an_answer_ends_the_row_unless_it_did_not_help() -> None:
    assert state(*MISS, *TOLD, said("asdf"), failed_now=True).failed_attempts == 1
    assert state(*MISS, *MISS, *TOLD, UNHELPED).failed_attempts == 3


def test_an_offer_neither_counts_nor_ends_the_row() -> None:
    assert state(*MISS, *NEAR, said("asdf"), failed_now=True).failed_attempts == 2


def test_a_journey_that_gets_on_is_not_unresolved() -> None:
    step = (said("10046", "inform"), replied("utter_ask_email"))
    assert state(*times(9, *step), said("anna@example.com", "inform")).unresolved_turns <= 1


def test_different_questions_that_are_answered_are_not_unresolved() -> None:
    events = [event for entry in "abcdefg" for event in (said("and this?"), replied("utter_answer", entry))]
    assert state(*events, said("one more")).unresolved_turns == 1


def test_the_same_entry_again_and_again_solves_nothing() -> None:
    assert state(*times(6, *TOLD), said("how long")).unresolved_turns == 6


def test_open_matters_count_and_thanks_ends_them() -> None:
    assert state(*times(5, *NEAR), said("still the filter")).unresolved_turns == 6
    assert state(*times(5, *NEAR), said("thanks", "thank"), replied("utter_thanks"), *NEAR).unresolved_turns == 1
    assert state(*times(5, *NEAR), said("thanks", "thank")).unresolved_turns == 0


def test_everything_starts_anew_after_a_handover_and_in_a_new_session() -> None:
    insult = said("you useless idiots", "complain", sentiment=-0.7)
    for boundary in (handed_over(), {"event": "session_started"}):
        now = state(*times(2, insult, replied("utter_abuse_warning")), boundary, insult)
        assert (now.abusive_messages, now.sentiments) == (1, (-0.7,))


def test_buttons_have_no_mood_and_are_no_insult() -> None:
    button = {"event": "user", "text": "/request_human", "parse_data": {"intent": {"name": "request_human"}}}
    now = state(said("hm", sentiment=-0.6), button)
    assert (now.asked, now.sentiments, now.abusive) == (True, (), False)


@pytest.mark.parametrize(
    ("text", "intent", "amount", "expected"),
    [
        ("I want my 620 euro back", "refund_status", "620.00 EUR", 62000),
        ("refund me the €899.90", "nlu_fallback", "899.90 EUR", 89990),
        ("does the €899.90 set include beans", "ask_product", "899.90 EUR", None),
    ],
)
def test_an_amount_counts_where_money_is_asked_back(text: str, intent: str, amount: str, expected: int | None) -> None:
    entities = [{"entity": "amount", "value": amount}]
    assert state(said(text, intent, entities=entities)).refund_minor == expected


def test_a_journeys_refund_counts_whatever_is_said() -> None:
    assert state(said("yes", "affirm"), slots={"refund_minor": 70_000}).refund_minor == 70_000


def test_outages_in_a_row_count_with_this_one() -> None:
    down = (said("how long"), replied("utter_knowledge_down"))
    assert state(*down, said("how long"), down_now=True).dependency_failures == 2
    assert state(*down, *TOLD, said("how long"), down_now=True).dependency_failures == 1
    assert state(*down, said("how long")).dependency_failures == 0


def test_without_the_intent_service_words_still_ask_for_a_person() -> None:
    message = said("get me a human", "nlu_fallback", confidence=0.0)
    assert not state(message).asked
    message["parse_data"]["nlu_status"] = "down"
    assert state(message).asked
