"""Tables of the journeys: subscriptions, appointments, leads, deletion requests, notes on tickets."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backoffice.adapters.sql.base import Base, UtcDateTime, choice
from backoffice.model.appointment import AppointmentKind
from backoffice.model.subscription import SubscriptionState


class SubscriptionRow(Base):
    __tablename__ = "subscriptions"

    number: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    sku: Mapped[str]
    quantity: Mapped[int]
    interval_weeks: Mapped[int]
    state: Mapped[SubscriptionState] = mapped_column(choice(SubscriptionState))
    next_shipment: Mapped[date | None]
    paused_until: Mapped[date | None]
    is_demo: Mapped[bool]


class SlotRow(Base):
    """How many places of one appointment are taken; the data base refuses one more than there are."""

    __tablename__ = "appointment_slots"
    __table_args__ = (CheckConstraint("taken >= 0 AND taken <= capacity", "taken"),)

    kind: Mapped[AppointmentKind] = mapped_column(choice(AppointmentKind), primary_key=True)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    capacity: Mapped[int]
    taken: Mapped[int]


class BookingRow(Base):
    __tablename__ = "bookings"
    __table_args__ = (CheckConstraint("persons > 0", "persons"),)

    number: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[AppointmentKind] = mapped_column(choice(AppointmentKind))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    persons: Mapped[int]
    name: Mapped[str]
    email: Mapped[str]
    conversation_id: Mapped[str] = mapped_column(index=True)
    booked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class LeadRow(Base):
    __tablename__ = "leads"

    number: Mapped[str] = mapped_column(primary_key=True)
    company: Mapped[str]
    email: Mapped[str]
    wants: Mapped[str]
    pieces: Mapped[int]
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)


class DeletionRow(Base):
    """A customer's wish to be forgotten; one a customer."""

    __tablename__ = "deletion_requests"

    customer_id: Mapped[str] = mapped_column(primary_key=True)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_by: Mapped[date]


class TicketNoteRow(Base):
    __tablename__ = "ticket_notes"

    id: Mapped[str] = mapped_column(primary_key=True)
    ticket: Mapped[str] = mapped_column(index=True)
    text: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
