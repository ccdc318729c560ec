"""The demo company is believable on whatever day it is seeded, and its page says what is in it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backoffice.demo_data import DemoData, load_demo
from backoffice.demo_page import PAGE, render_page
from backoffice.model.money import Money
from backoffice.model.order import OrderState, PaymentMethod, ReturnState, ScanKind
from backoffice.model.order_view import LateStep, OrderStatus, OrderView
from backoffice.parsing import parse_email, parse_order_number
from backoffice.relative_dates import relative_day, relative_moment
from backoffice.service.order_status import OrderPolicy, view_of
from backoffice.working_days import WorkingDays

ROOT = Path(__file__).parents[2]
CALENDAR = WorkingDays()
POLICY = OrderPolicy(calendar=CALENDAR, tracking_url="https://track.alderwick.example/{tracking_number}")
moments = st.datetimes(datetime(2026, 1, 1), datetime(2029, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001

ZONE_A = {"BE", "NL", "LU", "FR", "DE", "AT", "DK"}
ZONE_B = {"ES", "PT", "IT", "SE", "FI", "PL", "CZ", "SI", "SK", "HU", "EE", "LV", "LT", "GR", "HR", "RO", "BG"}


def views(demo: DemoData, now: datetime) -> dict[str, OrderView]:
    return {entry.order.number: view_of(entry.order, now, POLICY) for entry in demo.orders}


@settings(max_examples=40, deadline=None)
@given(moments)
def test_on_any_day_the_past_is_past_and_in_order(now: datetime) -> None:
    for entry in load_demo(now, CALENDAR).orders:
        order = entry.order
        steps = [order.placed_at, order.paid_at, order.packed_at]
        for shipment in order.shipments:
            scans = [shipment.shipped_at, *(scan.at for scan in shipment.scans)]
            assert scans == sorted(scans), order.number
            assert order.packed_at is not None
            assert order.packed_at < shipment.shipped_at
            steps += scans
        steps += [order.cancelled_at, order.investigation_since]
        for back in order.returns:
            refund = back.refund
            steps += [back.announced_at, back.received_at]
            steps += [refund.created_at, refund.sent_at] if refund else []
        known = [step for step in steps if step]
        if len(order.shipments) < 2:
            assert known == sorted(known), order.number
        assert max(known) <= now, order.number


@settings(max_examples=40, deadline=None)
@given(moments)
def test_on_any_day_every_situation_can_be_tried(now: datetime) -> None:
    seen = views(load_demo(now, CALENDAR), now)

    assert {view.status for view in seen.values()} >= set(OrderStatus) - {OrderStatus.RETURN_ANNOUNCED}
    assert {view.lateness.next for view in seen.values() if view.lateness} == set(LateStep)
    late = {number for number, view in seen.items() if view.late}
    assert late == {"10037", "10031", "10029", "10021", "10020"}
    assert seen["10046"].status is OrderStatus.IN_TRANSIT
    assert seen["10046"].shipments[0].tracking_url == "https://track.alderwick.example/CP5520046118"
    assert seen["10042"].pay_by >= CALENDAR.day_of(now)
    assert now - seen["10048"].packed_at < timedelta(minutes=60)
    assert now - seen["10045"].packed_at > timedelta(minutes=60)
    claim = seen["10038"].shipments[0].delivery
    assert claim.claim_from <= CALENDAR.day_of(now) <= claim.claim_until


@settings(max_examples=40, deadline=None)
@given(moments)
def test_one_customer_has_headphones_and_an_order_of_last_thursday(now: datetime) -> None:
    demo = load_demo(now, CALENDAR)
    own = [entry.order for entry in demo.orders if entry.email == "aoife.brennan@example.com"]
    (thursday,) = [order for order in own if order.number == "10041"]
    placed = CALENDAR.day_of(thursday.placed_at)

    assert placed.weekday() == 3
    assert 1 <= (CALENDAR.day_of(now) - placed).days <= 7
    assert any(line.name == "Wren headphones" for order in own for line in order.lines)
    assert len(own) >= 4


def test_the_company_is_large_enough(demo: DemoData) -> None:
    assert len(demo.customers) >= 12
    assert len(demo.orders) >= 24
    assert {entry.order.state for entry in demo.orders} == set(OrderState)
    countries = {customer.address.country for customer in demo.customers}
    assert countries >= {"IE", "GB", "NO", "DE"}
    assert any(line.final_sale for entry in demo.orders for line in entry.order.lines)
    assert any(back.state is ReturnState.RECEIVED for entry in demo.orders for back in entry.order.returns)
    members = {customer.id for customer in demo.customers if customer.plus_member}
    assert any(entry.order.customer_id in members for entry in demo.orders)


def test_numbers_and_addresses_are_ones_that_can_be_typed(demo: DemoData) -> None:
    numbers = [entry.order.number for entry in demo.orders]
    parcels = [parcel.tracking_number for entry in demo.orders for parcel in entry.order.shipments]

    assert len(set(numbers)) == len(numbers)
    assert len(set(parcels)) == len(parcels)
    assert all(parse_order_number(number) == number for number in numbers)
    for customer in demo.customers:
        assert parse_email(customer.email) == customer.email
        assert customer.email.rpartition("@")[2] in {"example.com", "example.org", "example.net"}
        assert customer.phone is None or phonenumbers.is_possible_number(phonenumbers.parse(customer.phone))


def test_delivery_costs_what_the_policy_says(demo: DemoData) -> None:
    customers = {customer.id: customer for customer in demo.customers}
    for entry in demo.orders:
        order = entry.order
        customer = customers[order.customer_id]
        goods = sum(line.unit_price.minor * line.quantity for line in order.lines)
        express = order.method == "express"
        expected = _delivery(customer.address.country, goods, plus=customer.plus_member, express=express)
        assert order.delivery_cost == Money(expected, "EUR"), order.number


def _delivery(country: str, goods: int, *, plus: bool, express: bool) -> int:
    if express:
        return 995
    if plus and country in {"IE", "GB", *ZONE_A, *ZONE_B}:
        return 0
    if country == "IE":
        return 0 if goods >= 5000 else 495
    if country in ZONE_A | ZONE_B:
        return 0 if goods >= 12000 else 795 if country in ZONE_A else 1295
    return 995 if country == "GB" else 1995


def test_refunds_are_goods_less_the_return_label(demo: DemoData) -> None:
    customers = {customer.id: customer for customer in demo.customers}
    for entry in demo.orders:
        lines = {line.number: line for line in entry.order.lines}
        for back in entry.order.returns:
            if back.refund is None:
                continue
            goods = sum(lines[one.line].unit_price.minor * one.quantity for one in back.contents)
            free = back.reason == "faulty" or customers[entry.order.customer_id].plus_member
            assert back.refund.amount.minor == goods - (0 if free else 495), entry.order.number
        for refund in entry.order.refunds:
            assert refund.amount == entry.order.total


def test_state_and_facts_agree(demo: DemoData) -> None:
    for entry in demo.orders:
        order = entry.order
        unpaid = order.payment is PaymentMethod.BANK_TRANSFER and order.state in {
            OrderState.PAYMENT_PENDING,
            OrderState.CANCELLED,
        }
        assert (order.paid_at is None) == unpaid, order.number
        assert (order.cancelled_at is not None) == (order.state is OrderState.CANCELLED)
        arrived = [any(scan.kind is ScanKind.DELIVERED for scan in one.scans) for one in order.shipments]
        assert all(arrived) == (order.state not in {OrderState.SHIPPED, OrderState.PARTLY_SHIPPED} or not arrived)
        sent = {OrderState.SHIPPED, OrderState.PARTLY_SHIPPED, OrderState.DELIVERED, OrderState.RETURNED}
        assert bool(order.shipments) == (order.state in sent), order.number
        still_open = bool(view_of(order, datetime(2026, 11, 23, tzinfo=UTC), POLICY).open_lines)
        before = {OrderState.PAYMENT_PENDING, OrderState.PLACED, OrderState.PACKED, OrderState.PARTLY_SHIPPED}
        assert still_open == (order.state in before), order.number


def test_products_are_the_companys(demo: DemoData) -> None:
    prices = {product.sku: product.price.minor for product in demo.products}

    assert len(prices) == 18
    assert (prices["AW-101"], prices["AW-401"], prices["AW-501"]) == (18900, 2400, 2500)
    for entry in demo.orders:
        for line in entry.order.lines:
            assert line.final_sale or line.unit_price.minor == prices[line.sku]


def test_the_page_is_the_demo(demo: DemoData) -> None:
    assert (ROOT / PAGE).read_text(encoding="utf-8") == render_page(demo), "run `python -m backoffice demo-page`"


def test_the_page_says_the_same_on_every_day() -> None:
    other_day = datetime(2027, 3, 6, 5, 0, tzinfo=UTC)

    assert render_page(load_demo(other_day, CALENDAR)) == (ROOT / PAGE).read_text(encoding="utf-8")


NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("today", "2026-11-23"),
        ("-3d", "2026-11-20"),
        ("+2d", "2026-11-25"),
        ("-1wd", "2026-11-20"),
        ("+5wd", "2026-11-30"),
        ("last thursday", "2026-11-19"),
    ],
)
def test_relative_days(written: str, day: str) -> None:
    assert str(relative_day(written, NOW.date(), CALENDAR)) == day


def test_last_thursday_on_a_thursday_is_a_week_ago() -> None:
    assert str(relative_day("last thursday", datetime(2026, 11, 26, tzinfo=UTC).date(), CALENDAR)) == "2026-11-19"


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("-45m", "2026-11-23T11:15:00+00:00"),
        ("-3h", "2026-11-23T09:00:00+00:00"),
        ("-1wd 14:30", "2026-11-20T14:30:00+00:00"),
        ("-60d 14:30", "2026-09-24T13:30:00+00:00"),
        ("last thursday 08:05", "2026-11-19T08:05:00+00:00"),
    ],
)
def test_relative_moments_are_local_hours(written: str, moment: str) -> None:
    assert relative_moment(written, NOW, CALENDAR).isoformat() == moment


@pytest.mark.parametrize("written", ["", "-3", "3d", "yesterday 10:00", "-3d 25:00", "-3d"])
def test_unknown_relative_moments_are_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"day|hour|isoformat|time"):
        relative_moment(written, NOW, CALENDAR)


def test_some_hours_ago_today_is_on_no_earlier_day() -> None:
    shortly_after_midnight = datetime(2026, 11, 26, 0, 20, tzinfo=UTC)
    assert relative_moment("today -3h", shortly_after_midnight, CALENDAR) == datetime(2026, 11, 26, tzinfo=UTC)
    assert relative_moment("today -3h", NOW, CALENDAR) == relative_moment("-3h", NOW, CALENDAR)
