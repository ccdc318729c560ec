"""A lead's and an editor's day over the real desk: it reaches the training data and the customer."""

from __future__ import annotations

import asyncio
import re
import shutil
import threading
import time
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect
from pydantic import SecretStr

from desk.accounts.model import Role
from desk.adapters.knowledge import RetrievalKnowledge
from desk.gateway.model import Batch
from desk.knowledge_admin import bootstrap
from retrieval.adapters.hashing_embedder import HashingEmbedder
from retrieval.bootstrap import build_index, build_ingest
from retrieval.model import SearchFilters
from retrieval.settings import RetrievalSettings
from tests.browser.chat_page import ChatPage
from tests.browser.scripted_desk import ScriptedDesk
from tests.console import test_real_desk
from tests.console.console_page import ConsolePage
from tests.console.scripted_console import ScriptedConsole
from tests.console.test_real_desk import PASSWORD, StaffedDesk
from tests.desk.tracker_rows import TrackerStore, row
from tests.threaded_server import free_port

WORDS = ["where is it {}", "I want {} back", "the {} is cracked", "do you sell the {} still"]
THINGS = ["kettle", "lamp", "grinder", "pan", "scale"]
MISSED = "do you engrave gifts"
NOTHING = "I found nothing about that."


class DaysDesk(StaffedDesk):
    """A gateway with a tracker store, a copy of the training data, and a bot that tells what its own index holds."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        url = f"sqlite:///{folder / 'tracker.db'}"
        nobody = f"http://127.0.0.1:{free_port()}"
        self.store, self.data = TrackerStore(url), Path(shutil.copytree("data/nlu", folder / "nlu"))
        self._settings = self._settings.model_copy(
            update={"tracker_url": SecretStr(url), "nlu_data": self.data, "intent_service_url": nobody}
        )
        self.index = RetrievalSettings(index_dir=folder / "index", gaps=folder / "gaps.db")
        (folder / "knowledge").mkdir()
        entry = "---\nid: hours\ntitle: When are you open?\ncategory: company\n---\n\nFrom ten to six.\n"
        (folder / "knowledge" / "hours.md").write_text(entry)
        _in_its_own_loop(build_ingest(self.index, HashingEmbedder(128)).run([folder / "knowledge"], by="files"))

    def remember(self, conversation_id: str, at: float, text: str, *, intent: str, rung: str, answer: str) -> None:
        """A turn as Rasa keeps it."""
        intents = [{"name": intent, "confidence": 0.55}, {"name": "refund_status", "confidence": 0.3}]
        parsed = {"intent": intents[0], "intent_ranking": intents, "entities": [], "sentiment": 0.0}
        told = {"custom": {"kind": "answer", "rung": rung, "citations": []}}
        heard = {"event": "user", "text": text, "parse_data": parsed, "input_channel": "desk"}
        events = [heard, {"event": "action", "name": "action_answer_question"}]
        events.append({"event": "bot", "text": answer, "data": told})
        self.store.write([row(conversation_id, at + n / 1000, event) for n, event in enumerate(events)])

    async def _reply(self, conversation_id: str, batch: Batch) -> Sequence[Mapping[str, Any]]:
        index = build_index(self.index, embedder=HashingEmbedder(128))
        found = await index.search(batch.text, filters=SearchFilters(at=datetime.now(UTC)))
        await index.close()
        hit = next((one for one in found.hits if one.title.casefold().rstrip("?") in batch.text.casefold()), None)
        answer, rung = (hit.answer, "entry") if hit else (NOTHING, "none")
        at = time.time() + self.ahead.total_seconds()
        self.remember(conversation_id, at, batch.text, intent="ask_product", rung=rung, answer=answer)
        return [{"text": answer, "custom": {"kind": "answer", "rung": rung, "citations": []}}]


def _in_its_own_loop(work: Coroutine[Any, Any, Any]) -> None:
    """Playwright keeps an event loop running in this thread."""
    thread = threading.Thread(target=lambda: asyncio.run(work))
    thread.start()
    thread.join()


@pytest.fixture
def gateway(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[DaysDesk]:
    monkeypatch.setattr(test_real_desk, "STAFF", (("Dara Nolan", Role.LEAD), ("Eve Walsh", Role.EDITOR)))
    gateway = DaysDesk(tmp_path)
    monkeypatch.setattr(
        bootstrap,
        "RetrievalKnowledge",
        lambda _, now: RetrievalKnowledge(gateway.index, now=now, make_embedder=lambda _: HashingEmbedder(128)),
    )
    yield gateway
    gateway.stop()


def signed_in(gateway: DaysDesk, page: Any, name: str, path: str) -> ConsolePage:
    server = ScriptedConsole()  # only its address is used
    server.url = gateway.url
    console = ConsolePage(page, server)
    page.goto(f"{gateway.url}/console{path}")
    page.get_by_label("E-mail").fill(f"{name}@shop.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator(".layout")).to_be_attached()
    return console


def _reload_until(page: Page, wanted: Locator, times: int) -> None:
    """The gateway's jobs read what has happened in their own time."""
    until = time.monotonic() + 90
    while wanted.count() < times and time.monotonic() < until:
        page.wait_for_timeout(1_000)
        page.reload()
        expect(page.locator(".dots")).to_have_count(0)
        page.wait_for_timeout(300)
    assert wanted.count() == times, page.locator("main").inner_text()


def test_a_lead_reads_twenty_transcripts_by_keyboard_and_exports(
    gateway: DaysDesk, new_context: Callable[..., BrowserContext]
) -> None:
    began = time.time() + gateway.ahead.total_seconds() - 3600
    said = [one.format(thing) for one in WORDS for thing in THINGS]
    for number, text in enumerate(said):
        gateway.remember(f"sender-{number}", began + number, text, intent="check_stock", rung="entry", answer="Yes.")
    gateway.start()
    console = signed_in(gateway, new_context().new_page(), "dara", "/reviews")
    page = console.page
    _reload_until(page, page.locator("a[data-review]"), 20)
    console.press("n")
    corrected = 0
    for _ in range(20):
        expect(page.get_by_role("heading", name="Message 1")).to_be_visible()
        here = page.url
        if "back" in page.locator(".turn-item").first.inner_text():
            console.press("c")
            page.keyboard.type("return_item")
            expect(console.dialog.get_by_role("option")).to_have_count(1)
            console.press("Enter")
            expect(console.dialog).to_have_count(0)
            corrected += 1
        console.press("e")
        expect(page).not_to_have_url(here)
    assert corrected == len(THINGS)
    page.goto(f"{gateway.url}/console/reviews?state=unread")
    expect(page.get_by_text("No conversation fits")).to_be_visible()
    page.get_by_role("link", name="Corrections").press("Enter")
    expect(page.locator("tbody tr")).to_have_count(5)
    expect(page.get_by_role("list", name="From a correction to the customer")).to_contain_text("cannot be asked")
    console.button("Export…").press("Enter")
    expect(console.dialog).to_contain_text(re.compile(r"[45] examples would be added"))
    console.press("Enter")
    expect(console.dialog).to_contain_text("make learn")

    assert "I want lamp back" in (gateway.data / "corrections.yml").read_text(encoding="utf-8")
    assert console.errors == []


def test_an_editor_fills_a_gap_and_the_bot_answers_from_it(
    gateway: DaysDesk, new_context: Callable[..., BrowserContext]
) -> None:
    gateway.start()
    chat = ChatPage(new_context().new_page(), ScriptedDesk())
    chat.page.goto(gateway.url + "/")
    chat.open()
    chat.say(MISSED)
    chat.sees(NOTHING)
    console = signed_in(gateway, new_context().new_page(), "eve", "/knowledge/gaps")
    page = console.page
    write = page.get_by_role("button", name=f"Write a draft: {MISSED}")
    _reload_until(page, write, 1)
    write.press("Enter")
    page.get_by_label("Title").fill("Do you engrave gifts?")
    page.get_by_label("Category").fill("products")
    page.get_by_label("Answer", exact=True).fill("Yes, up to twenty letters, for 8 euro.")
    page.get_by_role("button", name="Publish").press("Enter")
    expect(page.get_by_text("Published; the bot knows it now.").first).to_be_visible(timeout=30_000)

    chat.say(MISSED)
    chat.sees("Yes, up to twenty letters, for 8 euro.")
    assert console.errors == []
