"""Products, what they cost, whether they are there, and what else there is. Open to everybody."""

import asyncio
from typing import Annotated, ClassVar

from pydantic import Field

from answering.model import Citation
from answering.tools.model import Arguments, Caller, Result, Tool
from answering.tools.words import lines, money
from backoffice.model.product import Category
from backoffice.service.catalogue import CatalogueDesk, ProductView

_NOT_FOUND = "No product of that name is sold here."
_MOST = 3
ProductName = Annotated[str, Field(min_length=2, max_length=100, description="a product's name or article number")]


class ProductArguments(Arguments):
    """Which product."""

    product: ProductName


class _OfTheCatalogue(Tool[ProductArguments]):
    arguments: ClassVar[type[ProductArguments]] = ProductArguments

    def __init__(self, catalogue: CatalogueDesk) -> None:
        """Look into this catalogue."""
        self._catalogue = catalogue


class ProductDetails(_OfTheCatalogue):
    """Price, variants and stock of what the words may mean."""

    name: ClassVar[str] = "product_details"
    description: ClassVar[str] = "Name, article number, shelf, price, variants and stock of a product."

    async def call(self, arguments: ProductArguments, caller: Caller) -> list[Result]:
        """See ``Tool.call``."""
        del caller
        found = await asyncio.to_thread(self._catalogue.find, arguments.product)
        return [_result(view) for view in found[:_MOST]] or [Result(_NOT_FOUND)]


class CheckStock(_OfTheCatalogue):
    """Whether it can be had, and what is like it when it cannot."""

    name: ClassVar[str] = "check_stock"
    description: ClassVar[str] = "Whether a product is in stock, and similar products when it is sold out."

    async def call(self, arguments: ProductArguments, caller: Caller) -> list[Result]:
        """See ``Tool.call``."""
        del caller
        found = await asyncio.to_thread(self._catalogue.find, arguments.product, limit=1)
        if not found:
            return [Result(_NOT_FOUND)]
        sold_out = found[0].stock.value == "sold_out"
        others = await asyncio.to_thread(self._catalogue.instead_of, found[0].product.sku) if sold_out else ()
        return [_result(view) for view in (found[0], *others)[:_MOST]]


class SuggestArguments(Arguments):
    """A shelf and a limit."""

    category: Annotated[Category, Field(strict=False, description="the shelf to look on")]
    at_most_euro: Annotated[int | None, Field(ge=1, le=100_000, description="highest price in euro, or null")]


class SuggestProducts(Tool[SuggestArguments]):
    """What a shelf holds, the cheapest first."""

    name: ClassVar[str] = "suggest_products"
    description: ClassVar[str] = "Products of one shelf that are in stock, the cheapest first, up to a price."
    arguments: ClassVar[type[SuggestArguments]] = SuggestArguments

    def __init__(self, catalogue: CatalogueDesk) -> None:
        """Look into this catalogue."""
        self._catalogue = catalogue

    async def call(self, arguments: SuggestArguments, caller: Caller) -> list[Result]:
        """See ``Tool.call``."""
        del caller
        limit = None if arguments.at_most_euro is None else arguments.at_most_euro * 100
        found = await asyncio.to_thread(self._catalogue.shelf, arguments.category, at_most_minor=limit)
        return [_result(view) for view in found[:_MOST]] or [Result("Nothing there at that price.")]


def _result(view: ProductView) -> Result:
    product = view.product
    price = money(product.price) + (f" to {money(product.price_to)}" if product.price_to else "")
    text = lines(
        name=product.name, article_number=product.sku, shelf=product.category.value, price=price,
        variants=", ".join(product.variants), stock=view.stock.value.replace("_", " "),
    )  # fmt: skip
    return Result(text, Citation(f"product:{product.sku}", product.name))
