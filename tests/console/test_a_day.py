"""An agent's morning: three chats at once by keyboard, one handed back, one resolved, nothing mixed up."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.console.console_page import ConsolePage


def test_three_chats_at_once(console: ConsolePage) -> None:
    console.visit("/inbox/unassigned")
    expect(console.rows).to_have_count(3)
    for name in ("Visitor OR1", "Mary O’Sullivan", "Jonas Weber"):
        console.press("x")
        expect(console.conversation).to_have_accessible_name(f"Conversation with {name}")
        expect(console.conversation).to_contain_text("Yours")
        expect(console.field).to_be_visible()
    expect(console.tabs).to_have_count(3)

    _write(console, "Ja, die Lampe ist wieder da.")
    console.server.say("mary", "Well?")
    console.server.say("visitor1", "Twice! I can see it in my bank's app.")
    expect(console.tabs.filter(has_text="Mary")).to_contain_text("unread")
    expect(console.tabs.filter(has_text="Visitor OR1")).to_contain_text("unread")
    expect(console.page).to_have_title("(3) Jonas Weber · Frontdesk")  # Priya waits as well

    console.press("Escape", "[")
    expect(console.conversation).to_have_accessible_name("Conversation with Mary O’Sullivan")
    console.press("r")
    console.page.keyboard.type("I refund it tod")
    console.press("Escape", "[")  # in the middle of a word
    expect(console.conversation).to_have_accessible_name("Conversation with Visitor OR1")
    _write(console, "I see it, one of the two is taken back now.")
    console.server.say("visitor1", "Thank you!")
    console.press("Escape", "e", "Enter")
    expect(console.dialog).to_have_count(0)
    expect(console.conversation).to_contain_text("Resolved")

    console.press("]")
    expect(console.conversation).to_have_accessible_name("Conversation with Mary O’Sullivan")
    expect(console.field).to_have_value("I refund it tod")
    console.press("r", "End")
    console.page.keyboard.type("ay, 149 euro.")
    console.press("Control+Enter")
    expect(console.timeline.locator(".message.agent").last).to_contain_text("I refund it today, 149 euro.")
    console.press("Escape", "b")
    console.page.keyboard.type("Refund of 149 EUR agreed.")
    console.press("Control+Enter")
    expect(console.conversation).to_contain_text("With the bot")

    said = {
        ident: [body["text"] for body in console.server.called(f"/{ident}/reply")] for ident in console.server.rooms
    }
    assert {ident: texts for ident, texts in said.items() if texts} == {
        "jonas": ["Ja, die Lampe ist wieder da."],
        "visitor1": ["I see it, one of the two is taken back now."],
        "mary": ["I refund it today, 149 euro."],
    }
    assert console.server.called("/mary/return")[0]["note"] == "Refund of 149 EUR agreed."
    assert console.server.called("/visitor1/resolve") == [{"reason": "solved"}]


def _write(console: ConsolePage, text: str) -> None:
    console.press("r")
    console.page.keyboard.type(text)
    console.press("Control+Enter")
    expect(console.timeline.locator(".message.agent:not(.pending)").last).to_contain_text(text)
