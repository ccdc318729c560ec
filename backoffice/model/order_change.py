"""What a customer may have done with an order: plans to read back, each with the policy it follows."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from backoffice.model.act import Plan
from backoffice.model.customer import Address
from backoffice.model.money import Money
from backoffice.model.order import Packed, PaymentMethod
from backoffice.model.order_view import Piece


class ReturnReason(StrEnum):
    """Why goods come back. The last three are the shop's fault or the product's."""

    CHANGED_MIND = "changed_mind"
    DOES_NOT_FIT = "does_not_fit"
    FAULTY = "faulty"
    DAMAGED = "damaged"
    WRONG_ITEM = "wrong_item"

    @property
    def our_fault(self) -> bool:
        return self in {ReturnReason.FAULTY, ReturnReason.DAMAGED, ReturnReason.WRONG_ITEM}


class ClaimKind(StrEnum):
    """What is wrong with a delivery."""

    NOT_RECEIVED = "not_received"
    DAMAGED = "damaged"
    WRONG_ITEM = "wrong_item"
    MISSING_ITEM = "missing_item"


class Wish(StrEnum):
    """What the customer would like instead."""

    REPLACEMENT = "replacement"
    REFUND = "refund"


@dataclass(frozen=True, slots=True)
class CancelPlan(Plan):
    """Cancel the whole order. ``refund`` is 0 where nothing was paid yet, and then no day is set."""

    order_number: str
    refund: Money
    method: PaymentMethod
    sent_by: date | None
    arrives_by: date | None
    until: datetime | None
    policy: str = "orders-cancel-before-shipping"
    refund_policy: str = "refunds-cancelled-order"


@dataclass(frozen=True, slots=True)
class MovePlan(Plan):
    """Send the order somewhere else."""

    order_number: str
    address: Address = field(repr=False)
    policy: str = "orders-change-address"


@dataclass(frozen=True, slots=True)
class ReturnPlan(Plan):
    """Send goods back: ``refund`` = ``goods`` + ``delivery`` - ``deducted``, once they have arrived."""

    order_number: str
    reason: ReturnReason
    contents: tuple[Packed, ...]
    pieces: tuple[Piece, ...]
    goods: Money
    delivery: Money
    deducted: Money
    refund: Money
    method: PaymentMethod
    collected: bool
    hand_over_by: date
    policy: str
    cost_policy: str = "returns-cost"


@dataclass(frozen=True, slots=True)
class SearchPlan(Plan):
    """Ask the carrier for a parcel that is late."""

    order_number: str
    answer_by: date
    policy: str = "orders-late"


@dataclass(frozen=True, slots=True)
class LostPlan(Plan):
    """The carrier has not found it: a new parcel, or the money."""

    order_number: str
    wish: Wish
    refund: Money
    method: PaymentMethod
    sent_by: date
    policy: str = "orders-late"


@dataclass(frozen=True, slots=True)
class ClaimPlan(Plan):
    """Tell the shop that a delivery was not right; a person decides once the pictures are there."""

    order_number: str
    kind: ClaimKind
    contents: tuple[Packed, ...]
    wish: Wish | None
    pictures: int
    claim_until: date
    policy: str


OrderPlan = CancelPlan | MovePlan | ReturnPlan | SearchPlan | LostPlan | ClaimPlan
