"""The chat over the real gateway, whose dialogue alone is scripted: what both sides have to agree on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import BrowserContext, expect
from starlette.types import ASGIApp

from desk.adapters.sql.database import Database
from desk.adapters.sql.migrate import migrate
from desk.bootstrap import build_app, build_desk
from desk.gateway.model import Batch
from desk.settings import DeskSettings
from tests.browser.chat_page import ChatPage
from tests.browser.scripted_desk import ScriptedDesk
from tests.desk.scripted_dialogue import ScriptedDialogue
from tests.threaded_server import ThreadedServer

SECRET = "a-secret-of-the-tests-0123456789"
WORKDAY = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
ANSWER = "Thirty days from delivery."


class RealDesk(ThreadedServer):
    """A gateway; ``stop`` and ``start`` are a restart on the same data base and port."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.dialogue = ScriptedDialogue()
        self.dialogue.reply = self._reply
        self.slow = 0.0
        self.ahead = WORKDAY - datetime.now(UTC)
        self._settings = DeskSettings(
            database_url=f"sqlite:///{folder / 'desk.db'}",
            secret=SECRET,
            identity_secrets="an-identity-secret-of-the-tests-0123456789",
            attachments_dir=folder / "files",
            lease_seconds=1.5,
        )
        database = Database(self._settings.database_url, timeout_seconds=5)
        migrate(database)
        database.close()

    async def _reply(self, _: str, batch: Batch) -> Sequence[Mapping[str, Any]]:
        await asyncio.sleep(self.slow)
        choices = [{"title": "Start a return", "payload": "/return_item"}]
        return [{"text": f"{ANSWER} ({batch.payload or batch.text})", "buttons": choices}]

    def app(self) -> ASGIApp:
        return build_app(build_desk(self._settings, dialogue=self.dialogue, now=lambda: datetime.now(UTC) + self.ahead))

    def agent(self, conversation_id: str, act: str, **body: Any) -> None:
        """A person on the company's side."""
        who = {"agent_id": "maeve", "agent_name": "Maeve"} if act != "return" else {}
        url = f"{self.url}/internal/agent/{conversation_id}/{act}"
        httpx.post(url, json=who | body, headers={"x-frontdesk-secret": SECRET}).raise_for_status()


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[RealDesk]:
    gateway = RealDesk(tmp_path)
    gateway.start()
    yield gateway
    gateway.stop()


@pytest.fixture
def shop(gateway: RealDesk, new_context: Callable[..., BrowserContext]) -> ChatPage:
    """The demo shop as the gateway serves it."""
    unused = ScriptedDesk()
    chat = ChatPage(new_context().new_page(), unused)
    chat.page.goto(gateway.url + "/")
    return chat


def _conversation(chat: ChatPage) -> str:
    keys = "Object.entries(localStorage).filter(([k]) => k.endsWith(':key')).map(([, v]) => JSON.parse(v).id)"
    (found,) = chat.page.evaluate(keys)
    return str(found)


def test_a_journey_with_a_reload_and_a_restart_between_question_and_answer(gateway: RealDesk, shop: ChatPage) -> None:
    shop.open()
    shop.say("how long can I return?")
    shop.sees(f"{ANSWER} (how long can I return?)")
    shop.page.reload()
    shop.sees(f"{ANSWER} (how long can I return?)")

    gateway.slow = 2.0
    shop.button("Start a return").click()
    expect(shop.panel.locator(".message.customer:not(.waiting)")).to_have_count(2)
    gateway.stop()
    gateway.slow = 0.0
    gateway.start()

    shop.sees(f"{ANSWER} (/return_item)", timeout=25_000)
    shop.page.wait_for_timeout(1_000)
    assert shop.customer_texts() == ["how long can I return?", "Start a return"]
    assert shop.bot_texts() == [f"{ANSWER} (how long can I return?)", f"{ANSWER} (/return_item)"]


def test_a_signed_in_customer_talks_to_a_person_and_rates_it(gateway: RealDesk, shop: ChatPage) -> None:
    shop.page.get_by_text("Sign in", exact=True).click()
    shop.page.get_by_role("button", name="Aoife Brennan").click()
    shop.open()
    shop.say("hello")
    shop.sees(f"{ANSWER} (hello)")
    conversation = _conversation(shop)
    shop.button("Talk to a person").click()
    expect(shop.panel.locator(".message.system").first).to_be_visible()

    gateway.agent(conversation, "reply", text="Hello, this is **Maeve**.")
    expect(shop.panel.get_by_role("heading", name="Maeve")).to_be_visible()
    shop.sees("Maeve")
    shop.say("thank you")
    expect(shop.panel.locator(".message.customer:not(.waiting)")).to_have_count(2)
    shop.choose_in_menu("End the conversation")
    shop.panel.get_by_role("radio", name="Very good").check()
    shop.button("Send rating").click()
    shop.sees("Thank you for your feedback.")
    with shop.page.expect_download() as download:
        shop.button("Download this conversation").click()
    assert "thank you" in Path(download.value.path()).read_text(encoding="utf-8")


def test_out_of_hours_an_address_is_asked_for_and_goes_to_the_colleagues(gateway: RealDesk, shop: ChatPage) -> None:
    gateway.ahead += timedelta(hours=15)  # from noon to three in the morning
    shop.open()
    shop.panel.locator(".person").click()  # one of the suggestions has the same name
    address = shop.panel.get_by_role("textbox", name="E-mail address")
    expect(address).to_be_visible()
    address.fill("ann@example.com")
    expect(address).to_have_value("ann@example.com")
    address.press("Enter")
    shop.sees("Thank you. We'll write to you.")

    assert shop.customer_texts() == []
    assert shop.bot_texts() == []


def test_a_file_goes_up_and_comes_down(shop: ChatPage) -> None:
    shop.open()
    pdf = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    shop.panel.locator("input[type=file]").set_input_files(
        {"name": "invoice.pdf", "mimeType": "application/pdf", "buffer": pdf}
    )
    expect(shop.panel.locator(".uploads li:not(.busy)")).to_have_count(1)
    shop.say("my invoice")
    with shop.page.expect_download() as download:
        shop.button("Download invoice.pdf").click()

    assert Path(download.value.path()).read_bytes() == pdf


def test_the_customer_s_data_is_deleted(shop: ChatPage) -> None:
    shop.open()
    shop.say("forget me")
    shop.sees(f"{ANSWER} (forget me)")
    shop.choose_in_menu("Delete my data")
    shop.button("Delete").click()
    expect(shop.panel.locator(".note")).to_contain_text("Your data of this conversation has been deleted.")


def test_every_part_of_the_widget_is_served_with_its_type(gateway: RealDesk) -> None:
    for name, kind in (("widget.js", "javascript"), ("widget/panel.js", "javascript"), ("widget/de.json", "json")):
        answer = httpx.get(f"{gateway.url}/{name}")
        assert answer.status_code == 200
        assert kind in answer.headers["content-type"]
        assert answer.headers["access-control-allow-origin"] == "*"
        assert httpx.get(answer.url, headers={"if-none-match": answer.headers["etag"]}).status_code == 304
    assert httpx.get(f"{gateway.url}/widget/..%2fpackage.json").status_code == 404
