"""What helps an agent with words: suggestions, translations, approved answers, over the real wire to the answering."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from conftest import running
from inbox_office import PEOPLE, Console, HeaderGuard, Knowing, Notebook, Office, OneCustomer, Team

from desk.accounts.model import Role, Staff
from desk.adapters.answering import ActionServer
from desk.console import build_inbox
from retrieval.model import EntryId, Hit


class Entries:
    """A knowledge with one entry for each audience."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    async def search(self, question: str, *, audience: str, locale: str, most: int) -> list[Hit]:
        del locale, most
        self.asked.append((question, audience))
        allowed = {"public": 1, "customer": 2, "staff": 3}[audience]
        found = [("goodwill", 0.9, 3), ("warranty", 0.6, 1), ("repairs", 0.4, 2), ("coffee", 0.02, 1)]
        return [
            Hit(EntryId(name), name, name.title(), f"About {name}.", "c", "s", None, relevance)
            for name, relevance, needs in found
            if needs <= allowed
        ]

    async def close(self) -> None:
        """Nothing is open."""


class Actions:
    """The action server's ``/staff/…``, as ``actions/staff_routes.py`` answers."""

    def __init__(self) -> None:
        self.model, self.bodies = True, list[tuple[str, dict[str, Any]]]()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/staff/")
        if path == "abilities":
            return httpx.Response(200, json={"language_model": self.model})
        self.bodies.append((path, json.loads(request.content)))
        if path == "approvals" and "@" in self.bodies[-1][1]["answer"]:
            error = {"type": "invalid", "message": "It holds personal data (e-mail address a…t): take it out."}
            return httpx.Response(422, json={"error": error})
        told = {
            "drafts": {"drafts": [{"text": "Three years.", "rung": "generated",
                                   "citations": [{"entry_id": "warranty", "title": "Warranty", "url": None}]}]},
            "translations": {"text": "Where is it?"},
            "approvals": {"number": 1},
        }  # fmt: skip
        return httpx.Response(200, json=told[path])


@pytest.fixture
def actions() -> Actions:
    return Actions()


@pytest.fixture
async def office(
    settings: Any, dialogue: Any, clock: Any, actions: Actions, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Office]:
    for name, role in (("lena", Role.LEAD), ("edda", Role.EDITOR)):
        monkeypatch.setitem(PEOPLE, name, Staff(name, name.title(), f"{name}@s.example", frozenset({role}), name))
    http = httpx.AsyncClient(transport=httpx.MockTransport(actions), base_url="http://actions")
    answering = ActionServer("http://actions/webhook", secret="x", http=http)
    customers = OneCustomer()
    async with running(settings, dialogue, clock, customers=customers, answering=answering) as gateway:
        notebook, knowing = Notebook(), Knowing()
        object.__setattr__(  # the room is frozen, its index would be this machine's
            gateway.desk.knowledge.desk, "knowledge", Entries()
        )
        router = build_inbox(gateway.desk, HeaderGuard(), notebook, reasons=knowing, colleagues=Team())
        gateway.app.include_router(router, prefix="/inbox-by-header")
        people = [Console(gateway.http, name) for name in ("niamh", "omar", "pia")]
        yield Office(gateway, *people, notebook, knowing, customers)


async def test_what_is_for_staff_only_is_shown_as_such(office: Office) -> None:
    talk = await office.waiting("how long is the warranty?")
    found = (await office.niamh.get(f"/conversations/{talk.id}/suggestions"))["suggestions"]
    assert [(one["citations"][0]["entry_id"], one["for_staff"]) for one in found] == [
        ("goodwill", True),
        ("warranty", False),
        ("repairs", False),  # the customer of this conversation is verified
    ]
    assert found[0]["citations"][0]["relevance"] == 0.9


async def test_a_draft_is_written_for_all_that_was_said_since_the_last_answer(office: Office, actions: Actions) -> None:
    talk = await office.waiting("first words")
    await office.niamh.act(talk, "reply", client_id="r1", text="What about it?")
    await talk.say("how long is the warranty")
    await talk.say("of the kettle?")
    drafts = (await office.niamh.act(talk, "drafts"))["suggestions"]
    assert [(one["source"], one["text"]) for one in drafts] == [("model", "Three years.")]
    path, body = actions.bodies[-1]
    assert (path, body["question"]) == ("drafts", "how long is the warranty\nof the kettle?")
    assert body["before"][-2:] == [
        {"speaker": "customer", "text": "first words"},
        {"speaker": "agent", "text": "What about it?"},
    ]
    assert await talk.heard() == [text for text in await talk.heard() if text != "Three years."]  # nothing was sent


async def test_a_translation_is_asked_for_once_and_stands_beside_the_original(office: Office, actions: Actions) -> None:
    talk = await office.waiting("wo ist es?")
    said = (await talk.items())[-1]
    for console in (office.niamh, office.omar):
        assert await console.act(talk, "translate", item_id=said["id"], to="en") == {"text": "Where is it?"}
    assert [path for path, _ in actions.bodies] == ["translations"]
    shown = (await office.pia.get(f"/conversations/{talk.id}"))["items"][-1]
    assert (shown["text"], shown["translations"]) == ("wo ist es?", {"en": "Where is it?"})
    assert "translations" not in (await talk.items())[-1]


async def test_a_translated_reply_keeps_the_agents_own_words_for_colleagues(office: Office) -> None:
    talk = await office.waiting("wo ist es?")
    original = {"language": "en", "text": "It left us today."}
    body = {"client_id": "r1", "text": "Es ist heute abgegangen.", "original": original}
    replied = await office.niamh.act(talk, "reply", **body)
    assert replied["item"]["translations"] == {"en": "It left us today."}
    shown = (await office.omar.get(f"/conversations/{talk.id}"))["items"][-1]
    assert (shown["text"], shown["translations"]) == ("Es ist heute abgegangen.", {"en": "It left us today."})
    assert "It left us today." not in (await talk.call("GET", "/timeline")).text


async def test_without_a_model_it_is_said_and_nothing_is_translated(office: Office, actions: Actions) -> None:
    actions.model = False
    talk = await office.waiting("wo ist es?")
    assert await office.niamh.get("/helps") == {"language_model": False}
    refused = await office.niamh.act(talk, "translate", 409, text="hello", to="de")
    assert refused["error"]["message"] == "No language model is set up to translate."


@pytest.mark.parametrize(("who", "status"), [("niamh", 403), ("lena", 200), ("edda", 200)])
async def test_leads_and_editors_make_an_answer_the_companys(
    office: Office, actions: Actions, who: str, status: int
) -> None:
    talk = await office.gateway.begin()
    asked = await office.niamh.call(
        "POST", "/questions", 201, json={"conversation_id": talk.id, "question": "Do you repair kettles?"}
    )
    console = Console(office.gateway.http, who)
    body = {"text": "Yes, for ten years.", "approve": True, "valid_until": "2026-12-31T23:00:00Z"}
    await console.call("POST", f"/questions/{asked['id']}/answer", status, json=body)
    kept = [body for path, body in actions.bodies if path == "approvals"]
    assert len(kept) == (status == 200)
    if kept:
        assert (kept[0]["question"], kept[0]["answer"]) == ("Do you repair kettles?", "Yes, for ten years.")
        assert kept[0]["valid_until"] == "2026-12-31T23:00:00+00:00"


async def test_why_an_answer_is_not_the_companys_is_told_and_nothing_is_sent(office: Office) -> None:
    talk = await office.gateway.begin()
    asked = await office.niamh.call(
        "POST", "/questions", 201, json={"conversation_id": talk.id, "question": "Do you repair kettles?"}
    )
    body = {"text": "Ask ann@mail.test.", "approve": True}
    lena = Console(office.gateway.http, "lena")
    refused = await lena.call("POST", f"/questions/{asked['id']}/answer", 422, json=body)
    assert "personal data" in refused["error"]["message"]
    assert await talk.heard() == []


async def test_an_answer_is_not_approved_until_yesterday(office: Office, actions: Actions) -> None:
    talk = await office.gateway.begin()
    asked = await office.niamh.call(
        "POST", "/questions", 201, json={"conversation_id": talk.id, "question": "Do you repair kettles?"}
    )
    body = {"text": "Yes.", "approve": True, "valid_until": "2026-11-01T00:00:00Z"}
    lena = Console(office.gateway.http, "lena")
    await lena.call("POST", f"/questions/{asked['id']}/answer", 422, json=body)
    assert actions.bodies == []
