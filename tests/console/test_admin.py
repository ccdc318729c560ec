"""Administration: accounts and their sessions, the audit log, a customer's data."""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Route, expect

from tests.console.console_page import ConsolePage
from tests.console.scripted_pages import ScriptedPages, asked_soon

ROOT = Path(__file__).parents[2]
DESK = ROOT / "desk"
WORDS = ROOT / "web" / "console" / "src" / "pages" / "admin" / "audit_words.ts"
RECORDED = re.compile(r'(?:record|audit)\w*\(\s*[^"()]*(?:\([^()]*\)[^"()]*)*"([a-z]+\.[a-z_]+)"')
SPELLED = re.compile(r'(?m)^  "([a-z]+\.[a-z_]+)":')


@pytest.fixture
def server(server: ScriptedPages) -> ScriptedPages:
    server.me = "ciara"
    return server


def test_an_account_is_made_and_its_password_shown_once(console: ConsolePage, server: ScriptedPages) -> None:
    console.visit("/admin")
    console.button("New account…").click()
    console.dialog.get_by_label("Name").fill("Dara Nolan")
    console.dialog.get_by_label("E-mail").fill("dara@alderwick.example")
    console.dialog.get_by_label("Lead").check()
    console.dialog.get_by_role("button", name="Create").click()
    expect(console.dialog).to_contain_text("marble-otter-plinth-42")
    console.dialog.get_by_role("button", name="Done").click()
    expect(console.page.get_by_role("row", name="Dara Nolan")).to_contain_text("Agent, Lead")

    expect(console.page.get_by_text("marble-otter")).to_have_count(0)
    made = next(body for path, body in server.calls if path == "/accounts" and body)
    assert made == {"email": "dara@alderwick.example", "name": "Dara Nolan", "roles": ["agent", "lead"]}


def test_roles_change_sessions_end_and_an_account_is_disabled(console: ConsolePage, server: ScriptedPages) -> None:
    console.visit("/admin")
    console.button("Change Aoife Byrne").click()
    console.dialog.get_by_role("button", name="End the session Chromium on Windows").click()
    expect(console.dialog).to_contain_text("Nowhere.")
    console.dialog.get_by_label("Knowledge editor").check()
    console.dialog.get_by_role("button", name="Save").click()
    expect(console.page.get_by_role("row", name="Aoife Byrne")).to_contain_text("Knowledge editor")
    console.button("Change Aoife Byrne").click()
    console.dialog.get_by_role("button", name="Disable").click()

    expect(console.page.get_by_role("row", name="Aoife Byrne")).to_contain_text("Disabled")
    assert ("DELETE /accounts/aoife/sessions/s9", None) in server.calls


def test_the_second_factor_is_taken_off_for_whoever_lost_the_phone(console: ConsolePage, server: ScriptedPages) -> None:
    server.accounts["aoife"]["totp"] = True
    console.visit("/admin")
    console.button("Change Aoife Byrne").click()
    console.dialog.get_by_role("button", name="Take the second factor off").click()

    expect(console.dialog).to_have_count(0)
    assert ("DELETE /accounts/aoife/totp", None) in server.calls
    console.button("Change Aoife Byrne").click()
    expect(console.dialog.get_by_role("button", name="Take the second factor off")).to_have_count(0)


def test_what_the_newest_list_says_stands_in_a_dialog_that_was_opened_before_it_came(
    console: ConsolePage, server: ScriptedPages
) -> None:
    server.accounts["aoife"]["totp"] = True
    console.visit("/admin")
    console.button("Change Aoife Byrne").click()
    held: list[Route] = []
    console.page.route("**/console/api/accounts?*", lambda route: held.append(route))  # noqa: PLW0108 - it looks inside
    console.dialog.get_by_role("button", name="Take the second factor off").click()
    expect(console.dialog).to_have_count(0)
    server.accounts["aoife"]["roles"] = ["editor"]
    console.button("Change Aoife Byrne").click()
    console.dialog.get_by_label("Name").fill("Aoife B.")
    expect(console.dialog.get_by_role("button", name="Take the second factor off")).to_be_visible()
    held[0].continue_()

    expect(console.dialog.get_by_role("button", name="Take the second factor off")).to_have_count(0)
    expect(console.dialog.get_by_label("Knowledge editor")).to_be_checked()
    expect(console.dialog.get_by_label("Name")).to_have_value("Aoife B.")


def test_nobody_shuts_themselves_out(console: ConsolePage) -> None:
    console.visit("/admin")
    console.button("Change Ciara Doyle").click()

    expect(console.dialog.get_by_label("Admin")).to_be_disabled()
    expect(console.dialog.get_by_role("button", name="Disable")).to_have_count(0)


def test_the_audit_log_is_filtered(console: ConsolePage, server: ScriptedPages) -> None:
    console.visit("/admin/audit")
    expect(console.page.locator("tbody tr")).to_have_count(3)
    expect(console.page.get_by_role("cell", name="Read a transcript")).to_have_attribute("title", "review.read")
    console.page.get_by_label("Who").select_option("Brian Walsh")
    console.page.get_by_label("Did").select_option("Saved an entry")
    expect(console.page.locator("tbody tr")).to_have_count(1)

    wanted = {"actor": "brian", "action": "knowledge.save"}
    assert asked_soon(server.admin.asked, wanted) == wanted
    with console.page.expect_response(re.compile("audit.*from=")):
        console.page.get_by_label("From").fill("2026-11-25")
    expect(console.page).to_have_url(re.compile("from=2026-11-25"))
    expect(console.page.locator("tbody tr")).to_have_count(1)
    assert datetime.fromisoformat(server.admin.asked[-1]["from"]).tzinfo is not None


def test_every_act_that_the_desk_records_has_words_and_can_be_asked_for() -> None:
    recorded = {act for file in DESK.rglob("*.py") for act in RECORDED.findall(file.read_text(encoding="utf-8"))}
    assert len(recorded) > 40, "the pattern finds them no more"
    assert sorted(recorded - set(SPELLED.findall(WORDS.read_text(encoding="utf-8")))) == []


def test_a_forgotten_password_is_replaced(console: ConsolePage) -> None:
    console.visit("/admin")
    console.button("Change Brian Walsh").click()
    console.dialog.get_by_role("button", name="New password…").click()

    expect(console.dialog).to_contain_text("cobalt-heron-89")


def test_a_customer_s_data_is_found_and_handed_out(console: ConsolePage) -> None:
    console.visit("/admin/customers")
    console.page.get_by_role("searchbox", name="Customer").fill("mary@example.com")
    console.press("Enter")
    found = console.page.get_by_role("region", name="What was found")
    expect(found).to_contain_text("2 of 3 conversations chosen")
    found.get_by_role("checkbox", name="My order").uncheck()
    with console.page.expect_download() as download:
        console.button("Export as JSON").click()

    assert download.value.suggested_filename == "customer-mary_example_com.json"
    assert json.loads(Path(download.value.path()).read_text()) == {"conversations": [{"id": "c_2"}]}


def test_erasing_asks_again_and_gives_a_receipt(console: ConsolePage, server: ScriptedPages) -> None:
    console.visit("/admin/customers")
    console.page.get_by_role("searchbox", name="Customer").fill("10046")
    console.press("Enter")
    console.page.get_by_role("checkbox", name="mentions").check()
    console.button("Erase…").click()
    console.dialog.get_by_label("Reason").fill("Asked by letter")
    again = console.dialog.get_by_label("Type what you searched for to confirm: 10046")
    again.fill("10064")
    expect(console.dialog.get_by_role("button", name="Erase")).to_be_disabled()
    again.fill("10046")
    console.dialog.get_by_role("button", name="Erase").click()

    expect(console.page.get_by_role("region", name="Receipt")).to_contain_text("E-2026-11-25-7f3a")
    expect(console.page.get_by_role("region", name="What was found")).to_have_count(0)
    sent = {"asked": "10046", "conversations": ["c_1", "c_2", "c_3"], "reason": "Asked by letter"}
    assert server.called("/customer-data/erase") == [sent]


def test_nobody_is_found_and_it_is_said(console: ConsolePage, server: ScriptedPages) -> None:
    server.admin.traces.clear()
    console.visit("/admin/customers")
    console.page.get_by_role("searchbox", name="Customer").fill("nobody@example.com")
    console.press("Enter")

    expect(console.page.get_by_text("Nothing is held here")).to_be_visible()


def test_conversations_are_handed_out_once_an_admin_says_so(console: ConsolePage) -> None:
    console.server.me = "ciara"
    console.visit("/admin/assignment")
    handed_out = console.page.get_by_role("switch", name="Hand waiting conversations out by themselves")
    expect(handed_out).not_to_be_checked()
    handed_out.focus()
    console.press("Space")

    expect(console.page.get_by_text("Conversations are handed out from now on.").first).to_be_visible()
    assert ("/assignment", {"on": True}) in console.server.calls
