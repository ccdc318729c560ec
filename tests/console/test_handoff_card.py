"""The card above a conversation: why a person is needed, said once and in words."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.console.console_page import ConsolePage


def test_why_it_is_here_stands_on_top(console: ConsolePage) -> None:
    console.open("mary")

    card = console.conversation.locator(".handoff")
    expect(card).to_contain_text("The customer is very unhappy")
    expect(card).to_contain_text("nine days late")
    expect(card).to_contain_text("Order number")
    expect(card).to_contain_text("“This is ridiculous. I want my money back now!”")


def test_the_record_is_not_read_twice(console: ConsolePage) -> None:
    mary = console.server.rooms["mary"]
    mary["handoff"] = mary["handoff"] | {
        "summary": "The customer is very upset.\nWas in the middle of: cancel order.\nAbout: order status.\n"
        'Mood: getting worse (-0.80 at the end).\nCustomer messages so far: 4.\nLast words: "This is ridiculous."',
        "intents": ["nlu_fallback", "order_status", "inform", "request_human"],
    }
    console.open("mary")

    card = console.conversation.locator(".handoff")
    expect(card.locator(".handoff-brief")).to_have_text(
        "The customer is very upset.\nWas in the middle of: cancel order."
    )
    expect(card.get_by_text("Wanted").locator("..")).to_have_text("WantedOrder status")


def test_what_stands_in_the_fields_of_a_handoff_is_not_told_twice(console: ConsolePage) -> None:
    """Without a language model the summary is the rules' own, a fact a line."""
    lines = [
        "Reason: angry. The customer is upset.",
        "Was in the middle of: return item.",
        "Tried: told the order's status.",
    ]
    mary = console.server.rooms["mary"]
    summary = "\n".join([*lines, "Mood: falling (-0.80 at the end).", 'Last words: "I want my money back"'])
    mary["handoff"] = mary["handoff"] | {"summary": summary}
    console.open("mary")

    card = console.conversation.locator(".handoff-body")
    expect(card).to_contain_text("Was in the middle of: return item.")
    expect(card).to_contain_text("Bot tried")
    for told in ("Reason:", "Tried:", "Mood:", "Last words:"):
        expect(card).not_to_contain_text(told)


def test_what_only_the_machine_calls_so_is_told_in_words(console: ConsolePage) -> None:
    mary = console.server.rooms["mary"]
    mary["handoff"] = mary["handoff"] | {"collected": {"last_journey": "missing_parcel", "email": "a_b@example.org"}}
    console.open("mary")

    card = console.conversation.locator(".handoff-body")
    expect(card).to_contain_text("Missing parcel")
    expect(card).to_contain_text("a_b@example.org")
