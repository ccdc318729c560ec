"""Products, their stock, and what to suggest instead: found by name within a category."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz, process, utils

from backoffice.model.product import Category, Product

NEAR_ENOUGH = 70
FEW = 5


class Stock(StrEnum):
    """As the product pages show it (products-stock)."""

    IN_STOCK = "in_stock"
    FEW_LEFT = "few_left"
    SOLD_OUT = "sold_out"


@dataclass(frozen=True, slots=True)
class ProductView:
    """A product as anybody may see it; the exact count stays inside."""

    product: Product
    stock: Stock
    policy: str = "products-stock"


class CatalogueDesk:
    """Open to everybody. Methods may raise ``BackofficeUnavailable``."""

    def __init__(self, *, products: Callable[[], Iterable[Product]]) -> None:
        self._products = products

    def find(self, said: str, category: Category | None = None, *, limit: int = 3) -> tuple[ProductView, ...]:
        """What the words may mean, the likeliest first: a number (AW-101), a name, a part of one, misspelt or not."""
        shelf = {one.sku: one for one in self._shelf(category)}
        if said.strip().upper() in shelf:
            return (view_of(shelf[said.strip().upper()]),)
        names = {sku: one.name for sku, one in shelf.items()}
        found = process.extract(
            said[:200],
            names,
            scorer=fuzz.partial_token_set_ratio,
            processor=utils.default_process,
            score_cutoff=NEAR_ENOUGH,
            limit=limit,
        )
        return tuple(view_of(shelf[sku]) for _name, _score, sku in found)

    def shelf(self, category: Category, *, at_most_minor: int | None = None) -> tuple[ProductView, ...]:
        """A category's products that can be had now, the cheapest first, up to a price."""
        kept = (one for one in self._shelf(category) if at_most_minor is None or one.price.minor <= at_most_minor)
        views = (view_of(one) for one in sorted(kept, key=lambda one: (one.price.minor, one.sku)))
        return tuple(view for view in views if view.stock is not Stock.SOLD_OUT)

    def instead_of(self, sku: str, *, limit: int = 3) -> tuple[ProductView, ...]:
        """Products of the same category that can be had now, the nearest in price first."""
        meant = next((one for one in self._products() if one.sku == sku), None)
        if meant is None:
            return ()
        others = [view for view in self.shelf(meant.category) if view.product.sku != sku]
        return tuple(sorted(others, key=lambda view: abs(view.product.price.minor - meant.price.minor))[:limit])

    def _shelf(self, category: Category | None) -> Iterable[Product]:
        return (one for one in self._products() if category is None or one.category is category)


def view_of(product: Product) -> ProductView:
    """The product with its stock in words."""
    if product.stock == 0:
        return ProductView(product, Stock.SOLD_OUT)
    return ProductView(product, Stock.FEW_LEFT if product.stock <= FEW else Stock.IN_STOCK)
