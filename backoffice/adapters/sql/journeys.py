"""Subscriptions, appointments, accounts, leads and notes in the data base: each change once, locked and noted."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar, cast
from uuid import uuid4

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backoffice.adapters.sql import audit
from backoffice.adapters.sql.commands import once
from backoffice.adapters.sql.database import Database, insert_if_new
from backoffice.adapters.sql.journey_tables import (
    BookingRow,
    DeletionRow,
    LeadRow,
    SlotRow,
    SubscriptionRow,
    TicketNoteRow,
)
from backoffice.adapters.sql.shop_tables import CustomerRow
from backoffice.adapters.ticket_number import random_number
from backoffice.model.account import DeletionPlan, EmailPlan, InvoicePlan, LeadPlan, NotePlan, PhonePlan
from backoffice.model.act import Act, Done, Plan, Reason, Refusal
from backoffice.model.appointment import AppointmentKind, Booking, BookPlan, DropPlan, RebookPlan
from backoffice.model.ids import CustomerId
from backoffice.model.subscription import EndPlan, PausePlan, Subscription, SubscriptionState
from backoffice.parsing import email_key

P = TypeVar("P", bound=Plan)
Write = Callable[[Session, Act], tuple[Plan, str] | Refusal]


class SqlJourneys:
    """``Journeys`` in the back office's own data base."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def subscriptions(self, customer_id: CustomerId) -> tuple[Subscription, ...]:
        own = select(SubscriptionRow).where(SubscriptionRow.customer_id == customer_id)
        with self._database.reading() as session:
            return tuple(_subscription(row) for row in session.scalars(own.order_by(SubscriptionRow.number)))

    def change_subscription(  # noqa: PLR0917 - each is needed and none is optional
        self,
        act: Act,
        customer_id: CustomerId,
        number: str,
        kind: type[P],
        decide: Callable[[Subscription], P | Refusal],
        at: datetime,
    ) -> Done[P] | Refusal:
        def write(session: Session, _act: Act) -> tuple[Plan, str] | Refusal:
            row = session.get(SubscriptionRow, number, with_for_update=True)
            if row is None or row.customer_id != customer_id:
                return Refusal(Reason.NOT_FOUND)
            plan = decide(_subscription(row))
            if isinstance(plan, PausePlan):
                row.state, row.paused_until = SubscriptionState.PAUSED, plan.until
            elif isinstance(plan, EndPlan):
                row.state, row.next_shipment = SubscriptionState.CANCELLED, plan.last_parcel
            return plan if isinstance(plan, Refusal) else (plan, number)

        return self._once(act, kind, ("subscription", number), write, at, customer_id)

    def taken(self, kind: AppointmentKind, first: datetime, last: datetime) -> dict[datetime, int]:
        between = (SlotRow.kind == kind, SlotRow.starts_at >= first, SlotRow.starts_at < last)
        with self._database.reading() as session:
            return {row.starts_at: row.taken for row in session.scalars(select(SlotRow).where(*between))}

    def booking(self, number: str) -> Booking | None:
        with self._database.reading() as session:
            row = session.get(BookingRow, number)
            return _booking(row) if row else None

    def book(  # noqa: PLR0917 - each is needed and none is optional
        self, act: Act, plan: BookPlan, name: str, email: str, capacity: int, at: datetime
    ) -> Done[BookPlan] | Refusal:
        def write(session: Session, stored: Act) -> tuple[Plan, str] | Refusal:
            if not _take(session, plan.kind, plan.starts_at, plan.persons, capacity):
                return Refusal(Reason.FULL, plan.policy, moment=plan.starts_at)
            number = "A" + random_number()[1:]
            session.add(
                BookingRow(
                    number=number,
                    kind=plan.kind,
                    starts_at=plan.starts_at,
                    persons=plan.persons,
                    name=name,
                    email=email,
                    conversation_id=stored.conversation_id,
                    booked_at=at,
                )
            )
            return plan, number

        return self._once(act, BookPlan, ("appointment", plan.kind.value), write, at)

    def change_booking(  # noqa: PLR0917 - each is needed and none is optional
        self,
        act: Act,
        number: str,
        kind: type[P],
        decide: Callable[[Booking], P | Refusal],
        capacity: int,
        at: datetime,
    ) -> Done[P] | Refusal:
        def write(session: Session, _act: Act) -> tuple[Plan, str] | Refusal:
            row = session.get(BookingRow, number, with_for_update=True)
            plan = decide(_booking(row)) if row else Refusal(Reason.NOT_FOUND)
            if row is None or isinstance(plan, Refusal):
                return cast("Refusal", plan)
            if isinstance(plan, RebookPlan):
                if not _take(session, row.kind, plan.starts_at, row.persons, capacity):
                    return Refusal(Reason.FULL, plan.policy, moment=plan.starts_at)
                _take(session, row.kind, row.starts_at, -row.persons, capacity)
                row.starts_at = plan.starts_at
            elif isinstance(plan, DropPlan):
                _take(session, row.kind, row.starts_at, -row.persons, capacity)
                row.cancelled_at = at
            return plan, number

        return self._once(act, kind, ("booking", number), write, at)

    def deletion_asked(self, customer_id: CustomerId) -> bool:
        with self._database.reading() as session:
            return session.get(DeletionRow, customer_id) is not None

    def change_account(
        self, act: Act, customer_id: CustomerId, plan: EmailPlan | PhonePlan | DeletionPlan, at: datetime
    ) -> Done[Any] | Refusal:
        def write(session: Session, _act: Act) -> tuple[Plan, str] | Refusal:
            if isinstance(plan, DeletionPlan):
                wish = {"customer_id": customer_id, "asked_at": at, "done_by": plan.done_by}
                new = insert_if_new(session, DeletionRow, wish)
                return (plan, customer_id) if new else Refusal(Reason.ALREADY_DONE, plan.policy)
            row = session.get_one(CustomerRow, customer_id, with_for_update=True)
            if isinstance(plan, PhonePlan):
                row.phone = plan.phone
                return plan, customer_id
            key = email_key(plan.email)
            holder = session.scalars(select(CustomerRow.id).where(CustomerRow.email_key == key)).one_or_none()
            if holder not in {None, customer_id}:
                return Refusal(Reason.ADDRESS_TAKEN, plan.policy)
            row.email, row.email_key = plan.email, key
            return plan, customer_id

        return self._once(act, type(plan), ("customer", customer_id), write, at, customer_id)

    def add_lead(self, act: Act, plan: LeadPlan, at: datetime) -> Done[LeadPlan] | Refusal:
        def write(session: Session, _act: Act) -> tuple[Plan, str]:
            number = "L" + random_number()[1:]
            values = {"company": plan.company, "email": plan.email, "wants": plan.wants, "pieces": plan.pieces}
            session.add(LeadRow(number=number, asked_at=at, **values))
            return plan, number

        return self._once(act, LeadPlan, ("lead", "new"), write, at)

    def add_note(self, act: Act, plan: NotePlan, at: datetime) -> Done[NotePlan] | Refusal:
        def write(session: Session, _act: Act) -> tuple[Plan, str]:
            session.add(TicketNoteRow(id=uuid4().hex, ticket=plan.ticket, text=plan.text, at=at))
            return plan, plan.ticket

        return self._once(act, NotePlan, ("ticket", plan.ticket), write, at)

    def note_invoice(
        self, act: Act, customer_id: CustomerId, plan: InvoicePlan, at: datetime
    ) -> tuple[Done[InvoicePlan] | Refusal, bool]:
        first = False

        def write(_session: Session, _act: Act) -> tuple[Plan, str]:
            nonlocal first
            first = True
            return plan, plan.order_number

        done = self._once(act, InvoicePlan, ("order", plan.order_number), write, at, customer_id)
        return done, first

    def _once(  # noqa: PLR0917 - one private call from each method above
        self,
        act: Act,
        kind: type[P],
        subject: tuple[str, str],
        write: Write,
        at: datetime,
        customer_id: CustomerId | None = None,
    ) -> Done[P] | Refusal:
        action = kind.__name__.removesuffix("Plan").lower()

        def work(session: Session, stored: Act) -> Done[P] | Refusal:
            written = write(session, stored)
            if isinstance(written, Refusal):
                return written
            plan, reference = written
            details = {"plan": plan.token, "reference": reference}
            what = f"{subject[0]}.{action}"
            audit.note(session, stored, what, subject, at=at, customer_id=customer_id, details=details)
            return Done(cast("P", plan), at, reference)

        done = cast("type[Done[P]]", Done[kind])  # type: ignore[valid-type]
        return once(self._database, act, f"{subject[0]}.{action}:{subject[1]}", done, work, at)


def _take(session: Session, kind: AppointmentKind, starts_at: datetime, persons: int, capacity: int) -> bool:
    """Take places (or give them back), alone with the slot until the transaction ends; whether they were there."""
    new = {"kind": kind, "starts_at": starts_at, "capacity": capacity, "taken": 0}
    insert_if_new(session, SlotRow, new)
    slot = (SlotRow.kind == kind, SlotRow.starts_at == starts_at)
    room = SlotRow.taken + persons <= SlotRow.capacity
    changed = update(SlotRow).where(*slot, room).values(taken=SlotRow.taken + persons).returning(SlotRow.taken)
    return session.execute(changed.execution_options(synchronize_session=False)).first() is not None


def _subscription(row: SubscriptionRow) -> Subscription:
    return Subscription(
        number=row.number,
        customer_id=CustomerId(row.customer_id),
        name=row.name,
        sku=row.sku,
        quantity=row.quantity,
        interval_weeks=row.interval_weeks,
        state=row.state,
        next_shipment=row.next_shipment,
        paused_until=row.paused_until,
    )


def _booking(row: BookingRow) -> Booking:
    return Booking(
        number=row.number,
        kind=row.kind,
        starts_at=row.starts_at,
        persons=row.persons,
        name=row.name,
        email=row.email,
        conversation_id=row.conversation_id,
        cancelled_at=row.cancelled_at,
    )
