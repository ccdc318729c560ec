"""The escalation rules as actions ask them: what the policy could not know yet, because it came before the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts.escalation import thresholds, words
from contracts.escalation.history import state_from
from contracts.escalation.model import ConversationState, Reason
from contracts.escalation.rules import decide

if TYPE_CHECKING:
    from actions.turn import Turn


def state_of(
    turn: Turn, *, relevance: float | None = None, failed_now: bool = False, down_now: bool = False
) -> ConversationState:
    """The conversation at this turn; see ``state_from`` for what the answer adds to it."""
    return state_from(
        turn.tracker.events,
        thresholds.load(),
        words.load(),
        slots=turn.tracker.slots,
        active_form=turn.active_form,
        relevance=relevance,
        failed_now=failed_now,
        down_now=down_now,
    )


def reason_after_failure(turn: Turn, *, relevance: float | None = None) -> Reason | None:
    """Why a person takes over now that this message could not be answered; None when it is not time yet."""
    state = state_of(turn, relevance=relevance, failed_now=True)
    return None if state.handed_over else decide(state, thresholds.load()).reason


def topic_of(turn: Turn) -> str | None:
    """The topic of this message that the company gives no advice on, if any."""
    return None if turn.text.startswith("/") else words.load().off_topic(turn.text)
