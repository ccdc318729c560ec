"""Inbox, outbox and leases: what waits, who does it, and what came of it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Update, and_, delete, exists, func, or_, select, update

from desk.adapters.sql.tables import conversations, handoffs, inbox, items, outbox
from desk.adapters.sql.timeline import append, conversation_of, new_id, row_of
from desk.errors import LeaseLost
from desk.gateway.delivery import GiveUp, TryAgain, Waiting, first_turn
from desk.gateway.model import (
    Batch,
    Claim,
    Conversation,
    ConversationId,
    Draft,
    Errand,
    Item,
    Lease,
    MessageId,
    Speaker,
    State,
)

JOINING_CHANNEL = "web"
"""Elsewhere each request waits for its own answer."""

_FORGOTTEN_AFTER = timedelta(seconds=2)
"""A lease this old, of whoever does not work on it, is not about to be worked on."""


def put_into_outbox(
    connection: Connection, conversation_id: str, kind: str, body: dict[str, Any], now: datetime
) -> str:
    """Something to be told to a neighbour, in order."""
    errand_id = new_id("o")
    connection.execute(
        outbox.insert().values(
            id=errand_id,
            conversation_id=conversation_id,
            kind=kind,
            body=body,
            state="waiting",
            attempts=0,
            next_at=now,
            created_at=now,
        )
    )
    return errand_id


def refresh_due(connection: Connection, conversation_id: str) -> datetime | None:
    """``due_at`` becomes when the conversation's next work may begin, which is returned."""
    due = _ahead(connection, conversation_id).due
    connection.execute(update(conversations).where(conversations.c.id == conversation_id).values(due_at=due))
    return due


def claim(
    connection: Connection, owner: str, now: datetime, lasts: timedelta, limit: int, *, running: Sequence[str] = ()
) -> list[Lease]:
    """Leases on conversations that have work due and no live lease; each try is counted before it is made.

    A lease of this owner's own on a conversation that is not ``running`` is nobody's: what took it never learned of
    it (its request was cut off, or the data base's confirmation was lost).
    """
    table = conversations.c
    forgotten = and_(
        table.lease_owner == owner, table.id.not_in(running), table.lease_until <= now + lasts - _FORGOTTEN_AFTER
    )
    free = or_(table.lease_until.is_(None), table.lease_until <= now, forgotten)
    query = (
        select(table.id, table.channel, table.fence)
        .where(table.due_at <= now, free)
        .order_by(table.due_at)
        .limit(limit)
    )
    if connection.dialect.name == "postgresql":
        query = query.with_for_update(skip_locked=True)
    leases = []
    for row in connection.execute(query).all():
        work = _next_work(connection, row, now)
        if work is None:
            refresh_due(connection, row.id)
            continue
        columns = leased(row.fence, Claim(owner, now + lasts))
        connection.execute(update(conversations).where(table.id == row.id).values(columns))
        leases.append(Lease(ConversationId(row.id), row.fence + 1, work))
    return leases


def leased(fence: int, by: Claim) -> dict[str, Any]:
    """What changes in a conversation's row when its work is begun."""
    return {"lease_owner": by.owner, "lease_until": by.until, "fence": fence + 1}


def renew(connection: Connection, owner: str, ids: Sequence[str], until: datetime) -> None:
    """A sign of life for the conversations that are worked on."""
    table = conversations.c
    mine = update(conversations).where(table.lease_owner == owner, table.id.in_(ids))
    connection.execute(mine.values(lease_until=until))


def release_all(connection: Connection, owner: str | None = None) -> None:
    """Give leases back: this owner's at its end; all, at the start, in a data base that only one gateway uses."""
    given_back = update(conversations).values(lease_owner=None, lease_until=None)
    held = conversations.c.lease_owner
    connection.execute(given_back.where(held.is_not(None) if owner is None else held == owner))


@dataclass(frozen=True, slots=True)
class Finished:
    """What a turn came to.

    Attributes:
        conversation: as it stands now.
        called: the turn called for a person, and the customer has not been told.
        due: when the conversation's next work may begin, if there is any.
    """

    added: list[Item]
    conversation: Conversation
    called: bool
    due: datetime | None


def finish_turn(
    connection: Connection,
    lease: Lease,
    batch: Batch,
    drafts: Sequence[Draft],
    now: datetime,
    *,
    error: str | None = None,
) -> Finished:
    """The answer, stored together with the end of its messages and the lease's return; with ``error`` dead letters.

    Raises:
        LeaseLost: another worker has the conversation; nothing is written.
    """
    row = guard(connection, lease)
    if _change(connection, lease, batch, state="done" if error is None else "dead", error=error) == 0 and error:
        raise LeaseLost(lease.conversation_id)  # it was answered, and only the data base's confirmation was lost
    ahead = _ahead(connection, lease.conversation_id)
    if ahead.called:
        unannounced_handoffs(connection, lease.conversation_id)
    returned = {"lease_owner": None, "lease_until": None, "due_at": ahead.due}
    added = append(connection, lease.conversation_id, drafts, now, returned)
    if not added:
        connection.execute(update(conversations).where(conversations.c.id == row.id).values(returned))
    conversation = conversation_of(connection, row)
    grown = replace(conversation, position=row.position + len(added), updated_at=now)
    return Finished(added, grown if added else conversation, called=ahead.called, due=ahead.due)


def postpone_turn(
    connection: Connection, lease: Lease, batch: Batch, *, kind: str, decision: TryAgain, late: Draft, now: datetime
) -> list[Item]:
    """The same turn again later; with the sentence for the customer if it is time for it.

    Raises:
        LeaseLost: another worker has the conversation.
    """
    guard(connection, lease)
    _change(connection, lease, batch, next_at=decision.at, error=kind)
    told = tell(connection, lease, batch, late, now) if decision.tell else []
    release(connection, lease)
    return told


def tell(connection: Connection, lease: Lease, batch: Batch, late: Draft, now: datetime) -> list[Item]:
    """Say that it takes longer, once a turn.

    Raises:
        LeaseLost: another worker has the conversation.
    """
    guard(connection, lease)
    if connection.execute(_of(lease, batch).where(inbox.c.told_at.is_(None)).values(told_at=now)).rowcount == 0:
        return []
    return append(connection, lease.conversation_id, [late], now)


def finish_errand(
    connection: Connection, lease: Lease, errand: Errand, error: str | None, decision: TryAgain | GiveUp | None
) -> datetime | None:
    """An errand done (no ``error``), postponed or buried; when the conversation's next work may begin.

    Raises:
        LeaseLost: another worker has the conversation.
    """
    guard(connection, lease)
    close_errand(connection, errand, error, decision)
    return release(connection, lease)


def close_errand(connection: Connection, errand: Errand, error: str | None, decision: TryAgain | GiveUp | None) -> None:
    """Write down what came of an errand; of an erasure that is done nothing stays, as it names what was erased."""
    if errand.kind == "erase" and decision is None:
        connection.execute(delete(outbox).where(outbox.c.id == errand.id))
        return
    if isinstance(decision, TryAgain):
        values: dict[str, Any] = {"next_at": decision.at, "error": error}
    else:
        values = {"state": "dead" if isinstance(decision, GiveUp) else "done", "error": error}
    connection.execute(update(outbox).where(outbox.c.id == errand.id).values(values))


def claim_erasures(connection: Connection, now: datetime, lasts: timedelta) -> list[tuple[str, Errand]]:
    """Erasures elsewhere that are due; their conversations are gone here. Doing one twice does no harm."""
    query = (
        select(outbox)
        .where(outbox.c.kind == "erase", outbox.c.state == "waiting", outbox.c.next_at <= now)
        .order_by(outbox.c.next_at)
        .limit(10)
    )
    if connection.dialect.name == "postgresql":
        query = query.with_for_update(skip_locked=True)
    rows = connection.execute(query).all()
    for row in rows:
        taken = update(outbox).where(outbox.c.id == row.id)
        connection.execute(taken.values(next_at=now + lasts, attempts=row.attempts + 1))
    return [(row.conversation_id, _errand(row)) for row in rows]


def guard(connection: Connection, lease: Lease) -> Row[Any]:
    """The conversation's row, locked, if this lease is still the newest.

    Raises:
        LeaseLost: it is not, or the conversation was erased.
    """
    row = row_of(connection, lease.conversation_id, lock=True)
    if row is None or row.fence != lease.fence:
        raise LeaseLost(lease.conversation_id)
    return row


def release(connection: Connection, lease: Lease) -> datetime | None:
    """Give the lease back and note when the next work is due."""
    due = _ahead(connection, lease.conversation_id).due
    mine = update(conversations).where(conversations.c.id == lease.conversation_id)
    connection.execute(mine.values(lease_owner=None, lease_until=None, due_at=due))
    return due


def waiting_counts(connection: Connection) -> dict[str, int]:
    """How many messages and errands wait or are dead, and how many conversations are in the queue."""
    counts = {f"inbox_{state}": 0 for state in ("waiting", "dead")} | {
        f"outbox_{state}": 0 for state in ("waiting", "dead")
    }
    for name, table in (("inbox", inbox), ("outbox", outbox)):
        query = (
            select(table.c.state, func.count()).where(table.c.state.in_(("waiting", "dead"))).group_by(table.c.state)
        )
        counts |= {f"{name}_{state}": count for state, count in connection.execute(query)}
    queued = select(func.count()).where(conversations.c.state == State.QUEUED)
    return {**counts, "queued": int(connection.execute(queued).scalar_one())}


def unannounced_handoffs(connection: Connection, conversation_id: str) -> int:
    """How many handoffs of the running turn the customer has not been told yet; they count as told afterwards."""
    pending = update(handoffs).where(handoffs.c.conversation_id == conversation_id, handoffs.c.announced.is_(False))
    return int(connection.execute(pending.values(announced=True)).rowcount)


def _next_work(connection: Connection, row: Any, now: datetime) -> Batch | Errand | None:
    errand = _head_errand(connection, row.id)
    if errand is not None:
        if errand.next_at > now:
            return None
        connection.execute(update(outbox).where(outbox.c.id == errand.id).values(attempts=errand.attempts + 1))
        return _errand(errand)
    return _next_turn(connection, row, now)


def _next_turn(connection: Connection, row: Any, now: datetime) -> Batch | None:
    query = (
        select(inbox)
        .where(inbox.c.conversation_id == row.id, inbox.c.state == "waiting")
        .order_by(inbox.c.position)
        .limit(20)
    )
    waiting = connection.execute(query).all()
    if not waiting or waiting[0].next_at > now:
        return None
    join = len(waiting) > 1 and row.channel == JOINING_CHANNEL and not _asked_for_input(connection, row.id)
    chosen = first_turn([Waiting(one.id, one.text, one.payload, one.batch_id) for one in waiting], join=join)
    taken, head = waiting[: len(chosen)], waiting[0]
    ids = [one.id for one in taken]
    connection.execute(update(inbox).where(inbox.c.id.in_(ids)).values(batch_id=head.id, attempts=head.attempts + 1))
    return Batch(
        id=MessageId(head.id),
        message_ids=ids,
        text="\n".join(one.text for one in taken),
        payload=head.payload,
        metadata=head.metadata,
        attempts=head.attempts + 1,
        since=head.received_at,
        told=head.told_at is not None,
    )


def _asked_for_input(connection: Connection, conversation_id: str) -> bool:
    """Whether the bot's last words ask for one thing, so that the answer must stand alone."""
    query = (
        select(items.c.message)
        .where(items.c.conversation_id == conversation_id, items.c.speaker == Speaker.BOT)
        .order_by(items.c.position.desc())
        .limit(1)
    )
    message = connection.execute(query).scalar_one_or_none() or {}
    return '"input":' in json.dumps(message.get("custom") or {})


def _head_errand(connection: Connection, conversation_id: str) -> Row[Any] | None:
    query = (
        select(outbox)
        .where(outbox.c.conversation_id == conversation_id, outbox.c.state == "waiting", outbox.c.kind != "erase")
        .order_by(outbox.c.created_at)
        .limit(1)
    )
    return connection.execute(query).first()


@dataclass(frozen=True, slots=True)
class _Ahead:
    errand_at: datetime | None
    message_at: datetime | None
    called: bool

    @property
    def due(self) -> datetime | None:
        """Errands come before messages."""
        return self.errand_at or self.message_at


def _ahead(connection: Connection, conversation_id: str) -> _Ahead:
    """What waits in a conversation, in one statement."""
    errand = (
        select(outbox.c.next_at)
        .where(outbox.c.conversation_id == conversation_id, outbox.c.state == "waiting", outbox.c.kind != "erase")
        .order_by(outbox.c.created_at)
        .limit(1)
    )
    message = (
        select(inbox.c.next_at)
        .where(inbox.c.conversation_id == conversation_id, inbox.c.state == "waiting")
        .order_by(inbox.c.position)
        .limit(1)
    )
    called = exists().where(handoffs.c.conversation_id == conversation_id, handoffs.c.announced.is_(False))
    query = select(errand.scalar_subquery(), message.scalar_subquery(), called)
    return _Ahead(*connection.execute(query).one())


def _of(lease: Lease, batch: Batch) -> Update:
    """The messages of a turn that still waits; named with their conversation, by which they are indexed."""
    mine = update(inbox).where(inbox.c.conversation_id == lease.conversation_id, inbox.c.state == "waiting")
    return mine.where(inbox.c.batch_id == batch.id)


def _change(connection: Connection, lease: Lease, batch: Batch, **values: Any) -> int:
    return int(connection.execute(_of(lease, batch).values(values)).rowcount)


def _errand(row: Row[Any]) -> Errand:
    return Errand(row.id, row.kind, row.body, row.attempts + 1, row.created_at)
