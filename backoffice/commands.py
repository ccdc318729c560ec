"""``python -m backoffice …``: the data base, the demo, and what is in them."""

import argparse
from collections.abc import Callable, Sequence
from contextlib import closing

from pydantic import ValidationError
from rich.console import Console
from rich.text import Text

from backoffice.adapters.forwarding import Courier
from backoffice.adapters.sql.database import Database
from backoffice.adapters.sql.deliveries import Deliveries
from backoffice.adapters.sql.listing import Listing
from backoffice.adapters.sql.migrate import migrate
from backoffice.adapters.sql.seed import seed
from backoffice.bootstrap import build_calendar, build_database, build_policy, utc_now
from backoffice.demo_data import load_demo
from backoffice.demo_page import PAGE, render_page
from backoffice.errors import BackofficeError
from backoffice.model.ticket import TicketState
from backoffice.neighbours import build_help_desk
from backoffice.parsing import parse_ticket_number
from backoffice.settings import BackofficeSettings
from backoffice.tables import customers_table, history_table, orders_table, ticket_panel, tickets_table
from telemetry.wrong_settings import sentences_of

Command = Callable[[argparse.Namespace, BackofficeSettings, Database, Console], int]


def main(arguments: Sequence[str] | None = None, *, console: Console | None = None) -> int:
    """Run one command; 0 when it did what it says, 1 with one sentence when not."""
    options = _parser().parse_args(arguments)
    console = console or Console()
    run: Command = options.run
    try:
        settings = BackofficeSettings()
        with closing(build_database(settings)) as database:
            return run(options, settings, database, console)
    except (BackofficeError, ValidationError) as error:
        told = sentences_of(error) if isinstance(error, ValidationError) else str(error)
        Console(stderr=True).print(Text(told, style="red"), soft_wrap=True)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m backoffice", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="command")
    for name, run, told in (
        ("migrate", _migrate, "bring the tables to this version of the code"),
        ("seed-demo", _seed_demo, "write the demo company, its dates moved to today; nothing else is touched"),
        ("customers", _customers, "list the customers"),
        ("orders", _orders, "list the orders"),
        ("deliver-tickets", _deliver_tickets, "hand on what the help desk has not taken, now"),
        ("demo-page", _demo_page, f"write {PAGE} from the demo data"),
    ):
        commands.add_parser(name, help=told).set_defaults(run=run)
    tickets = commands.add_parser("tickets", help="list the tickets, newest first")
    tickets.add_argument("--state", type=TicketState, choices=list(TicketState), metavar="open|waiting|resolved")
    tickets.set_defaults(run=_tickets)
    ticket = commands.add_parser("ticket", help="show one ticket and what happened to it")
    ticket.add_argument("number", metavar="T-123456")
    ticket.set_defaults(run=_ticket)
    return parser


def _migrate(_options: argparse.Namespace, _settings: BackofficeSettings, database: Database, console: Console) -> int:
    console.print(f"back office tables are at version {migrate(database)}")
    return 0


def _seed_demo(_options: argparse.Namespace, settings: BackofficeSettings, database: Database, console: Console) -> int:
    now = utc_now()
    demo = load_demo(now, build_calendar(settings))
    seed(database, demo, now)
    console.print(f"demo company: {len(demo.customers)} customers, {len(demo.orders)} orders, dates as of today")
    return 0


def _customers(
    _options: argparse.Namespace, _settings: BackofficeSettings, database: Database, console: Console
) -> int:
    console.print(customers_table(Listing(database).customers()))
    return 0


def _orders(_options: argparse.Namespace, settings: BackofficeSettings, database: Database, console: Console) -> int:
    listing = Listing(database)
    names = {customer.id: customer.name for customer in listing.customers()}
    console.print(orders_table(listing.orders(), names, utc_now(), build_policy(settings)))
    return 0


def _tickets(options: argparse.Namespace, settings: BackofficeSettings, database: Database, console: Console) -> int:
    console.print(tickets_table(Listing(database).tickets(options.state), build_calendar(settings).zone))
    return 0


def _ticket(options: argparse.Namespace, settings: BackofficeSettings, database: Database, console: Console) -> int:
    listing = Listing(database)
    number = parse_ticket_number(options.number)
    ticket = listing.ticket(number) if number else None
    if ticket is None:
        console.print("there is no such ticket; `python -m backoffice tickets` lists them")
        return 1
    zone = build_calendar(settings).zone
    console.print(ticket_panel(ticket, zone))
    console.print(history_table(listing.history("ticket", ticket.number), zone))
    return 0


def _deliver_tickets(
    _options: argparse.Namespace, settings: BackofficeSettings, database: Database, console: Console
) -> int:
    desk = build_help_desk(settings)
    if desk is None:
        console.print("tickets are worked on here (BACKOFFICE_TICKETS=local)")
        return 0
    with closing(desk):
        taken, failed = Courier(Deliveries(database), desk, now=utc_now).deliver()
    console.print(f"{taken} taken, {failed} not")
    return 1 if failed else 0


def _demo_page(
    _options: argparse.Namespace, settings: BackofficeSettings, _database: Database, console: Console
) -> int:
    PAGE.write_text(render_page(load_demo(utc_now(), build_calendar(settings))), encoding="utf-8")
    console.print(f"wrote {PAGE}")
    return 0
