"""Customers, orders and tickets as tables for the terminal."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from babel.numbers import format_currency
from rich.console import Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from backoffice.adapters.sql.listing import AuditEntry
from backoffice.model.customer import Customer
from backoffice.model.ids import CustomerId
from backoffice.model.money import Money
from backoffice.model.order import Order
from backoffice.model.ticket import Priority, Ticket
from backoffice.service.order_status import OrderPolicy, view_of

_PRIORITY_STYLE = {Priority.URGENT: "bold red", Priority.HIGH: "red", Priority.LOW: "dim"}


def customers_table(customers: Iterable[Customer]) -> Table:
    table = Table(title="Customers")
    for heading in ("name", "e-mail", "place", "locale", "Plus"):
        table.add_column(heading)
    for customer in customers:
        place = f"{customer.address.city}, {customer.address.country}"
        plus = "yes" if customer.plus_member else ""
        table.add_row(Text(customer.name), Text(customer.email), Text(place), customer.locale, plus)
    return table


def orders_table(orders: Iterable[Order], names: Mapping[CustomerId, str], now: datetime, policy: OrderPolicy) -> Table:
    table = Table(title="Orders")
    for heading in ("number", "customer", "status", "placed", "promised by", "articles"):
        table.add_column(heading)
    table.add_column("total", justify="right")
    for order in orders:
        view = view_of(order, now, policy)
        late = f", late ({view.lateness.next.value})" if view.lateness else ""
        table.add_row(
            order.number,
            Text(names.get(order.customer_id, "")),
            view.status.value + late,
            _local(order.placed_at, policy.calendar.zone),
            str(order.promised.last) if order.promised else "",
            Text(", ".join(f"{line.quantity} × {line.name}" for line in order.lines)),
            _amount(order.total),
        )
    return table


def tickets_table(tickets: Iterable[Ticket], zone: ZoneInfo) -> Table:
    table = Table(title="Tickets")
    for heading in ("number", "opened", "state", "priority", "reason", "contact", "summary"):
        table.add_column(heading)
    for ticket in tickets:
        table.add_row(
            ticket.number,
            _local(ticket.opened_at, zone),
            ticket.state.value,
            Text(ticket.priority.value, style=_PRIORITY_STYLE.get(ticket.priority, "")),
            Text(ticket.reason),
            Text(ticket.contact_email or ""),
            Text(ticket.summary),
        )
    return table


def ticket_panel(ticket: Ticket, zone: ZoneInfo) -> Panel:
    facts = Table.grid(padding=(0, 2))
    for name, value in (
        ("state", ticket.state.value),
        ("priority", ticket.priority.value),
        ("reason", ticket.reason),
        ("opened", _local(ticket.opened_at, zone)),
        ("contact", ticket.contact_email or "none yet"),
        ("customer", ticket.customer_id or "not verified"),
        ("conversation", ticket.conversation_id),
        ("collected", json.dumps(ticket.collected, ensure_ascii=False, indent=2)),
    ):
        facts.add_row(Text(name, style="dim"), Text(value))
    parts: list[Text | Table] = [Text(ticket.summary), Text(), facts]
    if ticket.transcript_excerpt:
        parts.append(Text(f"\n{ticket.transcript_excerpt}"))
    return Panel(Group(*parts), title=ticket.number, expand=False)


def history_table(entries: Iterable[AuditEntry], zone: ZoneInfo) -> Table:
    table = Table(title="What happened")
    for heading in ("when", "who", "what", "message"):
        table.add_column(heading)
    for entry in entries:
        table.add_row(_local(entry.at, zone), entry.actor, entry.action, Text(entry.message_id or ""))
    return table


def _local(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"


def _amount(money: Money) -> str:
    return str(format_currency(money.minor / 100, money.currency, locale="en_IE"))
