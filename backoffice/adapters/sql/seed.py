"""Writing the demo company into the data base, again and again, beside whatever else is there."""

from dataclasses import asdict, astuple
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from backoffice.adapters.sql import audit
from backoffice.adapters.sql.database import Database
from backoffice.adapters.sql.journey_tables import DeletionRow, SubscriptionRow
from backoffice.adapters.sql.shop_rows import address_row, order_row, stable_id
from backoffice.adapters.sql.shop_tables import CustomerRow, OrderRow, ProductRow, ShipmentRow
from backoffice.demo_data import DemoData
from backoffice.errors import SeedConflict
from backoffice.model.customer import Customer
from backoffice.model.product import Product
from backoffice.parsing import email_key


def seed(database: Database, demo: DemoData, at: datetime) -> None:
    """Make the demo rows as ``demo`` has them; other rows, tickets and proofs stay as they are.

    What the demo's customers asked to have deleted is taken back: they are all there again.

    Raises:
        SeedConflict: A row that is no demo row stands in the way; nothing was written.
        BackofficeUnavailable: The data base refused; nothing was written.
    """
    with database.writing() as session:
        _refuse_conflicts(session, demo)
        session.execute(delete(OrderRow).where(OrderRow.is_demo))
        for product in demo.products:
            session.merge(_product_row(product))
        addresses = {customer.id: _seed_customer(session, customer) for customer in demo.customers}
        session.flush()
        for entry in demo.orders:
            address_id = addresses[entry.order.customer_id]
            session.add(order_row(entry.order, address_id=address_id, is_demo=True))
        ids = [customer.id for customer in demo.customers]
        session.execute(delete(DeletionRow).where(DeletionRow.customer_id.in_(ids)))
        for plan in demo.subscriptions:
            session.merge(SubscriptionRow(**asdict(plan), is_demo=True))
        audit.record(
            session,
            "demo.seeded",
            at=at,
            actor=audit.SYSTEM,
            subject=("demo", "demo"),
            details={"orders": len(demo.orders), "customers": len(demo.customers)},
        )


def _refuse_conflicts(session: Session, demo: DemoData) -> None:
    """Look for rows of a real shop under a demo row's key."""
    keys = [email_key(customer.email) for customer in demo.customers]
    parcels = [parcel.tracking_number for entry in demo.orders for parcel in entry.order.shipments]
    checks = (
        ("product", select(ProductRow.sku), ProductRow.sku, [one.sku for one in demo.products], ProductRow.is_demo),
        ("customer", select(CustomerRow.id), CustomerRow.email_key, keys, CustomerRow.is_demo),
        (
            "order",
            select(OrderRow.number),
            OrderRow.number,
            [one.order.number for one in demo.orders],
            OrderRow.is_demo,
        ),
        (
            "parcel",
            select(ShipmentRow.tracking_number).join(OrderRow, ShipmentRow.order_id == OrderRow.id),
            ShipmentRow.tracking_number,
            parcels,
            OrderRow.is_demo,
        ),
    )
    for kind, statement, column, wanted, is_demo in checks:
        found = session.scalars(statement.where(column.in_(wanted), ~is_demo)).first()
        if found is not None:
            raise SeedConflict(f"the {kind} {found} is there already and is no demo {kind}; nothing was written")


def _product_row(product: Product) -> ProductRow:
    return ProductRow(
        sku=product.sku,
        name=product.name,
        category=product.category,
        price_minor=product.price.minor,
        price_to_minor=product.price_to.minor if product.price_to else None,
        currency=product.price.currency,
        stock=product.stock,
        variants=list(product.variants),
        is_demo=True,
    )


def _seed_customer(session: Session, customer: Customer) -> str:
    """Write the customer and the address; returns the address's id."""
    address_id = stable_id("demo address", customer.id, *astuple(customer.address))
    session.merge(address_row(customer.address, address_id, is_demo=True))
    session.flush()
    session.merge(
        CustomerRow(
            id=customer.id,
            name=customer.name,
            email=customer.email,
            email_key=email_key(customer.email),
            phone=customer.phone,
            locale=customer.locale,
            plus_member=customer.plus_member,
            address_id=address_id,
            is_demo=True,
        )
    )
    return address_id
