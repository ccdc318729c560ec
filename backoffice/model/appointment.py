"""Appointments: what can be booked, when, and by how many."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from backoffice.model.act import Plan
from backoffice.model.money import Money


class AppointmentKind(StrEnum):
    DROP_OFF = "drop_off"
    COFFEE_WORKSHOP = "coffee_workshop"
    VIDEO_CONSULTATION = "video_consultation"


@dataclass(frozen=True, slots=True)
class Offer:
    """One kind of appointment; ``starts`` are its local times by weekday (0 is Monday), empty: all day long."""

    kind: AppointmentKind
    lasts: timedelta
    price: Money
    capacity: int
    change_until: timedelta
    policy: str
    starts: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Slot:
    """A time that can be booked, aware UTC, and how many places are free."""

    kind: AppointmentKind
    starts_at: datetime
    ends_at: datetime
    free: int


@dataclass(frozen=True, slots=True)
class Booking:
    """A booked appointment. ``number`` is ``A-`` and six digits."""

    number: str
    kind: AppointmentKind
    starts_at: datetime
    persons: int
    name: str = field(repr=False)
    email: str = field(repr=False)
    conversation_id: str
    cancelled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class BookPlan(Plan):
    kind: AppointmentKind
    starts_at: datetime
    ends_at: datetime
    persons: int
    price: Money
    policy: str


@dataclass(frozen=True, slots=True)
class RebookPlan(Plan):
    number: str
    kind: AppointmentKind
    was: datetime
    starts_at: datetime
    policy: str = "appointments-change"


@dataclass(frozen=True, slots=True)
class DropPlan(Plan):
    """Cancel an appointment; ``refund`` is what was paid for it if it comes back."""

    number: str
    kind: AppointmentKind
    starts_at: datetime
    refund: Money
    policy: str = "appointments-change"
