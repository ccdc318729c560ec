"""While an agent works: nothing covers the field, nothing is given away or sent by mistake, nobody "looks" unseen."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.console.console_page import ConsolePage
from tests.console.scripted_pages import ScriptedPages


def test_messages_leave_the_composer_free_and_are_one_at_a_time(console: ConsolePage) -> None:
    for number in range(3):
        agent = {"id": "aoife", "name": "Aoife Byrne"}
        console.server.add(f"n{number}", f"Customer {number}", state="agent", agent=agent)
    console.open("priya")
    expect(console.rows).to_have_count(12)
    for number in range(3):
        console.server.say(f"n{number}", f"Are you there, {number}?")

    messages = console.page.get_by_role("region", name="Messages")
    expect(messages).to_contain_text("Customer 2: Are you there, 2?")
    expect(messages.locator(".toast")).to_have_count(1)
    console.hears("Customer 2: Are you there, 2?")
    toast, composer = messages.bounding_box(), console.conversation.locator(".composer").bounding_box()
    head = console.conversation.locator(".conversation-head").bounding_box()
    assert toast is not None
    assert composer is not None
    assert head is not None
    assert toast["y"] + toast["height"] <= composer["y"]
    assert toast["y"] >= head["y"] + head["height"]
    console.button("2 more messages").click()
    expect(messages.locator(".toast")).to_have_count(3)


def test_going_away_asks_before_chats_are_given_up(console: ConsolePage) -> None:
    console.open("priya")
    console.page.get_by_role("switch", name="Here for customers").click()

    # The snoozed one stays.
    expect(console.dialog).to_contain_text("2 conversations go back to the queue, and their customers are told.")
    assert console.server.called("/me/away") == []
    console.dialog.get_by_role("button", name="Stay here").click()
    expect(console.dialog).to_have_count(0)
    console.page.get_by_role("switch", name="Here for customers").click()
    console.dialog.get_by_role("button", name="Go away").click()

    console.hears("You are away. 2 conversations went back to the queue.")
    assert console.server.called("/me/away") == [{"away": True}]


def test_going_away_without_chats_is_one_click(console: ConsolePage) -> None:
    for ident in ("priya", "tom", "snoozed1"):
        console.server.change(ident, push=False, status="resolved", state="closed")
    console.visit("/inbox/mine")
    console.page.get_by_role("switch", name="Here for customers").click()

    expect(console.page.get_by_role("switch", name="Away")).to_be_visible()
    expect(console.dialog).to_have_count(0)
    assert console.server.called("/me/away") == [{"away": True}]


def test_a_reply_with_a_blank_is_stopped_and_the_blank_selected(console: ConsolePage) -> None:
    console.open("priya")
    console.field.fill("Hello [customer name?], about order [order number?]: yes.")
    console.press("Control+Enter")

    expect(console.conversation.get_by_role("alert")).to_have_text(
        "Not sent: “[customer name?]” is still to be filled in."
    )
    assert console.server.called("/priya/reply") == []
    console.page.keyboard.type("Priya")
    expect(console.field).to_have_value("Hello Priya, about order [order number?]: yes.")
    expect(console.conversation.get_by_role("alert")).to_have_count(0)
    console.press("Control+Enter")
    expect(console.conversation.get_by_role("alert")).to_contain_text("[order number?]")
    console.page.keyboard.type("A-1 [or so?]")
    console.press("Control+Enter")

    expect(console.timeline.locator(".message.agent").last).to_contain_text("about order A-1 [or so?]: yes.")


def test_tabs_in_the_background_are_not_opened(console: ConsolePage) -> None:
    console.open("priya")
    console.row("tom").click()
    expect(console.conversation).to_have_accessible_name("Conversation with Tom Keane")
    console.server.calls.clear()
    console.page.reload()
    expect(console.tabs.filter(has_text="Priya")).to_be_visible()
    expect(console.conversation).to_have_accessible_name("Conversation with Tom Keane")
    expect(console.timeline).to_contain_text("Is Saturday possible?")
    console.server.drop_streams()
    assert len(console.server.called_soon("/conversations/tom", 2)) >= 2
    assert console.server.called("/conversations/priya") == []
    console.tabs.filter(has_text="Priya").get_by_role("link").click()

    expect(console.timeline).to_contain_text("The jacket is too large.")
    assert len(console.server.called("/conversations/priya")) == 1


def test_a_conversation_that_its_customer_deleted_says_so_and_can_be_closed(console: ConsolePage) -> None:
    console.open("priya")
    del console.server.rooms["priya"]
    console.field.fill("Hello")
    console.press("Control+Enter")

    expect(console.conversation).to_contain_text("The customer deleted this conversation.")
    expect(console.conversation.get_by_role("button", name="Try again")).to_have_count(0)
    console.button("Close this tab").click()
    expect(console.tabs).to_have_count(0)
    expect(console.row("priya")).to_have_count(0)


def test_a_slash_without_canned_replies_says_where_they_are_written(
    console: ConsolePage, server: ScriptedPages
) -> None:
    server.words.canned.clear()
    server.words.macros.clear()
    console.open("priya")
    console.field.type("/")

    expect(console.conversation).to_contain_text("There are no canned replies yet.")
    console.conversation.get_by_role("link", name="Replies").click()
    expect(console.page).to_have_url(f"{server.url}/console/phrases")


@pytest.mark.parametrize("handoff", ["priya", "mary"])
def test_the_field_is_in_sight_at_double_zoom(
    server: ScriptedPages, new_context: Callable[..., BrowserContext], handoff: str
) -> None:
    console = ConsolePage(new_context(viewport={"width": 720, "height": 450}).new_page(), server)
    console.open(handoff)

    expect(console.field).to_be_in_viewport(ratio=1)
    expect(console.button("Send")).to_be_in_viewport(ratio=1)
