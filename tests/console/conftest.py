"""A real Chromium in front of the scripted console server."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, ViewportSize

from tests.chromium import browser, new_context, playwright
from tests.console.console_page import ConsolePage
from tests.console.scripted_pages import ScriptedPages

__all__ = ["browser", "new_context", "playwright"]


@pytest.fixture
def viewport() -> ViewportSize:
    return {"width": 1440, "height": 900}


@pytest.fixture
def server() -> Iterator[ScriptedPages]:
    server = ScriptedPages()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def console(server: ScriptedPages, new_context: Callable[..., BrowserContext]) -> Iterator[ConsolePage]:
    """An agent's console; the test fails if the browser reported an error that nobody expected."""
    page = ConsolePage(new_context().new_page(), server)
    yield page
    assert page.errors == []
