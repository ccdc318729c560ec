"""A private note is read by colleagues only: everything that leaves the desk is searched for its words."""

import re
from typing import Any

import httpx
import pytest
from conftest import Clock, Running, Talk, running
from sqlalchemy import Connection, select
from staff_browser import PASSWORD, Browser, accounts_of

import desk.console
from desk.accounts.model import Role
from desk.adapters.answering import ActionServer
from desk.adapters.sql.tables import handoffs, inbox, items, outbox
from desk.inbox.ports import NoCustomers
from desk.inbox.suggesting import Suggesting
from desk.settings import DeskSettings
from retrieval.model import Hit

NOTE = "quokka"
"""A word that nothing else says."""


class Neighbours(NoCustomers):
    """A back office, a model that suggests and one that translates; they remember what they were told."""

    def __init__(self) -> None:
        self.told: list[str] = []

    async def open_ticket(self, conversation_id: str, key: str, subject: str, transcript: str) -> str:
        self.told.append(f"{conversation_id} {key} {subject} {transcript}")
        return "T-000002"

    async def search(self, question: str, *, audience: str, locale: str, most: int) -> list[Hit]:
        self.told.append(f"{question} {audience} {locale} {most}")
        return []

    async def close(self) -> None:
        """Nothing is open."""

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """The action server's ``/staff/…``, with a language model."""
        if request.url.path.endswith("/abilities"):
            return httpx.Response(200, json={"language_model": True})
        self.told.append(f"{request.url} {request.content.decode()}")
        if request.url.path.endswith("/translations"):
            return httpx.Response(200, json={"text": "Ich sehe nach"})
        return httpx.Response(200, json={"drafts": []})


@pytest.fixture
def neighbours(monkeypatch: pytest.MonkeyPatch) -> Neighbours:
    told = Neighbours()
    monkeypatch.setattr(
        desk.console, "Suggesting", lambda _, answering, customers: Suggesting(told, answering, customers)
    )
    return told


async def test_no_word_of_a_note_leaves_the_desk(
    settings: DeskSettings, dialogue: Any, clock: Clock, neighbours: Neighbours
) -> None:
    http = httpx.AsyncClient(transport=httpx.MockTransport(neighbours), base_url="http://actions")
    answering = ActionServer("http://actions/webhook", secret="x", http=http)
    async with running(settings, dialogue, clock, customers=neighbours, answering=answering) as gateway:
        agent, other, second = await _employed(gateway)
        talk = await gateway.begin()
        listener = gateway.desk.hub.listen(talk.id)
        await talk.say("where is my kettle")
        await talk.answered()
        await talk.call("POST", "/person")
        await _worked_with_notes(agent, other, second, talk)
        await talk.call("POST", "/contact", json={"email": "anna@example.com"})
        await talk.say("thank you")
        await talk.until(lambda said: said[-1]["speaker"] == "bot")
        rest = await gateway.http.post("/webhooks/rest/webhook", json={"sender": talk.id, "message": "hello"})

        opened = await agent.call("GET", f"/conversations/{talk.id}")
        assert opened.text.casefold().count(NOTE) == 3, "colleagues read all of them"
        everything = {
            **await _what_the_customer_may_get(gateway, talk),
            "stream": [str(event) for event in list(listener._events)],
            "rest door": rest.text,
            "dialogue": [dialogue.asked, dialogue.human_parts],
            "neighbours": neighbours.told,
            "letters": gateway.accounts.letters,
            "tables": await gateway.desk.database.read(_what_is_told_on),
        }
        assert {"/transcript?format=text", "/transcript?format=json", "/timeline"} <= everything.keys()
        assert all(everything.values()), "each of them was looked at with something in it"
        assert [place for place, told in everything.items() if NOTE in str(told).casefold()] == []


async def _employed(gateway: Running) -> tuple[Browser, Browser, str]:
    browsers, last = [], ""
    for name in ("niamh", "omar"):
        account, _ = await accounts_of(gateway).create(f"{name}@shop.example", name.title(), [Role.LEAD], PASSWORD)
        last = account.id
        browser = Browser(gateway.app)
        await browser.sign_in(f"{name}@shop.example")
        browsers.append(browser)
    return browsers[0], browsers[1], last


async def _worked_with_notes(agent: Browser, other: Browser, second: str, talk: Talk) -> None:
    """A conversation with notes by every way that makes one, and everything that passes words on after them."""

    async def does(browser: Browser, act: str, **body: Any) -> Any:
        answer = await browser.call("POST", f"/conversations/{talk.id}/{act}", json=body)
        assert answer.is_success, f"{act}: {answer.text}"
        return answer.json() if answer.content else None

    await does(agent, "take")
    await does(agent, "notes", client_id="1", text=f"He is a {NOTE}, be careful")
    await does(agent, "reply", client_id="2", text="I look into it")
    await does(agent, "transfer", agent_id=second, note=f"The {NOTE} again")
    await does(other, "notes", client_id="3", text=NOTE.upper())
    await does(other, "ticket", subject="A kettle")
    await does(other, "translate", text="I look into it", to="de")
    assert (await other.call("GET", f"/conversations/{talk.id}/suggestions")).is_success
    await does(other, "return", note="The refund is agreed")


async def _what_the_customer_may_get(gateway: Running, talk: Talk) -> dict[str, str]:
    """The answer of every route that gives a customer something; new routes are asked as well."""
    got = {}
    for path in sorted(_customer_routes(gateway)):
        for question in ("?format=text", "?format=json") if path == "/transcript" else ("",):
            answer = await talk.call("GET", path + question)
            assert answer.status_code == 200, f"{path}: {answer.text}"
            got[path + question] = answer.text + str(answer.headers)
    return got


def _customer_routes(gateway: Running) -> set[str]:
    begins, apart = "/v1/conversations/{conversation_id}", ("/events", "/attachments")  # the stream; files
    paths = [path for path, ways in gateway.app.openapi()["paths"].items() if path.startswith(begins) and "get" in ways]
    own = {re.sub(r"^" + re.escape(begins), "", path) for path in paths}
    return {path for path in own if not path.startswith(apart)}


def _what_is_told_on(connection: Connection) -> list[Any]:
    return [tuple(row) for table in (items, inbox, outbox, handoffs) for row in connection.execute(select(table))]
