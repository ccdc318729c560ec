"""Between the shop's rows and its values."""

from uuid import NAMESPACE_URL, uuid5

from backoffice.adapters.sql.shop_tables import (
    AddressRow,
    ClaimRow,
    CustomerRow,
    LineRow,
    OrderRow,
    RefundRow,
    ReturnRow,
    ScanRow,
    ShipmentRow,
)
from backoffice.model.customer import Address, Customer
from backoffice.model.ids import CustomerId
from backoffice.model.money import Money
from backoffice.model.order import Claim, Line, Order, Packed, PromisedWindow, Refund, Return, Scan, Shipment


def stable_id(*parts: object) -> str:
    """An opaque id that is the same for the same parts: a row written again stays the same row."""
    return uuid5(NAMESPACE_URL, "\x1f".join(str(part) for part in parts)).hex


def address_of(row: AddressRow) -> Address:
    return Address(row.name, row.street, row.city, row.country, row.postal_code)


def customer_of(row: CustomerRow) -> Customer:
    return Customer(
        id=CustomerId(row.id),
        name=row.name,
        email=row.email,
        phone=row.phone,
        locale=row.locale,
        plus_member=row.plus_member,
        address=address_of(row.address),
    )


def order_of(row: OrderRow) -> Order:
    of_returns = {refund.return_id: _refund_of(refund) for refund in row.refunds if refund.return_id}
    promised = None
    if row.promised_first and row.promised_last:
        promised = PromisedWindow(row.promised_first, row.promised_last)
    return Order(
        number=row.number,
        customer_id=CustomerId(row.customer_id),
        state=row.state,
        placed_at=row.placed_at,
        method=row.method,
        payment=row.payment,
        delivery_cost=Money(row.delivery_cost_minor, row.currency),
        address=address_of(row.address),
        lines=tuple(_line_of(line, row.currency) for line in row.lines),
        promised=promised,
        paid_at=row.paid_at,
        packed_at=row.packed_at,
        cancelled_at=row.cancelled_at,
        investigation_since=row.investigation_since,
        shipments=tuple(_shipment_of(shipment) for shipment in row.shipments),
        returns=tuple(_return_of(back, of_returns.get(back.id), row.currency) for back in row.returns),
        refunds=tuple(_refund_of(refund) for refund in row.refunds if refund.return_id is None),
        claims=tuple(_claim_of(claim) for claim in row.claims),
    )


def address_row(address: Address, address_id: str, *, is_demo: bool) -> AddressRow:
    return AddressRow(
        id=address_id,
        name=address.name,
        street=address.street,
        postal_code=address.postal_code,
        city=address.city,
        country=address.country,
        is_demo=is_demo,
    )


def order_row(order: Order, *, address_id: str, is_demo: bool) -> OrderRow:
    """The order's row with all that belongs to it, under ids made from the order number."""
    own = stable_id("order", order.number)
    row = OrderRow(
        id=own,
        number=order.number,
        customer_id=order.customer_id,
        address_id=address_id,
        state=order.state,
        method=order.method,
        payment=order.payment,
        currency=order.delivery_cost.currency,
        delivery_cost_minor=order.delivery_cost.minor,
        paid_minor=order.paid.minor,
        refunded_minor=sum(refund.amount.minor for refund in _all_refunds(order)),
        promised_first=order.promised.first if order.promised else None,
        promised_last=order.promised.last if order.promised else None,
        placed_at=order.placed_at,
        paid_at=order.paid_at,
        packed_at=order.packed_at,
        cancelled_at=order.cancelled_at,
        investigation_since=order.investigation_since,
        is_demo=is_demo,
    )
    row.lines = [_line_row(line, own) for line in order.lines]
    row.shipments = [_shipment_row(shipment, own) for shipment in order.shipments]
    row.returns = [_return_row(one, stable_id(own, "return", at)) for at, one in enumerate(order.returns)]
    of_returns = [(one.refund, back) for one, back in zip(order.returns, row.returns, strict=True)]
    refunds = [*of_returns, *((refund, None) for refund in order.refunds)]
    row.refunds = [
        _refund_row(refund, stable_id(own, "refund", at), returned)
        for at, (refund, returned) in enumerate(refunds)
        if refund is not None
    ]
    return row


def _all_refunds(order: Order) -> tuple[Refund, ...]:
    return (*order.refunds, *(back.refund for back in order.returns if back.refund))


def _line_of(row: LineRow, currency: str) -> Line:
    price = Money(row.unit_price_minor, currency)
    return Line(row.number, row.sku, row.name, row.quantity, price, row.variant, row.final_sale)


def _line_row(line: Line, order_id: str) -> LineRow:
    return LineRow(
        id=stable_id(order_id, "line", line.number),
        number=line.number,
        sku=line.sku,
        name=line.name,
        variant=line.variant,
        quantity=line.quantity,
        unit_price_minor=line.unit_price.minor,
        final_sale=line.final_sale,
    )


def _shipment_of(row: ShipmentRow) -> Shipment:
    scans = tuple(Scan(scan.kind, scan.at, scan.place) for scan in row.scans)
    return Shipment(row.carrier, row.tracking_number, row.shipped_at, _packed(row.contents), scans)


def _shipment_row(shipment: Shipment, order_id: str) -> ShipmentRow:
    own = stable_id(order_id, "shipment", shipment.tracking_number)
    row = ShipmentRow(
        id=own,
        carrier=shipment.carrier,
        tracking_number=shipment.tracking_number,
        shipped_at=shipment.shipped_at,
        contents=[[packed.line, packed.quantity] for packed in shipment.contents],
    )
    row.scans = [
        ScanRow(id=stable_id(own, at), kind=scan.kind, at=scan.at, place=scan.place)
        for at, scan in enumerate(shipment.scans)
    ]
    return row


def _return_of(row: ReturnRow, refund: Refund | None, currency: str) -> Return:
    contents = _packed(row.contents)
    expected = Money(row.expected_minor, currency) if row.expected_minor is not None else None
    return Return(row.state, row.reason, row.announced_at, contents, row.received_at, refund, row.number, expected)


def _return_row(returned: Return, return_id: str) -> ReturnRow:
    return ReturnRow(
        id=return_id,
        state=returned.state,
        number=returned.number,
        expected_minor=returned.expected.minor if returned.expected else None,
        reason=returned.reason,
        announced_at=returned.announced_at,
        received_at=returned.received_at,
        contents=[[packed.line, packed.quantity] for packed in returned.contents],
    )


def _refund_of(row: RefundRow) -> Refund:
    return Refund(Money(row.amount_minor, row.currency), row.method, row.created_at, row.sent_at)


def _refund_row(refund: Refund, refund_id: str, returned: ReturnRow | None) -> RefundRow:
    return RefundRow(
        id=refund_id,
        returned=returned,
        amount_minor=refund.amount.minor,
        currency=refund.amount.currency,
        method=refund.method,
        created_at=refund.created_at,
        sent_at=refund.sent_at,
    )


def _claim_of(row: ClaimRow) -> Claim:
    return Claim(row.number, row.kind.value, row.opened_at, _packed(row.contents))


def _packed(contents: list[list[int]]) -> tuple[Packed, ...]:
    return tuple(Packed(line, quantity) for line, quantity in contents)
