"""Tables of the desk itself: tries and proofs, tickets, the audit log.

Customers are referred to by id without a foreign key: with a shop of one's own behind the ``Shop`` port they
live elsewhere.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backoffice.adapters.sql.base import Base, UtcDateTime, choice, json_column, running_number
from backoffice.model.access import VerificationOutcome
from backoffice.model.ticket import Priority, TicketState


class GateRow(Base):
    """Wrong tries against one conversation, order number or e-mail (``subject`` is a fingerprint of it)."""

    __tablename__ = "access_gates"
    __table_args__ = (CheckConstraint("failures >= 0", "failures"),)

    scope: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int]
    counting_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AttemptRow(Base):
    """One try and what was answered, so that the same message is answered the same again."""

    __tablename__ = "access_attempts"
    __table_args__ = (UniqueConstraint("conversation_id", "message_id"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    conversation_id: Mapped[str]
    message_id: Mapped[str]
    order_fingerprint: Mapped[str]
    email_fingerprint: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    outcome: Mapped[VerificationOutcome] = mapped_column(choice(VerificationOutcome))
    tries_left: Mapped[int]
    locked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    customer_id: Mapped[str | None]
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class VerificationRow(Base):
    """A conversation's one proof; a newer one takes its place. ``method`` says how it was proved."""

    __tablename__ = "verifications"

    conversation_id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str]
    method: Mapped[str]
    verified_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)


class TicketRow(Base):
    __tablename__ = "tickets"
    __table_args__ = (UniqueConstraint("conversation_id", "idempotency_key"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    conversation_id: Mapped[str]
    idempotency_key: Mapped[str]
    reason: Mapped[str]
    priority: Mapped[Priority] = mapped_column(choice(Priority))
    state: Mapped[TicketState] = mapped_column(choice(TicketState), index=True)
    summary: Mapped[str]
    collected: Mapped[dict[str, Any]] = mapped_column(json_column())
    contact_email: Mapped[str | None]
    customer_id: Mapped[str | None] = mapped_column(index=True)
    transcript_excerpt: Mapped[str | None]
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AuditRow(Base):
    """Who did what, for whom, through which conversation and message. Only ever added to."""

    __tablename__ = "audit_log"
    __table_args__ = (Index(None, "subject_kind", "subject"),)

    id: Mapped[int] = mapped_column(running_number(), primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor: Mapped[str]
    action: Mapped[str]
    subject_kind: Mapped[str]
    subject: Mapped[str]
    customer_id: Mapped[str | None]
    conversation_id: Mapped[str | None] = mapped_column(index=True)
    message_id: Mapped[str | None]
    details: Mapped[dict[str, Any]] = mapped_column(json_column())
