"""Canned replies and macros are written and changed, by keyboard, by those who may."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.console import sample
from tests.console.console_page import ConsolePage


def test_a_lead_writes_a_macro_by_keyboard(console: ConsolePage) -> None:
    console.server.accounts["aoife"] = sample.account("Aoife Byrne", "lead")
    console.visit("/phrases")
    console.button("New macro…").focus()
    console.press("Enter")
    expect(console.dialog.get_by_label("Title")).to_be_focused()
    console.page.keyboard.type("Sent again")
    console.press("Tab", "Tab")
    console.page.keyboard.type("We send it again, {{customer.name}}.")
    console.dialog.get_by_role("button", name="Add a step").press("Enter")
    console.dialog.get_by_label("Step 2", exact=True).select_option("resolve")
    console.dialog.get_by_role("button", name="Step 2 earlier").press("Enter")
    expect(console.dialog.get_by_role("alert")).to_contain_text("must be the last one")
    expect(console.dialog.get_by_role("button", name="Save")).to_be_disabled()
    console.dialog.get_by_role("button", name="Step 1 later").press("Enter")
    console.dialog.get_by_role("button", name="Save").press("Enter")

    expect(console.page.get_by_role("region", name="Macros")).to_contain_text("Sent again")
    steps = [{"kind": "reply", "value": "We send it again, {{customer.name}}."}, {"kind": "resolve", "value": "solved"}]
    assert ("/macros", {"title": "Sent again", "actions": steps}) in console.server.calls


def test_a_macro_is_changed_and_deleted(console: ConsolePage) -> None:
    console.server.accounts["aoife"] = sample.account("Aoife Byrne", "lead")
    console.visit("/phrases")
    console.button("Change Lost parcel").click()
    console.dialog.get_by_label("Title").fill("Parcel is lost")
    console.dialog.get_by_role("button", name="Save").click()
    console.button("Change Parcel is lost").click()
    console.dialog.get_by_role("button", name="Delete").click()

    expect(console.page.get_by_role("region", name="Macros")).to_contain_text("There are none yet.")


def test_an_agent_reads_macros_and_writes_only_replies_of_their_own(console: ConsolePage) -> None:
    console.visit("/phrases")
    expect(console.page.get_by_role("region", name="Macros")).to_contain_text("Lost parcel")
    expect(console.button("New macro…")).to_have_count(0)
    expect(console.button("Change Lost parcel")).to_have_count(0)
    expect(console.button("Change /hello")).to_have_count(0)
    expect(console.button("New canned reply…")).to_be_visible()
