"""An order's state as one of the domain's responses and the values it needs."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from babel.numbers import format_currency, get_currency_precision

from backoffice.model.money import Money
from backoffice.model.order import Line, PaymentMethod, PromisedWindow
from backoffice.model.order_view import OrderStatus, OrderView, Piece

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


@dataclass(frozen=True, slots=True)
class OrderSentence:
    """A response of the domain and its variables."""

    response: str
    values: dict[str, str]


def sentence_for(order: OrderView, today: date) -> OrderSentence:
    """What to say about an order on this day at the company: its lateness when it is late, else its status."""
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
    return OrderSentence(_response_for(order, values, today), values)


def _response_for(order: OrderView, values: dict[str, str], today: date) -> str:
    """Some states are told differently depending on what is known; the others have one response each."""
    if order.status is OrderStatus.CANCELLED:
        return "utter_order_cancelled_refunded" if values.get("refund") else "utter_order_cancelled"
    if order.status is OrderStatus.DELIVERED:
        delivery = order.shipments[-1].delivery
        return "utter_order_delivered" if delivery and today <= delivery.claim_until else "utter_order_delivered_before"
    return f"utter_order_{order.status.value}"


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
    values: dict[str, str] = {}
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
