"""Erasing: one customer's conversation on request, old conversations by the schedule."""

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Connection, and_, delete, func, or_, select, update

from desk.adapters.sql import merging, review_rows, timeline, work
from desk.adapters.sql.database import Database
from desk.adapters.sql.knowledge_tables import knowledge_drafts
from desk.adapters.sql.tables import attachments, conversations, erasures, handoffs, inbox, items, outbox
from desk.attachments.service import AttachmentDesk
from desk.errors import NotFound
from desk.gateway.model import State
from desk.metrics import Metrics

logger = structlog.get_logger()

TICKETS_KEPT = "kept as long as the law asks, then removed by the company"
_AT_ONCE = 50
_AFTER_THE_LAST_TURN = timedelta(minutes=5)
"""A turn that was under way may reach Rasa after the erasure, so it is asked again when no try can last that long."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What an erasure did. It names the conversation by a hash only."""

    receipt: str
    erased_at: datetime
    erased: dict[str, int | str]


@dataclass(frozen=True)
class Retention:
    """Erases conversations here at once, and in Rasa's tracker by an errand that is tried until it is done."""

    database: Database
    files: AttachmentDesk
    metrics: Metrics
    wake: Callable[[], None]
    now: Callable[[], datetime]
    kept: timedelta
    kept_closed: timedelta

    async def erase(self, conversation_id: str, why: str = "customer") -> Receipt:
        """Erase one conversation for good.

        Raises:
            NotFound: there is none.
        """
        receipt, files = await self.database.write(_erase, conversation_id, self.now())
        self.metrics.files_left.inc(await asyncio.to_thread(self.files.remove, files))
        self.metrics.erased.labels(why).inc()
        logger.info("conversation.erased", why=why, receipt=receipt.receipt)
        self.wake()
        return receipt

    async def run_schedule(self) -> int:
        """Erase what is older than it may be; how many."""
        now = self.now()
        old = await self.database.read(_old, now - self.kept, now - self.kept_closed)
        for conversation_id in old:
            await self.erase(conversation_id, why="schedule")
        return len(old)

    async def sweep(self) -> None:
        """Delete files that outlived their conversation."""
        self.metrics.files_left.inc(await self.files.sweep())


def _old(connection: Connection, before: datetime, closed_before: datetime) -> list[str]:
    table = conversations.c
    closed = and_(table.state == State.CLOSED, table.updated_at < closed_before)
    query = select(table.id).where(or_(table.updated_at < before, closed)).limit(_AT_ONCE)
    return list(connection.execute(query).scalars()) or review_rows.of_nobody(connection, before, _AT_ONCE)


def _erase(connection: Connection, conversation_id: str, now: datetime) -> tuple[Receipt, list[str]]:
    here = timeline.row_of(connection, conversation_id, lock=True) is not None
    transcripts = review_rows.erase(connection, conversation_id)
    if not here and not transcripts:
        raise NotFound
    mine = select(attachments.c.id).where(attachments.c.conversation_id == conversation_id)
    files = list(connection.execute(mine).scalars())
    messages = connection.execute(select(func.count()).where(items.c.conversation_id == conversation_id)).scalar_one()
    calls = connection.execute(select(func.count()).where(handoffs.c.conversation_id == conversation_id)).scalar_one()
    for table in (items, inbox, handoffs, attachments, outbox):
        connection.execute(delete(table).where(table.c.conversation_id == conversation_id))
    merging.forget(connection, conversation_id)
    drafts = update(knowledge_drafts).where(knowledge_drafts.c.conversation_id == conversation_id)
    connection.execute(drafts.values(conversation_id=None))
    connection.execute(delete(conversations).where(conversations.c.id == conversation_id))
    for moment in (now, now + _AFTER_THE_LAST_TURN):
        work.put_into_outbox(connection, conversation_id, "erase", {}, moment)
    counts: dict[str, Any] = {
        "messages": messages,
        "attachments": len(files),
        "handoffs": calls,
        "transcripts": transcripts,
        "dialogue": "being erased",
        "tickets": TICKETS_KEPT,
    }
    receipt = Receipt(timeline.new_id("r"), now, counts)
    hashed = hashlib.sha256(conversation_id.encode()).hexdigest()
    values = {"receipt": receipt.receipt, "conversation_hash": hashed, "erased_at": now, "counts": counts}
    connection.execute(erasures.insert().values(values))
    return receipt, files
