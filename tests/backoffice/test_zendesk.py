"""Tickets worked on in Zendesk: never lost, never twice, whatever Zendesk does."""

import io
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from rich.console import Console
from starlette.responses import JSONResponse, Response

from backoffice.adapters.forwarding import Courier, ForwardedTicketBook
from backoffice.adapters.http_call import HttpCall
from backoffice.adapters.sql.database import Database
from backoffice.adapters.sql.deliveries import Deliveries
from backoffice.adapters.sql.tickets import SqlTicketBook
from backoffice.adapters.stopped_clock import StoppedClock
from backoffice.adapters.zendesk.help_desk import Zendesk, zendesk_client
from backoffice.bootstrap import Backoffice
from backoffice.commands import main
from backoffice.errors import BackofficeUnavailable
from backoffice.model.act import Act, Done
from backoffice.model.ticket import Priority, TicketDraft, TicketState
from tests.backoffice.conftest import Listening
from tests.backoffice.zendesk_server import TOKEN, USER, ZendeskServer


@pytest.fixture
def zendesk(listening: Listening) -> Iterator[ZendeskServer]:
    server = ZendeskServer()
    listening.app = server.app
    yield server
    listening.app = None


@pytest.fixture
def desk(listening: Listening, zendesk: ZendeskServer) -> Iterator[Callable[..., Zendesk]]:
    del zendesk
    made: list[Zendesk] = []

    def make(token: str = TOKEN, **parts: Any) -> Zendesk:
        given = {"base_url": listening.url, "timeout_seconds": 5, **parts}
        client = zendesk_client(user=USER, token=token, **given)
        made.append(Zendesk(HttpCall(client, name="Zendesk", tries=2, sleep=lambda _pause: None)))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def courier(database: Database, desk: Callable[..., Zendesk], clock: StoppedClock) -> Courier:
    return Courier(Deliveries(database), desk(), now=clock)


@pytest.fixture
def book(database: Database, desk: Callable[..., Zendesk], clock: StoppedClock) -> ForwardedTicketBook:
    return ForwardedTicketBook(SqlTicketBook(database), Deliveries(database), desk(), wake=lambda: None, now=clock)


def draft(key: str = "k1", **parts: Any) -> TicketDraft:
    given = {"summary": "The kettle\nleaks.", "collected": {"order": "10040"}, **parts}
    return TicketDraft("c1", key, "damaged item", Priority.HIGH, **given)


def test_a_ticket_arrives_with_all_that_staff_need(
    book: ForwardedTicketBook, courier: Courier, zendesk: ZendeskServer, clock: StoppedClock
) -> None:
    ticket = book.open(draft(contact_email="anna@example.com", transcript_excerpt="customer: it leaks"), clock())
    assert zendesk.tickets == {}
    assert courier.deliver() == (1, 0)

    (made,) = zendesk.tickets.values()
    assert (made["external_id"], made["priority"]) == (ticket.number, "high")
    assert made["requester"] == {"name": "anna@example.com", "email": "anna@example.com"}
    assert made["tags"] == ["frontdesk", "damaged_item"]
    assert made["subject"] == f"{ticket.number}: The kettle leaks."
    (comment,) = zendesk.comments[made["id"]]
    assert not comment["public"]
    assert all(part in comment["body"] for part in ("The kettle\nleaks.", "order: 10040", "customer: it leaks"))
    assert courier.deliver() == (0, 0)


def test_an_address_and_notes_follow_once(
    book: ForwardedTicketBook, courier: Courier, zendesk: ZendeskServer, clock: StoppedClock, build_own: Any
) -> None:
    ticket = book.open(draft(), clock())
    book.set_contact(ticket.number, "c1", "old@example.com", clock(), None)
    courier.deliver()
    backoffice: Backoffice = build_own()
    assert isinstance(backoffice.account.add_note(Act("c1", "m1", "k"), ticket.number, "It is blue."), Done)
    book.set_contact(ticket.number, "c1", "anna@example.com", clock(), None)
    assert courier.deliver() == (2, 0)
    assert courier.deliver() == (0, 0)

    (made,) = zendesk.tickets.values()
    assert made["requester"]["email"] == "anna@example.com"
    assert ["It is blue." in one["body"] for one in zendesk.comments[made["id"]]] == [False, True]


@pytest.mark.parametrize(
    "fault",
    [
        JSONResponse({"error": "TooManyRequests"}, 429, headers={"Retry-After": "93"}),
        Response("<html>oops", 500),
        Response("<html>", 200, media_type="text/html"),
        JSONResponse({"ticket": {"no": "id"}}, 201),
        JSONResponse([], 201),
        JSONResponse({"error": "RecordInvalid"}, 422),
        "after",
    ],
)
def test_what_zendesk_did_not_take_is_kept_and_taken_later_once(
    book: ForwardedTicketBook, courier: Courier, zendesk: ZendeskServer, clock: StoppedClock, fault: Any
) -> None:
    ticket = book.open(draft(), clock())
    zendesk.faults.extend([fault, fault])
    assert courier.deliver() == (0, 1)
    assert book.find(ticket.number) == ticket
    assert courier.deliver() == (0, 0)  # not before its pause is over
    zendesk.keys.clear()  # two hours later Zendesk has forgotten them
    zendesk.faults.clear()
    clock.move(hours=2)

    assert courier.deliver() == (1, 0)
    assert [one["external_id"] for one in zendesk.tickets.values()] == [ticket.number]


def test_the_pause_that_zendesk_asks_for_is_kept(
    book: ForwardedTicketBook, courier: Courier, zendesk: ZendeskServer, clock: StoppedClock
) -> None:
    book.open(draft(), clock())
    zendesk.faults.append(JSONResponse({}, 429, headers={"Retry-After": "93"}))
    assert courier.deliver() == (0, 1)
    assert len(zendesk.requests) == 1  # nobody asks again in the meantime
    clock.move(seconds=92)
    assert courier.deliver() == (0, 0)
    clock.move(seconds=1)
    assert courier.deliver() == (1, 0)


def test_an_answer_that_got_lost_makes_no_second_ticket_nor_a_second_comment(
    book: ForwardedTicketBook, courier: Courier, zendesk: ZendeskServer, clock: StoppedClock, build_own: Any
) -> None:
    ticket = book.open(draft(), clock())
    zendesk.faults.append("after")  # the call asks again with the same key
    assert courier.deliver() == (1, 0)
    build_own().account.add_note(Act("c1", "m1", "k"), ticket.number, "It is blue.")
    zendesk.faults.append("after")
    assert courier.deliver() == (0, 1)
    clock.move(minutes=5)
    assert courier.deliver() == (1, 0)

    (comments,) = zendesk.comments.values()
    assert sum("It is blue." in one["body"] for one in comments) == 1
    assert len(zendesk.tickets) == 1


def test_silence_and_wrong_credentials_are_outages(
    desk: Callable[..., Zendesk], book: ForwardedTicketBook, zendesk: ZendeskServer, clock: StoppedClock
) -> None:
    ticket = book.open(draft(), clock())
    with pytest.raises(BackofficeUnavailable, match="credentials") as refused:
        desk(token="wrong").create(ticket, tried=False)
    assert "wrong" not in str(refused.value)
    assert len(zendesk.requests) == 1
    with socket.create_server(("127.0.0.1", 0)) as silent:
        nobody = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(BackofficeUnavailable, match="Timeout"):
            desk(base_url=nobody, timeout_seconds=0.1).create(ticket, tried=False)


def test_what_an_agent_did_is_told_and_the_last_that_was_heard_while_zendesk_is_silent(
    book: ForwardedTicketBook, courier: Courier, zendesk: ZendeskServer, clock: StoppedClock
) -> None:
    ticket = book.open(draft(), clock())
    courier.deliver()
    zendesk.solve(ticket.number)
    zendesk.faults.append(Response(status_code=503))
    assert book.find(ticket.number).state is TicketState.OPEN
    clock.move(hours=1)
    found = book.find(ticket.number)
    assert (found.state, found.updated_at) == (TicketState.RESOLVED, clock())
    zendesk.faults.append(Response(status_code=503))
    assert book.find(ticket.number) == found


def test_many_couriers_hand_each_ticket_on_once(
    book: ForwardedTicketBook,
    database: Database,
    desk: Callable[..., Zendesk],
    zendesk: ZendeskServer,
    clock: StoppedClock,
) -> None:
    numbers = {book.open(draft(f"k{number}"), clock()).number for number in range(12)}
    couriers = [Courier(Deliveries(database), desk(), now=clock) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        taken = sum(done for done, _ in pool.map(lambda one: one.deliver(), couriers))

    assert taken == 12
    assert sorted(one["external_id"] for one in zendesk.tickets.values()) == sorted(numbers)
    assert zendesk.requests.count("POST /api/v2/tickets.json") == 12


def test_the_bot_goes_on_while_zendesk_is_down_and_the_ticket_is_handed_on_after_a_restart(
    build_own: Callable[..., Backoffice], listening: Listening, zendesk: ZendeskServer, clock: StoppedClock
) -> None:
    reached = {"zendesk_url": listening.url, "zendesk_user": USER, "zendesk_token": TOKEN}
    with socket.create_server(("127.0.0.1", 0)) as silent:
        nobody = f"http://127.0.0.1:{silent.getsockname()[1]}"
        backoffice = build_own(tickets="zendesk", **reached | {"zendesk_url": nobody}, zendesk_timeout_seconds=0.2)
        ticket = backoffice.tickets.open_ticket(idempotency_key="k", conversation_id="c1", reason="x", summary="y")
        assert backoffice.tickets.ticket_for("c1", ticket.number) == ticket
        backoffice.check()
        backoffice.close()

    clock.move(hours=1)
    build_own(tickets="zendesk", **reached)
    assert zendesk.created.wait(timeout=10)
    assert [one["external_id"] for one in zendesk.tickets.values()] == [ticket.number]


def test_an_operator_hands_on_what_waits(  # noqa: PLR0917 - fixtures
    book: ForwardedTicketBook,
    zendesk: ZendeskServer,
    listening: Listening,
    clock: StoppedClock,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    book.open(draft(), clock())
    reached = {"DATABASE_URL": database_url, "ZENDESK_URL": listening.url, "ZENDESK_USER": USER, "ZENDESK_TOKEN": TOKEN}
    for name, value in {**reached, "TICKETS": "zendesk"}.items():
        monkeypatch.setenv(f"BACKOFFICE_{name}", value)
    out = io.StringIO()
    assert main(["deliver-tickets"], console=Console(file=out)) == 0
    assert (out.getvalue(), len(zendesk.tickets)) == ("1 taken, 0 not\n", 1)
