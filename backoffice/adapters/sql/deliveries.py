"""What the help desk has not taken yet, read from the tickets themselves: nothing can be left out of a list."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session, aliased

from backoffice.adapters.sql.database import Database, insert_if_new
from backoffice.adapters.sql.delivery_tables import DeliveryRow
from backoffice.adapters.sql.desk_tables import TicketRow
from backoffice.adapters.sql.journey_tables import TicketNoteRow
from backoffice.adapters.sql.tickets import ticket_of
from backoffice.helpdesk_port import RemoteId
from backoffice.model.ticket import Ticket, TicketState

CLAIMED = timedelta(minutes=2)
"""Longer than one delivery can take; a process that dies in between leaves it to the next after this."""
AT_ONCE = 50


class Kind(StrEnum):
    """What is handed on."""

    TICKET = "ticket"
    CONTACT = "contact"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits. ``remote_id`` is the help desk's ticket, for what belongs to one."""

    kind: Kind
    subject: str
    ticket: Ticket
    remote_id: RemoteId | None = None
    text: str | None = None


class Deliveries:
    """Tickets first, then what belongs to those that were taken."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def waiting(self, now: datetime) -> tuple[Waiting, ...]:
        """What is due, oldest first, no more than ``AT_ONCE`` of a kind."""
        with self._database.reading() as session:
            return (*_tickets(session, now), *_contacts(session, now), *_notes(session, now))

    def claim(self, one: Waiting, now: datetime) -> int:
        """Take it for this process: which try this is, 0 when another process has it or it is done."""
        values = {"kind": one.kind.value, "subject": one.subject, "ticket": one.ticket.number, "remote_id": None}
        values |= {"delivered_at": None}
        with self._database.writing() as session:
            if insert_if_new(session, DeliveryRow, {**values, "tries": 1, "due_at": now + CLAIMED}):
                return 1
            free = (*_named(one), DeliveryRow.delivered_at.is_(None), DeliveryRow.due_at <= now)
            taken = update(DeliveryRow).where(*free).values(tries=DeliveryRow.tries + 1, due_at=now + CLAIMED)
            row = session.execute(taken.returning(DeliveryRow.tries)).first()
            return int(row[0]) if row else 0

    def delivered(self, one: Waiting, now: datetime, remote_id: RemoteId) -> None:
        with self._database.writing() as session:
            done = {"delivered_at": now, "remote_id": remote_id}
            session.execute(update(DeliveryRow).where(*_named(one)).values(done))
            if one.kind is Kind.TICKET and one.ticket.contact_email:  # it went along with the ticket
                subject = contact_subject(one.ticket)
                contact = {"kind": Kind.CONTACT.value, "subject": subject, "ticket": one.ticket.number, "tries": 1}
                insert_if_new(session, DeliveryRow, {**contact, "due_at": now, **done})

    def put_off(self, one: Waiting, until: datetime) -> None:
        with self._database.writing() as session:
            session.execute(update(DeliveryRow).where(*_named(one)).values(due_at=until))

    def remote_id(self, number: str) -> RemoteId | None:
        """The help desk's ticket, once it has one."""
        with self._database.reading() as session:
            row = session.get(DeliveryRow, (Kind.TICKET.value, number))
            return RemoteId(row.remote_id) if row and row.remote_id else None

    def note_state(self, number: str, state: TicketState, at: datetime) -> Ticket | None:
        """Keep what the help desk says about a ticket."""
        with self._database.writing() as session:
            row = session.scalars(select(TicketRow).where(TicketRow.number == number)).one_or_none()
            if row is None:
                return None
            if row.state is not state:
                row.state, row.updated_at = state, at
            return ticket_of(row)


def contact_subject(ticket: Ticket) -> str:
    """Names one address of one ticket without spelling it out."""
    digest = hashlib.sha256((ticket.contact_email or "").encode()).hexdigest()[:16]
    return f"{ticket.number}:{digest}"


def _named(one: Waiting) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return DeliveryRow.kind == one.kind.value, DeliveryRow.subject == one.subject


def _due(row: type[DeliveryRow], now: datetime) -> ColumnElement[bool]:
    return or_(row.kind.is_(None), and_(row.delivered_at.is_(None), row.due_at <= now))


def _tickets(session: Session, now: datetime) -> Iterator[Waiting]:
    """Also tickets from before the help desk was connected, unless they are resolved."""
    mine = and_(DeliveryRow.kind == Kind.TICKET.value, DeliveryRow.subject == TicketRow.number)
    statement = select(TicketRow).outerjoin(DeliveryRow, mine)
    unresolved = TicketRow.state != TicketState.RESOLVED
    oldest = statement.where(_due(DeliveryRow, now), unresolved).order_by(TicketRow.opened_at).limit(AT_ONCE)
    for row in session.scalars(oldest):
        yield Waiting(Kind.TICKET, row.number, ticket_of(row))


def _contacts(session: Session, now: datetime) -> Iterator[Waiting]:
    """Addresses that the ticket did not take along; which are done is in names that the data base cannot make."""
    taken = and_(DeliveryRow.kind == Kind.TICKET.value, DeliveryRow.subject == TicketRow.number)
    reachable = (TicketRow.contact_email.is_not(None), TicketRow.state != TicketState.RESOLVED)
    statement = select(TicketRow, DeliveryRow.remote_id).join(DeliveryRow, taken)
    tickets = session.execute(statement.where(DeliveryRow.remote_id.is_not(None), *reachable)).all()
    done_or_later = or_(DeliveryRow.delivered_at.is_not(None), DeliveryRow.due_at > now)
    contacts = select(DeliveryRow.subject).where(DeliveryRow.kind == Kind.CONTACT.value, done_or_later)
    known = set(session.scalars(contacts)) if tickets else set()
    for row, remote_id in tickets:
        ticket = ticket_of(row)
        subject = contact_subject(ticket)
        if subject not in known:
            yield Waiting(Kind.CONTACT, subject, ticket, RemoteId(str(remote_id)))


def _notes(session: Session, now: datetime) -> Iterator[Waiting]:
    taken, own = aliased(DeliveryRow), aliased(DeliveryRow)
    statement = (
        select(TicketNoteRow, TicketRow, taken.remote_id)
        .join(TicketRow, TicketRow.number == TicketNoteRow.ticket)
        .join(taken, and_(taken.kind == Kind.TICKET.value, taken.subject == TicketNoteRow.ticket))
        .outerjoin(own, and_(own.kind == Kind.NOTE.value, own.subject == TicketNoteRow.id))
        .where(taken.remote_id.is_not(None), _due(own, now))
        .order_by(TicketNoteRow.at)
        .limit(AT_ONCE)
    )
    for note, row, remote_id in session.execute(statement):
        yield Waiting(Kind.NOTE, note.id, ticket_of(row), RemoteId(str(remote_id)), note.text)
