"""The knowledge editor over a real index with word vectors, and each data base."""

import asyncio
import errno
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from conftest import WORKDAY, Clock
from console_guard import OneStaff, Remembered
from fastapi import APIRouter, FastAPI
from sqlalchemy import func, insert, select

from answering.settings import AnsweringSettings
from desk.accounts.model import Role
from desk.adapters.knowledge import RetrievalKnowledge
from desk.adapters.sql.database import Database
from desk.adapters.sql.figures_tables import conversation_figures, unanswered_questions
from desk.adapters.sql.reviews_tables import review_turns, reviews
from desk.adapters.sql.tables import conversations
from desk.knowledge_admin.bootstrap import build_knowledge_room
from desk.knowledge_admin.settings import Bands
from desk.metrics import build_metrics
from desk.web.http_errors import install_error_handlers
from retrieval.adapters.hashing_embedder import HashingEmbedder
from retrieval.bootstrap import build_index, build_ingest
from retrieval.model import SearchFilters
from retrieval.settings import RetrievalSettings

FILE = "---\nid: {id}\ntitle: {title}\ncategory: {category}\n---\n\n{answer}\n"


@dataclass
class Editing:
    """A room with a browser at it, and the folder that its first entries came from."""

    http: httpx.AsyncClient
    guard: OneStaff
    audit: Remembered
    settings: RetrievalSettings
    database: Database
    folder: Path

    async def ask(self, method: str, path: str, status: int = 200, **given: Any) -> Any:
        answer = await self.http.request(method, f"/console/api/knowledge{path}", **given)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None

    async def told(self, question: str) -> str:
        """What a process of its own tells now."""
        index = build_index(self.settings, embedder=HashingEmbedder(128))
        found = await index.search(question, filters=SearchFilters(at=WORKDAY))
        await index.close()
        return found.hits[0].answer if found.hits else ""

    async def ingest(self) -> tuple[str, ...]:
        report = await build_ingest(self.settings, HashingEmbedder(128)).run([self.folder], by="files")
        return report.notes


@asynccontextmanager
async def editing(database_url: str, tmp_path: Path, clock: Clock) -> AsyncIterator[Editing]:
    folder = tmp_path / "knowledge"
    folder.mkdir()
    for name, title, category, answer in (
        ("hours", "When is the showroom open?", "company", "From ten."),
        ("returns", "How long can I return something?", "returns", "For 30 days."),
    ):
        (folder / f"{name}.md").write_text(FILE.format(id=name, title=title, category=category, answer=answer))
    manual = "---\nid: brio\ntitle: Brio manual\nkind: manual\n---\n\n## Milk/steam\n\nWipe it.\n"
    (folder / "brio.md").write_text(manual)
    settings = RetrievalSettings(index_dir=tmp_path / "index", gaps=tmp_path / "gaps.db")
    database = Database(database_url, timeout_seconds=5)
    knowledge = RetrievalKnowledge(settings, now=clock, make_embedder=lambda _: HashingEmbedder(128))
    room = build_knowledge_room(database, now=clock, knowledge=knowledge, uploads=tmp_path / "uploads")
    guard, audit, app, router = OneStaff(), Remembered(), FastAPI(), APIRouter(prefix="/console/api")
    router.include_router(room.routes(guard, audit))
    app.include_router(router)
    install_error_handlers(app, build_metrics())
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://desk") as http:
        made = Editing(http, guard, audit, settings, database, folder)
        await made.ingest()
        yield made
    await room.close()
    database.close()


@pytest.fixture
async def desk(database_url: str, tmp_path: Path, clock: Clock) -> AsyncIterator[Editing]:
    async with editing(database_url, tmp_path, clock) as made:
        yield made


async def test_a_list_is_searched_filtered_and_paged(desk: Editing) -> None:
    everything = await desk.ask("GET", "")
    assert {one["id"] for one in everything["items"]} == {"hours", "returns", "brio#Milk/steam"}
    assert everything["categories"] == ["company", "general", "returns"]
    assert [one["id"] for one in (await desk.ask("GET", "?q=showroom+TEN"))["items"]] == ["hours"]
    assert [one["id"] for one in (await desk.ask("GET", "?category=returns"))["items"]] == ["returns"]
    assert (await desk.ask("GET", "?state=expired"))["items"] == []
    first = await desk.ask("GET", "?limit=2")
    second = await desk.ask("GET", f"?limit=2&cursor={first['next']}")
    assert len(first["items"] + second["items"]) == 3
    assert second["next"] is None


async def test_a_saved_answer_is_told_by_another_process_at_once(desk: Editing) -> None:
    entry = await desk.ask("GET", "/hours")
    body = {"answer": "From **nine**.", "questions": ["are you open"], "version": entry["version"], "why": "summer"}
    saved = await desk.ask("PUT", "/hours", json=body)
    assert (saved["answer"], saved["title"], saved["updated_by"]) == ("From **nine**.", entry["title"], "Ann")
    assert saved["version"] > entry["version"]
    assert await desk.told("are you open") == "From **nine**."
    assert ("Ann", "knowledge.save", "hours") in desk.audit.lines
    assert "stays as it was saved" in (await desk.ingest())[0]
    assert await desk.told("are you open") == "From **nine**."


async def test_a_full_disk_is_told_to_the_editor_and_changes_nothing(
    desk: Editing, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = (await desk.ask("GET", "/hours"))["version"]

    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("retrieval.adapters.embedded.store.write", full)
        refused = await desk.ask("PUT", "/hours", 409, json={"answer": "From nine.", "version": read})
    assert "No space left on device" in refused["error"]["message"]
    assert await desk.told("showroom open") == "From ten."
    await desk.ask("PUT", "/hours", json={"answer": "From nine.", "version": read})


async def test_the_second_writer_is_refused_and_told_who_was_first(desk: Editing) -> None:
    read = (await desk.ask("GET", "/hours"))["version"]
    await desk.ask("PUT", "/hours", json={"answer": "From nine.", "version": read})
    refused = await desk.ask("PUT", "/hours", 409, json={"answer": "From eight.", "version": read})
    assert refused["error"]["type"] == "stale_version"
    assert "Ann has saved" in refused["error"]["message"]
    assert await desk.told("showroom open") == "From nine."
    await desk.ask("PUT", "/hours", 422, json={"answer": "From eight."})
    await desk.ask("PUT", "/nothing", 404, json={"answer": "From eight.", "version": 1})


async def test_two_writers_at_the_same_moment_are_one_saved_and_one_refused(desk: Editing) -> None:
    read = (await desk.ask("GET", "/hours"))["version"]
    bodies = [{"answer": f"From {hour}.", "version": read} for hour in ("seven", "eight", "nine")]
    answers = await asyncio.gather(*(desk.http.put("/console/api/knowledge/hours", json=body) for body in bodies))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]


async def test_versions_are_compared_and_brought_back(desk: Editing) -> None:
    first = await desk.ask("GET", "/hours")
    second = await desk.ask("PUT", "/hours", json={"answer": "From nine.", "version": first["version"]})
    versions = await desk.ask("GET", "/hours/versions")
    assert [(one["version"], one["by"]) for one in versions] == [
        (second["version"], "Ann"),
        (first["version"], "files"),
    ]
    query = f"?from={first['version']}&to={second['version']}"
    lines = (await desk.ask("GET", f"/hours/diff{query}"))["lines"]
    assert {"op": "-", "text": "From ten."} in lines
    assert {"op": "+", "text": "From nine."} in lines
    assert {"op": " ", "text": "title: When is the showroom open?"} in lines
    restored = await desk.ask("POST", "/hours/restore", json={"version": first["version"]})
    assert restored["answer"] == "From ten."
    assert await desk.told("showroom open") == "From ten."
    await desk.ask("POST", "/hours/restore", 404, json={"version": 99})
    await desk.ask("GET", "/nothing/versions", 404)


async def test_a_section_with_a_slash_in_its_heading_is_reached(desk: Editing) -> None:
    entry = await desk.ask("GET", "/brio%23Milk%2Fsteam")
    saved = await desk.ask("PUT", "/brio%23Milk%2Fsteam", json={"answer": "Dry it.", "version": entry["version"]})
    assert (saved["id"], saved["path"]) == ("brio#Milk/steam", ["Brio manual", "Milk/steam"])
    assert len(await desk.ask("GET", "/brio%23Milk%2Fsteam/versions")) == 2


async def test_a_draft_is_told_to_nobody_until_it_is_published(desk: Editing) -> None:
    draft = await desk.ask(
        "POST", "", 201, json={"title": "Do you wrap gifts?", "answer": "Yes, for 3 euro.", "state": "draft"}
    )
    assert (draft["id"], draft["state"]) == ("do-you-wrap-gifts", "draft")
    assert await desk.told("do you wrap gifts") != "Yes, for 3 euro."
    assert [one["id"] for one in (await desk.ask("GET", "?state=draft"))["items"]] == [draft["id"]]
    changed = await desk.ask(
        "PUT", f"/{draft['id']}", json={"answer": "Yes.", "version": draft["version"], "state": "draft"}
    )
    await desk.ask("PUT", f"/{draft['id']}", 409, json={"answer": "No.", "version": draft["version"], "state": "live"})
    live = await desk.ask("PUT", f"/{draft['id']}", json={"version": changed["version"], "state": "live"})
    assert (live["state"], live["answer"]) == ("live", "Yes.")
    assert await desk.told("do you wrap gifts") == "Yes."
    assert (await desk.ask("GET", "?state=draft"))["items"] == []


async def test_a_new_entry_gets_an_id_of_its_own_and_a_retired_one_has_ended(desk: Editing) -> None:
    body = {"title": "Hours", "answer": "Other."}
    assert (await desk.ask("POST", "", 201, json=body))["id"] == "hours-2"
    await desk.ask("POST", "", 422, json=body | {"id": "hours"})
    entry = await desk.ask("GET", "/hours-2")
    await desk.ask("DELETE", f"/hours-2?version={entry['version']}", 204)
    assert (await desk.ask("GET", "/hours-2"))["state"] == "expired"
    await desk.ask("DELETE", "/nothing", 404)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"title": "Q?", "answer": " "}, "empty"),
        ({"title": "Q?", "answer": "A.", "valid_from": "2026-05-05", "valid_until": "2026-05-01"}, "before"),
        ({"title": "Q?", "answer": "A.", "valid_from": "soon"}, "2026-12-31"),
        ({"title": "Q?", "answer": "A.", "valid_from": "2026-12-31T10:00:00"}, "zone"),
        ({"title": "Q?", "answer": "Call jane.doe@gmail.com"}, "personal data"),
        ({"title": "Q?", "answer": "A.", "id": "Not An Id"}, "id"),
    ],
)
async def test_what_cannot_be_an_entry_is_refused_with_the_reason(
    desk: Editing, body: dict[str, Any], words: str
) -> None:
    refused = await desk.ask("POST", "", 422, json=body)
    assert words in refused["error"]["message"]


async def test_an_entry_holds_through_its_last_day(desk: Editing) -> None:
    body = {"title": "Q?", "answer": "A.", "valid_from": "2026-11-01", "valid_until": "2026-11-25"}
    made = await desk.ask("POST", "", 201, json=body)
    assert (made["valid_until"], made["state"]) == ("2026-11-26T00:00:00Z", "live")


async def test_a_question_is_tried_with_what_the_bot_would_do(desk: Editing) -> None:
    found = await desk.ask("POST", "/try", json={"question": "When is the showroom open?"})
    assert (found["answer_at"], found["suggest_at"]) == (0.75, 0.25)
    assert (found["hits"][0]["entry_id"], found["hits"][0]["would"]) == ("hours", "told")
    assert {hit["would"] for hit in found["hits"][1:]} <= {"nothing"}


def test_the_bands_are_the_answer_ladders_own() -> None:
    mine, theirs = Bands(), AnsweringSettings()
    assert (mine.answer_at, mine.suggest_at) == (theirs.answer_at, theirs.suggest_at)


async def test_an_import_says_what_it_would_do_and_then_does_it(desk: Editing) -> None:
    good = FILE.format(id="gift", title="Do you wrap gifts?", category="general", answer="Yes.").encode()
    files = [("file", ("gift.md", good)), ("file", ("bad.md", b"no head"))]
    trial = await desk.ask("POST", "/import?dry_run=true", files=files)
    assert (trial["added"], trial["refused"][0]["file"]) == (["gift"], "bad.md")
    assert await desk.told("do you wrap gifts") != "Yes."
    assert (await desk.ask("POST", "/import", files=files))["added"] == ["gift"]
    assert await desk.told("do you wrap gifts") == "Yes."
    other = FILE.format(id="ribbon", title="Which ribbons?", category="general", answer="Red.").encode()
    again = [("file", ("gift.md", other))]
    for path in ("/import?dry_run=true", "/import"):
        report = await desk.ask("POST", path, files=again)
        assert (report["added"], report["removed"]) == (["ribbon"], ["gift"])
    await desk.ask("POST", "/import", 422, files=[("file", ("x.exe", b"x"))])
    await desk.ask("POST", "/import", 422, data={"file": "text"})


async def test_a_page_for_colleagues_is_imported_with_the_file_that_says_so(desk: Editing) -> None:
    page = ("file", ("code.html", b"<p>The cellar's key code is 1234.</p>"))
    side = ("file", ("code.html.yml", b"audience: staff\nquestions: [key code of the cellar]"))
    await desk.ask("POST", "/import", 422, files=[side])
    assert (await desk.ask("POST", "/import", files=[page, side]))["added"] == ["code"]
    assert "1234" not in await desk.told("key code of the cellar")
    assert (await desk.ask("GET", "/code"))["audience"] == "staff"
    opened = ("file", ("code.html.yml", b"questions: [key code of the cellar]"))
    assert (await desk.ask("POST", "/import", files=[opened]))["changed"] == ["code"]
    assert "1234" in await desk.told("key code of the cellar")


def facts(conversation_id: str, **more: Any) -> dict[str, Any]:
    return {
        "conversation_id": conversation_id, "day": "2026-11-25", "at": WORKDAY, "channel": "web",
        "customer_messages": 1, "bot_turns": 1, "fallbacks": 1, "unanswered": 1, "generated": 0,
        "handed_over": False, "rating": None, "reopened": False, "quiet_until": WORKDAY, **more,
    }  # fmt: skip


async def asked(desk: Editing, questions: list[tuple[str, dict[str, Any]]]) -> None:
    def write(connection: Any) -> None:
        for text, more in questions:
            name = f"c_{connection.execute(select(func.count()).select_from(conversations)).scalar_one()}"
            row = {
                "id": name, "channel": "web", "state": "bot", "version": 1, "position": 1, "priority": 0,
                "read_by_customer": 0, "read_by_agent": 0, "created_at": WORKDAY, "updated_at": WORKDAY, "fence": 0,
            }  # fmt: skip
            connection.execute(insert(conversations).values(row))
            connection.execute(insert(conversation_figures).values(facts(name, **more)))
            at = more.get("at", WORKDAY)
            question = {"conversation_id": name, "position": 1, "at": at, "text": text, "rung": "none"}
            connection.execute(insert(unanswered_questions).values(question))

    await desk.database.write(write)


async def test_gaps_are_ranked_by_how_often_and_how_unhappily_they_were_asked(desk: Editing) -> None:
    late = datetime.now(UTC) + timedelta(hours=1)  # after the entries were made: nothing has filled them since
    questions: list[tuple[str, dict[str, Any]]] = [
        ("do you ship to norway", {}),
        ("Do you ship to Norway?", {}),
        ("please do you ship to norway", {}),
        ("can I pay with bitcoin", {"rating": 1}),
        ("can I pay with bitcoin?", {"handed_over": True}),
        ("my mail is jane.doe@gmail.com, why", {}),
    ]
    await asked(desk, [(question, more | {"at": late}) for question, more in questions])
    gaps = await desk.ask("GET", f"/gaps?from={late.date()}&to={late.date()}")
    assert [(gap["question"].lower().strip("?"), gap["count"], gap["unhappy"]) for gap in gaps[:2]] == [
        ("can i pay with bitcoin", 2, 2),
        ("do you ship to norway", 3, 0),
    ]
    assert "jane.doe" not in str(gaps)
    assert gaps[0]["nearest"]["entry_id"] in {"hours", "returns", "brio#Milk/steam"}
    assert await desk.ask("GET", "/gaps?from=2026-10-01&to=2026-10-30") == []


async def reviewed(desk: Editing, conversation_id: str, texts: dict[str, str], at: datetime) -> None:
    """The conversation as transcript review has it: what was said, none of it understood, and the bot's response."""

    def write(connection: Any) -> None:
        row = {
            "id": conversation_id, "kind": "customer", "channel": "web", "started_at": at, "ended_at": at, "turns": 1,
            "customer_messages": 1, "fallbacks": 1, "outcome": "bot", "model_version": "", "state": "unread",
            "flagged": False, "worth": 0, "last_event_id": 1, "last_event_at": 0, "intents": [], "rungs": [],
            "tags": [], "first_text": "",
        }  # fmt: skip
        number = connection.execute(insert(reviews).values(row)).inserted_primary_key[0]
        for position, (text, response) in enumerate(texts.items()):
            body = {"knew": {"rung": None}, "bot": [{"text": "", "response": response}]}
            turn = {"number": number, "position": position, "first_event_id": 1, "at": at, "text": text, "body": body}
            connection.execute(insert(review_turns).values(turn | {"intent": "nlu_fallback"}))

    await desk.database.write(write)


async def test_what_the_bot_did_not_understand_in_the_chat_is_a_gap(desk: Editing) -> None:
    late = datetime.now(UTC) + timedelta(hours=1)
    await asked(desk, [("do you ship to norway", {"at": late})])
    said = {"do you engrave kettles": "utter_not_understood", "10046": "utter_ask_order"}
    await reviewed(desk, "c_0", said, late)
    gaps = await desk.ask("GET", f"/gaps?from={late.date()}&to={late.date()}")
    assert {gap["question"] for gap in gaps} == {"do you ship to norway", "do you engrave kettles"}


async def test_a_gap_becomes_a_draft_once_and_then_an_answer(desk: Editing) -> None:
    await asked(desk, [("do you ship to norway", {})])
    (gap,) = await desk.ask("GET", "/gaps")
    body = {"question": gap["question"], "conversation_id": "c_0"}
    draft = await desk.ask("POST", "/gaps/draft", 201, json=body)
    assert (await desk.ask("POST", "/gaps/draft", 201, json=body))["id"] == draft["id"]
    assert (await desk.ask("GET", "/gaps"))[0]["draft_id"] == draft["id"]
    live = {"answer": "Yes, to Norway too.", "category": "orders", "version": draft["version"], "state": "live"}
    await desk.ask("PUT", f"/{draft['id']}", json=live)
    assert await desk.told("do you ship to norway") == "Yes, to Norway too."


async def test_a_gap_that_an_entry_fills_is_listed_again_only_when_it_is_asked_again(desk: Editing) -> None:
    saved = datetime.now(UTC)  # the knowledge's history has the real clock
    before, after = {"at": saved - timedelta(days=1)}, {"at": saved + timedelta(days=1)}
    always = f"/gaps?from={(saved - timedelta(days=2)).date()}&to={(saved + timedelta(days=2)).date()}"
    await asked(desk, [("do you ship to norway", before), ("please ship to norway", before), ("bitcoin", before)])
    entry = {"title": "Do you ship to Norway?", "answer": "Yes.", "audience": "staff"}
    made = await desk.ask("POST", "", 201, json=entry)
    assert len(await desk.ask("GET", always)) == 2  # no customer is told what is for staff only
    await desk.ask("PUT", f"/{made['id']}", json={"audience": "public", "version": made["version"]})
    assert [gap["question"] for gap in await desk.ask("GET", always)] == ["bitcoin"]
    await asked(desk, [("do you ship to norway", after)])
    assert [gap["count"] for gap in await desk.ask("GET", always)] == [3, 1]


async def test_a_gap_that_is_done_is_listed_again_only_when_it_is_asked_again(desk: Editing, clock: Clock) -> None:
    await asked(desk, [("do you ship to norway", {}), ("please do you ship to norway", {}), ("pay with bitcoin", {})])
    clock.forward(seconds=1)
    gap = (await desk.ask("GET", "/gaps"))[0]
    body = {"questions": [gap["question"], *(one["text"] for one in gap["examples"])]}
    await desk.ask("POST", "/gaps/done", 204, json=body)
    await desk.ask("POST", "/gaps/done", 204, json=body)  # a colleague at the same moment
    assert [one["question"] for one in await desk.ask("GET", "/gaps")] == ["pay with bitcoin"]
    assert ("Ann", "knowledge.gap_done", "") in desk.audit.lines
    await desk.ask("POST", "/gaps/done", 204, json=body | {"done": False})
    assert len(await desk.ask("GET", "/gaps")) == 2
    await desk.ask("POST", "/gaps/done", 204, json=body)
    clock.forward(hours=1)
    await asked(desk, [("Please, do you ship to Norway?", {"at": clock()})])
    assert [one["count"] for one in await desk.ask("GET", "/gaps")] == [3, 1]


async def test_a_draft_of_a_gap_has_the_category_of_the_nearest_entries_or_none(desk: Editing) -> None:
    near = await desk.ask("POST", "/gaps/draft", 201, json={"question": "How long can I return something big?"})
    assert near["category"] == "returns"
    far = await desk.ask("POST", "/gaps/draft", 201, json={"question": "do you ship to norway"})
    assert far["category"] == ""
    live = {"answer": "Yes.", "version": far["version"], "state": "live"}
    refused = await desk.ask("PUT", f"/{far['id']}", 422, json=live)
    assert refused["error"]["message"] == "Choose a category first."
    assert (await desk.ask("PUT", f"/{far['id']}", json=live | {"category": "company"}))["category"] == "company"


async def test_only_who_may_write_knowledge_gets_in(desk: Editing) -> None:
    desk.guard.roles = frozenset({Role.LEAD, Role.DEVELOPER})
    await desk.ask("GET", "")  # whoever reviews names the entry that was missed
    for method, path in (("GET", "/hours"), ("GET", "/gaps"), ("POST", "/try"), ("DELETE", "/hours")):
        answer = await desk.http.request(method, f"/console/api/knowledge{path}", json={"question": "x"})
        assert answer.status_code == 401, (method, path)
    desk.guard.roles = frozenset({Role.AGENT})
    assert (await desk.http.get("/console/api/knowledge")).status_code == 401
    desk.guard.roles = frozenset({Role.EDITOR})
    await desk.ask("GET", "/hours")


async def test_an_entry_that_begins_later_is_scheduled(desk: Editing, clock: Clock) -> None:
    begins = (clock() + timedelta(days=3)).isoformat()
    made = await desk.ask("POST", "", 201, json={"title": "Q?", "answer": "A.", "valid_from": begins})
    assert made["state"] == "scheduled"
