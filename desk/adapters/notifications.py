"""What other gateways on the same PostgreSQL did, heard by LISTEN and handed to this process's listeners."""

import asyncio
import json
from typing import Any

import psycopg
import structlog
from sqlalchemy.engine import make_url

from desk.adapters.sql import timeline
from desk.adapters.sql.database import NOTICES_A_DEAD_NETWORK, Database
from desk.errors import StoreUnavailable
from desk.gateway.hub import NEWER, Event, Hub

logger = structlog.get_logger()

_PAUSE_SECONDS = 1.0


class Notifications:
    """Runs until cancelled; after a lost connection every listener is told to look for what it missed."""

    def __init__(self, url: str, *, database: Database, hub: Hub, origin: str) -> None:
        self._conninfo = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._database, self._hub, self._origin = database, hub, origin

    async def run(self) -> None:
        """Listen, again and again."""
        while True:
            try:
                await self._listen()
            except (psycopg.Error, OSError) as error:
                logger.warning("notifications.lost", error=type(error).__name__)
            await asyncio.sleep(_PAUSE_SECONDS)

    async def _listen(self) -> None:
        connection = await psycopg.AsyncConnection.connect(
            self._conninfo, autocommit=True, connect_timeout=5, **NOTICES_A_DEAD_NETWORK
        )
        async with connection:
            await connection.execute(f"LISTEN {timeline.NOTIFY_CHANNEL}")
            for conversation_id in self._hub.listened():
                self._hub.put(conversation_id, NEWER)
            async for notification in connection.notifies():
                await self._handle(json.loads(notification.payload))

    async def _handle(self, told: dict[str, Any]) -> None:
        conversation_id = told.get("c", "")
        if told.get("o") == self._origin or not self._hub.hears(conversation_id):
            return
        if signal := told.get("e"):
            self._hub.signal(conversation_id, signal[0], signal[1])
            return
        self._hub.put(conversation_id, NEWER)
        try:
            conversation = await self._database.read(timeline.find, conversation_id)
        except StoreUnavailable:
            return
        if conversation is not None:
            self._hub.put(conversation_id, Event(conversation=conversation))
