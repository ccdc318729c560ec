"""What an order's facts mean on a given day."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from backoffice.model.customer import Address
from backoffice.model.ids import CustomerId
from backoffice.model.money import Money
from backoffice.model.order import (
    DeliveryMethod,
    Line,
    Order,
    OrderState,
    Packed,
    PaymentMethod,
    PromisedWindow,
    Refund,
    Return,
    ReturnState,
    Scan,
    ScanKind,
    Shipment,
)
from backoffice.model.order_view import Lateness, LateStep, OrderStatus, Piece
from backoffice.service.order_status import OrderPolicy, view_of
from backoffice.working_days import WorkingDays

MONDAY = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
POLICY = OrderPolicy(calendar=WorkingDays(), tracking_url="https://track.alderwick.example/{tracking_number}")


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


def ago(**passed: float) -> datetime:
    return MONDAY - timedelta(**passed)


ORDER = Order(
    number="10046",
    customer_id=CustomerId("c"),
    state=OrderState.PLACED,
    placed_at=ago(days=3),
    method=DeliveryMethod.STANDARD,
    payment=PaymentMethod.VISA,
    delivery_cost=eur(495),
    address=Address("A", "B", "C", "IE"),
    lines=(
        Line(1, "AW-101", "Wren headphones", 1, eur(18900), "sand"),
        Line(2, "AW-401", "Brio coffee beans 1 kg", 2, eur(2400)),
    ),
    promised=PromisedWindow(date(2026, 11, 23), date(2026, 11, 24)),
)
EVERYTHING = (Packed(1, 1), Packed(2, 2))


def parcel(*scans: tuple[ScanKind, datetime], contents: Any = EVERYTHING, number: str = "CP1") -> Shipment:
    told = tuple(Scan(kind, at, "somewhere") for kind, at in scans)
    return Shipment("Corrib Parcel", number, ago(days=2), contents, told)


def shipped(*scans: tuple[ScanKind, datetime]) -> Order:
    return replace(ORDER, state=OrderState.SHIPPED, shipments=(parcel(*scans),))


def returned(**parts: Any) -> Order:
    one = Return(ReturnState.RECEIVED, "changed_mind", ago(days=9), EVERYTHING)
    return replace(ORDER, state=OrderState.RETURNED, returns=(replace(one, **parts),))


REFUND = Refund(eur(100), PaymentMethod.VISA, ago(days=4))


@pytest.mark.parametrize(
    ("order", "status"),
    [
        (replace(ORDER, state=OrderState.PAYMENT_PENDING), OrderStatus.AWAITING_PAYMENT),
        (ORDER, OrderStatus.PLACED),
        (replace(ORDER, state=OrderState.PACKED), OrderStatus.PACKED),
        (replace(ORDER, state=OrderState.PARTLY_SHIPPED), OrderStatus.PARTLY_SHIPPED),
        (replace(ORDER, state=OrderState.DELIVERED), OrderStatus.DELIVERED),
        (replace(ORDER, state=OrderState.CANCELLED), OrderStatus.CANCELLED),
        (replace(ORDER, state=OrderState.SHIPPED), OrderStatus.IN_TRANSIT),
        (shipped(), OrderStatus.IN_TRANSIT),
        (shipped((ScanKind.HANDED_OVER, ago(days=1))), OrderStatus.IN_TRANSIT),
        (shipped((ScanKind.OUT_FOR_DELIVERY, ago(hours=2))), OrderStatus.OUT_FOR_DELIVERY),
        (
            shipped((ScanKind.OUT_FOR_DELIVERY, ago(hours=2)), (ScanKind.ATTEMPTED, ago(hours=1))),
            OrderStatus.DELIVERY_ATTEMPTED,
        ),
        (returned(state=ReturnState.ANNOUNCED), OrderStatus.RETURN_ANNOUNCED),
        (returned(state=ReturnState.ON_ITS_WAY), OrderStatus.RETURN_ON_ITS_WAY),
        (returned(received_at=ago(days=5)), OrderStatus.REFUND_DUE),
        (returned(received_at=ago(days=5), refund=REFUND), OrderStatus.REFUND_DUE),
        (returned(received_at=ago(days=5), refund=replace(REFUND, sent_at=ago(days=1))), OrderStatus.REFUNDED),
    ],
)
def test_status(order: Order, status: OrderStatus) -> None:
    assert view_of(order, MONDAY, POLICY).status is status


def test_newest_scan_of_all_parcels_counts() -> None:
    first = parcel((ScanKind.OUT_FOR_DELIVERY, ago(hours=1)), contents=(Packed(1, 1),))
    second = parcel((ScanKind.IN_TRANSIT, ago(hours=3)), contents=(Packed(2, 2),), number="CP2")
    order = replace(ORDER, state=OrderState.SHIPPED, shipments=(first, second))

    assert view_of(order, MONDAY, POLICY).status is OrderStatus.OUT_FOR_DELIVERY


def promised_until(day: date, **parts: Any) -> Order:
    return replace(ORDER, state=OrderState.SHIPPED, promised=PromisedWindow(day, day), **parts)


@pytest.mark.parametrize(
    ("last_promised", "lateness"),
    [
        (date(2026, 11, 24), None),
        (date(2026, 11, 23), None),
        (date(2026, 11, 20), Lateness(1, LateStep.WAIT, date(2026, 11, 24))),
        (date(2026, 11, 19), Lateness(2, LateStep.INVESTIGATE, date(2026, 11, 26))),
        (date(2026, 11, 9), Lateness(10, LateStep.INVESTIGATE, date(2026, 11, 26))),
    ],
)
def test_lateness_counts_working_days_past_the_promise(last_promised: date, lateness: Lateness | None) -> None:
    view = view_of(promised_until(last_promised), MONDAY, POLICY)

    assert view.lateness == lateness
    assert view.late == (lateness is not None)


def test_a_weekend_makes_nothing_later() -> None:
    sunday = MONDAY - timedelta(days=1)

    late = view_of(promised_until(date(2026, 11, 20)), sunday, POLICY).lateness
    assert late == Lateness(0, LateStep.WAIT, date(2026, 11, 24))


def test_public_holidays_make_nothing_later() -> None:
    tuesday = datetime(2026, 12, 29, 12, 0, tzinfo=UTC)  # Christmas was on Friday, St Stephen's on Saturday

    late = view_of(promised_until(date(2026, 12, 24)), tuesday, POLICY).lateness
    assert late.working_days == 2


def test_the_day_changes_at_midnight_in_dublin() -> None:
    order = promised_until(date(2026, 7, 7))
    before, after = datetime(2026, 7, 7, 22, 59, tzinfo=UTC), datetime(2026, 7, 7, 23, 0, tzinfo=UTC)

    assert view_of(order, before, POLICY).lateness is None
    assert view_of(order, after, POLICY).late


@pytest.mark.parametrize(
    ("since", "lateness"),
    [
        (ago(days=3), Lateness(10, LateStep.INVESTIGATING, date(2026, 11, 25))),
        (ago(days=5), Lateness(10, LateStep.INVESTIGATING, date(2026, 11, 23))),
        (ago(days=6), Lateness(10, LateStep.RESEND_OR_REFUND, date(2026, 11, 20))),
    ],
)
def test_an_investigation_takes_three_working_days(since: datetime, lateness: Lateness | None) -> None:
    order = promised_until(date(2026, 11, 9), investigation_since=since)

    assert view_of(order, MONDAY, POLICY).lateness == lateness


@pytest.mark.parametrize(
    "state", [OrderState.PAYMENT_PENDING, OrderState.DELIVERED, OrderState.RETURNED, OrderState.CANCELLED]
)
def test_what_is_not_underway_is_never_late(state: OrderState) -> None:
    order = replace(promised_until(date(2026, 11, 2)), state=state)

    assert view_of(order, MONDAY, POLICY).lateness is None


@pytest.mark.parametrize("state", [OrderState.PLACED, OrderState.PACKED, OrderState.PARTLY_SHIPPED])
def test_what_has_not_even_left_can_be_late(state: OrderState) -> None:
    assert view_of(replace(promised_until(date(2026, 11, 2)), state=state), MONDAY, POLICY).late


def test_without_a_promise_nothing_is_late() -> None:
    assert view_of(replace(ORDER, state=OrderState.SHIPPED, promised=None), MONDAY, POLICY).lateness is None


def test_a_delivered_parcel_says_where_and_until_when_it_can_be_claimed() -> None:
    friday = datetime(2026, 11, 20, 13, 42, tzinfo=UTC)
    order = replace(
        ORDER,
        state=OrderState.DELIVERED,
        shipments=(parcel((ScanKind.OUT_FOR_DELIVERY, ago(days=4)), (ScanKind.DELIVERED, friday)),),
    )

    (shipment,) = view_of(order, MONDAY, POLICY).shipments
    assert shipment.tracking_url == "https://track.alderwick.example/CP1"
    assert (shipment.delivery.at, shipment.delivery.place) == (friday, "somewhere")
    assert shipment.delivery.claim_from == date(2026, 11, 23)
    assert shipment.delivery.claim_until == date(2026, 12, 4)


def test_what_no_parcel_has_taken_is_open() -> None:
    first = parcel(contents=(Packed(2, 1),))
    view = view_of(replace(ORDER, state=OrderState.PARTLY_SHIPPED, shipments=(first,)), MONDAY, POLICY)

    assert view.shipments[0].contents == (Piece("Brio coffee beans 1 kg", None, 1),)
    assert view.open_lines == (Piece("Wren headphones", "sand", 1), Piece("Brio coffee beans 1 kg", None, 1))


def test_nothing_is_open_in_a_cancelled_order() -> None:
    assert view_of(replace(ORDER, state=OrderState.CANCELLED), MONDAY, POLICY).open_lines == ()


def test_refund_of_a_return_is_sent_within_five_working_days_of_its_arrival() -> None:
    (view,) = view_of(returned(received_at=ago(days=4), refund=REFUND), MONDAY, POLICY).returns

    assert view.refund_by == view.refund.sent_by == date(2026, 11, 26)
    assert view.refund.arrives_by == date(2026, 11, 29)


def test_a_sent_refund_arrives_three_days_after_it_was_sent() -> None:
    sent = replace(REFUND, sent_at=ago(days=1))
    (view,) = view_of(returned(received_at=ago(days=4), refund=sent), MONDAY, POLICY).returns

    assert view.refund.arrives_by == date(2026, 11, 25)


def test_no_refund_day_is_promised_before_the_goods_are_back() -> None:
    (view,) = view_of(returned(state=ReturnState.ON_ITS_WAY, refund=REFUND), MONDAY, POLICY).returns

    assert (view.refund_by, view.refund.sent_by, view.refund.arrives_by) == (None, None, None)


def test_refund_of_a_cancelled_order_needs_no_return() -> None:
    order = replace(ORDER, state=OrderState.CANCELLED, refunds=(REFUND,))

    assert view_of(order, MONDAY, POLICY).refunds[0].sent_by == date(2026, 11, 26)


@pytest.mark.parametrize(
    ("payment", "state", "day"),
    [
        (PaymentMethod.BANK_TRANSFER, OrderState.PAYMENT_PENDING, date(2026, 11, 27)),
        (PaymentMethod.BANK_TRANSFER, OrderState.PLACED, None),
        (PaymentMethod.VISA, OrderState.PAYMENT_PENDING, None),
    ],
)
def test_a_bank_transfer_is_awaited_for_seven_days(payment: PaymentMethod, state: OrderState, day: date | None) -> None:
    assert view_of(replace(ORDER, payment=payment, state=state), MONDAY, POLICY).pay_by == day


def test_total_is_goods_and_delivery() -> None:
    assert view_of(ORDER, MONDAY, POLICY).total == eur(18900 + 2 * 2400 + 495)


def test_amounts_of_different_currencies_are_not_added() -> None:
    with pytest.raises(ValueError, match="currencies"):
        eur(1) + Money(1, "GBP")
