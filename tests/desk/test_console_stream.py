"""What a console hears without asking."""

import asyncio
import json
from collections.abc import Callable
from typing import Any, Self

import pytest
from conftest import Running
from inbox_office import Office, office
from staff_browser import API, PASSWORD, Browser, accounts_of

from desk.accounts.model import Role
from desk.inbox import stream

__all__ = ["office"]


class Heard:
    """A console's event stream, read as it is written."""

    def __init__(self, gateway: Running, path: str, header: tuple[str, str]) -> None:
        self.events: list[tuple[str, Any]] = []
        self._left = asyncio.Event()
        self._app, self._asked = gateway.app, False
        self._scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
            "path": path, "raw_path": path.encode(), "query_string": b"",
            "root_path": "", "headers": [(b"host", b"desk"), (header[0].encode(), header[1].encode())],
            "client": ("192.0.2.1", 1), "server": ("desk", 80),
        }  # fmt: skip

    async def _receive(self) -> dict[str, Any]:
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self._left.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        for block in message.get("body", b"").decode().split("\n\n"):
            fields = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
            if "event" in fields:
                self.events.append((fields["event"], json.loads(fields["data"])))

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._app(self._scope, self._receive, self._send))
        await self.until("counts")
        return self

    async def __aexit__(self, *_: object) -> None:
        self._left.set()
        await self._task

    async def ended(self) -> None:
        """Wait until the gateway says no more."""
        async with asyncio.timeout(5):
            await asyncio.shield(self._task)

    async def until(self, name: str, there: Callable[[Any], bool] = lambda _: True) -> Any:
        async with asyncio.timeout(5):
            while True:
                for event, data in self.events:
                    if event == name and there(data):
                        return data
                await asyncio.sleep(0.01)


def heard_by(office: Office, who: str) -> Heard:
    return Heard(office.gateway, "/inbox-by-header/events", ("x-staff", who))


async def test_a_console_hears_what_concerns_people_and_not_the_bots_other_talks(office: Office) -> None:
    async with heard_by(office, "omar") as heard:
        with_bot = await office.gateway.begin()
        await with_bot.say("only for the bot")
        await with_bot.answered()
        talk = await office.waiting("my kettle leaks")
        await heard.until("item", lambda one: one["item"]["text"] == "my kettle leaks")
        await office.niamh.act(talk, "take")
        taken = await heard.until("conversation", lambda one: (one["agent"] or {}).get("id") == "niamh")
        assert taken["id"] == talk.id
        await office.niamh.act(talk, "typing", 204, on=True)
        await heard.until("presence", lambda one: one["viewers"] == [{"id": "niamh", "name": "Niamh", "typing": True}])
        await office.niamh.act(talk, "notes", 201, client_id="n", text="look here")
        assert (await heard.until("item", lambda one: one["item"]["note"]))["item"]["text"] == "look here"
        await heard.until("counts", lambda one: one["unassigned"] == 0 and one["bot"] == 1)
        assert not [data for event, data in heard.events if event == "item" and "only for" in data["item"]["text"]]


async def test_a_console_is_told_of_a_bots_talk_that_it_has_open(office: Office) -> None:
    talk = await office.gateway.begin()
    await talk.say("hello")
    await talk.answered()
    async with heard_by(office, "niamh") as heard:
        await office.niamh.act(talk, "viewing", 204)
        await talk.say("are you there")
        await heard.until("item", lambda one: one["item"]["speaker"] == "bot")


async def test_the_customer_sees_only_the_owner_typing(office: Office) -> None:
    talk = await office.waiting()
    await office.niamh.act(talk, "take")
    listener = office.gateway.desk.hub.listen(talk.id)
    await office.omar.act(talk, "typing", 204, on=True)
    await office.niamh.act(talk, "typing", 204, on=True)
    await office.niamh.act(talk, "notes", 201, client_id="n", text="for us")
    signals = [event.signal for event in list(listener._events) if event.signal]
    assert [(name, data["name"]) for name, data in signals] == [("typing", "Niamh")]


@pytest.mark.parametrize("lost", ["the role", "the session"])
async def test_a_stream_ends_with_the_role_or_the_session_that_opened_it(
    gateway: Running, monkeypatch: pytest.MonkeyPatch, lost: str
) -> None:
    monkeypatch.setattr(stream, "_ALIVE_SECONDS", 0.05)
    account, _ = await accounts_of(gateway).create("a@shop.example", "A", [Role.AGENT], PASSWORD)
    browser = Browser(gateway.app)
    await browser.sign_in("a@shop.example")
    cookie = next(iter(browser.http.cookies.jar))
    async with Heard(gateway, f"{API}/events", ("cookie", f"{cookie.name}={cookie.value}")) as heard:
        if lost == "the role":
            await accounts_of(gateway).change(account.id, roles=[Role.EDITOR])
        else:
            await accounts_of(gateway).end_sessions(account.id)
        await heard.ended()
