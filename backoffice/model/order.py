"""An order as the shop keeps it: facts with their times, no judgement about them."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from backoffice.model.customer import Address
from backoffice.model.ids import CustomerId
from backoffice.model.money import Money


class OrderState(StrEnum):
    """How far an order has come in the shop's own book."""

    PAYMENT_PENDING = "payment_pending"
    PLACED = "placed"
    PACKED = "packed"
    PARTLY_SHIPPED = "partly_shipped"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    RETURNED = "returned"
    CANCELLED = "cancelled"


class DeliveryMethod(StrEnum):
    """What the customer chose at the checkout."""

    STANDARD = "standard"
    EXPRESS = "express"


class PaymentMethod(StrEnum):
    """How the order was or will be paid."""

    VISA = "visa"
    MASTERCARD = "mastercard"
    AMEX = "amex"
    PAYPAL = "paypal"
    APPLE_PAY = "apple_pay"
    GOOGLE_PAY = "google_pay"
    KLARNA = "klarna"
    BANK_TRANSFER = "bank_transfer"
    GIFT_CARD = "gift_card"


class ScanKind(StrEnum):
    """What the carrier reported of a parcel."""

    HANDED_OVER = "handed_over"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    ATTEMPTED = "attempted"
    DELIVERED = "delivered"


class ReturnState(StrEnum):
    """How far goods that are sent back have come."""

    ANNOUNCED = "announced"
    ON_ITS_WAY = "on_its_way"
    RECEIVED = "received"


@dataclass(frozen=True, slots=True)
class Line:
    """One position of an order, at the price of the day. ``final_sale`` marks "Last chance" goods."""

    number: int
    sku: str
    name: str
    quantity: int
    unit_price: Money
    variant: str | None = None
    final_sale: bool = False


@dataclass(frozen=True, slots=True)
class Packed:
    """How many pieces of which line are in a parcel, or in a return."""

    line: int
    quantity: int


@dataclass(frozen=True, slots=True)
class Scan:
    """One report of the carrier; ``place`` as the carrier writes it ("left with a neighbour at no. 12")."""

    kind: ScanKind
    at: datetime
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Shipment:
    """One parcel, its scans oldest first."""

    carrier: str
    tracking_number: str
    shipped_at: datetime
    contents: tuple[Packed, ...]
    scans: tuple[Scan, ...] = ()


@dataclass(frozen=True, slots=True)
class Refund:
    """Money on its way back. ``sent_at`` is ``None`` until it has been sent to ``method``."""

    amount: Money
    method: PaymentMethod
    created_at: datetime
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Return:
    """Goods on their way back, and the refund once there is one."""

    state: ReturnState
    reason: str
    announced_at: datetime
    contents: tuple[Packed, ...]
    received_at: datetime | None = None
    refund: Refund | None = None
    number: str | None = None
    expected: Money | None = None
    """What was agreed to pay back once the goods are here; counted as given until there is a refund."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What the customer reported of a delivery, before a person decides. ``kind`` is a ``ClaimKind``."""

    number: str
    kind: str
    opened_at: datetime
    contents: tuple[Packed, ...]


@dataclass(frozen=True, slots=True)
class PromisedWindow:
    """The days, both included, between which the parcel was promised; calendar days at the company."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Order:
    """One order with everything that belongs to it. ``number`` is five digits, starting with 10."""

    number: str
    customer_id: CustomerId
    state: OrderState
    placed_at: datetime
    method: DeliveryMethod
    payment: PaymentMethod
    delivery_cost: Money
    address: Address
    lines: tuple[Line, ...]
    promised: PromisedWindow | None = None
    paid_at: datetime | None = None
    packed_at: datetime | None = None
    cancelled_at: datetime | None = None
    investigation_since: datetime | None = None
    shipments: tuple[Shipment, ...] = ()
    returns: tuple[Return, ...] = ()
    refunds: tuple[Refund, ...] = ()
    """Refunds without a return: of a cancelled order, or of a lost parcel."""
    claims: tuple[Claim, ...] = ()

    @property
    def paid(self) -> Money:
        """What the customer has paid; nothing until the payment is there."""
        return self.total if self.paid_at else Money(0, self.delivery_cost.currency)

    @property
    def given_back(self) -> Money:
        """Refunds, sent or not, and what open returns have been promised."""
        refunds = [*self.refunds, *(back.refund for back in self.returns if back.refund)]
        promised = [back.expected for back in self.returns if back.expected and not back.refund]
        total = Money(0, self.delivery_cost.currency)
        for amount in [*(refund.amount for refund in refunds), *promised]:
            total += amount
        return total

    @property
    def left(self) -> Money:
        """The most that may still be paid back."""
        left = self.paid - self.given_back
        return left if left.minor > 0 else Money(0, left.currency)

    @property
    def total(self) -> Money:
        """Goods and delivery together."""
        total = self.delivery_cost
        for line in self.lines:
            total += line.unit_price.times(line.quantity)
        return total
