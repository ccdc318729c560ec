"""Approved answers from the console to the customer: real sessions, the desk, the wire, the ladder and its cache."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

import httpx
import pytest
from conftest import Clock, Running, running
from sanic import Sanic
from staff_browser import PASSWORD, Browser, accounts_of

from actions import staff_routes
from actions.staff_help import StaffHelp
from answering.adapters.approved_store import ApprovedStore
from answering.approved import ApprovedAnswer, ApprovedRung
from answering.cache import AnswerCache
from answering.ladder import Ladder
from answering.model import Question
from answering.settings import AnsweringSettings
from desk.accounts.model import Role
from desk.adapters.answering import ActionServer
from desk.settings import DeskSettings
from privacy.personal_data import PersonalData
from retrieval.adapters.hashing_embedder import HashingEmbedder
from tests.answering.conftest import ScriptedIndex, hit

ENGRAVING = ApprovedAnswer("Do you engrave kettles?", "Yes, for 9 euro.", by="Lena Lead")


@dataclass
class Approving:
    """A console of each role, and the bot that tells what they approve."""

    gateway: Running
    store: ApprovedStore
    ladder: Ladder
    consoles: dict[Role, Browser] = field(default_factory=dict)

    async def told(self, text: str = ENGRAVING.question) -> str:
        """What the bot answers."""
        return (await self.ladder.answer(Question(text))).text

    async def console(self, role: Role) -> Browser:
        """Somebody of this role, signed in."""
        if role not in self.consoles:
            await accounts_of(self.gateway).create(f"{role}@shop.example", f"{role.title()} One", [role], PASSWORD)
            self.consoles[role] = Browser(self.gateway.app)
            await self.consoles[role].sign_in(f"{role}@shop.example")
        return self.consoles[role]

    async def call(
        self, method: str, path: str = "", *, role: Role = Role.EDITOR, status: int = 200, **given: Any
    ) -> Any:
        answer = await (await self.console(role)).call(method, f"/approvals{path}", **given)
        assert answer.status_code == status, (method, path, given, answer.text)
        return answer.json()

    async def written_down(self, action: str) -> list[tuple[str, str, str | None]]:
        """Who did that to which answer, and until when, newest first."""
        lines = (await (await self.console(Role.ADMIN)).call("GET", "/audit", params={"action": action})).json()
        return [(one["actor"]["name"], one["subject"], one["details"].get("until")) for one in lines["items"]]

    async def listed(self, **query: Any) -> list[int]:
        return [one["number"] for one in (await self.call("GET", params=query))["items"]]


@pytest.fixture
async def approving(
    settings: DeskSettings, dialogue: Any, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Approving]:
    store = ApprovedStore(tmp_path / "approved.db", now=clock)
    rung = ApprovedRung(store, HashingEmbedder(64), near_at=0.6, now=clock)
    index = ScriptedIndex((hit("kettles", 0.9),))
    cache = AnswerCache(100, 3600, now=clock)
    ladder = Ladder(cast("Any", index), AnsweringSettings(), now=clock, approved=rung, cache=cache)
    monkeypatch.setattr(
        staff_routes, "staff_help", lambda: StaffHelp(ladder, store, None, lambda _: None, PersonalData())
    )
    app = Sanic(f"staff-{uuid4().hex}")
    staff_routes.add_staff_routes(app)
    app.asgi, app.config.TOUCHUP = True, False
    await app._startup()
    http = httpx.AsyncClient(transport=httpx.ASGITransport(app=cast("Any", app)), base_url="http://actions")
    answering = ActionServer("http://actions/webhook", secret="x", http=http)
    generous = settings.model_copy(update={"sign_ins_per_address": "100/minute"})
    async with running(generous, dialogue, clock, answering=answering) as gateway:
        yield Approving(gateway, store, ladder)


async def test_a_withdrawn_answer_is_not_told_any_more(approving: Approving) -> None:
    number = approving.store.add(ENGRAVING).number
    for text in (ENGRAVING.question, "do you engrave ketles"):
        assert await approving.told(text) == "Yes, for 9 euro."
    withdrawn = await approving.call("POST", f"/{number}/withdraw")
    for text in (ENGRAVING.question, "do you engrave ketles"):
        assert await approving.told(text) == "All about kettles."
    assert (withdrawn["withdrawn_by"], withdrawn["answer"]) == ("Editor One", "Yes, for 9 euro.")
    assert await approving.listed() == []
    (kept,) = (await approving.call("GET", params={"withdrawn": True}))["items"]
    assert (kept["number"], kept["by"], kept["withdrawn_by"]) == (number, "Lena Lead", "Editor One")
    assert kept["at"] < kept["withdrawn_at"] < approving.gateway.clock().isoformat()
    assert await approving.written_down("approval.withdraw") == [("Editor One", str(number), None)]


async def test_withdrawing_twice_is_done_once_and_names_who_was_first(approving: Approving) -> None:
    number = approving.store.add(ENGRAVING).number
    first = await approving.call("POST", f"/{number}/withdraw")
    assert await approving.call("POST", f"/{number}/withdraw") == first
    for method, path, body in (
        ("POST", f"/{number}/withdraw", {}),
        ("PATCH", f"/{number}", {"valid_until": None}),
    ):
        refused = await approving.call(method, path, role=Role.LEAD, status=409, json=body)
        assert refused["error"]["message"] == "Editor One has withdrawn this answer already."


async def test_an_answer_is_told_until_the_day_that_was_chosen(approving: Approving) -> None:
    clock = approving.gateway.clock
    number = approving.store.add(ENGRAVING).number
    until = clock() + timedelta(days=2)
    changed = await approving.call("PATCH", f"/{number}", json={"valid_until": until.isoformat()})
    assert changed["valid_until"] == until.isoformat()
    assert await approving.told() == "Yes, for 9 euro."
    clock.forward(hours=47)
    assert await approving.told() == "Yes, for 9 euro."
    clock.forward(hours=1)
    assert await approving.told() == "All about kettles."
    await approving.consoles[Role.EDITOR].sign_in("editor@shop.example")  # two days later
    assert await approving.listed() == [number]  # over, not withdrawn: it may be told again
    await approving.call("PATCH", f"/{number}", json={"valid_until": None}, role=Role.LEAD)
    assert await approving.told() == "Yes, for 9 euro."
    assert await approving.written_down("approval.until") == [
        ("Lead One", str(number), "without end"),
        ("Editor One", str(number), until.isoformat()),
    ]


async def test_newest_come_first_by_words_and_in_pages(approving: Approving) -> None:
    for what in ("kettles", "lamps", "trays", "Lamps again"):
        approving.store.add(replace(ENGRAVING, question=f"Do you engrave {what}?"))
    first = await approving.call("GET", params={"limit": 3})
    assert ([one["number"] for one in first["items"]], first["total"], first["next"]) == ([4, 3, 2], 4, "2")
    assert await approving.listed(limit=3, cursor="2") == [1]
    assert await approving.listed(q="LAMPS") == [4, 2]
    assert await approving.listed(q="euro lamps again") == [4]
    assert await approving.listed(q="%") == []


@pytest.mark.parametrize("role", list(Role))
async def test_only_who_may_approve_sees_changes_and_withdraws(approving: Approving, role: Role) -> None:
    number = approving.store.add(ENGRAVING).number
    may = role in {Role.EDITOR, Role.LEAD, Role.ADMIN}
    for method, path, body in (
        ("GET", "", None),
        ("PATCH", f"/{number}", {"valid_until": None}),
        ("POST", f"/{number}/withdraw", {}),
    ):
        await approving.call(method, path, role=role, status=200 if may else 403, json=body)
    assert (await approving.told() == "Yes, for 9 euro.") is not may


REFUSED: list[tuple[str, str, dict[str, Any], int]] = [
    ("POST", "/7/withdraw", {}, 404),
    ("PATCH", "/7", {"json": {"valid_until": None}}, 404),
    ("POST", "/99999999999999999999/withdraw", {}, 422),
    ("POST", "/0/withdraw", {}, 422),
    ("POST", "/x/withdraw", {}, 422),
    ("PATCH", "/1", {"json": {}}, 422),
    ("PATCH", "/1", {"json": {"valid_until": "2026-11-01T00:00:00Z"}}, 422),
    ("PATCH", "/1", {"json": {"valid_until": "2099-01-01T00:00:00"}}, 422),
    ("PATCH", "/1", {"json": {"valid_until": "2099-01-01T00:00:00Z"}}, 422),  # it begins later
    ("PATCH", "/1", {"json": {"valid_until": None, "answer": "Other words"}}, 422),
    ("GET", "", {"params": {"q": "x" * 201}}, 422),
    ("GET", "", {"params": {"limit": 101}}, 422),
    ("GET", "", {"params": {"cursor": "1 or 1"}}, 422),
]


async def test_what_cannot_be_is_refused_and_changes_nothing(approving: Approving) -> None:
    approving.store.add(replace(ENGRAVING, valid_from=approving.gateway.clock().replace(year=2199)))
    before = approving.store.all()
    for method, path, given, status in REFUSED:
        await approving.call(method, path, status=status, **given)
    assert approving.store.all() == before
    for action in ("approval.until", "approval.withdraw"):
        assert await approving.written_down(action) == []


async def test_a_file_that_cannot_be_read_is_said_and_nothing_is_written_down(approving: Approving) -> None:
    approving.store._path.write_text("no data base")
    for method, path in (("GET", ""), ("POST", "/1/withdraw")):
        refused = await approving.call(method, path, status=409)
        assert refused["error"]["message"].startswith("The approved answers cannot be reached just now.")
    assert await approving.written_down("approval.withdraw") == []


async def test_without_an_action_server_that_is_said(settings: DeskSettings, dialogue: Any, clock: Clock) -> None:
    async with running(settings, dialogue, clock) as gateway:
        await accounts_of(gateway).create("edda@shop.example", "Edda", [Role.EDITOR], PASSWORD)
        browser = Browser(gateway.app)
        await browser.sign_in("edda@shop.example")
        refused = await browser.call("GET", "/approvals")
        assert (refused.status_code, refused.json()["error"]["type"]) == (409, "not_possible")
