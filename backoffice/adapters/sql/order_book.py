"""Changes of orders in the data base: the row is locked, looked at, changed and noted in one transaction."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar, cast
from uuid import uuid4

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backoffice.adapters.sql import audit
from backoffice.adapters.sql.commands import once
from backoffice.adapters.sql.database import Database
from backoffice.adapters.sql.shop import ORDER_PARTS
from backoffice.adapters.sql.shop_rows import address_row, order_of
from backoffice.adapters.sql.shop_tables import ClaimRow, OrderRow, ProductRow, RefundRow, ReturnRow
from backoffice.adapters.ticket_number import random_number
from backoffice.model.act import Act, Done, Reason, Refusal
from backoffice.model.ids import CustomerId
from backoffice.model.money import Money
from backoffice.model.order import Order, OrderState, ReturnState
from backoffice.model.order_change import (
    CancelPlan,
    ClaimPlan,
    LostPlan,
    MovePlan,
    OrderPlan,
    ReturnPlan,
    SearchPlan,
    Wish,
)

P = TypeVar("P", bound=OrderPlan)
AUDITED = {
    CancelPlan: "order.cancelled",
    MovePlan: "order.moved",
    ReturnPlan: "return.announced",
    SearchPlan: "order.search_started",
    LostPlan: "order.lost_settled",
    ClaimPlan: "claim.opened",
}


class SqlOrderBook:
    """``OrderBook`` in the back office's own data base."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def change(  # noqa: PLR0917 - each is needed and none is optional
        self,
        act: Act,
        customer_id: CustomerId,
        order_number: str,
        kind: type[P],
        decide: Callable[[Order], P | Refusal],
        at: datetime,
    ) -> Done[P] | Refusal:
        def work(session: Session, stored: Act) -> Done[P] | Refusal:
            row = _locked(session, customer_id, order_number)
            plan = decide(order_of(row)) if row else Refusal(Reason.NOT_FOUND)
            if row is None or isinstance(plan, Refusal):
                return cast("Refusal", plan)
            reference = apply(session, row, plan, at)
            money = getattr(plan, "refund", None)
            details: dict[str, Any] = {"plan": plan.token, "reference": reference}
            details |= {"refund_minor": money.minor, "currency": money.currency} if money else {}
            subject = ("order", order_number)
            audit.note(session, stored, AUDITED[kind], subject, at=at, customer_id=customer_id, details=details)
            return Done(plan, at, reference)

        done = cast("type[Done[P]]", Done[kind])  # type: ignore[valid-type]
        return once(self._database, act, AUDITED[kind], done, work, at)


def _locked(session: Session, customer_id: str, order_number: str) -> OrderRow | None:
    own = (OrderRow.number == order_number, OrderRow.customer_id == customer_id)
    session.execute(select(OrderRow.id).where(*own).with_for_update())
    return session.scalars(select(OrderRow).where(*own).options(*ORDER_PARTS)).one_or_none()


def apply(session: Session, row: OrderRow, plan: OrderPlan, at: datetime) -> str | None:
    """Write what the plan says; the new thing's number, if it has one."""
    match plan:
        case CancelPlan():
            row.state, row.cancelled_at = OrderState.CANCELLED, at
            for line in row.lines:
                back = {"stock": ProductRow.stock + line.quantity}
                session.execute(update(ProductRow).where(ProductRow.sku == line.sku).values(back))
            refund(session, row, plan.refund, at)
        case MovePlan():
            address = address_row(plan.address, uuid4().hex, is_demo=row.is_demo)
            session.add(address)
            session.flush()
            row.address_id = address.id
        case SearchPlan():
            row.investigation_since = at
        case LostPlan():
            _settle(session, row, plan, at)
        case ReturnPlan():
            return _announce(session, row, plan, at)
        case ClaimPlan():
            return _open_claim(session, row, plan, at)
    return None


def refund(session: Session, row: OrderRow, amount: Money, at: datetime, return_id: str | None = None) -> None:
    """Money on its way back. The order's own count makes the data base refuse what is more than was paid."""
    if amount.minor == 0:
        return
    counted = {"refunded_minor": OrderRow.refunded_minor + amount.minor}
    session.execute(update(OrderRow).where(OrderRow.id == row.id).values(counted))
    session.add(
        RefundRow(
            id=uuid4().hex,
            order_id=row.id,
            return_id=return_id,
            amount_minor=amount.minor,
            currency=amount.currency,
            method=row.payment,
            created_at=at,
            sent_at=None,
        )
    )


def _settle(session: Session, row: OrderRow, plan: LostPlan, at: datetime) -> None:
    if plan.wish is Wish.REFUND:
        row.state, row.cancelled_at = OrderState.CANCELLED, at
        refund(session, row, plan.refund, at)
        return
    row.state, row.packed_at, row.investigation_since = OrderState.PLACED, None, None
    row.promised_first = row.promised_last = None


def _announce(session: Session, row: OrderRow, plan: ReturnPlan, at: datetime) -> str:
    number = _number("R", session, ReturnRow.number)
    session.add(
        ReturnRow(
            id=uuid4().hex,
            order_id=row.id,
            number=number,
            state=ReturnState.ANNOUNCED,
            reason=plan.reason.value,
            announced_at=at,
            received_at=None,
            expected_minor=plan.refund.minor,
            contents=[[packed.line, packed.quantity] for packed in plan.contents],
        )
    )
    return number


def _open_claim(session: Session, row: OrderRow, plan: ClaimPlan, at: datetime) -> str:
    number = _number("C", session, ClaimRow.number)
    contents = [[packed.line, packed.quantity] for packed in plan.contents]
    session.add(
        ClaimRow(number=number, order_id=row.id, kind=plan.kind, wish=plan.wish, contents=contents, opened_at=at)
    )
    return number


def _number(letter: str, session: Session, column: Any) -> str:
    """A number nobody has; the unique constraint holds should two draw the same at once."""
    while True:
        number = letter + random_number()[1:]
        if session.scalar(select(column).where(column == number)) is None:
            return number
