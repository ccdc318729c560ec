"""Every reason for a person, and the state that just misses it."""

from typing import Any

import pytest

from contracts.escalation import thresholds
from contracts.escalation.model import ConversationState, Decision, Reason, Step
from contracts.escalation.rules import decide

LIMITS = thresholds.load()
LOST = {"in_scope": True, "words": 6, "confidence": 0.2, "relevance": 0.05}


@pytest.mark.parametrize(
    ("reason", "hit", "miss"),
    [
        (Reason.CRISIS_SELF_HARM, {"crisis": "self_harm"}, {"crisis": None}),
        (Reason.CRISIS_EMERGENCY, {"crisis": "emergency"}, {"urgency": "high"}),
        (Reason.ASKED_FOR_PERSON, {"asked": True}, {"intent": "ask_if_bot", "confidence": 1.0}),
        (Reason.LEGAL_OR_PRESS, {"alarming": True}, {"alarming": False, "urgency": "high"}),
        (Reason.ABUSE, {"abusive": True, "abusive_messages": 3}, {"abusive": False, "abusive_messages": 3}),
        (
            Reason.URGENT_COMPLAINT,
            {"intent": "complain", "confidence": 0.5, "urgency": "high"},
            {"intent": "complain", "confidence": 0.49, "urgency": "high"},
        ),
        (
            Reason.URGENT_COMPLAINT,
            {"intent": "complain", "confidence": 0.9, "urgency": "high"},
            {"intent": "complain", "confidence": 0.9, "urgency": "medium"},
        ),
        (
            Reason.URGENT_COMPLAINT,
            {"intent": "complain", "confidence": 0.9, "urgency": "high"},
            {"intent": "order_status", "confidence": 0.9, "urgency": "high"},
        ),
        (Reason.VERY_NEGATIVE, {"sentiments": (-0.8,)}, {"sentiments": (-0.79,)}),
        (Reason.VERY_NEGATIVE, {"sentiments": (0.1, -0.9)}, {"sentiments": (-0.9, 0.1)}),
        (Reason.NEGATIVE_RUN, {"sentiments": (-0.51, -0.6, -0.51)}, {"sentiments": (-0.6, -0.6, -0.5)}),
        (Reason.NEGATIVE_RUN, {"sentiments": (-0.6, -0.6, -0.6)}, {"sentiments": (-0.6, -0.6)}),
        (Reason.NEGATIVE_RUN, {"sentiments": (0.5, -0.6, -0.6, -0.6)}, {"sentiments": (-0.6, -0.6, 0.0, -0.6)}),
        (Reason.FAILED_ATTEMPTS, {"failed_attempts": 3}, {"failed_attempts": 2}),
        (Reason.UNRESOLVED, {"unresolved_turns": 6}, {"unresolved_turns": 5}),
        (Reason.REFUND_ABOVE_LIMIT, {"refund_minor": 50_001}, {"refund_minor": 50_000}),
        (Reason.NOT_UNDERSTOOD, LOST, LOST | {"confidence": 0.4}),
        (Reason.NOT_UNDERSTOOD, LOST, LOST | {"relevance": 0.1}),
        (Reason.NOT_UNDERSTOOD, LOST, LOST | {"relevance": None}),
        (Reason.NOT_UNDERSTOOD, LOST, LOST | {"in_scope": False}),
        (Reason.NOT_UNDERSTOOD, LOST, LOST | {"words": 3}),
        (Reason.DEPENDENCY_DOWN, {"dependency_failures": 1, "in_journey": True}, {"dependency_failures": 1}),
        (Reason.DEPENDENCY_DOWN, {"dependency_failures": 2}, {"dependency_failures": 0, "in_journey": True}),
    ],
)
def test_each_reason_hands_over_and_its_near_miss_does_not(
    reason: Reason, hit: dict[str, Any], miss: dict[str, Any]
) -> None:
    assert decide(ConversationState(**hit), LIMITS) == Decision(Step.HAND_OVER, reason)
    assert decide(ConversationState(**miss), LIMITS) == Decision()


@pytest.mark.parametrize(
    ("abusive_messages", "step"), [(1, Step.WARN), (2, Step.OFFER_SUPERVISOR), (3, Step.HAND_OVER), (4, Step.HAND_OVER)]
)
def test_abuse_is_warned_twice_and_then_handed_over(abusive_messages: int, step: Step) -> None:
    state = ConversationState(abusive=True, abusive_messages=abusive_messages, sentiments=(-0.9,))
    assert decide(state, LIMITS).step is step


def test_the_most_pressing_reason_is_the_one_that_is_told() -> None:
    everything = ConversationState(
        crisis="emergency", asked=True, alarming=True, abusive=True, abusive_messages=3, failed_attempts=9
    )
    assert decide(everything, LIMITS).reason is Reason.CRISIS_EMERGENCY


def test_who_waits_for_a_person_already_is_disturbed_for_a_crisis_only() -> None:
    assert decide(ConversationState(handed_over=True, sentiments=(-0.95,)), LIMITS) == Decision()
    crisis = ConversationState(handed_over=True, crisis="self_harm")
    assert decide(crisis, LIMITS).reason is Reason.CRISIS_SELF_HARM


def test_every_reason_has_a_route_and_danger_is_urgent() -> None:
    assert set(LIMITS.routing) == set(Reason)
    assert LIMITS.routing[Reason.CRISIS_SELF_HARM].priority == "urgent"
