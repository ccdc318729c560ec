"""Seeding: again and again the same, fresh, and beside what is not demo."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backoffice.adapters.sql.base import Base
from backoffice.adapters.sql.database import Database
from backoffice.adapters.sql.desk_tables import AuditRow
from backoffice.adapters.sql.listing import Listing
from backoffice.adapters.sql.seed import seed
from backoffice.adapters.sql.shop import SqlShop
from backoffice.adapters.sql.shop_rows import address_row, order_row
from backoffice.adapters.sql.shop_tables import CustomerRow, OrderRow, ProductRow
from backoffice.adapters.stopped_clock import StoppedClock
from backoffice.bootstrap import Backoffice
from backoffice.demo_data import DemoData, load_demo
from backoffice.errors import SeedConflict
from backoffice.working_days import WorkingDays

pytestmark = pytest.mark.usefixtures("shop_restored")


def contents(database: Database) -> dict[str, list[str]]:
    """Every row of every table but the audit log."""
    with database.reading() as session:
        return {
            name: sorted(map(repr, session.execute(select(table)).all()))
            for name, table in Base.metadata.tables.items()
            if name != "audit_log"
        }


def test_what_is_read_back_is_what_was_seeded(database: Database, demo: DemoData) -> None:
    listing = Listing(database)

    assert sorted(listing.orders(), key=lambda order: order.number) == sorted(
        (entry.order for entry in demo.orders), key=lambda order: order.number
    )
    assert set(listing.customers()) == set(demo.customers)


def test_seeding_again_changes_nothing(database: Database, demo: DemoData, clock: StoppedClock) -> None:
    before = contents(database)
    seed(database, demo, clock.time)

    assert contents(database) == before


def test_seeding_another_day_moves_the_dates_and_nothing_else(
    database: Database, demo: DemoData, clock: StoppedClock, calendar: WorkingDays
) -> None:
    later = clock.time + timedelta(days=11)
    before = contents(database)
    seed(database, load_demo(later, calendar), later)

    order = SqlShop(database).order(demo.orders[0].order.customer_id, demo.orders[0].order.number)
    assert order.placed_at > demo.orders[0].order.placed_at
    after = contents(database)
    assert {name: len(rows) for name, rows in after.items()} == {name: len(rows) for name, rows in before.items()}
    assert (after["customers"], after["products"]) == (before["customers"], before["products"])


def test_what_the_demo_changed_is_put_back(database: Database, demo: DemoData, clock: StoppedClock) -> None:
    before = contents(database)
    with database.writing() as session:
        row = session.scalars(select(OrderRow).where(OrderRow.number == "10044")).one()
        row.state = "cancelled"
        session.scalars(select(ProductRow).where(ProductRow.sku == "AW-101")).one().stock = 0
    seed(database, demo, clock.time)

    assert contents(database) == before


def test_orders_that_left_the_demo_go(database: Database, demo: DemoData, clock: StoppedClock) -> None:
    seed(database, replace(demo, orders=demo.orders[:1]), clock.time)

    assert [order.number for order in Listing(database).orders()] == [demo.orders[0].order.number]


def test_tickets_and_proofs_stay(
    build: Callable[[], Backoffice], database: Database, demo: DemoData, clock: StoppedClock
) -> None:
    backoffice = build()
    backoffice.access.verify("c1", order_number="10046", email="aoife.brennan@example.com", message_id="m1")
    ticket = backoffice.tickets.open_ticket(
        idempotency_key="k", conversation_id="c1", reason="customer_asked", summary="x"
    )
    seed(database, demo, clock.time)

    assert backoffice.tickets.ticket_for("c1", ticket.number) == ticket
    assert backoffice.orders.order_for("c1", "10046") is not None


def real_customer(session: Session, demo: DemoData) -> None:
    """A customer of a real shop."""
    template = demo.customers[0]
    session.add(address_row(template.address, "real-address", is_demo=False))
    session.flush()
    session.add(
        CustomerRow(
            id="real",
            name=template.name,
            email="real@example.com",
            email_key="real@example.com",
            phone=None,
            locale="en-IE",
            plus_member=False,
            address_id="real-address",
            is_demo=False,
        )
    )
    session.flush()


def real_order(session: Session, demo: DemoData, number: str) -> None:
    order = replace(demo.orders[0].order, number=number, customer_id="real", shipments=())
    session.add(order_row(order, address_id="real-address", is_demo=False))


def test_rows_of_a_real_shop_stay(database: Database, demo: DemoData, clock: StoppedClock) -> None:
    with database.writing() as session:
        real_customer(session, demo)
        real_order(session, demo, "10900")
    before = SqlShop(database).orders("real")
    seed(database, demo, clock.time)

    assert [order.number for order in before] == ["10900"]
    assert SqlShop(database).orders("real") == before
    assert SqlShop(database).owner_of("10900").email == "real@example.com"


@pytest.mark.parametrize("kind", ["order", "customer", "product", "parcel"])
def test_a_real_row_in_the_way_stops_the_seed_and_nothing_is_written(
    database: Database, demo: DemoData, clock: StoppedClock, kind: str
) -> None:
    with database.writing() as session:
        if kind == "product":
            session.scalars(select(ProductRow).where(ProductRow.sku == "AW-101")).one().is_demo = False
        if kind == "customer":
            session.scalars(select(CustomerRow).where(CustomerRow.name == "Cian Murphy")).one().is_demo = False
        if kind == "order":
            session.scalars(select(OrderRow).where(OrderRow.number == "10046")).one().is_demo = False
        if kind == "parcel":
            row = session.scalars(select(OrderRow).where(OrderRow.number == "10046")).one()
            row.number, row.is_demo = "10900", False
    before = contents(database)

    with pytest.raises(SeedConflict, match=kind):
        seed(database, demo, clock.time)
    assert contents(database) == before


def test_seeding_is_audited(database: Database, demo: DemoData, clock: StoppedClock) -> None:
    seed(database, demo, clock.time)

    with database.reading() as session:
        rows = session.scalars(select(AuditRow).where(AuditRow.action == "demo.seeded")).all()
        assert rows[-1].actor == "system"
        assert session.scalar(select(func.count()).select_from(OrderRow)) == len(demo.orders)
