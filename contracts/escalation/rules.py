"""The rules, most pressing first. Each is a pure function of the state; ``decide`` takes the first that speaks."""

from __future__ import annotations

from collections.abc import Callable

from contracts.escalation.model import ConversationState, Decision, Reason, Step
from contracts.escalation.thresholds import Thresholds

NOTHING = Decision()

Rule = Callable[[ConversationState, Thresholds], Decision]


def decide(state: ConversationState, limits: Thresholds) -> Decision:
    """What to do with this message. Who waits for a person already is disturbed for a crisis only."""
    rules = (crisis,) if state.handed_over else RULES
    return next((found for rule in rules if (found := rule(state, limits)) is not NOTHING), NOTHING)


def crisis(state: ConversationState, _: Thresholds) -> Decision:
    """Somebody may come to harm."""
    if state.crisis is None:
        return NOTHING
    return _hand_over(Reason.CRISIS_SELF_HARM if state.crisis == "self_harm" else Reason.CRISIS_EMERGENCY)


def asked(state: ConversationState, _: Thresholds) -> Decision:
    """The customer wants a person."""
    return _hand_over(Reason.ASKED_FOR_PERSON) if state.asked else NOTHING


def legal_or_press(state: ConversationState, _: Thresholds) -> Decision:
    """Lawyers, the press, an authority."""
    return _hand_over(Reason.LEGAL_OR_PRESS) if state.alarming else NOTHING


def abuse(state: ConversationState, limits: Thresholds) -> Decision:
    """Two warnings, the second with a supervisor offered; then a person. Frustration alone is never warned."""
    if not state.abusive:
        return NOTHING
    if state.abusive_messages >= limits.abuse_hands_over_at:
        return _hand_over(Reason.ABUSE)
    if state.abusive_messages >= limits.offer_supervisor_at:
        return Decision(Step.OFFER_SUPERVISOR)
    return Decision(Step.WARN) if state.abusive_messages >= limits.warn_at else NOTHING


def urgent_complaint(state: ConversationState, limits: Thresholds) -> Decision:
    """A complaint that cannot wait."""
    surely = state.intent in limits.complains and state.confidence >= limits.complaint_confidence
    return _hand_over(Reason.URGENT_COMPLAINT) if surely and state.urgency == "high" else NOTHING


def very_negative(state: ConversationState, limits: Thresholds) -> Decision:
    """One message of fury."""
    furious = bool(state.sentiments) and state.sentiments[-1] <= limits.very_negative
    return _hand_over(Reason.VERY_NEGATIVE) if furious else NOTHING


def negative_run(state: ConversationState, limits: Thresholds) -> Decision:
    """Displeasure that does not end."""
    last = state.sentiments[-limits.negative_in_a_row :]
    enough = len(last) == limits.negative_in_a_row and all(mood < limits.negative for mood in last)
    return _hand_over(Reason.NEGATIVE_RUN) if enough else NOTHING


def refund_above_limit(state: ConversationState, limits: Thresholds) -> Decision:
    """More money than a bot may promise."""
    above = state.refund_minor is not None and state.refund_minor > limits.refund_limit_minor
    return _hand_over(Reason.REFUND_ABOVE_LIMIT) if above else NOTHING


def dependency_down(state: ConversationState, limits: Thresholds) -> Decision:
    """A neighbour that the matter cannot do without."""
    needed = 1 if state.in_journey else limits.dependency_failures
    return _hand_over(Reason.DEPENDENCY_DOWN) if state.dependency_failures >= needed else NOTHING


def failed_attempts(state: ConversationState, limits: Thresholds) -> Decision:
    """The bot could not help, again and again."""
    return _hand_over(Reason.FAILED_ATTEMPTS) if state.failed_attempts >= limits.failed_attempts else NOTHING


def unresolved(state: ConversationState, limits: Thresholds) -> Decision:
    """Many turns, and the matter is still open."""
    return _hand_over(Reason.UNRESOLVED) if state.unresolved_turns > limits.unresolved_turns else NOTHING


def not_understood(state: ConversationState, limits: Thresholds) -> Decision:
    """It is the shop's business, but neither an intent nor an entry fits."""
    if state.relevance is None or state.in_scope is not True or state.words < limits.least_words:
        return NOTHING
    both_low = state.confidence < limits.low_confidence and state.relevance < limits.low_relevance
    return _hand_over(Reason.NOT_UNDERSTOOD) if both_low else NOTHING


RULES: tuple[Rule, ...] = (
    crisis, asked, legal_or_press, abuse, urgent_complaint, very_negative, negative_run, refund_above_limit,
    dependency_down, failed_attempts, unresolved, not_understood,
)  # fmt: skip


def _hand_over(reason: Reason) -> Decision:
    return Decision(Step.HAND_OVER, reason)
