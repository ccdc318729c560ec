"""A shop over HTTP: asked with a time limit, changed once, and never believed more than it can prove.

That the rules hold over it too is seen in the tests of access and orders, which run over it as well.
"""

import json
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from backoffice.adapters.http_call import HttpCall, retry_after
from backoffice.adapters.http_shop.shop import HttpOrderBook, HttpShop, shop_client
from backoffice.adapters.sql.database import Database
from backoffice.adapters.sql.migrate import create_tables
from backoffice.adapters.stopped_clock import StoppedClock
from backoffice.bootstrap import build_backoffice
from backoffice.errors import BackofficeUnavailable
from backoffice.model.act import Act, Done, Reason, Refusal
from backoffice.model.order import Order
from backoffice.model.order_change import SearchPlan
from backoffice.service.order_rules import search
from backoffice.service.order_status import OrderPolicy
from backoffice.settings import BackofficeSettings
from backoffice.working_days import WorkingDays
from tests.backoffice.conftest import NOON, LetterBox, Listening
from tests.backoffice.shop_server import ReferenceShop

LATE = "10031"
ACT = Act("c1", "m1", "k1")
PAGE = Path("docs/shop-api.openapi.json")
POLICY = OrderPolicy(calendar=WorkingDays(), tracking_url="https://track.example/{tracking_number}")


class Faulty:
    """In front of the shop: what the next requests get instead; ``"after"`` loses the answer of work that was done."""

    def __init__(self, shop: ASGIApp) -> None:
        self._shop = shop
        self.faults: deque[Response | str | None] = deque()
        self.requests: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or not."""
        self.requests.append(f"{scope['method']} {Request(scope).url.path}")
        fault = self.faults.popleft() if self.faults else None
        if isinstance(fault, Response):
            return await fault(scope, receive, send)
        if fault == "after":
            kept: list[Any] = []

            async def keep(message: Any) -> None:
                kept.append(message)

            await self._shop(scope, receive, keep)
            return await Response(b"{", headers={"Content-Length": "999"})(scope, receive, send)
        return await self._shop(scope, receive, send)


@pytest.fixture
def faulty(serve_shop: Callable[[str], Any], listening: Listening, database_url: str) -> Faulty:
    serve_shop(database_url)
    assert listening.app
    listening.app = Faulty(listening.app)
    return listening.app


@pytest.fixture
def call(listening: Listening, faulty: Faulty) -> Iterator[HttpCall]:
    del faulty
    client = shop_client(base_url=listening.url, token="the-shop-and-the-desk-know-it", timeout_seconds=5)
    one = HttpCall(client, name="the shop", sleep=lambda _pause: None)
    yield one
    one.close()


@pytest.fixture
def owner(call: HttpCall) -> Any:
    found = HttpShop(call).owner_of(LATE)
    assert found
    return found.id


def look_for(order: Order) -> SearchPlan | Refusal:
    return search(order, NOON, POLICY)


def change(call: HttpCall, owner: Any, act: Act = ACT, decide: Any = look_for) -> Any:
    return HttpOrderBook(call).change(act, owner, LATE, SearchPlan, decide, NOON)


pytestmark = pytest.mark.usefixtures("shop_restored_after")


def test_a_change_whose_answer_got_lost_is_done_once(call: HttpCall, faulty: Faulty, owner: Any) -> None:
    faulty.faults.extend([None, None, "after", "after"])
    done = change(call, owner)

    assert isinstance(done, Done)
    assert change(call, owner) == done
    assert change(call, owner, Act("c1", "m2", "k2")).reason is Reason.ALREADY_DONE


def test_a_shop_that_stays_silent_is_an_outage_and_the_same_key_succeeds_afterwards(
    call: HttpCall, faulty: Faulty, owner: Any
) -> None:
    faulty.faults.extend([None, None, *[Response(status_code=503)] * 3])
    with pytest.raises(BackofficeUnavailable):
        change(call, owner)
    assert isinstance(change(call, owner), Done)


def test_an_order_that_changes_in_between_is_looked_at_again(call: HttpCall, owner: Any) -> None:
    seen: list[bool] = []

    def decide(order: Order) -> SearchPlan | Refusal:
        seen.append(order.investigation_since is not None)
        plan = look_for(order)
        if len(seen) == 1:
            assert isinstance(change(call, owner, Act("c2", "m", "other")), Done)  # somebody is quicker
        return plan

    assert change(call, owner, decide=decide).reason is Reason.ALREADY_DONE
    assert seen == [False, True]


def test_an_order_that_never_holds_still_is_an_outage(call: HttpCall, faulty: Faulty, owner: Any) -> None:
    for _ in range(5):
        faulty.faults.extend([None, Response(status_code=412)])
    faulty.faults.appendleft(None)
    with pytest.raises(BackofficeUnavailable, match="every time"):
        change(call, owner)


@pytest.mark.parametrize(
    "answer",
    [
        Response(b"<html>", media_type="text/html"),
        JSONResponse({"id": "c1"}),
        JSONResponse([]),
        Response(b'{"id": "c', headers={"Content-Length": "50"}),
        Response(status_code=500),
        Response(status_code=302, headers={"Location": "http://elsewhere.example/"}),
        Response(status_code=401),
        JSONResponse({}, 429, headers={"Retry-After": "600"}),
    ],
)
def test_answers_of_another_kind_are_an_outage_that_shows_nothing(
    call: HttpCall, faulty: Faulty, answer: Response
) -> None:
    faulty.faults.extend([answer] * 3)
    with pytest.raises(BackofficeUnavailable) as told:
        HttpShop(call).owner_of(LATE)
    assert LATE not in str(told.value)


def test_a_shop_that_mixes_up_its_customers_tells_nobody(call: HttpCall, faulty: Faulty, owner: Any) -> None:
    shop = HttpShop(call)
    other = shop.owner_of("10046")
    assert other
    told = call("GET", f"/customers/{other.id}/orders/10046")
    faulty.faults.append(Response(told.content, headers={"ETag": '"1"'}))
    with pytest.raises(BackofficeUnavailable):
        shop.order(owner, LATE)
    faulty.faults.append(JSONResponse([told.json()]))
    with pytest.raises(BackofficeUnavailable):
        shop.orders(owner)


def test_a_short_pause_is_waited_for_and_a_long_one_is_told(call: HttpCall, faulty: Faulty) -> None:
    faulty.faults.append(JSONResponse({}, 429, headers={"Retry-After": "1"}))
    assert HttpShop(call).owner_of(LATE)
    faulty.requests.clear()
    faulty.faults.append(JSONResponse({}, 503, headers={"Retry-After": "60"}))
    with pytest.raises(BackofficeUnavailable):
        HttpShop(call).owner_of(LATE)
    assert len(faulty.requests) == 1


@pytest.mark.parametrize(("header", "seconds"), [("7", 7.0), ("-3", 0.0), ("soon", None), ("", None), (None, None)])
def test_pauses_are_read(header: str | None, seconds: float | None) -> None:
    assert retry_after(header) == seconds


def test_numbers_never_lead_elsewhere(call: HttpCall, faulty: Faulty) -> None:
    HttpShop(call).owner_of("../customers/by-email")
    assert faulty.requests == ["GET /orders/../customers/by-email/owner"]


def test_the_desk_needs_no_row_of_the_shop_in_its_own_data_base(
    serve_shop: Callable[[str], dict[str, Any]], database_url: str, clock: StoppedClock, tmp_path: Path
) -> None:
    own = f"sqlite:///{tmp_path / 'desk.db'}"
    database = Database(own, timeout_seconds=5)
    create_tables(database)
    database.close()
    post = LetterBox()
    settings = BackofficeSettings(database_url=own, **serve_shop(database_url))
    backoffice = build_backoffice(settings, now=clock, post=post)
    backoffice.codes.send_code("c1", message_id="m1", email="cian.murphy@example.org")
    assert backoffice.codes.check_code("c1", post.code(), message_id="m2").outcome == "confirmed"
    plan = backoffice.order_changes.preview_cancel("c1", "10047")
    assert isinstance(backoffice.order_changes.cancel(ACT, "10047", agreed_to=plan.token), Done)
    assert backoffice.orders.order_for("c1", "10047").cancelled_at
    backoffice.close()


def test_the_contract_is_the_written_one(database: Database, clock: StoppedClock) -> None:
    contract = ReferenceShop(database, token="x" * 16, now=clock).app().openapi()
    assert json.loads(PAGE.read_text(encoding="utf-8")) == contract
