"""What the rules of subscriptions, appointments and accounts need from outside.

Every method may raise ``BackofficeUnavailable``; every change happens once a key, completely or not at all.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol, TypeVar

from backoffice.model.account import DeletionPlan, EmailPlan, InvoicePlan, LeadPlan, NotePlan, PhonePlan
from backoffice.model.act import Act, Done, Plan, Refusal
from backoffice.model.appointment import AppointmentKind, Booking, BookPlan
from backoffice.model.ids import CustomerId
from backoffice.model.subscription import Subscription

P = TypeVar("P", bound=Plan)


class Journeys(Protocol):
    """``decide`` is called with the thing as it is, locked until what was decided is written."""

    def subscriptions(self, customer_id: CustomerId) -> tuple[Subscription, ...]: ...

    def change_subscription(  # noqa: PLR0917 - each is needed and none is optional
        self,
        act: Act,
        customer_id: CustomerId,
        number: str,
        kind: type[P],
        decide: Callable[[Subscription], P | Refusal],
        at: datetime,
    ) -> Done[P] | Refusal: ...

    def taken(self, kind: AppointmentKind, first: datetime, last: datetime) -> Mapping[datetime, int]:
        """How many places are taken, by the slot's start, in that time."""
        ...

    def booking(self, number: str) -> Booking | None: ...

    def book(  # noqa: PLR0917 - each is needed and none is optional
        self, act: Act, plan: BookPlan, name: str, email: str, capacity: int, at: datetime
    ) -> Done[BookPlan] | Refusal:
        """Take the places, or ``FULL``."""
        ...

    def change_booking(  # noqa: PLR0917 - each is needed and none is optional
        self,
        act: Act,
        number: str,
        kind: type[P],
        decide: Callable[[Booking], P | Refusal],
        capacity: int,
        at: datetime,
    ) -> Done[P] | Refusal: ...

    def deletion_asked(self, customer_id: CustomerId) -> bool:
        """Whether the customer has asked to be forgotten already."""
        ...

    def change_account(
        self, act: Act, customer_id: CustomerId, plan: EmailPlan | PhonePlan | DeletionPlan, at: datetime
    ) -> Done[Any] | Refusal: ...

    def add_lead(self, act: Act, plan: LeadPlan, at: datetime) -> Done[LeadPlan] | Refusal: ...

    def add_note(self, act: Act, plan: NotePlan, at: datetime) -> Done[NotePlan] | Refusal: ...

    def note_invoice(
        self, act: Act, customer_id: CustomerId, plan: InvoicePlan, at: datetime
    ) -> tuple[Done[InvoicePlan] | Refusal, bool]:
        """Note that a copy goes out; the flag says whether this is the first time under this key."""
        ...
