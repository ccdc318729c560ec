"""Approved answers are found, given a last day and withdrawn, by keyboard, by those who may."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from tests.console import sample
from tests.console.console_page import ConsolePage
from tests.console.scripted_pages import ScriptedPages

QUESTION = "Do you engrave kettles?"


def test_an_editor_finds_limits_and_withdraws_an_answer_by_keyboard(
    console: ConsolePage, server: ScriptedPages
) -> None:
    server.accounts["aoife"] = sample.account("Aoife Byrne", "editor")
    console.visit("/knowledge")
    console.press("g", "p")
    rows = console.page.locator("tbody tr")
    expect(rows).to_have_count(50)
    expect(rows.first).to_contain_text("Brian Walsh")
    expect(rows.nth(1)).to_contain_text("For customers who have signed in")
    expect(rows.nth(2)).to_contain_text("Over")
    console.button("Show more").press("Enter")
    expect(rows).to_have_count(53)
    console.press("/")
    console.page.keyboard.type("engrave 9 EURO")
    expect(rows).to_have_count(1)
    expect(console.page.get_by_text("1 answer", exact=True)).to_be_visible()

    console.button(f"Until… {QUESTION}").press("Enter")
    last = (datetime.now(UTC) + timedelta(days=9)).date()
    expect(console.dialog.get_by_label("Last day")).to_be_focused()
    console.dialog.get_by_label("Last day").fill(last.isoformat())
    console.press("Enter")
    expect(console.dialog).to_have_count(0)
    expect(rows.first).to_contain_text(str(last.year))
    assert server.called("/approvals/53")[0]["valid_until"].startswith(last.isoformat())
    expect(console.button(f"Until… {QUESTION}")).to_be_focused()

    console.press("Tab", "Enter")
    expect(console.dialog).to_contain_text("Up to 20 letters.")
    expect(console.dialog.get_by_role("button", name="Keep")).to_be_focused()
    console.press("Tab", "Enter")
    expect(console.page.get_by_text("No answer fits")).to_be_visible()
    expect(console.page.get_by_role("searchbox")).to_be_focused()
    console.page.get_by_label("Which answers").select_option("true")
    expect(rows).to_have_count(1)
    expect(rows.first).to_contain_text("Aoife Byrne")
    expect(console.button(f"Withdraw… {QUESTION}")).to_have_count(0)


def test_whoever_comes_second_is_told_and_sees_how_it_is(console: ConsolePage, server: ScriptedPages) -> None:
    server.accounts["aoife"] = sample.account("Aoife Byrne", "lead")
    console.visit("/approved?q=engrave")
    console.button(f"Withdraw… {QUESTION}").click()
    server.words.approvals[0] |= {"withdrawn_by": "Brian Walsh", "withdrawn_at": sample.ago(0)}
    told = {"type": "not_possible", "message": "Brian Walsh has withdrawn this answer already."}
    server.failures.append(("/approvals/53/withdraw", 409, told))
    console.dialog.get_by_role("button", name="Withdraw").click()
    expect(console.page.get_by_text(told["message"]).first).to_be_visible()
    console.press("Escape")

    expect(console.page.get_by_text("No answer fits")).to_be_visible()


def test_words_of_colleagues_stay_words(console: ConsolePage, server: ScriptedPages) -> None:
    server.accounts["aoife"] = sample.account("Aoife Byrne", "lead")
    attack = '<img src=x onerror="window.hit=1">'
    server.words.approvals[0] |= {"question": attack, "answer": attack, "by": attack}
    console.visit("/approved")
    expect(console.page.locator("tbody tr").first).to_contain_text("<img")

    assert console.page.evaluate("window.hit") is None
    assert console.page.locator("main img").count() == 0
