"""What may be sent back, until when, and what is paid for it. Pure functions over the order's facts."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from backoffice.model.act import Reason, Refusal
from backoffice.model.customer import Customer
from backoffice.model.money import Money
from backoffice.model.order import DeliveryMethod, Line, Order, Packed, ScanKind
from backoffice.model.order_change import ReturnPlan, ReturnReason
from backoffice.service.order_status import OrderPolicy, delivered, pieces_of
from backoffice.service.regions import LARGE, region_for, standard_cost

WINDOW = timedelta(days=30)
DELIVERY_BACK_WITHIN = timedelta(days=14)
HAND_OVER_WITHIN = timedelta(days=14)
RETURN_COST_MINOR = 4_95
GIFT_CARD = "AW-501"
SPOILT_WHEN_OPENED = {"AW-401": "returns-coffee-opened", "AW-102": "returns-earbuds-seal"}


def send_back(
    order: Order,
    wanted: Mapping[int, int],
    reason: ReturnReason,
    customer: Customer,
    *,
    opened: bool,
    now: datetime,
    policy: OrderPolicy,
) -> ReturnPlan | Refusal:
    """Plan the return of ``wanted`` (line number to quantity; empty: everything that is still there)."""
    held = _held(order)
    chosen = {line: count for line, count in (wanted or held).items() if count > 0}
    day = _delivered_on(order, policy)
    if day is None or not any(held.values()) or not chosen:
        return Refusal(Reason.NOT_DELIVERED if day is None else Reason.NOTHING_LEFT, "returns-window")
    if any(count > held.get(line, 0) for line, count in chosen.items()):
        return Refusal(Reason.NOTHING_LEFT, "returns-part-of-order")
    lines = tuple(line for line in order.lines if line.number in chosen)
    refused = _refused(lines, reason, opened=opened) or _too_late(order, day, reason, now, policy)
    return refused or _plan(order, chosen, reason, customer, day, now, policy)


def return_until(order: Order, policy: OrderPolicy) -> date | None:
    """The last day of the return window: 30 days from delivery, 31 January for what was bought before Christmas."""
    day = _delivered_on(order, policy)
    if day is None:
        return None
    bought = policy.calendar.day_of(order.placed_at)
    christmas = date(bought.year, 11, 15) <= bought <= date(bought.year, 12, 24)
    return max(day + WINDOW, date(bought.year + 1, 1, 31)) if christmas else day + WINDOW


def _refused(lines: tuple[Line, ...], reason: ReturnReason, *, opened: bool) -> Refusal | None:
    if any(line.sku == GIFT_CARD for line in lines):
        return Refusal(Reason.NOT_RETURNABLE, "returns-gift-cards")
    if reason.our_fault:
        return None
    if any(line.final_sale for line in lines):
        return Refusal(Reason.FINAL_SALE, "returns-last-chance")
    spoilt = next((SPOILT_WHEN_OPENED[line.sku] for line in lines if line.sku in SPOILT_WHEN_OPENED), None)
    return Refusal(Reason.OPENED, spoilt) if opened and spoilt else None


def _too_late(order: Order, day: date, reason: ReturnReason, now: datetime, policy: OrderPolicy) -> Refusal | None:
    today, until = policy.calendar.day_of(now), return_until(order, policy) or day
    if today <= until:
        return None
    return Refusal(Reason.WARRANTY if reason.our_fault else Reason.TOO_LATE, "returns-too-late", day=until)


def _plan(  # noqa: PLR0917 - each is needed and none is optional
    order: Order,
    chosen: Mapping[int, int],
    reason: ReturnReason,
    customer: Customer,
    day: date,
    now: datetime,
    policy: OrderPolicy,
) -> ReturnPlan | Refusal:
    currency = order.total.currency
    today = policy.calendar.day_of(now)
    goods = Money(sum(line.unit_price.minor * chosen.get(line.number, 0) for line in order.lines), currency)
    free = reason.our_fault or customer.plus_member
    deducted = Money(0 if free else min(RETURN_COST_MINOR, goods.minor), currency)
    in_time = today <= day + DELIVERY_BACK_WITHIN
    everything = all(chosen.get(line.number) == line.quantity for line in order.lines)
    delivery = _delivery_back(order, customer) if everything and (in_time or reason.our_fault) else Money(0, currency)
    due = goods + delivery - deducted
    refund = Money(min(due.minor, order.left.minor), currency)
    if refund.minor == 0:
        return Refusal(Reason.NOTHING_LEFT, "refunds-less-than-expected")
    contents = tuple(Packed(line, count) for line, count in sorted(chosen.items()))
    return ReturnPlan(
        order_number=order.number,
        reason=reason,
        contents=contents,
        pieces=pieces_of(order, contents),
        goods=goods,
        delivery=delivery,
        deducted=deducted,
        refund=refund,
        method=order.payment,
        collected=any(line.sku in LARGE for line in order.lines if line.number in chosen),
        hand_over_by=today + HAND_OVER_WITHIN,
        policy="returns-window",
    )


def _delivery_back(order: Order, customer: Customer) -> Money:
    """The standard delivery that was paid; of an express charge what standard would have cost."""
    if order.method is not DeliveryMethod.EXPRESS:
        return order.delivery_cost
    region = region_for(order.address.country, order.address.postal_code)
    goods = order.total - order.delivery_cost
    if isinstance(region, Refusal):
        return Money(0, order.total.currency)
    return standard_cost(region, goods, plus_member=customer.plus_member)


def _held(order: Order) -> dict[int, int]:
    """What the customer has of each line: delivered and not sent back yet."""
    held = delivered(order)
    for back in order.returns:
        for packed in back.contents:
            held[packed.line] = held.get(packed.line, 0) - packed.quantity
    return held


def _delivered_on(order: Order, policy: OrderPolicy) -> date | None:
    scans = [scan.at for parcel in order.shipments for scan in parcel.scans if scan.kind is ScanKind.DELIVERED]
    return policy.calendar.day_of(max(scans)) if scans else None
