"""Noting the questions that nothing answered, for the people who keep the knowledge."""

import asyncio
from typing import Any

import structlog

from actions.bootstrap import Services
from actions.turn import Turn
from retrieval.errors import GapRecordUnavailable

logger = structlog.get_logger()


async def note_gap(services: Services, question: str, reason: str) -> None:
    """Write a question down; a record that cannot be written never costs the customer the turn."""
    if services.gaps is None or not any(map(str.isalpha, question)) or question.startswith("/"):
        return
    try:
        await asyncio.to_thread(services.gaps.note, question, reason)
    except GapRecordUnavailable as error:
        logger.warning("gap.not_noted", reason=str(error))


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


def _answer_in(event: dict[str, Any]) -> dict[str, Any] | None:
    record = (event.get("data") or {}).get("custom")
    return record if isinstance(record, dict) and record.get("kind") == "answer" else None
