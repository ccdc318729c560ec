"""What the company sells."""

from dataclasses import dataclass
from enum import StrEnum

from backoffice.model.money import Money


class Category(StrEnum):
    """The shop's own shelves."""

    AUDIO = "audio"
    KITCHEN = "kitchen"
    HOME = "home"
    CONSUMABLES = "consumables"
    SERVICES = "services"


@dataclass(frozen=True, slots=True)
class Product:
    """One article. ``price_to`` is set where the customer chooses the amount (gift cards)."""

    sku: str
    name: str
    category: Category
    price: Money
    stock: int
    price_to: Money | None = None
    variants: tuple[str, ...] = ()
