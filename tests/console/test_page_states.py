"""Every page beside the inbox on desktop and phone, light and dark: axe finds nothing, nothing hangs over."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, expect

from tests.console import sample_reviews
from tests.console.console_page import ConsolePage
from tests.console.scripted_pages import ScriptedPages

AXE: dict[str, Any] = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
SIZES = {"desktop": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}
STATES: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "transcripts": ("/reviews?outcome=person", "a[data-review]", ("f",)),
    "transcript": ("/reviews/c/web%2F1", ".turn-item", ("m", "-")),
    "correction": ("/reviews/c/web%2F0", ".turn-item", ("c", "ArrowDown")),
    "entities": ("/reviews/c/web%2F0", ".turn-item", ("j", "x")),
    "scenario": ("/reviews/c/web%2F0", ".turn-item", ("s",)),
    "confusion": ("/reviews/confusion", "tbody tr", ()),
    "corrections": ("/reviews/corrections", "tbody tr", ()),
    "corrections export": ("/reviews/corrections", "tbody tr", ("Export…",)),
    "teaching": ("/reviews/teach", ".teach-line", ()),
    "numbers": ("/numbers", ".numbers-figure", ()),
    "behind": ("/numbers/f/rating?from=2026-11-01&to=2026-11-25", "tbody tr", ()),
    "entries": ("/knowledge", "tbody tr", ()),
    "entry": ("/knowledge/e/returns", ".knowledge-editor", ()),
    "approved": ("/approved", "tbody tr", ()),
    "approved until": ("/approved", "tbody tr", ("Until… Do you engrave kettles?",)),
    "approved withdrawal": ("/approved", "tbody tr", ("Withdraw… Do you engrave kettles?",)),
    "gaps": ("/knowledge/gaps", ".knowledge-gap", ()),
    "import": ("/knowledge/import", "input[type=file]", ()),
    "accounts": ("/admin", "tbody tr", ()),
    "audit": ("/admin/audit", "tbody tr", ()),
    "customers": ("/admin/customers", ".admin-customer", ()),
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize(("size", "theme"), [("desktop", "light"), ("desktop", "dark"), ("phone", "light")])
def test_axe_finds_nothing(
    new_context: Callable[..., BrowserContext],
    server: ScriptedPages,
    state: str,
    size: str,
    theme: Literal["light", "dark"],
) -> None:
    server.me = "ciara"
    server.reviews.corrections = copy.deepcopy(sample_reviews.CORRECTIONS)
    path, ready, keys = STATES[state]
    console = ConsolePage(
        new_context(viewport=SIZES[size], color_scheme=theme, reduced_motion="reduce").new_page(), server
    )
    console.visit(path)
    expect(console.page.locator(ready).first).to_be_visible()
    for key in keys:
        console.button(key).click() if "…" in key else console.press(key)
    if keys and state not in {"transcripts", "transcript"}:
        expect(console.dialog).to_be_visible()

    found = Axe().run(console.page, options=AXE).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == []
    assert console.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert console.errors == []


def test_figures_are_opened_by_keyboard(new_context: Callable[..., BrowserContext], server: ScriptedPages) -> None:
    server.me = "ciara"
    console = ConsolePage(new_context(reduced_motion="reduce").new_page(), server)
    console.visit("/numbers")
    console.page.locator(".numbers-more summary").first.focus()
    console.press("Enter", "Tab")

    expect(console.page.get_by_role("region", name="Conversations, day by day")).to_be_focused()
    found = Axe().run(console.page, options=AXE).response["violations"]
    assert found == []
