"""Days and amounts as the company writes them, so that an answer can be compared with what it rests on."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import format_currency, get_currency_precision

from backoffice.model.money import Money
from backoffice.model.order import Line
from backoffice.model.order_view import Piece

_SHOP_TIME = ZoneInfo("Europe/Dublin")
_LOCALE = "en_IE"


def day(when: date | datetime) -> str:
    """A calendar day at the company, such as ``Tuesday 24 November``."""
    local = when.astimezone(_SHOP_TIME) if isinstance(when, datetime) else when
    return str(format_date(local, "EEEE d MMMM", locale=_LOCALE))


def money(amount: Money) -> str:
    """Such as ``€189.00``."""
    exact = Decimal(amount.minor).scaleb(-get_currency_precision(amount.currency))
    return str(format_currency(exact, amount.currency, locale=_LOCALE))


def pieces(of: tuple[Line, ...] | tuple[Piece, ...]) -> str:
    """Such as ``2 × Pip earbuds (sand), 1 × Tarn kettle``."""
    return ", ".join(f"{one.quantity} × {one.name}{f' ({one.variant})' if one.variant else ''}" for one in of)


def lines(**facts: object) -> str:
    """One ``name: value`` a line, those without a value left out."""
    return "\n".join(f"{name.replace('_', ' ')}: {value}" for name, value in facts.items() if value not in (None, ""))
