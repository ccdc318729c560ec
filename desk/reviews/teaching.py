"""Live teaching: a colleague talks to the bot in the console, sees its reasons, and corrects it on the spot.

The sender begins with ``teach-``: such a conversation is in no list and no figure, and nobody is called into it
(``desk/handoff/routes.py``). What the bot does in it, it does as for a customer who has proved nothing.
"""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from contracts.senders import TEACHING
from desk.adapters.sql import review_detail
from desk.adapters.sql.database import Database
from desk.adapters.sql.timeline import new_id
from desk.errors import Invalid, NotPossible, TurnFailed
from desk.gateway.model import Batch, MessageId
from desk.gateway.ports import Dialogue
from desk.reviews.reader import TrackerReader
from desk.reviews.wire import Detail

_SESSION = re.compile(rf"{TEACHING}[0-9a-f]{{24}}")
_PAYLOAD = re.compile(r"/[a-z][a-z0-9_]*(\{.*\})?", re.DOTALL)


@dataclass(frozen=True)
class Teaching:
    """Talks to the bot. ``reader`` is None where no tracker store is configured."""

    dialogue: Dialogue
    database: Database
    reader: TrackerReader | None
    now: Callable[[], datetime]

    async def say(self, session_id: str | None, text: str) -> tuple[str, Detail]:
        """Say something; the session and everything that happened in it.

        Raises:
            Invalid: the session's id is none of ours.
            NotPossible: the bot does not answer, or its reasons cannot be read here.
        """
        if self.reader is None:
            raise NotPossible("The bot's reasons cannot be read here: set DESK_TRACKER_URL.")
        session = session_id or f"{TEACHING}{secrets.token_hex(12)}"
        if not _SESSION.fullmatch(session):
            raise Invalid("session_id: begin a new session by leaving it out.")
        try:
            await self.dialogue.turn(session, self._batch(text))
        except TurnFailed as error:
            raise NotPossible(f"The bot did not answer ({error.kind}). Try again.") from error
        await self.reader.read_sender(session)
        return session, await self.database.read(review_detail.detail, session)

    def _batch(self, text: str) -> Batch:
        message_id = MessageId(new_id("m"))
        clicked = text if _PAYLOAD.fullmatch(text) else None
        return Batch(message_id, (message_id,), text, clicked, {}, attempts=1, since=self.now(), told=False)
