"""The adapters that the settings choose: whose orders, and where people work on tickets."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta

from backoffice.adapters.forwarding import Courier, CourierRound, ForwardedTicketBook
from backoffice.adapters.http_call import HttpCall
from backoffice.adapters.http_shop.shop import HttpOrderBook, HttpShop, shop_client
from backoffice.adapters.sql.database import Database
from backoffice.adapters.sql.deliveries import Deliveries
from backoffice.adapters.sql.order_book import SqlOrderBook
from backoffice.adapters.sql.shop import SqlShop
from backoffice.adapters.sql.tickets import SqlTicketBook
from backoffice.adapters.zendesk.help_desk import Zendesk, zendesk_client
from backoffice.helpdesk_port import HelpDesk
from backoffice.ports import OrderBook, Shop, TicketBook
from backoffice.settings import BackofficeSettings

SHOP_NAME = "the shop"


@dataclass(frozen=True, slots=True)
class Neighbours:
    """``check`` asks those that no journey can do without; ``close`` ends what runs and gives connections back."""

    shop: Shop
    orders: OrderBook
    tickets: TicketBook
    check: Callable[[], None] = lambda: None
    close: Callable[[], None] = lambda: None


def own_neighbours(database: Database) -> Neighbours:
    """Everything in the back office's own data base."""
    return Neighbours(SqlShop(database), SqlOrderBook(database), SqlTicketBook(database))


def build_neighbours(settings: BackofficeSettings, database: Database, now: Callable[[], datetime]) -> Neighbours:
    """As the settings say. With Zendesk a thread starts that hands tickets on until ``close``."""
    ending = ExitStack()
    shop, orders, check = _shop(settings, database, ending)
    return Neighbours(shop, orders, _tickets(settings, database, now, ending), check, ending.close)


def build_help_desk(settings: BackofficeSettings) -> HelpDesk | None:
    """Zendesk, if tickets are worked on there."""
    if settings.tickets != "zendesk" or settings.zendesk_token is None:
        return None
    client = zendesk_client(
        base_url=settings.zendesk_url,
        user=settings.zendesk_user,
        token=settings.zendesk_token.get_secret_value(),
        timeout_seconds=settings.zendesk_timeout_seconds,
    )
    return Zendesk(HttpCall(client, name="Zendesk", tries=2))


def _shop(
    settings: BackofficeSettings, database: Database, ending: ExitStack
) -> tuple[Shop, OrderBook, Callable[[], None]]:
    if settings.shop != "http" or settings.shop_token is None:
        return SqlShop(database), SqlOrderBook(database), lambda: None
    token, wait = settings.shop_token.get_secret_value(), settings.shop_timeout_seconds
    call = HttpCall(shop_client(base_url=settings.shop_url, token=token, timeout_seconds=wait), name=SHOP_NAME)
    ending.callback(call.close)
    shop = HttpShop(call)
    return shop, HttpOrderBook(call), shop.check


def _tickets(
    settings: BackofficeSettings, database: Database, now: Callable[[], datetime], ending: ExitStack
) -> TicketBook:
    kept, desk = SqlTicketBook(database), build_help_desk(settings)
    if desk is None:
        return kept
    deliveries = Deliveries(database)
    rounds = CourierRound(Courier(deliveries, desk, now=now), every=timedelta(seconds=settings.zendesk_every_seconds))
    rounds.start()
    ending.callback(desk.close)
    ending.callback(rounds.close)
    return ForwardedTicketBook(kept, deliveries, desk, wake=rounds.wake, now=now)
