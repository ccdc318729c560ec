"""Turns as rows and back."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import Row

from desk.reviews.model import Knew, Said, Turn

_LONGEST_ID = 128


def row_of(number: int, turn: Turn) -> dict[str, Any]:
    """The columns of a turn."""
    return {
        "number": number,
        "position": turn.position,
        "first_event_id": turn.first_event_id,
        "message_id": turn.message_id[:_LONGEST_ID] if turn.message_id else None,
        "at": turn.at,
        "text": turn.text.replace("\x00", ""),
        "intent": turn.intent[:_LONGEST_ID] if turn.intent else None,
        "confidence": turn.confidence if turn.text and not turn.clicked else None,
        "body": _without_null_characters(
            {
                "knew": asdict(turn.knew) if turn.knew else None,
                "bot": [asdict(said) for said in turn.bot],
                "agent": [dict(one) for one in turn.agent],
                "form": turn.form,
                "stopped": turn.stopped,
                "helped": turn.helped,
                "handoff_reason": turn.handoff_reason,
                "channel": turn.channel,
                "model_version": turn.model_version,
                "prompt": turn.prompt,
            }
        ),
    }


def turn_of(row: Row[Any]) -> Turn:
    """The turn of a row."""
    body: Mapping[str, Any] = row.body
    return Turn(
        position=row.position,
        first_event_id=row.first_event_id,
        message_id=row.message_id,
        at=row.at,
        text=row.text,
        knew=Knew(**body["knew"]) if body["knew"] else None,
        bot=tuple(Said(**one) for one in body["bot"]),
        agent=tuple(body["agent"]),
        form=body["form"],
        stopped=body["stopped"],
        helped=body["helped"],
        handoff_reason=body["handoff_reason"],
        channel=body["channel"],
        model_version=body["model_version"],
        prompt=body["prompt"],
    )


def _without_null_characters(value: Any) -> Any:
    """PostgreSQL's JSON and texts take every character but this one."""
    if isinstance(value, str):
        return value.replace("\x00", "")
    if isinstance(value, Mapping):
        return {str(key): _without_null_characters(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_without_null_characters(one) for one in value]
    return value
