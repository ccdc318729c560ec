"""The back office's data base as the simulator looks at it: read-only, and set back between rounds if it is its own."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simulator.cast import Cast, Item, Order, Person
from simulator.errors import BadLedger

WATCHED = {
    "orders": "number",
    "customers": "id",
    "subscriptions": "number",
    "returns": "id",
    "refunds": "id",
    "claims": "number",
    "bookings": "number",
    "deletion_requests": "customer_id",
}
"""Tables that only a customer's own act may change, with the column that names a row."""


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of the audit log."""

    action: str
    subject: str
    customer_id: str | None
    conversation_id: str
    message_id: str | None
    at: str


@dataclass(frozen=True, slots=True)
class Money:
    """What was paid for an order, and what goes back for it; minor units."""

    number: str
    paid: int
    counted: int
    refunded: int
    promised: int


Rows = dict[tuple[str, str], tuple[Any, ...]]


class Ledger:
    """The data base of the running system, opened read-only for each look.

    Args:
        path: the SQLite file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def cast(self) -> Cast:
        """The people with their orders and subscriptions."""
        with self._reading() as found:
            return Cast(tuple(_person(found, row) for row in found.execute(_PEOPLE).fetchall()))

    def changes(self, conversation_ids: Sequence[str]) -> list[Change]:
        """What the audit log says of these conversations, oldest first."""
        marks = ",".join("?" * len(conversation_ids))
        query = (
            "SELECT action, subject, customer_id, conversation_id, message_id, at FROM audit_log"  # noqa: S608 - marks
            f" WHERE conversation_id IN ({marks}) ORDER BY id"
        )
        with self._reading() as found:
            return [Change(*row) for row in found.execute(query, list(conversation_ids))]

    def rows(self) -> Rows:
        """Every row of the watched tables."""
        with self._reading() as found:
            return {
                (table, str(row[key])): tuple(row)
                for table, key in WATCHED.items()
                for row in found.execute(f"SELECT * FROM {table}")  # noqa: S608 - names from the constant above
            }

    def owners(self) -> dict[tuple[str, str], str]:
        """The customer's id behind each watched row that has one."""
        with self._reading() as found:
            owners = {("orders", row[0]): row[1] for row in found.execute("SELECT number, customer_id FROM orders")}
            for table, key in (("subscriptions", "number"), ("deletion_requests", "customer_id"), ("customers", "id")):
                column = "id" if table == "customers" else "customer_id"
                query = f"SELECT {key}, {column} FROM {table}"  # noqa: S608 - names from the line above
                owners |= {(table, row[0]): row[1] for row in found.execute(query)}
            for table, key in (("returns", "id"), ("refunds", "id"), ("claims", "number")):
                query = f"SELECT t.{key}, o.customer_id FROM {table} t JOIN orders o ON o.id = t.order_id"  # noqa: S608
                owners |= {(table, row[0]): row[1] for row in found.execute(query)}
            return owners

    def money(self) -> list[Money]:
        """Paid and refunded of each order."""
        with self._reading() as found:
            return [Money(*row) for row in found.execute(_MONEY)]

    def tickets(self, conversation_id: str) -> list[str]:
        """Numbers of the tickets that this conversation opened."""
        query = "SELECT number FROM tickets WHERE conversation_id = ?"
        with self._reading() as found:
            return [row[0] for row in found.execute(query, (conversation_id,))]

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        try:
            opened = sqlite3.connect(f"{self._path.resolve().as_uri()}?mode=ro", uri=True, timeout=10)
            opened.row_factory = sqlite3.Row
            with closing(opened):
                yield opened
        except sqlite3.Error as error:
            raise BadLedger(f"{self._path} cannot be read as the back office's data base: {error}.") from error


class Rewind:
    """Sets a throw-away data base back to how it was when this object was made, under the running system.

    Never made for a data base that somebody works with: ``make simulate`` and ``make test`` say which is theirs.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._kept = sqlite3.connect(":memory:")
        with closing(sqlite3.connect(path, timeout=30)) as live:
            live.backup(self._kept)

    def __call__(self) -> None:
        """Put everything back."""
        with closing(sqlite3.connect(self._path, timeout=30)) as live:
            self._kept.backup(live)


def _person(found: sqlite3.Connection, row: sqlite3.Row) -> Person:
    orders = tuple(_order(found, order) for order in found.execute(_ORDERS, (row["id"],)).fetchall())
    held = found.execute("SELECT number FROM subscriptions WHERE customer_id = ? ORDER BY number", (row["id"],))
    return Person(**dict(zip(row.keys(), row, strict=True)), orders=orders, subscriptions=tuple(one[0] for one in held))


def _order(found: sqlite3.Connection, row: sqlite3.Row) -> Order:
    lines = found.execute(
        "SELECT name, quantity, unit_price_minor FROM order_lines WHERE order_id = ? ORDER BY number", (row["id"],)
    )
    items = tuple(Item(*line) for line in lines)
    parcels = found.execute("SELECT tracking_number FROM shipments WHERE order_id = ?", (row["id"],))
    return Order(
        row["number"], row["state"], row["paid_minor"], items, tuple(parcel[0] for parcel in parcels), row["street"]
    )


_PEOPLE = """
SELECT c.id, c.name, c.email, c.phone, a.street, coalesce(a.postal_code, '') AS postal_code, a.city, a.country
FROM customers c JOIN addresses a ON a.id = c.address_id ORDER BY c.email
"""
_ORDERS = """
SELECT o.id, o.number, o.state, o.paid_minor, a.street
FROM orders o JOIN addresses a ON a.id = o.address_id WHERE o.customer_id = ? ORDER BY o.number
"""
_MONEY = """
SELECT o.number, o.paid_minor, o.refunded_minor,
  coalesce((SELECT sum(amount_minor) FROM refunds r WHERE r.order_id = o.id), 0),
  coalesce((SELECT sum(expected_minor) FROM returns b WHERE b.order_id = o.id
    AND NOT EXISTS (SELECT 1 FROM refunds r WHERE r.return_id = b.id)), 0)
FROM orders o
"""
