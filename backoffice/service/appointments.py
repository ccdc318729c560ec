"""Appointments: free times, booking, moving, cancelling."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from backoffice.journey_ports import Journeys
from backoffice.model.act import Act, Done, Reason, Refusal, agreed
from backoffice.model.appointment import AppointmentKind, Booking, BookPlan, DropPlan, RebookPlan, Slot
from backoffice.model.ids import ConversationId
from backoffice.parsing import email_key, parse_email
from backoffice.service.access import AccessDesk
from backoffice.service.appointment_rules import OFFERS, bookable, drop, free_slots, hours_on
from backoffice.service.text import stored_id, stored_text
from backoffice.working_days import WorkingDays


class AppointmentDesk:
    """No account is needed to book. A booking is changed from its own conversation or by the verified customer."""

    def __init__(
        self, *, book: Journeys, access: AccessDesk, calendar: WorkingDays, now: Callable[[], datetime]
    ) -> None:
        self._book, self._access, self._calendar, self._now = book, access, calendar, now

    def open_on(self, day: date) -> tuple[datetime, datetime] | None:
        """Opening and closing of showroom and workshop that day, or ``None`` when closed (store-hours)."""
        hours = hours_on(day, self._calendar)
        if hours is None:
            return None
        opens, closes = (datetime.combine(day, hour, self._calendar.zone) for hour in hours)
        return opens, closes

    def slots(self, kind: AppointmentKind, day: date) -> tuple[Slot, ...]:
        """The free times of that day, earliest first."""
        first = datetime.combine(day, datetime.min.time(), self._calendar.zone)
        taken = self._book.taken(kind, first, first + timedelta(days=1, hours=1))
        return free_slots(day, OFFERS[kind], taken, self._now(), self._calendar)

    def preview_booking(self, kind: AppointmentKind, starts_at: datetime, persons: int = 1) -> BookPlan | Refusal:
        offer, starts_at = OFFERS[kind], starts_at.astimezone(UTC)
        if not 1 <= persons <= offer.capacity:
            return Refusal(Reason.FULL, "appointments-coffee-workshop-group")
        refused = bookable(offer, starts_at, self._now(), self._calendar)
        ends_at = starts_at + offer.lasts
        return refused or BookPlan(kind, starts_at, ends_at, persons, offer.price.times(persons), offer.policy)

    def book(
        self,
        act: Act,
        kind: AppointmentKind,
        starts_at: datetime,
        *,
        name: str,
        email: str,
        agreed_to: str,
        persons: int = 1,
    ) -> Done[BookPlan] | Refusal:
        """``reference`` is the booking's number."""
        plan = agreed(self.preview_booking(kind, starts_at, persons), agreed_to)
        address = parse_email(email)
        if isinstance(plan, Refusal) or address is None:
            return plan if isinstance(plan, Refusal) else Refusal(Reason.INVALID, "appointments-book")
        return self._book.book(act, plan, stored_text(name, 200), address, OFFERS[kind].capacity, self._now())

    def booking_for(self, conversation_id: ConversationId, number: str) -> Booking | None:
        """The booking, if it was made in this conversation or with its verified customer's address."""
        booking = self._book.booking(number.strip().upper())
        if booking is None or booking.conversation_id == stored_id(conversation_id):
            return booking
        customer = self._access.verified_customer(conversation_id)
        return booking if customer and email_key(customer.email) == email_key(booking.email) else None

    def preview_cancel(self, conversation_id: ConversationId, number: str) -> DropPlan | Refusal:
        booking = self.booking_for(conversation_id, number)
        return drop(booking, self._now()) if booking else Refusal(Reason.NOT_FOUND)

    def cancel(self, act: Act, number: str, *, agreed_to: str) -> Done[DropPlan] | Refusal:
        booking = self.booking_for(act.conversation_id, number)
        if booking is None:
            return Refusal(Reason.NOT_FOUND)
        now, capacity = self._now(), OFFERS[booking.kind].capacity
        return self._book.change_booking(
            act, booking.number, DropPlan, lambda one: agreed(drop(one, now), agreed_to), capacity, now
        )

    def preview_move(self, conversation_id: ConversationId, number: str, to: datetime) -> RebookPlan | Refusal:
        booking = self.booking_for(conversation_id, number)
        return self._move(booking, to) if booking else Refusal(Reason.NOT_FOUND)

    def move(self, act: Act, number: str, to: datetime, *, agreed_to: str) -> Done[RebookPlan] | Refusal:
        booking = self.booking_for(act.conversation_id, number)
        if booking is None:
            return Refusal(Reason.NOT_FOUND)
        capacity = OFFERS[booking.kind].capacity
        return self._book.change_booking(
            act, booking.number, RebookPlan, lambda one: agreed(self._move(one, to), agreed_to), capacity, self._now()
        )

    def _move(self, booking: Booking, to: datetime) -> RebookPlan | Refusal:
        left = drop(booking, self._now())
        if isinstance(left, Refusal):
            return left
        refused = bookable(OFFERS[booking.kind], to, self._now(), self._calendar)
        return refused or RebookPlan(booking.number, booking.kind, booking.starts_at, to.astimezone(UTC))
