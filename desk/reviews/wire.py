"""Transcripts as the console reads them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from desk.gateway.wire import moment
from desk.reviews.model import Knew, Said, Turn

_SHOWN_INTENTS = 3


@dataclass(frozen=True, slots=True)
class TurnNotes:
    """What a colleague decided about one turn."""

    intent: str | None = None
    should_have_been: str | None = None


@dataclass(frozen=True, slots=True)
class Spoken:
    """Somebody's words that are the desk's: a colleague's, or a customer's to a colleague."""

    speaker: str
    name: str | None
    text: str
    at: datetime


@dataclass(frozen=True)
class Detail:
    """Everything about one conversation.

    Attributes:
        titles: what stood on a clicked button, by message id.
        spoken: the desk's own record of what people said; None where the desk does not have the conversation.
        moments: when customers' messages came, by message id.
    """

    row: Row[Any]
    turns: Sequence[Turn]
    judged: Mapping[int, Row[Any]]
    marks: Sequence[Row[Any]]
    comments: Sequence[Row[Any]]
    titles: Mapping[str, str]
    moments: Mapping[str, datetime]
    spoken: Sequence[Spoken] | None


def row_json(row: Row[Any]) -> dict[str, Any]:
    """A line of the list."""
    return {
        "id": row.id,
        "channel": row.channel,
        "started_at": moment(row.started_at),
        "ended_at": moment(row.ended_at),
        "turns": row.turns,
        "customer_messages": row.customer_messages,
        "intents": row.intents[:_SHOWN_INTENTS],
        "min_confidence": row.min_confidence,
        "fallbacks": row.fallbacks,
        "rungs": row.rungs,
        "handoff_reason": row.handoff_reason,
        "rating": row.rating,
        "sentiment_min": row.sentiment_min,
        "outcome": row.outcome,
        "model_version": row.model_version,
        "tags": row.tags,
        "state": row.state,
        "flagged": row.flagged,
        "first_text": row.first_text,
        "why_next": row.why_next,
    }


def knew_json(knew: Knew) -> dict[str, Any]:
    """What the bot knew."""
    return {
        "intent": knew.intent,
        "ranking": list(knew.ranking),
        "entities": list(knew.entities),
        "sentiment": knew.sentiment,
        "urgency": knew.urgency,
        "actions": list(knew.actions),
        "slots_set": dict(knew.slots_set),
        "rung": knew.rung,
        "citations": list(knew.citations),
        "policy": knew.policy,
    }


def detail_json(detail: Detail) -> dict[str, Any]:
    """The whole conversation with everything that was said about it."""
    people = _people_by_turn(detail)
    return {
        "row": row_json(detail.row),
        "turns": [turn_json(turn, detail, people.get(turn.position, ())) for turn in detail.turns],
        "comments": [comment_json(one) for one in detail.comments if one.position is None],
    }


def turn_json(turn: Turn, detail: Detail, people: Sequence[Spoken] = ()) -> dict[str, Any]:
    """One turn."""
    judged = detail.judged.get(turn.position)
    agent = list(turn.agent) if detail.spoken is None else [_spoken_json(one) for one in people]
    return {
        "index": turn.position,
        "message_id": turn.message_id,
        "at": moment(detail.moments.get(turn.message_id or "", turn.at)),
        "text": turn.text,
        "clicked": detail.titles.get(turn.message_id or "") if turn.clicked else None,
        "knew": knew_json(turn.knew) if turn.knew else None,
        "bot": [_said_json(said) for said in turn.bot],
        "agent": agent,
        "corrected": _corrected_json(judged),
        "marks": [{"by": one.name, "at": moment(one.at)} for one in detail.marks if one.position == turn.position],
        "comments": [comment_json(one) for one in detail.comments if one.position == turn.position],
        "answer_rating": judged.answer_rating if judged else None,
        "should_have_been": judged.should_have_been if judged else None,
    }


def comment_json(row: Any) -> dict[str, Any]:
    """What somebody said about it."""
    return {"id": row.id, "by": row.name, "text": row.text, "at": moment(row.at)}


def correction_json(row: Row[Any]) -> dict[str, Any]:
    """A line of the list of corrections."""
    return {
        "text": row.text,
        "intent": row.intent or row.said,
        "was": row.said,
        "entities": row.entities,
        "by": row.corrected_by_name,
        "at": moment(row.corrected_at),
        "conversation_id": row.conversation_id,
        "index": row.position,
        "exported_at": moment(row.exported_at) if row.exported_at else None,
    }


def _corrected_json(judged: Row[Any] | None) -> dict[str, Any] | None:
    if judged is None or judged.corrected_at is None:
        return None
    told: dict[str, Any] = {"by": judged.corrected_by_name, "at": moment(judged.corrected_at)}
    if judged.intent is not None:
        told["intent"] = judged.intent
    if judged.entities is not None:
        told["entities"] = judged.entities
    return told


def _said_json(said: Said) -> dict[str, Any]:
    return {
        "text": said.text,
        "buttons": list(said.buttons),
        "rung": said.rung,
        "citations": list(said.citations),
    }


def _spoken_json(spoken: Spoken) -> dict[str, Any]:
    return {"speaker": spoken.speaker, "name": spoken.name, "text": spoken.text, "at": moment(spoken.at)}


def _people_by_turn(detail: Detail) -> dict[int, list[Spoken]]:
    """People's words at the turn that they follow."""
    starts = [(detail.moments.get(turn.message_id or "", turn.at), turn.position) for turn in detail.turns]
    found: dict[int, list[Spoken]] = {}
    for one in detail.spoken or ():
        position = max((start for start in starts if start[0] <= one.at), default=starts[0])[1]
        found.setdefault(position, []).append(one)
    return found
