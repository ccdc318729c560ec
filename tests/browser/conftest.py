"""A real Chromium, a scripted gateway, and a page of a foreign website with the chat on it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright, sync_playwright

from tests.browser.chat_page import ChatPage
from tests.browser.scripted_desk import ScriptedDesk

CHROMIUM = Path(os.environ.get("TEST_CHROMIUM", "/usr/bin/chromium"))
FLAGS = ("--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync")


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    # Per module: Playwright keeps an event loop running, beside which no asynchronous test of another module could run.
    if not CHROMIUM.exists():
        pytest.skip(f"no Chromium at {CHROMIUM} (TEST_CHROMIUM names another)")
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
    yield browser
    browser.close()


@pytest.fixture
def desk() -> Iterator[ScriptedDesk]:
    desk = ScriptedDesk()
    desk.start()
    yield desk
    desk.stop()


@pytest.fixture
def new_context(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    made: list[BrowserContext] = []

    def new(**options: Any) -> BrowserContext:
        context = browser.new_context(**{"viewport": {"width": 1100, "height": 800}, "locale": "en-IE"} | options)
        context.set_default_timeout(8_000)
        made.append(context)
        return context

    yield new
    for context in made:
        context.close()


@pytest.fixture
def chat(desk: ScriptedDesk, new_context: Callable[..., BrowserContext]) -> Iterator[ChatPage]:
    """The chat on a plain page; the test fails if the browser reported an error that nobody expected."""
    page = ChatPage(new_context().new_page(), desk)
    page.visit()
    yield page
    assert page.errors == []
