"""A real Chromium for tests of pages. A ``conftest.py`` imports the fixtures and says how wide its windows are."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright, ViewportSize, expect, sync_playwright

CHROMIUM = Path(os.environ.get("TEST_CHROMIUM", "/usr/bin/chromium"))
FLAGS = ("--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync")
_PATIENCE_MS = 12_000
expect.set_options(timeout=_PATIENCE_MS)


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
def new_context(browser: Browser, viewport: ViewportSize) -> Iterator[Callable[..., BrowserContext]]:
    """Makes windows of their own cookies and storage, closed after the test."""
    made: list[BrowserContext] = []

    def new(**options: Any) -> BrowserContext:
        context = browser.new_context(**{"viewport": viewport, "locale": "en-IE"} | options)
        context.set_default_timeout(_PATIENCE_MS)
        made.append(context)
        return context

    yield new
    for context in made:
        context.close()
