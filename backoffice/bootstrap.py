"""The back office put together from its settings."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from backoffice.adapters.mail import BackgroundPost, FolderPost, MemoryPost, SmtpPost
from backoffice.adapters.sql.access import SqlAccessLedger
from backoffice.adapters.sql.codes import SqlCodeLedger
from backoffice.adapters.sql.database import Database
from backoffice.adapters.sql.journeys import SqlJourneys
from backoffice.adapters.sql.migrate import check, create_tables
from backoffice.adapters.sql.products import read_products
from backoffice.adapters.sql.seed import seed
from backoffice.demo_data import load_demo
from backoffice.neighbours import Neighbours, build_neighbours, own_neighbours
from backoffice.ports import Post
from backoffice.service.access import AccessDesk
from backoffice.service.appointments import AppointmentDesk
from backoffice.service.catalogue import CatalogueDesk
from backoffice.service.codes import CodeDesk
from backoffice.service.invoices import InvoiceDesk
from backoffice.service.journeys import AccountDesk, SubscriptionDesk
from backoffice.service.order_changes import OrderChangeDesk
from backoffice.service.order_status import OrderPolicy
from backoffice.service.orders import OrderDesk
from backoffice.service.promotions import PromotionDesk, load_promotions
from backoffice.service.tickets import TicketDesk
from backoffice.service.token import TokenReader
from backoffice.settings import BackofficeSettings
from backoffice.working_days import WorkingDays


@dataclass(frozen=True, slots=True)
class Backoffice:
    """The room's front door. Every call blocks: from async code go through ``asyncio.to_thread``.

    Safe to use from many threads at once. ``check`` raises ``BackofficeUnavailable`` when the data base does
    not answer or is not migrated (for ``/ready``); ``close`` gives the connections back.
    """

    access: AccessDesk
    codes: CodeDesk
    orders: OrderDesk
    order_changes: OrderChangeDesk
    subscriptions: SubscriptionDesk
    appointments: AppointmentDesk
    account: AccountDesk
    promotions: PromotionDesk
    catalogue: CatalogueDesk
    invoices: InvoiceDesk
    tickets: TicketDesk
    check: Callable[[], None]
    close: Callable[[], None]


def utc_now() -> datetime:
    """The clock of the running product; tests inject their own."""
    return datetime.now(UTC)


def build_backoffice(
    settings: BackofficeSettings | None = None, *, now: Callable[[], datetime] = utc_now, post: Post | None = None
) -> Backoffice:
    """The back office on the data base that the settings name. Connects on first use, migrates nothing."""
    settings = settings or BackofficeSettings()
    database = build_database(settings)
    background = BackgroundPost(post or build_post(settings, now))
    neighbours = build_neighbours(settings, database, now)

    def close() -> None:
        neighbours.close()
        background.close()
        database.close()

    def check_all() -> None:
        check(database)
        neighbours.check()

    return assemble(settings, database, post=background, now=now, check=check_all, close=close, neighbours=neighbours)


def build_memory_backoffice(*, now: Callable[[], datetime] = utc_now, post: Post | None = None) -> Backoffice:
    """The demo company in memory, with the default limits: for tests above this room; nothing is kept.

    It is SQLite without a file, so the rules are the same ones. ``post`` gets the letters (``MemoryPost``).
    """
    settings = BackofficeSettings.model_construct()
    database = Database("sqlite://", timeout_seconds=settings.database_timeout_seconds)
    create_tables(database)
    seed(database, load_demo(now(), build_calendar(settings)), now())
    return assemble(settings, database, post=post or MemoryPost(), now=now, close=database.close)


def assemble(
    settings: BackofficeSettings,
    database: Database,
    *,
    post: Post,
    now: Callable[[], datetime],
    check: Callable[[], None] = lambda: None,
    close: Callable[[], None] = lambda: None,
    neighbours: Neighbours | None = None,
) -> Backoffice:
    """The rules over their adapters; ``neighbours`` are the data base's own unless others are given."""
    neighbours = neighbours or own_neighbours(database)
    shop = neighbours.shop
    ledger = SqlCodeLedger(database)
    access = AccessDesk(
        shop=shop,
        ledger=SqlAccessLedger(database),
        rules=settings.access_rules(),
        now=now,
        tokens=build_tokens(settings),
    )
    policy = build_policy(settings)
    calendar, journeys = policy.calendar, SqlJourneys(database)
    tickets = TicketDesk(book=neighbours.tickets, access=access, now=now)
    return Backoffice(
        access=access,
        codes=CodeDesk(shop=shop, access=access, ledger=ledger, post=post, rules=settings.code_rules(), now=now),
        orders=OrderDesk(shop=shop, access=access, policy=policy, now=now),
        order_changes=OrderChangeDesk(shop=shop, book=neighbours.orders, access=access, policy=policy, now=now),
        subscriptions=SubscriptionDesk(book=journeys, access=access, calendar=calendar, now=now),
        appointments=AppointmentDesk(book=journeys, access=access, calendar=calendar, now=now),
        promotions=PromotionDesk(promotions=load_promotions(), access=access, calendar=calendar, now=now),
        catalogue=CatalogueDesk(products=partial(read_products, database)),
        invoices=InvoiceDesk(book=journeys, shop=shop, access=access, post=post, calendar=calendar, now=now),
        account=AccountDesk(
            book=journeys,
            shop=shop,
            access=access,
            codes=ledger,
            tickets=tickets,
            post=post,
            calendar=calendar,
            now=now,
        ),
        tickets=tickets,
        check=check,
        close=close,
    )


def build_tokens(settings: BackofficeSettings) -> TokenReader | None:
    if settings.token_secret is None:
        return None
    return TokenReader(secret=settings.token_secret.get_secret_value(), audience=settings.token_audience)


def build_post(settings: BackofficeSettings, now: Callable[[], datetime]) -> Post:
    if settings.mail == "folder":
        return FolderPost(settings.mailbox, sender=settings.mail_from, now=now)
    password = settings.smtp_password
    return SmtpPost(
        host=settings.smtp_host,
        port=settings.smtp_port,
        security=settings.smtp_security,
        sender=settings.mail_from,
        timeout_seconds=settings.smtp_timeout_seconds,
        now=now,
        user=settings.smtp_user,
        password=password.get_secret_value() if password else None,
    )


def build_database(settings: BackofficeSettings) -> Database:
    return Database(settings.database_url, timeout_seconds=settings.database_timeout_seconds)


def build_calendar(settings: BackofficeSettings) -> WorkingDays:
    return WorkingDays(country=settings.holidays_country, timezone=settings.timezone)


def build_policy(settings: BackofficeSettings) -> OrderPolicy:
    return OrderPolicy(calendar=build_calendar(settings), tracking_url=settings.tracking_url)
