"""Amounts of money."""

import re
from collections.abc import Iterator
from decimal import Decimal

from price_parser import Price

from intent_service.entities.model import Span

_NUMBER = r"\d{1,3}(?:[., ]\d{3})*(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?"
_BEFORE = r"€|£|\$|eur|gbp|usd|chf"
_AFTER = r"€|£|\$|eur(?:os?)?|gbp|pounds?|quid|usd|dollars?|bucks|chf|francs?"
_AMOUNT = re.compile(
    rf"(?<![\w€£$])(?:(?P<before>{_BEFORE}) ?(?P<first>{_NUMBER})|(?P<second>{_NUMBER}) ?(?P<after>{_AFTER}))(?!\w)",
    re.IGNORECASE,
)
_CODES = {
    "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR", "£": "GBP", "gbp": "GBP", "pound": "GBP",
    "pounds": "GBP", "quid": "GBP", "$": "USD", "usd": "USD", "dollar": "USD", "dollars": "USD", "bucks": "USD",
    "chf": "CHF", "franc": "CHF", "francs": "CHF",
}  # fmt: skip

_MOST = 10**12
"""From here on it is no amount, and somewhere beyond decimals cannot be rounded."""


def amounts(text: str) -> Iterator[Span]:
    """Amounts as ``49.00 EUR``: two decimals and an ISO 4217 code."""
    for match in _AMOUNT.finditer(text):
        number = Price.fromstring(match["first"] or match["second"]).amount
        code = _CODES.get((match["before"] or match["after"]).casefold())
        if number is not None and number < _MOST and code:
            value = f"{number.quantize(Decimal('0.01'))} {code}"
            yield Span("amount", value, match.start(), match.end(), "price-parser")
