"""An older data base keeps what is in it when its tables are brought up to date."""

from pathlib import Path

from alembic import command
from sqlalchemy import text

from backoffice.adapters.sql.database import Database
from backoffice.adapters.sql.migrate import _config, migrate

ROWS = (
    "INSERT INTO products VALUES ('X-1', 'Kettle', 'kitchen', 1000, NULL, 'EUR', 1, '[]', 0)",
    "INSERT INTO addresses (id, name, street, city, country, is_demo) VALUES ('a', 'A', 'S 1', 'C', 'IE', 0)",
    (
        "INSERT INTO customers (id, name, email, email_key, locale, plus_member, address_id, is_demo) "
        "VALUES ('c', 'A', 'a@b.ie', 'a@b.ie', 'en-IE', 0, 'a', 0)"
    ),
    (
        "INSERT INTO orders (id, number, customer_id, address_id, state, method, payment, currency, delivery_cost_minor, "  # noqa: E501 - one statement
        "placed_at, paid_at, is_demo) VALUES ('o', '19001', 'c', 'a', 'placed', 'standard', 'visa', 'EUR', 495, "
        "'2026-11-01 10:00:00', '2026-11-01 10:00:00', 0)"
    ),
    (
        "INSERT INTO order_lines (id, order_id, number, sku, name, quantity, unit_price_minor, final_sale) "
        "VALUES ('l', 'o', 1, 'X-1', 'Kettle', 2, 1000, 0)"
    ),
    (
        "INSERT INTO refunds (id, order_id, amount_minor, currency, method, created_at) "
        "VALUES ('r', 'o', 300, 'EUR', 'visa', '2026-11-02 10:00:00')"
    ),
)


def test_orders_of_an_older_version_keep_their_lines_and_get_their_amounts(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'old.db'}", timeout_seconds=5)
    config = _config()
    with database.engine.execution_options(writes=True).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        for row in ROWS:
            connection.execute(text(row))
    migrate(database)

    with database.engine.connect() as connection:
        amounts = connection.execute(text("SELECT paid_minor, refunded_minor FROM orders")).one()
        lines = connection.execute(text("SELECT COUNT(*) FROM order_lines")).scalar_one()
    database.close()
    assert (tuple(amounts), lines) == ((2495, 300), 1)
