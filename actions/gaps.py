"""Noting the questions that nothing answered, for the people who keep the knowledge."""

import asyncio

import structlog

from actions.bootstrap import Services
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
