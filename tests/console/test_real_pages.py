"""The pages beside the inbox over the real desk: what an admin does is in the audit log, transcripts are there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from desk.accounts.model import Role
from tests.console import test_real_desk
from tests.console.console_page import ConsolePage
from tests.console.scripted_console import ScriptedConsole
from tests.console.test_real_desk import PASSWORD, StaffedDesk


@pytest.fixture
def gateway(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StaffedDesk]:
    monkeypatch.setattr(test_real_desk, "STAFF", (("Orla Quinn", Role.ADMIN),))
    gateway = StaffedDesk(tmp_path)
    gateway.start()
    yield gateway
    gateway.stop()


def test_an_admin_makes_an_account_and_finds_it_in_the_audit_log(
    gateway: StaffedDesk, new_context: Callable[..., BrowserContext]
) -> None:
    server = ScriptedConsole()  # only its address is used
    server.url = gateway.url
    console = ConsolePage(new_context().new_page(), server)
    console.page.goto(f"{gateway.url}/console/admin")
    console.page.get_by_label("E-mail").fill("orla@shop.example")
    console.page.get_by_label("Password").fill(PASSWORD)
    console.button("Sign in").click()
    expect(console.page.locator(".layout")).to_be_attached()
    console.visit("/admin")
    console.button("New account…").click()
    console.dialog.get_by_label("Name").fill("Dara Nolan")
    console.dialog.get_by_label("E-mail").fill("dara@shop.example")
    console.dialog.get_by_label("Bot developer").check()
    console.dialog.get_by_role("button", name="Create").click()
    expect(console.dialog.locator(".admin-secret code")).not_to_be_empty()
    console.dialog.get_by_role("button", name="Done").click()
    console.button("Change Dara Nolan").click()
    expect(console.dialog).to_contain_text("Nowhere.")
    console.dialog.get_by_role("button", name="Save").click()
    expect(console.page.get_by_text("Saved.").first).to_be_visible()
    console.visit("/admin/audit")
    expect(console.page.locator("tbody tr").first).to_contain_text("Orla Quinn")
    console.page.get_by_label("From").fill("2020-01-01")
    expect(console.page.locator("tbody tr", has_text="account").first).to_be_visible()

    assert console.errors == []


def test_transcripts_are_listed_and_filtered(gateway: StaffedDesk, new_context: Callable[..., BrowserContext]) -> None:
    server = ScriptedConsole()
    server.url = gateway.url
    console = ConsolePage(new_context().new_page(), server)
    console.page.goto(f"{gateway.url}/console/reviews")
    console.page.get_by_label("E-mail").fill("orla@shop.example")
    console.page.get_by_label("Password").fill(PASSWORD)
    console.button("Sign in").click()
    expect(console.page.locator(".layout")).to_be_attached()
    every = "from=2026-11-01&to=2026-11-30&confidence_max=0.6&fallback=true&outcome=person&sentiment_max=-0.2&q=lid"
    console.visit(f"/reviews?{every}&rating_max=2&turns_min=1&flagged=false&state=unread&tag=a&sort=worth")
    expect(console.page.get_by_text("No conversation fits")).to_be_visible()
    console.button("Saved").click()
    console.page.get_by_role("menuitem", name="Save these filters…").click()
    console.dialog.get_by_label("Name").fill("All of them")
    console.dialog.get_by_role("button", name="Save").click()
    expect(console.dialog).to_have_count(0)
    console.visit("/reviews/corrections")
    expect(console.page.get_by_text("Nothing waits to be exported")).to_be_visible()
    console.visit("/reviews/confusion")
    expect(console.page.get_by_text("Nothing was corrected in this time")).to_be_visible()

    assert console.errors == []
