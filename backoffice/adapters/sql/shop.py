"""Customers and orders read from the data base."""

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import joinedload, selectinload

from backoffice.adapters.sql.database import Database
from backoffice.adapters.sql.shop_rows import customer_of, order_of
from backoffice.adapters.sql.shop_tables import CustomerRow, OrderRow, ShipmentRow
from backoffice.model.customer import Customer
from backoffice.model.ids import CustomerId
from backoffice.model.order import Order

ORDER_PARTS = (
    joinedload(OrderRow.address),
    selectinload(OrderRow.lines),
    selectinload(OrderRow.shipments).selectinload(ShipmentRow.scans),
    selectinload(OrderRow.returns),
    selectinload(OrderRow.refunds),
    selectinload(OrderRow.claims),
)
"""Loader options for everything ``order_of`` reads."""


class SqlShop:
    """``Shop`` in the back office's own data base."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def owner_of(self, order_number: str) -> Customer | None:
        placed = OrderRow.customer_id == CustomerRow.id
        return self._one_customer(select(CustomerRow).join(OrderRow, placed), OrderRow.number == order_number)

    def customer(self, customer_id: CustomerId) -> Customer | None:
        return self._one_customer(select(CustomerRow), CustomerRow.id == customer_id)

    def customer_by_email(self, key: str) -> Customer | None:
        return self._one_customer(select(CustomerRow), CustomerRow.email_key == key)

    def order(self, customer_id: CustomerId, order_number: str) -> Order | None:
        found = self._orders(OrderRow.number == order_number, OrderRow.customer_id == customer_id)
        return found[0] if found else None

    def orders(self, customer_id: CustomerId) -> tuple[Order, ...]:
        return self._orders(OrderRow.customer_id == customer_id)

    def _one_customer(self, statement: Select[CustomerRow], condition: ColumnElement[bool]) -> Customer | None:
        with self._database.reading() as session:
            loaded = statement.where(condition).options(joinedload(CustomerRow.address))
            row = session.scalars(loaded).one_or_none()
            return customer_of(row) if row else None

    def _orders(self, *conditions: ColumnElement[bool]) -> tuple[Order, ...]:
        statement = (
            select(OrderRow)
            .where(*conditions)
            .order_by(OrderRow.placed_at.desc(), OrderRow.number.desc())
            .options(*ORDER_PARTS)
        )
        with self._database.reading() as session:
            return tuple(order_of(row) for row in session.scalars(statement))
