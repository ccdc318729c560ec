"""The back office put together from its settings."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from backoffice.adapters.memory import MemoryAccessLedger, MemoryShop, MemoryTicketBook
from backoffice.adapters.sql.access import SqlAccessLedger
from backoffice.adapters.sql.database import Database
from backoffice.adapters.sql.migrate import check
from backoffice.adapters.sql.shop import SqlShop
from backoffice.adapters.sql.tickets import SqlTicketBook
from backoffice.demo_data import load_demo
from backoffice.ports import AccessLedger, Shop, TicketBook
from backoffice.service.access import AccessDesk
from backoffice.service.order_status import OrderPolicy
from backoffice.service.orders import OrderDesk
from backoffice.service.tickets import TicketDesk
from backoffice.settings import BackofficeSettings
from backoffice.working_days import WorkingDays


@dataclass(frozen=True, slots=True)
class Backoffice:
    """The room's front door. Every call blocks: from async code go through ``asyncio.to_thread``.

    Safe to use from many threads at once. ``check`` raises ``BackofficeUnavailable`` when the data base does
    not answer or is not migrated (for ``/ready``); ``close`` gives the connections back.
    """

    access: AccessDesk
    orders: OrderDesk
    tickets: TicketDesk
    check: Callable[[], None]
    close: Callable[[], None]


def utc_now() -> datetime:
    """The clock of the running product; tests inject their own."""
    return datetime.now(UTC)


def build_backoffice(
    settings: BackofficeSettings | None = None, *, now: Callable[[], datetime] = utc_now
) -> Backoffice:
    """The back office on the data base that the settings name. Connects on first use, migrates nothing."""
    settings = settings or BackofficeSettings()
    database = build_database(settings)
    return assemble(
        settings,
        shop=SqlShop(database),
        ledger=SqlAccessLedger(database),
        book=SqlTicketBook(database),
        now=now,
        check=lambda: check(database),
        close=database.close,
    )


def build_memory_backoffice(*, now: Callable[[], datetime] = utc_now) -> Backoffice:
    """The demo company in memory, with the default limits: for tests above this room; nothing is kept."""
    settings = BackofficeSettings.model_construct()
    demo = load_demo(now(), build_calendar(settings))
    return assemble(
        settings,
        shop=MemoryShop(demo.customers, (entry.order for entry in demo.orders)),
        ledger=MemoryAccessLedger(),
        book=MemoryTicketBook(),
        now=now,
    )


def assemble(
    settings: BackofficeSettings,
    *,
    shop: Shop,
    ledger: AccessLedger,
    book: TicketBook,
    now: Callable[[], datetime],
    check: Callable[[], None] = lambda: None,
    close: Callable[[], None] = lambda: None,
) -> Backoffice:
    """The rules over any implementation of the three ports."""
    access = AccessDesk(shop=shop, ledger=ledger, rules=settings.access_rules(), now=now)
    return Backoffice(
        access=access,
        orders=OrderDesk(shop=shop, access=access, policy=build_policy(settings), now=now),
        tickets=TicketDesk(book=book, access=access, now=now),
        check=check,
        close=close,
    )


def build_database(settings: BackofficeSettings) -> Database:
    return Database(settings.database_url, timeout_seconds=settings.database_timeout_seconds)


def build_calendar(settings: BackofficeSettings) -> WorkingDays:
    return WorkingDays(country=settings.holidays_country, timezone=settings.timezone)


def build_policy(settings: BackofficeSettings) -> OrderPolicy:
    return OrderPolicy(calendar=build_calendar(settings), tracking_url=settings.tracking_url)
