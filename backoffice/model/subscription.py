"""Subscriptions: the Bean Box and the Filter Plan."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from backoffice.model.act import Plan
from backoffice.model.ids import CustomerId


class SubscriptionState(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Subscription:
    """``next_shipment`` is the next day a parcel ships, ``None`` once cancelled and nothing more comes."""

    number: str
    customer_id: CustomerId
    name: str
    sku: str
    quantity: int
    interval_weeks: int
    state: SubscriptionState
    next_shipment: date | None
    paused_until: date | None = None


@dataclass(frozen=True, slots=True)
class PausePlan(Plan):
    """``last_parcel`` still comes because it is too near to be stopped; deliveries start again on ``until``."""

    number: str
    until: date
    last_parcel: date | None
    policy: str


@dataclass(frozen=True, slots=True)
class EndPlan(Plan):
    """Cancel: no notice period, no fee; ``last_parcel`` still comes because it is too near to be stopped."""

    number: str
    last_parcel: date | None
    policy: str
