"""A real Chromium, a scripted gateway, and a page of a foreign website with the chat on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, ViewportSize

from tests.browser.chat_page import ChatPage
from tests.browser.scripted_desk import ScriptedDesk
from tests.chromium import browser, new_context, playwright

__all__ = ["browser", "new_context", "playwright"]


@pytest.fixture
def viewport() -> ViewportSize:
    return {"width": 1100, "height": 800}


@pytest.fixture
def desk() -> Iterator[ScriptedDesk]:
    desk = ScriptedDesk()
    desk.start()
    yield desk
    desk.stop()


@pytest.fixture
def chat(desk: ScriptedDesk, new_context: Callable[..., BrowserContext]) -> Iterator[ChatPage]:
    """The chat on a plain page; the test fails if the browser reported an error that nobody expected."""
    page = ChatPage(new_context().new_page(), desk)
    page.visit()
    yield page
    assert page.errors == []
