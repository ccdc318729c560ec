"""Products read from the data base."""

from sqlalchemy import select

from backoffice.adapters.sql.database import Database
from backoffice.adapters.sql.shop_tables import ProductRow
from backoffice.model.money import Money
from backoffice.model.product import Product


def read_products(database: Database) -> tuple[Product, ...]:
    """Everything the company sells, by article number."""
    with database.reading() as session:
        return tuple(_product(row) for row in session.scalars(select(ProductRow).order_by(ProductRow.sku)))


def _product(row: ProductRow) -> Product:
    most = Money(row.price_to_minor, row.currency) if row.price_to_minor is not None else None
    price = Money(row.price_minor, row.currency)
    return Product(row.sku, row.name, row.category, price, row.stock, most, tuple(row.variants))
