"""An order as its customer is told about it: data to make sentences from, no sentences."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from backoffice.model.customer import Address
from backoffice.model.money import Money
from backoffice.model.order import (
    Claim,
    DeliveryMethod,
    Line,
    OrderState,
    PaymentMethod,
    PromisedWindow,
    ReturnState,
    Scan,
)


class OrderStatus(StrEnum):
    """The one thing to say first about an order. ``OrderView.lateness`` comes on top of it."""

    AWAITING_PAYMENT = "awaiting_payment"
    PLACED = "placed"
    PACKED = "packed"
    PARTLY_SHIPPED = "partly_shipped"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    DELIVERY_ATTEMPTED = "delivery_attempted"
    DELIVERED = "delivered"
    RETURN_ANNOUNCED = "return_announced"
    RETURN_ON_ITS_WAY = "return_on_its_way"
    REFUND_DUE = "refund_due"
    REFUNDED = "refunded"
    CANCELLED = "cancelled"


class LateStep(StrEnum):
    """What the delivery policy offers for a late parcel; ``Lateness.on`` says from or until when."""

    WAIT = "wait"
    """Not late enough yet: an investigation may start on ``on``."""
    INVESTIGATE = "investigate"
    """The carrier can be asked now; ``on`` is the day its answer would be due."""
    INVESTIGATING = "investigating"
    """The carrier has been asked; its answer is due on ``on``."""
    RESEND_OR_REFUND = "resend_or_refund"
    """The carrier's time is up since ``on``: the customer chooses a new parcel or the money."""


@dataclass(frozen=True, slots=True)
class Lateness:
    """How late, in working days past the promised window (at least 0), and what comes next."""

    working_days: int
    next: LateStep
    on: date


@dataclass(frozen=True, slots=True)
class Delivery:
    """Where a parcel was scanned as delivered, and when "I have nothing" can be claimed (both included)."""

    at: datetime
    place: str | None
    claim_from: date
    claim_until: date


@dataclass(frozen=True, slots=True)
class Piece:
    """``quantity`` pieces of an order line, in a parcel or a return."""

    name: str
    variant: str | None
    quantity: int


@dataclass(frozen=True, slots=True)
class ShipmentView:
    """One parcel. ``last_scan`` is ``None`` until the carrier has reported it for the first time."""

    carrier: str
    tracking_number: str
    tracking_url: str
    shipped_at: datetime
    contents: tuple[Piece, ...]
    last_scan: Scan | None
    delivery: Delivery | None


@dataclass(frozen=True, slots=True)
class RefundView:
    """A refund. ``sent_by`` is the last day it will be sent; ``arrives_by`` allows for a slow bank.

    Both are ``None`` while the goods are not back; ``sent_at`` is ``None`` until the money was sent.
    """

    amount: Money
    method: PaymentMethod
    sent_at: datetime | None
    sent_by: date | None
    arrives_by: date | None


@dataclass(frozen=True, slots=True)
class ReturnView:
    """Goods on their way back, ``goods`` their price. ``refund_by`` is known once they are there, or ``None``."""

    state: ReturnState
    announced_at: datetime
    received_at: datetime | None
    contents: tuple[Piece, ...]
    goods: Money
    refund: RefundView | None
    refund_by: date | None


@dataclass(frozen=True, slots=True)
class OrderView:
    """Everything a status answer needs.

    ``pay_by`` is set while a bank transfer is awaited; ``open_lines`` are the pieces no parcel has taken yet;
    ``refunds`` are those without a return. Times are aware UTC, days are calendar days at the company.
    """

    number: str
    state: OrderState
    status: OrderStatus
    placed_at: datetime
    total: Money
    paid: Money
    delivery_cost: Money
    method: DeliveryMethod
    payment: PaymentMethod
    address: Address = field(repr=False)
    lines: tuple[Line, ...]
    open_lines: tuple[Piece, ...]
    shipments: tuple[ShipmentView, ...]
    returns: tuple[ReturnView, ...]
    promised: PromisedWindow | None
    lateness: Lateness | None
    pay_by: date | None
    packed_at: datetime | None
    cancelled_at: datetime | None
    refunds: tuple[RefundView, ...]
    claims: tuple[Claim, ...]

    @property
    def late(self) -> bool:
        """Whether the promised window is over and something is still missing."""
        return self.lateness is not None
