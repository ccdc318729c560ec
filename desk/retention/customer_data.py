"""What a customer may ask for by law: everything that is held about them, or its erasure."""

import asyncio
import base64
import hashlib
from collections import Counter
from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from desk.adapters.sql import customer_rows
from desk.adapters.sql.customer_rows import How, Trace
from desk.adapters.sql.database import Database
from desk.adapters.sql.timeline import new_id
from desk.errors import NotFound
from desk.gateway.wire import moment
from desk.inbox.ports import Customers
from desk.retention.service import TICKETS_KEPT, Retention


@dataclass(frozen=True, slots=True)
class CustomerErased:
    """What the erasure of a customer did.

    Attributes:
        counts: how many conversations, messages, attachments, handoffs and transcripts are gone.
    """

    receipt: str
    erased_at: datetime
    counts: dict[str, int] = field(default_factory=dict)


class CustomerData:
    """Finds, hands out or erases what the desk holds; orders and tickets are the back office's.

    A customer is asked for by an e-mail address, an order number, the website's id of them, or the id of a
    conversation, which may be anonymous.
    """

    def __init__(self, database: Database, retention: Retention, customers: Customers) -> None:
        self._database, self._retention, self._customers = database, retention, customers

    async def find(self, asked: str) -> list[Trace]:
        """Conversations that are the customer's, surely or perhaps.

        Raises:
            StoreUnavailable: the back office does not answer, so some might be missing.
        """
        asked = asked.removeprefix("#")  # as people write order numbers
        known, proved = await self._customers.traces(asked)
        ids = {asked, known} if known else {asked}
        return await self._database.read(customer_rows.traces, asked, ids, proved)

    async def chosen(self, asked: str, conversations: Collection[str]) -> list[Trace]:
        """Those that were chosen from what was found.

        Raises:
            NotFound: none of them is there (any more).
        """
        found = [one for one in await self.find(asked) if one.id in conversations]
        if not found:
            raise NotFound
        return found

    async def export(self, asked: str, conversations: Sequence[str]) -> AsyncIterator[bytes]:
        """One JSON document, a conversation at a time, files included (base64)."""
        head = {"asked_for": asked, "made_at": moment(self._retention.now()), "tickets": TICKETS_KEPT}
        yield orjson.dumps(head)[:-1] + b',"conversations":['
        first = True
        for conversation_id in conversations:
            held = await self._database.read(customer_rows.held_about, conversation_id, conversations)
            if held is None:
                continue  # erased meanwhile
            yield (b"" if first else b",") + await asyncio.to_thread(self._written, conversation_id, held)
            first = False
        yield b"]}\n"

    async def erase(self, asked: str, conversations: Collection[str]) -> CustomerErased:
        """Erase the chosen conversations for good, and those that the customer begins meanwhile.

        Raises:
            NotFound: none of them is there (any more).
        """
        seen = {one.id for one in await self.find(asked)}
        left = [one.id for one in await self.chosen(asked, conversations)]
        total: Counter[str] = Counter()
        while left:
            for conversation_id in left:
                total.update(await self._erase(conversation_id))
            left = [one.id for one in await self.find(asked) if one.how is not How.MENTIONS and one.id not in seen]
            seen.update(left)
        done = CustomerErased(new_id("r"), self._retention.now(), dict(total))
        counts = {**done.counts, "tickets": TICKETS_KEPT}
        hashed = hashlib.sha256(f"customer:{asked}".encode()).hexdigest()
        await self._database.write(customer_rows.keep_receipt, done.receipt, hashed, done.erased_at, counts)
        return done

    async def _erase(self, conversation_id: str) -> dict[str, int]:
        try:
            receipt = await self._retention.erase(conversation_id, why="admin")
        except NotFound:  # the customer was faster
            return {}
        return {"conversations": 1} | {what: n for what, n in receipt.erased.items() if isinstance(n, int)}

    def _written(self, conversation_id: str, held: dict[str, Any]) -> bytes:
        for attachment in held["attachments"]:
            path = self._retention.files.path_of(attachment["id"])
            attachment["content_base64"] = _content(path)
        return orjson.dumps({"id": conversation_id, **held}, option=orjson.OPT_UTC_Z)


def _content(path: Path) -> str | None:
    try:
        return base64.b64encode(path.read_bytes()).decode()
    except FileNotFoundError:
        return None
