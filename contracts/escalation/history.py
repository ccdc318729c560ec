"""A conversation's events, as Rasa stores and sends them, read into a ``ConversationState``."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from contracts.escalation.model import ConversationState
from contracts.escalation.thresholds import Thresholds
from contracts.escalation.words import Words

HANDOVER_ACTION = "action_request_handoff"
CONTACT_FORM = "contact_form"

_MONEY_BACK = re.compile(r"\b(?:refund|money back|reimburse\w*|pay (?:me )?back)\b", re.IGNORECASE)
_HOW_MANY = re.compile(r"\b(?:[2-9]|\d\d|two|three|four|five|six) (?:people|persons)\b", re.IGNORECASE)
"""How many come to an appointment ("make it 2 people"): nobody asks for that many colleagues."""
_AMOUNT = re.compile(r"(\d+)(?:\.(\d\d))? [A-Z]{3}")

Event = Mapping[str, Any]


@dataclass
class PastTurn:
    """One customer message and what came of it.

    Attributes:
        parsed: Rasa's ``parse_data`` of the message.
        replies: the names of the responses that were uttered.
        cited: ids of the entries that were told.
    """

    text: str
    parsed: Mapping[str, Any]
    replies: list[str] = field(default_factory=list)
    cited: list[str] = field(default_factory=list)

    @property
    def intent(self) -> str:
        return str((self.parsed.get("intent") or {}).get("name") or "nlu_fallback")

    @property
    def confidence(self) -> float:
        return float((self.parsed.get("intent") or {}).get("confidence") or 0.0)

    @property
    def is_button(self) -> bool:
        return self.text.startswith("/")

    @property
    def understood(self) -> bool:
        """Whether the intent service judged the message."""
        return not self.is_button and self.parsed.get("nlu_status", "ok") == "ok"


def turns_in(events: Iterable[Event]) -> list[PastTurn]:
    """The turns since the last handover or the session's beginning, the current one last."""
    turns: list[PastTurn] = []
    for event in events:
        kind = event.get("event")
        if kind in ("session_started", "restart") or (kind == "action" and event.get("name") == HANDOVER_ACTION):
            turns = []
        elif kind == "user":
            turns.append(PastTurn(str(event.get("text") or ""), event.get("parse_data") or {}))
        elif kind == "bot" and turns:
            _note_reply(turns[-1], event)
    return turns


def _note_reply(turn: PastTurn, event: Event) -> None:
    if name := (event.get("metadata") or {}).get("utter_action"):
        turn.replies.append(str(name))
    record = (event.get("data") or {}).get("custom") or {}
    if isinstance(record, Mapping) and record.get("kind") == "answer":
        turn.cited += [str(citation.get("entry_id")) for citation in record.get("citations") or ()]


def state_from(
    events: Iterable[Event],
    limits: Thresholds,
    words: Words,
    *,
    slots: Mapping[str, Any] | None = None,
    active_form: str | None = None,
    relevance: float | None = None,
    failed_now: bool = False,
    down_now: bool = False,
) -> ConversationState:
    """The state at the last customer message of ``events``.

    Args:
        events: all of the conversation's events, oldest first.
        limits: which replies and intents mean what.
        words: the word lists.
        slots: the conversation's slots.
        active_form: the open form's name.
        relevance: of the best entry, once the knowledge was asked.
        failed_now: the reply that is about to be given says that it cannot help.
        down_now: a neighbour failed while this message was answered.
    """
    turns, slots = turns_in(events), slots or {}
    if not turns:
        return ConversationState()
    now, past = turns[-1], turns[:-1]
    said = "" if now.is_button else now.text
    abusive = words.abusive(said)
    asked = now.intent in limits.asks_for_person or (not now.understood and words.asks_for_person(said))
    asked = asked and not _HOW_MANY.search(said)
    return ConversationState(
        intent=now.intent,
        confidence=now.confidence,
        in_scope=(now.parsed.get("scope") or {}).get("in_scope"),
        words=len(said.split()),
        urgency=str(now.parsed.get("urgency") or "low"),
        sentiments=_sentiments(turns) if now.understood else (),
        crisis=words.crisis(said),
        alarming=words.alarming(said),
        abusive=abusive,
        abusive_messages=sum(words.abusive(turn.text) for turn in turns if not turn.is_button),
        asked=asked,
        failed_attempts=_failed_attempts(past, now, limits, failed_now=failed_now),
        unresolved_turns=_unresolved_turns(past, now, limits),
        refund_minor=_refund(now, slots, limits),
        relevance=relevance,
        dependency_failures=_failures_in_a_row(past, limits) + 1 if down_now else 0,
        in_journey=active_form not in (None, CONTACT_FORM),
        handed_over=active_form == CONTACT_FORM and bool(slots.get("ticket_number")),
    )


def _sentiments(turns: Sequence[PastTurn]) -> tuple[float, ...]:
    return tuple(float(turn.parsed.get("sentiment") or 0.0) for turn in turns if turn.understood)


def _is(names: Iterable[str], patterns: Sequence[str]) -> bool:
    return any(fnmatch.fnmatchcase(name, pattern) for name in names for pattern in patterns)


def _failed_attempts(past: Sequence[PastTurn], now: PastTurn, limits: Thresholds, *, failed_now: bool) -> int:
    """Failures in a row. An answer ends the row, unless the customer then says that it did not help.

    A message that may yet be answered well is no failure: it counts only once it is known to be one.
    """
    row, before_the_answer = 0, 0
    for turn in past:
        if turn.intent in limits.did_not_help:
            row, before_the_answer = max(row, before_the_answer) + 1, 0
        elif _is(turn.replies, (*limits.failed, *limits.down)):
            row += 1
        elif gets_on(turn, limits):
            row, before_the_answer = 0, row
    if failed_now or now.intent in limits.did_not_help:
        return max(row, before_the_answer if now.intent in limits.did_not_help else 0) + 1
    return 0


def _unresolved_turns(past: Sequence[PastTurn], now: PastTurn, limits: Thresholds) -> int:
    """Messages about something that is still open, this one included; 0 when this one asks for nothing."""
    row, before_the_answer = 0, 0
    told: list[str] = []
    for turn in past:
        if turn.intent in limits.did_not_help | limits.complains:
            row, before_the_answer = max(row, before_the_answer + 1 if before_the_answer else 0) + 1, 0
        elif turn.intent in limits.content:
            row, before_the_answer = 0, 0
        elif _is(turn.replies, (*limits.failed, *limits.open, *limits.down)) or (turn.cited and turn.cited == told):
            row += 1
        elif gets_on(turn, limits):
            row, before_the_answer = 0, row
        told = turn.cited or told
    if now.is_button or now.intent in limits.content | limits.small_talk:
        return 0
    return row + 1


def fell_short(turn: PastTurn, limits: Thresholds) -> bool:
    """Whether the reply could not help, or left open whether it did."""
    return _is(turn.replies, (*limits.failed, *limits.open))


def gets_on(turn: PastTurn, limits: Thresholds) -> bool:
    """Whether the reply is a step forward: there is one, and none of its parts says otherwise."""
    return bool(turn.replies) and not _is(turn.replies, (*limits.failed, *limits.open, *limits.down, *limits.aside))


def _failures_in_a_row(past: Sequence[PastTurn], limits: Thresholds) -> int:
    count = 0
    for turn in reversed(past):
        if not _is(turn.replies, limits.down):
            break
        count += 1
    return count


def _refund(now: PastTurn, slots: Mapping[str, Any], limits: Thresholds) -> int | None:
    """The largest amount that is asked back, in cents: what a journey worked out, or what the message names."""
    known = slots.get("refund_minor")
    asked = now.intent in limits.wants_money or (not now.is_button and _MONEY_BACK.search(now.text))
    amounts = [
        int(match[1]) * 100 + int(match[2] or 0)
        for entity in (now.parsed.get("entities") or ())
        if asked and entity.get("entity") == "amount" and (match := _AMOUNT.fullmatch(str(entity.get("value"))))
    ]
    found = [*amounts, *([int(known)] if known else [])]
    return max(found) if found else None
