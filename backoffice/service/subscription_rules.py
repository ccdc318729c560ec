"""Pausing and ending a subscription, as the ``subscriptions-…`` entries say. Pure functions."""

from calendar import monthrange
from datetime import date, timedelta

from backoffice.model.act import Reason, Refusal
from backoffice.model.subscription import EndPlan, PausePlan, Subscription, SubscriptionState

BEFORE_SHIPMENT = timedelta(days=2)
LONGEST_PAUSE_MONTHS = 3


def pause(subscription: Subscription, until: date, today: date) -> PausePlan | Refusal:
    """Up to 3 months; the parcel of the next 2 days still comes."""
    if subscription.state is SubscriptionState.CANCELLED:
        return Refusal(Reason.ALREADY_DONE, "subscriptions-cancel")
    if until <= today:
        return Refusal(Reason.TOO_EARLY, "subscriptions-pause", day=today + timedelta(days=1))
    longest = months_after(today, LONGEST_PAUSE_MONTHS)
    if until > longest:
        return Refusal(Reason.TOO_LATE, "subscriptions-pause", day=longest)
    last = _last_parcel(subscription, today)
    return PausePlan(
        subscription.number, until, last, "subscriptions-missed-deadline" if last else "subscriptions-pause"
    )


def end(subscription: Subscription, today: date) -> EndPlan | Refusal:
    """At any time; the parcel of the next 2 days still comes."""
    if subscription.state is SubscriptionState.CANCELLED:
        return Refusal(Reason.ALREADY_DONE, "subscriptions-cancel")
    last = _last_parcel(subscription, today)
    return EndPlan(subscription.number, last, "subscriptions-missed-deadline" if last else "subscriptions-cancel")


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or that month's last."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _last_parcel(subscription: Subscription, today: date) -> date | None:
    ships = subscription.next_shipment
    return ships if ships and today > ships - BEFORE_SHIPMENT else None
