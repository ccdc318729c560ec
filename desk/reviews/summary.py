"""A conversation's row from its turns: what lists show and filters ask."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from desk.reviews.model import LONGEST_FIRST_TEXT, DeskSide, Outcome, Summary, Turn, kind_of
from desk.reviews.worth import worth_of

_SHELL = "cmdline"
_BOWING_OUT = frozenset({"thank", "goodbye"})
_COMPLAINING = frozenset({"complain", "not_helpful"})
_NOT_ANSWERED = frozenset({"did_you_mean", "none"})
_LONGEST_WORDS = 20_000
QUIET = timedelta(minutes=30)
"""So long nobody says anything until a conversation that nobody closed has ended; as the figures have it."""


def summary_of(conversation_id: str, turns: Sequence[Turn], desk: DeskSide | None, *, now: datetime) -> Summary:
    """One row.

    Args:
        conversation_id: Rasa's sender.
        turns: all of them, oldest first; at least one.
        desk: what the desk knows of it; None where it came by another way.
        now: when it is looked at.
    """
    heard = [turn for turn in turns if turn.knew is not None]
    worded = [turn for turn in heard if turn.text and not turn.clicked]
    handoff = (desk.handoff_reason if desk else None) or next(
        (turn.handoff_reason for turn in turns if turn.handoff_reason), None
    )
    rating = desk.rating if desk else None
    worth = worth_of(worded, rating=rating, handoff_reason=handoff)
    return Summary(
        id=conversation_id,
        kind=kind_of(conversation_id),
        channel=desk.channel if desk else _channel(turns),
        started_at=turns[0].at,
        ended_at=_ended(turns),
        turns=len(turns),
        customer_messages=sum(bool(turn.text) for turn in turns),
        intents=_most_often(turn.intent for turn in heard),
        min_confidence=min((turn.confidence for turn in worded if turn.confidence is not None), default=None),
        fallbacks=sum(turn.fallback for turn in turns),
        rungs=_in_order(said.rung for turn in turns for said in turn.bot),
        handoff_reason=handoff,
        rating=rating,
        sentiment_min=min((sentiment for turn in worded if (sentiment := _sentiment(turn)) is not None), default=None),
        outcome=_outcome(turns, desk, called=bool(handoff), now=now),
        model_version=turns[-1].model_version,
        prompt_version=next((turn.prompt for turn in reversed(turns) if turn.prompt), None),
        first_text=_first_text(turns),
        worth=worth.points,
        why_next=worth.why,
        wording=worth.wording,
        terms=frozenset(_terms(turns)),
        words=_words(turns),
    )


def _outcome(turns: Sequence[Turn], desk: DeskSide | None, *, called: bool, now: datetime) -> Outcome:
    """Who ended it.

    A person, if one has it or said anything; ``called``, if one was called for and none has come: a ticket, out of
    hours. Else it is ``open`` while something may still be said. Else the customer left, if a form was still open, a
    journey was given up last, or the last answer was none. Else the bot, if it told an answer, ended a journey, or was
    thanked. A chat of greetings and small talk is ``unknown``.
    """
    if (desk and desk.with_person) or any(turn.agent for turn in turns):
        return Outcome.PERSON
    if called:
        return Outcome.CALLED
    if not (desk and desk.closed) and now - _ended(turns) < QUIET:
        return Outcome.OPEN
    return _ending(turns)


def _ending(turns: Sequence[Turn]) -> Outcome:
    form, helped, last = "", False, turns[-1]
    for turn in turns:
        form = turn.form if turn.form is not None else form
        helped = turn.helped or (helped and turn.intent not in _COMPLAINING)
    unanswered = last.fallback or (last.knew is not None and last.knew.rung in _NOT_ANSWERED)
    if form or unanswered or last.stopped:
        return Outcome.LEFT
    if helped or last.intent in _BOWING_OUT:
        return Outcome.BOT
    return Outcome.UNKNOWN


def _terms(turns: Sequence[Turn]) -> Iterable[tuple[str, str]]:
    for turn in turns:
        if turn.knew is None:
            continue
        if turn.intent:
            yield "intent", turn.intent
        yield from (("entity", str(entity["entity"])) for entity in turn.knew.entities if entity["entity"])
        yield from (("slot", name) for name in turn.knew.slots_set)
        yield from (("action", name) for name in turn.knew.actions)
        yield from (("rung", said.rung) for said in turn.bot if said.rung)


def _words(turns: Sequence[Turn]) -> str:
    """What free text search looks in: what customers wrote and people replied; the bot's sentences are everywhere."""
    said = [turn.text for turn in turns if not turn.clicked]
    said += [str(one.get("text") or "") for turn in turns for one in turn.agent]
    return "\n".join(filter(None, said))[:_LONGEST_WORDS]


def _channel(turns: Sequence[Turn]) -> str:
    named = next((turn.channel for turn in turns if turn.channel), None)
    return "shell" if named == _SHELL else named or "unknown"


def _ended(turns: Sequence[Turn]) -> datetime:
    return max(turn.at for turn in turns)


def _first_text(turns: Sequence[Turn]) -> str:
    worded = (turn.text for turn in turns if turn.text and not turn.clicked)
    text = " ".join(next(worded, turns[0].text).split())
    return text if len(text) <= LONGEST_FIRST_TEXT else text[: LONGEST_FIRST_TEXT - 1] + "…"


def _sentiment(turn: Turn) -> float | None:
    return turn.knew.sentiment if turn.knew else None


def _most_often(names: Iterable[str | None]) -> list[str]:
    """Most frequent first, all of them; lists show three."""
    return [name for name, _ in Counter(name for name in names if name).most_common()]


def _in_order(names: Iterable[str | None]) -> list[str]:
    return list(dict.fromkeys(name for name in names if name))
