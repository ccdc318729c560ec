"""The loop that makes the bot better, in a browser: misunderstood, corrected, exported, trained, served, understood.

A copy of the project's data is used, so nothing of it changes. The training takes minutes, so this is no part of
``make test``: ``make learning-loop``. Only Rasa is played: what the intent service says of a message is written into
a tracker store in Rasa's form and decides the answer.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import BrowserContext, expect

from contracts.nlu import parse_data_from
from desk.accounts.model import Role
from desk.bootstrap import build_desk, build_limiter
from desk.console import build_staffing
from desk.gateway.model import Batch
from tests.browser.chat_page import ChatPage
from tests.browser.scripted_desk import ScriptedDesk
from tests.browser.test_real_gateway import RealDesk
from tests.console.console_page import ConsolePage
from tests.console.scripted_console import ScriptedConsole
from tests.desk.tracker_rows import TrackerStore, row
from tests.threaded_server import free_port

WORDS, MEANT = "has the dosh come home yet", "refund_status"
ALSO = "any sign of the dosh coming home"
PASSWORD, TOKEN = "a quiet horse reads maps", "a-token-of-the-tests-0123456789"
TRAINING_SECONDS = 1800


class Understanding:
    """The intent service as its own process, over models that may be added to."""

    def __init__(self, models: Path) -> None:
        self.models, port = models, free_port()
        self.url = f"http://127.0.0.1:{port}"
        self.environment = os.environ | {
            "INTENT_SERVICE_PORT": str(port),
            "INTENT_SERVICE_MODELS_DIR": str(models),
            "INTENT_SERVICE_ADMIN_TOKEN": TOKEN,
            "INTENT_SERVICE_URL": self.url,
        }
        self._process = subprocess.Popen([sys.executable, "-m", "intent_service", "serve"], env=self.environment)
        self._wait()

    def run(self, *arguments: str) -> str:
        command = [sys.executable, "-m", "intent_service", *arguments]
        done = subprocess.run(
            command, env=self.environment, check=True, stdout=subprocess.PIPE, text=True, timeout=TRAINING_SECONDS
        )
        return done.stdout

    def parsed(self, text: str) -> dict[str, Any]:
        told = httpx.post(f"{self.url}/classify", json={"texts": [text]}, trust_env=False).raise_for_status().json()
        return parse_data_from(text, told["results"][0])

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(20)

    def _wait(self) -> None:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                if httpx.get(f"{self.url}/ready", trust_env=False).is_success:
                    return
            except httpx.HTTPError:
                pass
            time.sleep(0.2)
        raise AssertionError("the intent service did not start")


class LearningDesk(RealDesk):
    """A gateway that answers by the intent, remembers as Rasa does, and exports to a copy of the training data."""

    def __init__(self, folder: Path, understanding: Understanding, data: Path) -> None:
        super().__init__(folder)
        self.understanding = understanding
        self.store = TrackerStore(f"sqlite:///{folder / 'tracker.db'}")
        self._settings = self._settings.model_copy(
            update={
                "tracker_url": type(self._settings.tracker_url)(f"sqlite:///{folder / 'tracker.db'}"),
                "nlu_data": data,
                "intent_service_url": understanding.url,
            }
        )
        desk = build_desk(self._settings, dialogue=self.dialogue)
        accounts = build_staffing(desk, build_limiter(desk)).accounts
        employ = accounts.create("dara@shop.example", "Dara Nolan", [Role.LEAD], PASSWORD)
        hiring = threading.Thread(target=lambda: asyncio.run(employ))  # Playwright keeps a loop in this thread
        hiring.start()
        hiring.join()
        desk.database.close()

    async def _reply(self, conversation_id: str, batch: Batch) -> Sequence[Mapping[str, Any]]:
        parsed = await asyncio.to_thread(self.understanding.parsed, batch.text)
        answer = f"This is about {parsed['intent']['name']}."
        at = time.time() + self.ahead.total_seconds()
        heard = {"event": "user", "text": batch.text, "parse_data": parsed, "input_channel": "desk"}
        events = [heard | {"message_id": batch.id}, {"event": "bot", "text": answer, "data": {}}]
        self.store.write([row(conversation_id, at + n / 1000, event) for n, event in enumerate(events)])
        return [{"text": answer}]


@pytest.fixture
def understanding(tmp_path: Path) -> Iterator[Understanding]:
    shutil.copytree("models", tmp_path / "models", ignore=shutil.ignore_patterns("rasa", ".resume"))
    running = Understanding(tmp_path / "models")
    yield running
    running.stop()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return Path(shutil.copytree("data/nlu", tmp_path / "nlu"))


@pytest.fixture
def gateway(tmp_path: Path, understanding: Understanding, data: Path) -> Iterator[LearningDesk]:
    gateway = LearningDesk(tmp_path, understanding, data)
    gateway.start()
    yield gateway
    gateway.stop()


def test_what_was_misunderstood_is_understood(
    gateway: LearningDesk,
    understanding: Understanding,
    data: Path,
    new_context: Callable[..., BrowserContext],
) -> None:
    before = understanding.parsed(WORDS)["intent"]
    assert before["name"] != MEANT, "the model understands this sentence already: choose another"
    chat = ChatPage(new_context().new_page(), ScriptedDesk())
    chat.page.goto(gateway.url + "/")
    chat.open()
    chat.say(WORDS)
    chat.sees(f"This is about {before['name']}.")

    server = ScriptedConsole()  # only its address is used
    server.url = gateway.url
    console = ConsolePage(new_context().new_page(), server)
    page = console.page
    page.goto(f"{gateway.url}/console/reviews")
    page.get_by_label("E-mail").fill("dara@shop.example")
    page.get_by_label("Password").fill(PASSWORD)
    console.button("Sign in").click()
    page.get_by_role("link", name=WORDS).click(timeout=20_000)
    expect(page.locator(".turn-item")).to_contain_text(before["name"])
    console.press("c")
    page.keyboard.type(MEANT)
    expect(console.dialog.get_by_role("option")).to_have_count(1)
    console.press("Enter")
    expect(page.get_by_text(f"Meant: {MEANT}")).to_be_visible()

    page.get_by_role("link", name="To the corrections").click()
    steps = page.get_by_role("list", name="From a correction to the customer")
    expect(steps).to_contain_text("1 correction to export")
    expect(page.locator("tbody tr")).to_contain_text(before["name"])
    console.button("Export…").click()
    console.dialog.get_by_role("button", name="Add to the training data").click()
    expect(console.dialog).to_contain_text("make learn")
    console.press("Escape")
    expect(steps).to_contain_text("The model in use has not learnt the training data as it is now")

    understanding.run("train", "--data", str(data), "--out", str(understanding.models / "intent"))
    understanding.run("activate", "--models", str(understanding.models))

    page.reload()
    expect(steps).to_contain_text("The model in use has learnt them")
    page.get_by_label("Which corrections").select_option("exported")
    expect(page.locator("tbody tr")).to_contain_text("understood")
    after = understanding.parsed(WORDS)["intent"]
    sys.stdout.write(f"{WORDS!r}: {before} -> {after}; {ALSO!r}: {understanding.parsed(ALSO)['intent']}\n")
    assert after["name"] == MEANT
    chat.say(WORDS)
    chat.sees(f"This is about {MEANT}.")
    assert console.errors == []
