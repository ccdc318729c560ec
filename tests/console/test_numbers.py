"""The figures: what they mean, their targets, the conversations behind them, the formula of the savings."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.console import sample
from tests.console.console_page import ConsolePage
from tests.console.scripted_numbers import HASH
from tests.console.scripted_pages import ScriptedPages, asked_soon


@pytest.fixture
def server(server: ScriptedPages) -> ScriptedPages:
    server.accounts["aoife"] = sample.account("Aoife Byrne", "lead")
    return server


def test_figures_say_value_change_target_and_definition(console: ConsolePage) -> None:
    console.visit("/numbers")
    card = console.page.locator(".numbers-figure", has_text="Escalated to a person")
    expect(card).to_contain_text("23.2 %")
    expect(card).to_contain_text("up 1.4 points, from 21.8 %")
    expect(card).to_contain_text("Target: below 20 %, missed")
    card.get_by_text("What it means").click()
    expect(card).to_contain_text("How the figure “Escalated to a person” is counted")

    rows = card.get_by_role("table", name="Escalated to a person, day by day").get_by_role("row")
    expect(rows).to_have_count(29)
    expect(console.page.locator(".numbers-figure", has_text="Cost of a conversation")).to_contain_text("€0.11")


def test_what_most_conversations_have_not_decided_is_not_yet_known(console: ConsolePage) -> None:
    console.visit("/numbers")
    card = console.page.locator(".numbers-figure", has_text="Resolved by the bot")
    expect(card).to_contain_text("not yet known")
    expect(card).to_contain_text("3 of 20 decided")
    expect(card).not_to_contain_text("missed")


def test_reading_what_a_figure_means_stretches_no_other_card_and_has_the_whole_width(console: ConsolePage) -> None:
    console.visit("/numbers")
    cards = console.page.locator(".numbers-figure")
    before = cards.nth(1).bounding_box()
    cards.first.get_by_text("What it means").click()
    days = cards.first.get_by_role("region")
    expect(days).to_be_visible()
    card, table = cards.first.bounding_box(), days.bounding_box()
    assert cards.nth(1).bounding_box() == before
    assert card is not None
    assert table is not None
    assert table["width"] > 0.85 * card["width"]


def test_a_model_named_by_a_hash_is_told_by_its_beginning(console: ConsolePage) -> None:
    console.visit("/numbers")
    row = console.page.get_by_role("row").filter(has=console.page.get_by_title(HASH))
    expect(row.get_by_role("rowheader")).to_have_text(f"Model {HASH[:8]}")
    choice = console.page.get_by_label("Model", exact=True)
    expect(choice.get_by_role("option", name=HASH[:8], exact=True)).to_have_attribute("value", HASH)


def test_period_channel_and_model_are_asked_for_and_stand_in_the_csv_s_address(
    console: ConsolePage, server: ScriptedPages
) -> None:
    console.visit("/numbers?from=2026-11-01&to=2026-11-07")
    console.page.get_by_label("Channel").select_option("whatsapp")
    console.page.get_by_label("Model", exact=True).select_option("2026-11-24")
    link = console.page.get_by_role("link", name="CSV")
    query = "from=2026-11-01&to=2026-11-07&channel=whatsapp&model=2026-11-24"
    expect(link).to_have_attribute("href", f"/console/api/numbers.csv?{query}")

    wanted = {"from": "2026-11-01", "to": "2026-11-07", "channel": "whatsapp", "model": "2026-11-24"}
    wanted |= {"compare": "previous"}
    assert asked_soon(server.numbers.asked, wanted) == wanted
    console.page.get_by_label("Period").select_option("7")
    expect(console.page).to_have_url(re.compile(r"numbers\?channel=whatsapp&model=2026-11-24&days=7"))


def test_a_figure_opens_its_conversations_and_they_their_transcripts(console: ConsolePage) -> None:
    console.visit("/numbers")
    console.page.get_by_role("link", name="Conversations behind Verified resolution").click()
    expect(console.page.get_by_role("heading", level=1, name="Verified resolution")).to_be_visible()
    console.page.get_by_role("link", name="Words 1").click()

    expect(console.page).to_have_url(re.compile("/reviews/c/web%2F1"))


def test_a_reason_leads_to_its_transcripts(console: ConsolePage, server: ScriptedPages) -> None:
    console.visit("/numbers?from=2026-11-01&to=2026-11-07")
    console.page.get_by_role("link", name="The customer is very unhappy").click()
    expect(console.page.get_by_role("list", name="Filters that hold")).to_contain_text("Why a person")

    wanted = {"handoff_reason": "very_negative", "from": "2026-11-01", "to": "2026-11-07"}
    assert asked_soon(server.reviews.asked, wanted) == wanted


def test_the_savings_follow_the_formula_s_numbers(console: ConsolePage, server: ScriptedPages) -> None:
    console.visit("/numbers")
    expect(console.page.get_by_text("€11,914.93")).to_be_visible()
    console.button("Change the formula").click()
    console.page.get_by_label("Cost per hour").fill("40")
    console.page.get_by_role("region", name="What the bot saved").get_by_role("button", name="Save").click()
    expect(console.page.get_by_text("€14,893.67")).to_be_visible()

    assert server.called("/savings")[1] == {"minutes_per_conversation": 6.5, "cost_per_hour": 40}
