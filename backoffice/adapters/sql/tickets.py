"""Tickets in the data base."""

from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.adapters.sql import audit
from backoffice.adapters.sql.database import Database, insert_if_new
from backoffice.adapters.sql.desk_tables import TicketRow
from backoffice.adapters.ticket_number import DRAWS, random_number
from backoffice.errors import BackofficeUnavailable
from backoffice.model.ids import ConversationId, CustomerId, MessageId
from backoffice.model.ticket import Ticket, TicketDraft, TicketState


class SqlTicketBook:
    """``TicketBook`` by unique constraints: one on the number, one on conversation and idempotency key."""

    def __init__(self, database: Database, *, draw: Callable[[], str] = random_number) -> None:
        self._database = database
        self._draw = draw

    def open(self, draft: TicketDraft, at: datetime) -> Ticket:
        with self._database.writing() as session:
            for _ in range(DRAWS):
                opened = insert_if_new(session, TicketRow, _values(draft, self._draw(), at))
                row = _by_key(session, draft)
                if row is None:
                    continue  # the number was taken
                if opened:
                    _record(session, "ticket.opened", row, at=at, message_id=draft.message_id)
                return ticket_of(row)
            raise BackofficeUnavailable("no free ticket number was found")

    def find(self, number: str) -> Ticket | None:
        with self._database.reading() as session:
            row = session.scalars(select(TicketRow).where(TicketRow.number == number)).one_or_none()
            return ticket_of(row) if row else None

    def opened_in(self, conversation_id: ConversationId) -> list[Ticket]:
        own = select(TicketRow).where(TicketRow.conversation_id == conversation_id)
        with self._database.reading() as session:
            return [ticket_of(row) for row in session.scalars(own.order_by(TicketRow.opened_at, TicketRow.number))]

    def set_contact(
        self, number: str, conversation_id: ConversationId, email: str, at: datetime, message_id: MessageId | None
    ) -> Ticket | None:
        with self._database.writing() as session:
            own = (TicketRow.number == number, TicketRow.conversation_id == conversation_id)
            row = session.scalars(select(TicketRow).where(*own).with_for_update()).one_or_none()
            if row is None:
                return None
            if row.contact_email != email:
                row.contact_email = email
                row.updated_at = at
                _record(session, "ticket.contact_set", row, at=at, message_id=message_id)
            return ticket_of(row)


def _values(draft: TicketDraft, number: str, at: datetime) -> dict[str, object]:
    return {
        "id": uuid4().hex,
        "number": number,
        "conversation_id": draft.conversation_id,
        "idempotency_key": draft.idempotency_key,
        "reason": draft.reason,
        "priority": draft.priority,
        "state": TicketState.OPEN,
        "summary": draft.summary,
        "collected": dict(draft.collected),
        "contact_email": draft.contact_email,
        "customer_id": draft.customer_id,
        "transcript_excerpt": draft.transcript_excerpt,
        "opened_at": at,
        "updated_at": at,
    }


def _by_key(session: Session, draft: TicketDraft) -> TicketRow | None:
    return session.scalars(
        select(TicketRow).where(
            TicketRow.conversation_id == draft.conversation_id,
            TicketRow.idempotency_key == draft.idempotency_key,
        )
    ).one_or_none()


def _record(session: Session, action: str, row: TicketRow, *, at: datetime, message_id: str | None) -> None:
    audit.record(
        session,
        action,
        at=at,
        actor=audit.BOT,
        subject=("ticket", row.number),
        customer_id=row.customer_id,
        conversation_id=row.conversation_id,
        message_id=message_id,
        details={"reason": row.reason, "priority": row.priority.value},
    )


def ticket_of(row: TicketRow) -> Ticket:
    return Ticket(
        number=row.number,
        conversation_id=row.conversation_id,
        reason=row.reason,
        priority=row.priority,
        state=row.state,
        summary=row.summary,
        collected=row.collected,
        contact_email=row.contact_email,
        customer_id=CustomerId(row.customer_id) if row.customer_id else None,
        transcript_excerpt=row.transcript_excerpt,
        opened_at=row.opened_at,
        updated_at=row.updated_at,
    )
