"""What the tracker remembers of the questions asked before this message."""

import re
from typing import Any

from actions.turn import Turn
from answering.follow_up import is_follow_up
from answering.model import Exchange
from contracts.escalation import thresholds
from contracts.escalation.history import PastTurn, gets_on, turns_in

_CODE = re.compile(r"(?<![\w-])\d{3}[ -]?\d{3}(?!\w)")  # a one-time code; a ticket number has T- before it
_MOST_REMEMBERED = 60  # messages; older ones are no part of the same question
_FRESH = 3  # messages; what was asked longer ago is not what a follow-up means


def question_behind_suggestions(turn: Turn) -> str | None:
    """What the customer had asked when the bot's last answer was "did you mean"; None when it was another."""
    asked: str | None = None
    behind: str | None = None
    for event in turn.tracker.events:
        if event.get("event") == "user":
            text = str(event.get("text") or "")
            asked = asked if text.startswith("/") or event is turn.tracker.events[-1] else text
        elif event.get("event") == "bot" and (record := _answer_in(event)):
            behind = asked if record.get("rung") == "did_you_mean" else None
    return behind


def messages_before(turn: Turn, most: int) -> list[PastTurn]:
    """The last messages before this one, oldest first."""
    return turns_in(turn.tracker.events)[:-1][-most:]


def answered_before(turn: Turn) -> bool:
    """Whether the bot's last word was an answer from the knowledge."""
    past = turns_in(turn.tracker.events)[:-1]
    return bool(past) and bool(past[-1].cited)


def told_last(turn: Turn) -> set[str]:
    """Ids of the entries that the bot's last word told; empty when it was no answer."""
    past = turns_in(turn.tracker.events)[:-1]
    return set(past[-1].cited) if past else set()


def told_lately(turn: Turn) -> list[str]:
    """Ids of the entries that the last answer told; empty once something else got on, for which thanks don't count."""
    limits = thresholds.load()
    for past in reversed(messages_before(turn, _FRESH)):
        if past.cited:
            return list(dict.fromkeys(past.cited))
        if gets_on(past, limits) and past.intent not in limits.content:
            break
    return []


def told_in_this_turn(turn: Turn) -> set[str]:
    """Ids of the entries told since the customer's last message, by this action or one before it."""
    records = [message.get("custom") or {} for message in turn.dispatcher.messages]
    for event in reversed(turn.tracker.events):
        if event.get("event") == "user":
            break
        records.append(_answer_in(event) or {} if event.get("event") == "bot" else {})
    told = [record for record in records if record.get("kind") == "answer"]
    return {str(citation.get("entry_id")) for record in told for citation in record.get("citations") or ()}


def question_before(turn: Turn) -> str | None:
    """The question that a follow-up of this conversation refers to: the last whole one that the bot answered."""
    asked: str | None = None
    whole: str | None = None
    age = 0
    for event in turn.tracker.events:
        if event.get("event") in {"session_started", "restart"}:
            asked, whole = None, None
        elif event.get("event") == "user":
            asked, age = str(event.get("text") or ""), age + 1
        elif event.get("event") == "bot" and asked and _answer_in(event):
            age = 0
            whole = whole if is_follow_up(asked) or asked.startswith("/") else asked
    return whole if age <= _FRESH else None


def history_of(turn: Turn, *, with_this_message: bool = False) -> tuple[Exchange, ...]:
    """The conversation before this message, or with it, oldest first, for a language model to read.

    Clicked buttons and empty messages are left out, one-time codes blotted out.
    """
    found: list[Exchange] = []
    for event in turn.tracker.events if with_this_message else turn.tracker.events[:-1]:
        kind, text = event.get("event"), str(event.get("text") or "")
        if kind in {"session_started", "restart"}:
            found = []
        elif kind == "user" and text and not text.startswith("/"):
            found.append(Exchange("customer", _CODE.sub("[code]", text)))
        elif kind == "bot" and text:
            found.append(Exchange("bot", text, _about(event)))
    return tuple(found[-_MOST_REMEMBERED:])


def _about(event: dict[str, Any]) -> str:
    """What a bot's message did, in a few words for a summary."""
    record = (event.get("data") or {}).get("custom")
    if not isinstance(record, dict):
        return ""
    if record.get("kind") == "answer":
        titles = ", ".join(str(citation.get("title")) for citation in record.get("citations") or ())
        return f"answered from {titles}" if titles else ""
    return f"told the status of order {record['order_number']}" if record.get("kind") == "order_status" else ""


def _answer_in(event: dict[str, Any]) -> dict[str, Any] | None:
    record = (event.get("data") or {}).get("custom")
    return record if isinstance(record, dict) and record.get("kind") == "answer" else None
