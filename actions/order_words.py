"""An order's state as one of the domain's responses and the values it needs."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from babel.numbers import format_currency, get_currency_precision

from backoffice.model.money import Money
from backoffice.model.order import Line, PaymentMethod, PromisedWindow
from backoffice.model.order_view import Delivery, OrderStatus, OrderView, Piece, ReturnView

SHOP_TIME = ZoneInfo("Europe/Dublin")
LOCALE = "en_IE"
PAYMENT_NAMES = {
    PaymentMethod.VISA: "Visa card",
    PaymentMethod.MASTERCARD: "Mastercard",
    PaymentMethod.AMEX: "American Express card",
    PaymentMethod.PAYPAL: "PayPal account",
    PaymentMethod.APPLE_PAY: "Apple Pay card",
    PaymentMethod.GOOGLE_PAY: "Google Pay card",
    PaymentMethod.KLARNA: "Klarna account",
    PaymentMethod.BANK_TRANSFER: "bank account",
    PaymentMethod.GIFT_CARD: "gift card",
}


_IN_HAND = re.compile(r"(?i)\bcustomer\b|\bpersonal")
"""A carrier's place that is the customer's own hand."""


@dataclass(frozen=True, slots=True)
class OrderSentence:
    """A response of the domain and its variables."""

    response: str
    values: dict[str, str]


def sentence_for(order: OrderView, today: date, *, missed: bool = False) -> OrderSentence:
    """What to say about an order on this day at the company: its lateness when it is late, else its status.

    ``missed``: whether the customer asks for a parcel that is not there, and so wants to hear where to look.
    """
    values = {
        "number": order.number,
        "items": items_of(order.lines),
        "placed": day(order.placed_at),
        "total": money(order.total),
        "promised": promised_words(order.promised),
        "by": f"by {day(order.promised.last)}" if order.promised else "soon",
        **_parcel_values(order),
        **_refund_values(order),
    }
    if order.pay_by:
        values["pay_by"] = day(order.pay_by)
    if order.open_lines:
        values["open_items"] = pieces_of(order.open_lines)
    if order.lateness:
        values["due"] = day(order.lateness.on)
        return OrderSentence(f"utter_order_late_{order.lateness.next.value}", values)
    return OrderSentence(_response_for(order, values, today, missed=missed), values)


def _response_for(order: OrderView, values: dict[str, str], today: date, *, missed: bool) -> str:
    """Some states are told differently depending on what is known; the others have one response each."""
    if order.status is OrderStatus.PARTLY_SHIPPED and order.shipments[-1].delivery:
        return "utter_order_partly_delivered"
    if order.status is OrderStatus.CANCELLED:
        if order.paid.minor == 0:
            return "utter_order_cancelled_unpaid"
        return "utter_order_cancelled_refunded" if values.get("refund") else "utter_order_cancelled"
    if order.status is OrderStatus.DELIVERED:
        return (
            f"utter_order_part_{_state_of_return(order.returns[-1])}"
            if order.returns
            else _delivered(order.shipments[-1].delivery, today, missed=missed)
        )
    if order.status is OrderStatus.REFUNDED and is_overdue(order, today):
        return "utter_order_refunded_before"
    return f"utter_order_{order.status.value}"


def _delivered(delivery: Delivery | None, today: date, *, missed: bool) -> str:
    """Where to look is told to whoever misses the parcel, while that can be reported, and not if they took it."""
    to_look_for = delivery and today <= delivery.claim_until and not _IN_HAND.search(delivery.place or "")
    return "utter_order_delivered" if missed and to_look_for else "utter_order_delivered_before"


def _state_of_return(returned: ReturnView) -> str:
    refunded = returned.refund is not None and returned.refund.sent_at is not None
    return "refunded" if refunded else f"return_{returned.state.value}"


def is_overdue(order: OrderView, today: date) -> bool:
    """Whether money that was sent back should be there by now."""
    refunds = [*order.refunds, *(back.refund for back in order.returns if back.refund)]
    last = refunds[-1] if refunds else None
    return last is not None and last.sent_at is not None and last.arrives_by is not None and today > last.arrives_by


def _parcel_values(order: OrderView) -> dict[str, str]:
    if not order.shipments:
        return {"tracking": "no tracking number yet", "carrier": "the carrier"}
    parcel = order.shipments[-1]
    values = {
        "carrier": parcel.carrier,
        "tracking": parcel.tracking_url,
        "sent_items": pieces_of(parcel.contents),
        "place": (parcel.last_scan and parcel.last_scan.place) or "the carrier's depot",
    }
    if parcel.delivery:
        values |= {
            "delivered": day(parcel.delivery.at),
            "place": parcel.delivery.place or "your address",
            "claim_until": day(parcel.delivery.claim_until),
        }
    return values


def _refund_values(order: OrderView) -> dict[str, str]:
    """What comes back for this order; a payment that was split comes back in parts."""
    last_return = order.returns[-1] if order.returns else None
    refunds = order.refunds or ((last_return.refund,) if last_return and last_return.refund else ())
    values: dict[str, str] = {"back_items": pieces_of(last_return.contents)} if last_return else {}
    if refunds:
        parts = [f"{money(part.amount)} to your {PAYMENT_NAMES.get(part.method, 'account')}" for part in refunds]
        values["refund"] = _joined(parts)
    when: dict[str, date | datetime | None] = {
        "refund_by": last_return.refund_by if last_return else None,
        "refund_sent": next((part.sent_at for part in reversed(refunds) if part.sent_at), None),
        "arrives_by": next((part.arrives_by for part in reversed(refunds) if part.arrives_by), None),
    }
    return values | {name: day(known) for name, known in when.items() if known}


def items_of(lines: tuple[Line, ...]) -> str:
    """``Wren headphones (sand) and 2 × Pip earbuds``."""
    return _joined([_piece(line.name, line.variant, line.quantity) for line in lines])


def pieces_of(pieces: tuple[Piece, ...]) -> str:
    """The same for the contents of a parcel."""
    return _joined([_piece(piece.name, piece.variant, piece.quantity) for piece in pieces])


def _piece(name: str, variant: str | None, quantity: int) -> str:
    named = f"{name} ({variant})" if variant else name
    return f"{quantity} × {named}" if quantity > 1 else named


def _joined(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def promised_words(window: PromisedWindow | None) -> str:
    """``on Tuesday 24 November`` or ``between … and …``."""
    if window is None:
        return "as soon as possible"
    if window.first == window.last:
        return f"on {day(window.first)}"
    return f"between {day(window.first)} and {day(window.last)}"


def day(when: date | datetime) -> str:
    """A calendar day at the company, such as ``Tuesday 24 November``."""
    local = when.astimezone(SHOP_TIME) if isinstance(when, datetime) else when
    return str(format_date(local, "EEEE d MMMM", locale=LOCALE))


def moment(when: datetime) -> str:
    """A time of day at the company, such as ``Tuesday 24 November at 14:05``."""
    return f"{day(when)} at {format_time(when.astimezone(SHOP_TIME), 'HH:mm', locale=LOCALE)}"


def money(amount: Money) -> str:
    """An amount with its currency, such as ``€189.00``."""
    exact = Decimal(amount.minor).scaleb(-get_currency_precision(amount.currency))
    return str(format_currency(exact, amount.currency, locale=LOCALE))
