"""Handing waiting conversations out: one transaction a conversation, one gateway at a time."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, select, text

from desk.accounts.model import Permission
from desk.adapters.sql import inbox_rows, owners, staff_rows, timeline
from desk.adapters.sql.inbox_tables import inbox_details, staff_presence
from desk.adapters.sql.owner_rows import Changed
from desk.adapters.sql.staff_tables import staff_accounts
from desk.adapters.sql.tables import conversations, handoffs
from desk.gateway.model import State
from desk.inbox.assigning import Present, Wanted, chosen
from desk.sentences import Sentences

_TURN = 0x6173736967  # names the advisory lock: two gateways would count the same free places twice


def assign_one(connection: Connection, now: datetime, grace: timedelta, *, sentences: Sentences) -> Changed | None:
    """Give the conversation that is to be served next to whoever fits; None when nobody waits whom anybody could take.

    Those for whom nobody has room keep waiting, and the next ones are looked at.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": _TURN})
    there = _present(connection, now, grace)
    if not any(one.free > 0 for one in there):
        return None
    for row in inbox_rows.waiting_first(connection):
        locked = timeline.row_of(connection, row.id, lock=True)
        if locked is None or locked.state != State.QUEUED:
            continue  # somebody was faster
        found = chosen(_wanted(connection, locked, row.team), there)
        if found is None or not _still_there(connection, found.account.id, now, grace):
            continue
        agent = (found.account.id, found.account.name)
        return owners.take(connection, row.id, agent, now, expected=locked.version, sentences=sentences)
    return None


def _present(connection: Connection, now: datetime, grace: timedelta) -> Sequence[Present]:
    """Everybody who may answer, has a console open and is not away."""
    has = (
        select(conversations.c.agent_id, func.count().label("open"))
        .select_from(conversations.outerjoin(inbox_details, inbox_details.c.conversation_id == conversations.c.id))
        .where(conversations.c.state == State.AGENT.value)
        .where(func.coalesce(inbox_details.c.snoozed_until, now) <= now)
        .group_by(conversations.c.agent_id)
        .subquery()
    )
    query = (
        select(staff_accounts, func.coalesce(has.c.open, 0).label("open"))
        .join(staff_presence, staff_presence.c.staff_id == staff_accounts.c.id)
        .outerjoin(has, has.c.agent_id == staff_accounts.c.id)
        .where(staff_presence.c.seen_at > now - grace, staff_presence.c.away == 0)
        .where(staff_accounts.c.disabled_at.is_(None))
    )
    found = [Present(staff_rows.account_of(row), int(row.open)) for row in connection.execute(query)]
    return [one for one in found if one.account.staff("").may(Permission.ANSWER)]


def _still_there(connection: Connection, staff_id: str, now: datetime, grace: timedelta) -> bool:
    """Their presence, held until the end of the transaction: who goes away in this moment gets nothing more."""
    query = select(staff_presence).where(staff_presence.c.staff_id == staff_id)
    if connection.dialect.name == "postgresql":
        query = query.with_for_update()
    row = connection.execute(query).first()
    return row is not None and row.away == 0 and row.seen_at > now - grace


def _wanted(connection: Connection, row: Row[Any], team: str | None) -> Wanted:
    details = connection.execute(select(inbox_details).where(inbox_details.c.conversation_id == row.id)).first()
    newest = select(handoffs.c.details).where(handoffs.c.conversation_id == row.id).order_by(handoffs.c.at.desc())
    handoff = connection.execute(newest.limit(1)).scalar_one_or_none() or {}
    about = [*(handoff.get("intents") or ()), *(details.tags if details else ())]
    return Wanted(row.id, team, row.locale, about, details.passed_on_by if details else None)
