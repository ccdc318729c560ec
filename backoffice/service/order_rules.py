"""What may be done with an order, until when and for how much. Pure functions; each names the entry it follows."""

from datetime import datetime, timedelta

from backoffice.model.act import Reason, Refusal
from backoffice.model.customer import Address
from backoffice.model.money import Money
from backoffice.model.order import DeliveryMethod, Order, OrderState, Packed, ScanKind
from backoffice.model.order_change import CancelPlan, ClaimKind, ClaimPlan, LostPlan, MovePlan, SearchPlan, Wish
from backoffice.model.order_view import LateStep
from backoffice.service.order_status import OrderPolicy, delivered, view_of
from backoffice.service.regions import LARGE, is_po_box, region_for

CANCEL_AFTER_PACKING = timedelta(minutes=60)
CLAIM_WITHIN = timedelta(days=14)
NEW_PARCEL_WD = 1
_SENT = {OrderState.PARTLY_SHIPPED, OrderState.SHIPPED, OrderState.DELIVERED, OrderState.RETURNED}
_BEFORE_PACKING = {OrderState.PAYMENT_PENDING, OrderState.PLACED}
_CLAIM_POLICY = {
    ClaimKind.NOT_RECEIVED: "orders-delivered-not-received",
    ClaimKind.DAMAGED: "damage-broken-on-arrival",
    ClaimKind.WRONG_ITEM: "damage-wrong-item",
    ClaimKind.MISSING_ITEM: "damage-missing-item",
}
_PICTURES = {ClaimKind.NOT_RECEIVED: 0, ClaimKind.DAMAGED: 3, ClaimKind.WRONG_ITEM: 2, ClaimKind.MISSING_ITEM: 1}


def cancel(order: Order, now: datetime, policy: OrderPolicy) -> CancelPlan | Refusal:
    """Free of charge while placed, and for 60 minutes after packing; everything paid goes back."""
    if order.state is OrderState.CANCELLED:
        return Refusal(Reason.ALREADY_DONE, "refunds-cancelled-order", moment=order.cancelled_at)
    if order.state in _SENT:
        return Refusal(Reason.SHIPPED, "orders-cancel-after-shipping")
    until = order.packed_at + CANCEL_AFTER_PACKING if order.packed_at else None
    if until and now >= until:
        return Refusal(Reason.TOO_LATE, "orders-cancel-before-shipping", moment=until)
    calendar, today = policy.calendar, policy.calendar.day_of(now)
    sent_by = calendar.after(today, policy.refund_within_wd) if order.left.minor else None
    return CancelPlan(
        order_number=order.number,
        refund=order.left,
        method=order.payment,
        sent_by=sent_by,
        arrives_by=sent_by + policy.bank_takes if sent_by else None,
        until=until,
    )


def move(order: Order, address: Address) -> MovePlan | Refusal:
    """Until the order is packed, and within the delivery region that was paid for."""
    if order.state not in _BEFORE_PACKING:
        return Refusal(Reason.TOO_LATE, "orders-change-address", moment=order.packed_at)
    region = region_for(address.country, address.postal_code)
    if isinstance(region, Refusal):
        return region
    if order.method is DeliveryMethod.EXPRESS and address.country != "IE":
        return Refusal(Reason.EXPRESS_ONLY_IRELAND, "delivery-ireland-express")
    if order.address.country not in region.countries:
        return Refusal(Reason.OTHER_REGION, "orders-cancel-before-shipping")
    if is_po_box(address) and any(line.sku in LARGE for line in order.lines):
        return Refusal(Reason.PO_BOX, "delivery-po-boxes")
    return MovePlan(order.number, address)


def search(order: Order, now: datetime, policy: OrderPolicy) -> SearchPlan | Refusal:
    """From 2 working days beyond the promised window; the carrier takes 3."""
    lateness = view_of(order, now, policy).lateness
    if lateness is None:
        return Refusal(Reason.TOO_EARLY, "orders-late", day=order.promised.last if order.promised else None)
    if lateness.next is LateStep.WAIT:
        return Refusal(Reason.TOO_EARLY, "orders-late", day=lateness.on)
    if lateness.next is not LateStep.INVESTIGATE:
        return Refusal(Reason.ALREADY_DONE, "orders-late", day=lateness.on)
    return SearchPlan(order.number, lateness.on)


def lost(order: Order, wish: Wish, now: datetime, policy: OrderPolicy) -> LostPlan | Refusal:
    """Once the carrier has not found the parcel: a new one, or everything that is left of what was paid."""
    lateness = view_of(order, now, policy).lateness
    if lateness is None or lateness.next is not LateStep.RESEND_OR_REFUND:
        return Refusal(Reason.TOO_EARLY, "orders-late", day=lateness.on if lateness else None)
    if order.left.minor == 0:
        return Refusal(Reason.NOTHING_LEFT, "orders-late")
    calendar, today = policy.calendar, policy.calendar.day_of(now)
    days = policy.refund_within_wd if wish is Wish.REFUND else NEW_PARCEL_WD
    refund = order.left if wish is Wish.REFUND else Money(0, order.left.currency)
    return LostPlan(order.number, wish, refund, order.payment, calendar.after(today, days))


def claim(  # noqa: PLR0917 - each is needed and none is optional
    order: Order, kind: ClaimKind, wish: Wish | None, lines: tuple[int, ...], now: datetime, policy: OrderPolicy
) -> ClaimPlan | Refusal:
    """Within 14 days of the delivery, each piece once; "it never came" from one working day after the scan.

    A refusal for what was reported or sent back already is ``about`` the numbers of those claims and returns.
    """
    entry = _CLAIM_POLICY[kind]
    scans = [scan for parcel in order.shipments for scan in parcel.scans if scan.kind is ScanKind.DELIVERED]
    if not scans:
        return Refusal(Reason.NOT_DELIVERED, "orders-late" if kind is ClaimKind.NOT_RECEIVED else entry)
    contents = _unclaimed(order, lines)
    if not contents:
        return _settled(order, lines, entry)
    day = policy.calendar.day_of(max(scan.at for scan in scans))
    today = policy.calendar.day_of(now)
    start = policy.calendar.after(day, policy.claim_after_wd)
    if kind is ClaimKind.NOT_RECEIVED and today < start:
        return Refusal(Reason.TOO_EARLY, entry, day=start)
    if today > day + CLAIM_WITHIN:
        late = entry if kind is ClaimKind.NOT_RECEIVED else "damage-after-14-days"
        return Refusal(Reason.TOO_LATE, late, day=day + CLAIM_WITHIN)
    return ClaimPlan(
        order_number=order.number,
        kind=kind,
        contents=contents,
        wish=wish,
        pictures=_PICTURES[kind],
        claim_until=day + CLAIM_WITHIN,
        policy=entry,
    )


def _settled(order: Order, lines: tuple[int, ...], entry: str) -> Refusal:
    """Why nothing is left to report of these lines: a claim is told before a return."""

    def holds(contents: tuple[Packed, ...]) -> bool:
        return any(not lines or packed.line in lines for packed in contents)

    claims = tuple(claim.number for claim in order.claims if holds(claim.contents))
    if claims:
        return Refusal(Reason.ALREADY_DONE, entry, about=claims)
    returns = tuple(back.number or "" for back in order.returns if holds(back.contents))
    return Refusal(Reason.NOTHING_LEFT if returns else Reason.NOT_DELIVERED, entry, about=returns)


def _unclaimed(order: Order, lines: tuple[int, ...]) -> tuple[Packed, ...]:
    """What was delivered of these lines, or of all when none is named, and neither reported yet nor sent back."""
    settled = [*(claim.contents for claim in order.claims), *(back.contents for back in order.returns)]
    gone = [packed for contents in settled for packed in contents]
    left = (
        Packed(line, count - sum(packed.quantity for packed in gone if packed.line == line))
        for line, count in sorted(delivered(order).items())
        if not lines or line in lines
    )
    return tuple(packed for packed in left if packed.quantity > 0)
