"""Opening hours, slots and until when an appointment may be changed. Pure functions."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta

from backoffice.model.act import Reason, Refusal
from backoffice.model.appointment import AppointmentKind, Booking, DropPlan, Offer, Slot
from backoffice.model.money import Money
from backoffice.working_days import WorkingDays

SATURDAY = 5
WEEKDAY_HOURS = (time(10), time(18))
SATURDAY_HOURS = (time(10), time(16))
FARTHEST = timedelta(days=60)
_FREE = Money(0, "EUR")
OFFERS = {
    AppointmentKind.DROP_OFF: Offer(
        AppointmentKind.DROP_OFF, timedelta(minutes=15), _FREE, 1, timedelta(0), "appointments-workshop-drop-off"
    ),
    AppointmentKind.COFFEE_WORKSHOP: Offer(
        AppointmentKind.COFFEE_WORKSHOP,
        timedelta(minutes=60),
        Money(35_00, "EUR"),
        6,
        timedelta(hours=24),
        "appointments-coffee-workshop",
        starts=((2, "17:00"), (5, "11:00"), (5, "14:00")),
    ),
    AppointmentKind.VIDEO_CONSULTATION: Offer(
        AppointmentKind.VIDEO_CONSULTATION,
        timedelta(minutes=20),
        _FREE,
        2,
        timedelta(0),
        "appointments-video-consultation",
    ),
}


def hours_on(day: date, calendar: WorkingDays) -> tuple[time, time] | None:
    """When showroom and workshop are open that day (store-hours), or ``None``: Sundays and public holidays."""
    if calendar.is_holiday(day) or day.weekday() > SATURDAY:
        return None
    return SATURDAY_HOURS if day.weekday() == SATURDAY else WEEKDAY_HOURS


def starts_on(day: date, offer: Offer, calendar: WorkingDays) -> Iterator[datetime]:
    """Every time of that day at which such an appointment can begin, in the company's zone."""
    hours = hours_on(day, calendar)
    if hours is None:
        return
    opens, closes = (datetime.combine(day, hour, calendar.zone) for hour in hours)
    if offer.starts:
        listed = (time.fromisoformat(at) for weekday, at in offer.starts if weekday == day.weekday())
        yield from (datetime.combine(day, at, calendar.zone) for at in listed)
        return
    while opens + offer.lasts <= closes:
        yield opens
        opens += offer.lasts


def free_slots(
    day: date, offer: Offer, taken: Mapping[datetime, int], now: datetime, calendar: WorkingDays
) -> tuple[Slot, ...]:
    """The day's slots that still have a place, not in the past."""
    slots = (
        Slot(
            offer.kind,
            at.astimezone(now.tzinfo),
            (at + offer.lasts).astimezone(now.tzinfo),
            offer.capacity - taken.get(at, 0),
        )
        for at in starts_on(day, offer, calendar)
        if at > now
    )
    return tuple(slot for slot in slots if slot.free > 0)


def bookable(offer: Offer, at: datetime, now: datetime, calendar: WorkingDays) -> Refusal | None:
    """Why nothing of this kind can begin at that time, full or not."""
    day = calendar.day_of(at)
    if at <= now:
        return Refusal(Reason.TOO_LATE, offer.policy, moment=at)
    farthest = calendar.day_of(now) + FARTHEST
    if day > farthest:
        return Refusal(Reason.TOO_EARLY, offer.policy, day=farthest)
    if hours_on(day, calendar) is None:
        return Refusal(Reason.CLOSED, "store-public-holidays" if calendar.is_holiday(day) else "store-hours", day=day)
    return None if at in set(starts_on(day, offer, calendar)) else Refusal(Reason.NO_SUCH_TIME, offer.policy, day=day)


def drop(booking: Booking, now: datetime) -> DropPlan | Refusal:
    """Drop-offs and video calls up to the start, coffee workshops until 24 hours before."""
    offer = OFFERS[booking.kind]
    workshop = booking.kind is AppointmentKind.COFFEE_WORKSHOP
    entry = "appointments-coffee-workshop-cancel" if workshop else "appointments-change"
    if booking.cancelled_at is not None:
        return Refusal(Reason.ALREADY_DONE, entry, moment=booking.cancelled_at)
    until = booking.starts_at - offer.change_until
    if now > until:
        return Refusal(Reason.TOO_LATE, entry, moment=until)
    return DropPlan(booking.number, booking.kind, booking.starts_at, offer.price.times(booking.persons), entry)
