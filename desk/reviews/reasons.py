"""Why the bot said what it said, message by message, for whoever shows a conversation (the inbox)."""

from collections.abc import Mapping
from typing import Any

import structlog

from desk.errors import TrackerUnavailable
from desk.reviews.events import turns_of
from desk.reviews.ports import Tracker
from desk.reviews.wire import knew_json

logger = structlog.get_logger()


class TrackerReasons:
    """Reads one conversation's events when it is asked: what happened a moment ago is in it."""

    def __init__(self, tracker: Tracker | None) -> None:
        """``tracker`` is None where none is configured; then nothing is known."""
        self._tracker = tracker

    async def of(self, conversation_id: str) -> Mapping[str, Mapping[str, Any]]:
        """``Knew`` (``wire.knew_json``) by the customer's message id; empty while the tracker cannot be asked."""
        if self._tracker is None:
            return {}
        try:
            rows = await self._tracker.events(conversation_id)
        except TrackerUnavailable as error:
            logger.info("reasons.unavailable", reason=str(error))
            return {}
        turns = turns_of((row.id, row.event) for row in rows)
        return {turn.message_id: knew_json(turn.knew) for turn in turns if turn.message_id and turn.knew}
