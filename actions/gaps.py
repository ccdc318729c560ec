"""Noting the questions that nothing answered, for the people who keep the knowledge."""

import asyncio

import structlog

from actions.bootstrap import Services
from actions.turn import Turn
from contracts.senders import TEACHING
from retrieval.errors import GapRecordUnavailable

logger = structlog.get_logger()


async def note_gap(services: Services, turn: Turn, question: str, reason: str) -> None:
    """Write a question down; a record that cannot be written never costs the customer the turn."""
    if turn.conversation_id.startswith(TEACHING):  # a colleague's try in the console is nobody's question
        return
    if services.gaps is None or not any(map(str.isalpha, question)) or question.startswith("/"):
        return
    try:
        await asyncio.to_thread(services.gaps.note, question, reason)
    except GapRecordUnavailable as error:
        logger.warning("gap.not_noted", reason=str(error))
