"""What the commands show to the people who run the demo: everything, newest first."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from backoffice.adapters.sql.database import Database
from backoffice.adapters.sql.desk_tables import AuditRow, TicketRow
from backoffice.adapters.sql.shop import ORDER_PARTS
from backoffice.adapters.sql.shop_rows import customer_of, order_of
from backoffice.adapters.sql.shop_tables import CustomerRow, OrderRow
from backoffice.adapters.sql.tickets import ticket_of
from backoffice.model.customer import Customer
from backoffice.model.order import Order
from backoffice.model.ticket import Ticket, TicketState


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One line of the audit log."""

    at: datetime
    actor: str
    action: str
    subject: str
    conversation_id: str | None
    message_id: str | None
    details: dict[str, object] = field(repr=False)


class Listing:
    """Reads for the commands; no customer ever sees these."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def customers(self) -> tuple[Customer, ...]:
        statement = select(CustomerRow).options(joinedload(CustomerRow.address)).order_by(CustomerRow.name)
        with self._database.reading() as session:
            return tuple(customer_of(row) for row in session.scalars(statement))

    def orders(self) -> tuple[Order, ...]:
        statement = select(OrderRow).options(*ORDER_PARTS).order_by(OrderRow.placed_at.desc())
        with self._database.reading() as session:
            return tuple(order_of(row) for row in session.scalars(statement))

    def tickets(self, state: TicketState | None = None, *, limit: int = 100) -> tuple[Ticket, ...]:
        statement = select(TicketRow).order_by(TicketRow.opened_at.desc()).limit(limit)
        if state is not None:
            statement = statement.where(TicketRow.state == state)
        with self._database.reading() as session:
            return tuple(ticket_of(row) for row in session.scalars(statement))

    def ticket(self, number: str) -> Ticket | None:
        with self._database.reading() as session:
            row = session.scalars(select(TicketRow).where(TicketRow.number == number)).one_or_none()
            return ticket_of(row) if row else None

    def history(self, kind: str, subject: str) -> tuple[AuditEntry, ...]:
        """What happened to one thing, oldest first."""
        about = (AuditRow.subject_kind == kind, AuditRow.subject == subject)
        statement = select(AuditRow).where(*about).order_by(AuditRow.id)
        with self._database.reading() as session:
            return tuple(
                AuditEntry(
                    at=row.at,
                    actor=row.actor,
                    action=row.action,
                    subject=row.subject,
                    conversation_id=row.conversation_id,
                    message_id=row.message_id,
                    details=row.details,
                )
                for row in session.scalars(statement)
            )
