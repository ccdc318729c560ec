"""What an order's facts mean for its customer today: status, lateness, refund days. Pure functions."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from backoffice.model.money import Money
from backoffice.model.order import (
    Order,
    OrderState,
    Packed,
    PaymentMethod,
    Refund,
    Return,
    ReturnState,
    ScanKind,
    Shipment,
)
from backoffice.model.order_view import (
    Delivery,
    Lateness,
    LateStep,
    OrderStatus,
    OrderView,
    Piece,
    RefundView,
    ReturnView,
    ShipmentView,
)
from backoffice.working_days import WorkingDays


@dataclass(frozen=True, slots=True)
class OrderPolicy:
    """The company's promises, in working days (wd) or calendar days, as its policy pages state them."""

    calendar: WorkingDays
    tracking_url: str
    late_after_wd: int = 2
    investigation_wd: int = 3
    claim_after_wd: int = 1
    claim_within: timedelta = field(default=timedelta(days=14))
    refund_within_wd: int = 5
    bank_takes: timedelta = field(default=timedelta(days=3))
    pay_within: timedelta = field(default=timedelta(days=7))


_STATUS = {
    OrderState.PAYMENT_PENDING: OrderStatus.AWAITING_PAYMENT,
    OrderState.PLACED: OrderStatus.PLACED,
    OrderState.PACKED: OrderStatus.PACKED,
    OrderState.PARTLY_SHIPPED: OrderStatus.PARTLY_SHIPPED,
    OrderState.DELIVERED: OrderStatus.DELIVERED,
    OrderState.CANCELLED: OrderStatus.CANCELLED,
}
_ON_THE_WAY = {
    ScanKind.OUT_FOR_DELIVERY: OrderStatus.OUT_FOR_DELIVERY,
    ScanKind.ATTEMPTED: OrderStatus.DELIVERY_ATTEMPTED,
}
_RETURN_STATUS = {
    ReturnState.ANNOUNCED: OrderStatus.RETURN_ANNOUNCED,
    ReturnState.ON_ITS_WAY: OrderStatus.RETURN_ON_ITS_WAY,
    ReturnState.RECEIVED: OrderStatus.REFUND_DUE,
}
_UNDERWAY = {OrderState.PLACED, OrderState.PACKED, OrderState.PARTLY_SHIPPED, OrderState.SHIPPED}


def view_of(order: Order, now: datetime, policy: OrderPolicy) -> OrderView:
    """The order as its customer is told about it at ``now``."""
    return OrderView(
        number=order.number,
        state=order.state,
        status=_status(order),
        placed_at=order.placed_at,
        total=order.total,
        paid=order.paid,
        delivery_cost=order.delivery_cost,
        method=order.method,
        payment=order.payment,
        address=order.address,
        lines=order.lines,
        open_lines=_open_lines(order),
        shipments=tuple(_shipment(order, shipment, policy) for shipment in order.shipments),
        returns=tuple(_return(order, returned, policy) for returned in order.returns),
        promised=order.promised,
        lateness=_lateness(order, now, policy),
        pay_by=_pay_by(order, policy),
        packed_at=order.packed_at,
        cancelled_at=order.cancelled_at,
        refunds=tuple(_refund(refund, refund.created_at, policy) for refund in order.refunds),
        claims=order.claims,
    )


def _status(order: Order) -> OrderStatus:
    if order.returns and (order.state is OrderState.RETURNED or _all_sent_back(order)):
        latest = order.returns[-1]
        refunded = latest.refund is not None and latest.refund.sent_at is not None
        return OrderStatus.REFUNDED if refunded else _RETURN_STATUS[latest.state]
    if order.state in _STATUS:
        return _STATUS[order.state]
    scans = [scan for shipment in order.shipments for scan in shipment.scans]
    newest = max(scans, key=lambda scan: scan.at, default=None)
    return _ON_THE_WAY.get(newest.kind, OrderStatus.IN_TRANSIT) if newest else OrderStatus.IN_TRANSIT


def _all_sent_back(order: Order) -> bool:
    """Whether returns of a delivered order hold every piece of it, though its own state does not say so yet."""
    back = [packed for returned in order.returns for packed in returned.contents]
    return order.state is OrderState.DELIVERED and all(
        sum(packed.quantity for packed in back if packed.line == line.number) >= line.quantity for line in order.lines
    )


def _lateness(order: Order, now: datetime, policy: OrderPolicy) -> Lateness | None:
    calendar = policy.calendar
    today = calendar.day_of(now)
    if order.state not in _UNDERWAY or order.promised is None or today <= order.promised.last:
        return None
    late_by = calendar.between(order.promised.last, today)
    if order.investigation_since is not None:
        due = calendar.after(calendar.day_of(order.investigation_since), policy.investigation_wd)
        step = LateStep.INVESTIGATING if today <= due else LateStep.RESEND_OR_REFUND
        return Lateness(late_by, step, due)
    if late_by < policy.late_after_wd:
        return Lateness(late_by, LateStep.WAIT, calendar.after(order.promised.last, policy.late_after_wd))
    return Lateness(late_by, LateStep.INVESTIGATE, calendar.after(today, policy.investigation_wd))


def _pay_by(order: Order, policy: OrderPolicy) -> date | None:
    awaited = order.state is OrderState.PAYMENT_PENDING and order.payment is PaymentMethod.BANK_TRANSFER
    return policy.calendar.day_of(order.placed_at + policy.pay_within) if awaited else None


def _open_lines(order: Order) -> tuple[Piece, ...]:
    if order.state is OrderState.CANCELLED:
        return ()
    sent = [packed for shipment in order.shipments for packed in shipment.contents]
    missing = (
        Packed(line.number, line.quantity - sum(one.quantity for one in sent if one.line == line.number))
        for line in order.lines
    )
    return pieces_of(order, tuple(packed for packed in missing if packed.quantity > 0))


def _shipment(order: Order, shipment: Shipment, policy: OrderPolicy) -> ShipmentView:
    return ShipmentView(
        carrier=shipment.carrier,
        tracking_number=shipment.tracking_number,
        tracking_url=policy.tracking_url.replace("{tracking_number}", shipment.tracking_number),
        shipped_at=shipment.shipped_at,
        contents=pieces_of(order, shipment.contents),
        last_scan=shipment.scans[-1] if shipment.scans else None,
        delivery=_delivery(shipment, policy),
    )


def _delivery(shipment: Shipment, policy: OrderPolicy) -> Delivery | None:
    scan = next((scan for scan in shipment.scans if scan.kind is ScanKind.DELIVERED), None)
    if scan is None:
        return None
    day = policy.calendar.day_of(scan.at)
    claim_from = policy.calendar.after(day, policy.claim_after_wd)
    return Delivery(scan.at, scan.place, claim_from=claim_from, claim_until=day + policy.claim_within)


def _return(order: Order, returned: Return, policy: OrderPolicy) -> ReturnView:
    back = returned.received_at
    return ReturnView(
        state=returned.state,
        announced_at=returned.announced_at,
        received_at=back,
        contents=pieces_of(order, returned.contents),
        goods=_price_of(order, returned.contents),
        refund=_refund(returned.refund, back, policy) if returned.refund else None,
        refund_by=policy.calendar.after(policy.calendar.day_of(back), policy.refund_within_wd) if back else None,
    )


def _price_of(order: Order, contents: tuple[Packed, ...]) -> Money:
    prices = {line.number: line.unit_price.minor for line in order.lines}
    return Money(sum(prices[packed.line] * packed.quantity for packed in contents), order.delivery_cost.currency)


def _refund(refund: Refund, since: datetime | None, policy: OrderPolicy) -> RefundView:
    calendar = policy.calendar
    sent_by = calendar.after(calendar.day_of(since), policy.refund_within_wd) if since else None
    leaves = calendar.day_of(refund.sent_at) if refund.sent_at else sent_by
    return RefundView(
        amount=refund.amount,
        method=refund.method,
        sent_at=refund.sent_at,
        sent_by=sent_by,
        arrives_by=leaves + policy.bank_takes if leaves else None,
    )


def pieces_of(order: Order, contents: tuple[Packed, ...]) -> tuple[Piece, ...]:
    lines = {line.number: line for line in order.lines}
    return tuple(Piece(lines[packed.line].name, lines[packed.line].variant, packed.quantity) for packed in contents)


def delivered(order: Order) -> dict[int, int]:
    """How many pieces of each line have been delivered."""
    pieces: dict[int, int] = {}
    for parcel in order.shipments:
        if any(scan.kind is ScanKind.DELIVERED for scan in parcel.scans):
            for packed in parcel.contents:
                pieces[packed.line] = pieces.get(packed.line, 0) + packed.quantity
    return pieces
