"""Promotion codes and why one does not work."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from backoffice.model.money import Money


class WhyNot(StrEnum):
    """The usual reasons of promotions-code-not-working, and that nobody knows the code."""

    UNKNOWN = "unknown"
    NOT_YET = "not_yet"
    EXPIRED = "expired"
    USED = "used"
    ANOTHER_CODE = "another_code"
    BELOW_MINIMUM = "below_minimum"
    EXCLUDED_ITEMS = "excluded_items"


@dataclass(frozen=True, slots=True)
class Promotion:
    """``skus`` are the articles it is for, empty: all. ``owner_email`` makes it one customer's own."""

    code: str
    percent: int
    valid_from: date
    valid_until: date
    policy: str
    minimum: Money | None = None
    skus: frozenset[str] = frozenset()
    owner_email: str | None = None
    used: bool = False


@dataclass(frozen=True, slots=True)
class Basket:
    """What the code was tried on, as far as it is known. ``value`` is that of the goods."""

    value: Money | None = None
    skus: frozenset[str] = frozenset()
    final_sale: frozenset[str] = frozenset()
    other_code: bool = False


@dataclass(frozen=True, slots=True)
class PromotionAnswer:
    """``why`` is empty when the code should work. ``policy`` is the entry to cite."""

    why: WhyNot | None
    policy: str
    percent: int | None = None
    day: date | None = None
    minimum: Money | None = None
