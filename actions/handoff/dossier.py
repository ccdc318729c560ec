"""What a colleague gets to read: taken from the tracker, never from prose, and masked where a customer wrote freely."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from actions.handoff.model import Handoff
from contracts.escalation import thresholds
from contracts.escalation.history import PastTurn, turns_in
from contracts.escalation.model import Reason
from privacy.personal_data import PersonalData

if TYPE_CHECKING:
    from actions.turn import Turn

_LAST_WORDS = 500  # characters
_LATEST = 20  # intents, moods and attempts: what is older is in the transcript
_NEVER_COLLECTED = frozenset({
    *("requested_slot", "session_started_metadata", "suspended", "pending_offer", "fallback_count", "invalid_tries"),
    *("tried_order_number", "tried_email", "tries_left", "ticket_number", "agreed", "plan", "code", "code_sent"),
    *("retry", "opening", "last_journey", "done_plan", "contact_email"),
})  # fmt: skip
"""What the dialogue remembers for itself, and one-time codes."""

_TRIED = {
    "utter_answer": "answered from the knowledge",
    "utter_did_you_mean": "offered near entries",
    "utter_nearest_sentence": "told the nearest sentence of an entry",
    "utter_no_answer": "found no entry",
    "utter_not_understood": "did not understand",
    "utter_not_understood_again": "did not understand",
    "utter_not_understood_in_form": "could not use what was said",
    "utter_verification_failed": "order number and e-mail did not go together",
    "utter_verification_locked": "verification locked after wrong tries",
    "utter_verification_closed": "order or address locked after wrong tries in other conversations",
    "utter_order_not_yours": "order not found among the customer's",
    "utter_backoffice_down": "order system did not answer",
    "utter_knowledge_down": "knowledge did not answer",
    "utter_abuse_warning": "warned for abuse",
    "utter_abuse_second_warning": "warned for abuse again, supervisor offered",
}
_SAID = {
    Reason.CRISIS_SELF_HARM: "The customer's words point to self-harm. Help lines were given. Read this first.",
    Reason.CRISIS_EMERGENCY: "The customer describes an emergency. Emergency numbers were given. Read this first.",
    Reason.ASKED_FOR_PERSON: "The customer asked for a person.",
    Reason.TICKET_REQUESTED: "The customer asked for a ticket.",
    Reason.LEGAL_OR_PRESS: "The customer mentions lawyers, the press or an authority. Comment on nothing.",
    Reason.ABUSE: "Third abusive message after two warnings.",
    Reason.URGENT_COMPLAINT: "An urgent complaint.",
    Reason.COMPLAINT: "A complaint; the customer accepted the offer of a person.",
    Reason.VERY_NEGATIVE: "The customer is very upset.",
    Reason.NEGATIVE_RUN: "The customer has been unhappy for several messages in a row.",
    Reason.FAILED_ATTEMPTS: "The bot failed to help several times in a row.",
    Reason.UNRESOLVED: "Many messages, and the matter is still open.",
    Reason.REFUND_ABOVE_LIMIT: "A refund above what the bot may settle.",
    Reason.NOT_UNDERSTOOD: "The bot understood neither the request nor found an entry.",
    Reason.DEPENDENCY_DOWN: "A system that this needs did not answer.",
}


def handoff_from(turn: Turn, reason: Reason, personal_data: PersonalData, *, email: str | None) -> Handoff:
    """The handoff of this turn; ``email`` is the verified customer's."""
    turns = turns_in(turn.tracker.events)
    route = thresholds.load().routing[reason]
    words = next((past.text for past in reversed(turns) if not past.is_button), "")
    tried = _tried(turns)
    last_words = personal_data.hidden(words)[:_LAST_WORDS]
    collected = collected_in(turn.tracker.slots)
    return Handoff(
        conversation_id=turn.conversation_id,
        message_id=turn.message_id,
        reason=reason,
        priority=route.priority,
        team=route.team,
        summary=_summary(turn, reason, turns, tried=tried, last_words=last_words, collected=collected),
        last_words=last_words,
        collected=collected,
        intents=tuple(_without_repeats(past.intent for past in turns))[-_LATEST:],
        sentiment=_sentiment(turns),
        tried=tried,
        contact_email=email,
    )


def collected_in(slots: Mapping[str, Any]) -> dict[str, Any]:
    """The slots a colleague can use, so that the customer is not asked again; with those of journeys that wait."""
    waiting = [
        _usable(entry.get("slots") or {}) | {"journey": str(entry["form"]).removesuffix("_form")}
        for entry in slots.get("suspended") or ()
        if isinstance(entry, Mapping)
    ]
    return _usable(slots) | ({"waiting": waiting} if waiting else {})


def _usable(slots: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value
        for name, value in slots.items()
        if value and name not in _NEVER_COLLECTED and isinstance(value, (str, int, float))
    }


def _summary(
    turn: Turn,
    reason: Reason,
    turns: list[PastTurn],
    *,
    tried: tuple[str, ...],
    last_words: str,
    collected: Mapping[str, Any],
) -> str:
    """A page that can be read in ten seconds: why, what for, what is known, what was done, the last words."""
    about = list(_without_repeats(past.intent.replace("_", " ") for past in turns if past.intent != "nlu_fallback"))
    lines = [_SAID[reason]]
    if turn.active_form:
        lines.append(f"Was in the middle of: {turn.active_form.removesuffix('_form').replace('_', ' ')}.")
    if about:
        lines.append(f"About: {', then '.join(about[-5:])}.")
    if collected:
        lines.append("Known: " + "; ".join(f"{name.replace('_', ' ')} {value}" for name, value in collected.items()))
    if tried:
        lines.append(f"Tried: {'; '.join(_without_repeats(tried))}.")
    if moods := _sentiment(turns):
        lines.append(f"Mood: {_course(moods)} ({moods[-1]:+.2f} at the end).")
    lines.append(f"Customer messages so far: {len(turns)}.")
    if last_words:
        lines.append(f'Last words: "{last_words}"')
    return "\n".join(lines)


def _tried(turns: Iterable[PastTurn]) -> tuple[str, ...]:
    found: list[str] = []
    for past in turns:
        for reply in past.replies:
            if reply in _TRIED:
                entries = f" ({', '.join(past.cited)})" if past.cited and reply.startswith("utter_answer") else ""
                found.append(_TRIED[reply] + entries)
            elif fnmatch.fnmatchcase(reply, "utter_order_*"):
                found.append("told the order's status")
    return tuple(found[-_LATEST:])


def _sentiment(turns: Iterable[PastTurn]) -> tuple[float, ...]:
    moods = [round(float(past.parsed.get("sentiment") or 0.0), 2) for past in turns if past.understood]
    return tuple(moods[-_LATEST:])


def _course(moods: tuple[float, ...]) -> str:
    """The line of moods in one word."""
    change = moods[-1] - moods[0]
    if len(moods) > 1 and abs(change) >= 0.3:  # noqa: PLR2004 - less is noise of the tone model
        return "getting worse" if change < 0 else "getting better"
    if moods[-1] <= -0.3:  # noqa: PLR2004
        return "unhappy"
    return "good" if moods[-1] >= 0.3 else "even"  # noqa: PLR2004


def _without_repeats(items: Iterable[str]) -> Iterable[str]:
    last = None
    for item in items:
        if item != last:
            yield item
        last = item
