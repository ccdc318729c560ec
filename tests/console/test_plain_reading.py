"""What agents read: customers' words as they were typed, names that tell chats apart, words for a machine's names."""

from __future__ import annotations

import re
import time

from playwright.sync_api import Locator, Route, expect

from tests.console import sample
from tests.console.console_page import ConsolePage

TYPED = "my file is a_b_c and 2*3*4 # heading\n# 1 order\n- dash\n**not bold** see https://alderwick.example/a_b_c now"


def test_a_customer_s_words_stand_as_they_were_typed_with_links_only(console: ConsolePage) -> None:
    console.server.say("priya", TYPED, push=False)
    console.open("priya")

    bubble = console.timeline.locator(".message.customer .bubble").last
    assert bubble.inner_text().strip() == TYPED
    expect(bubble.locator("strong, em, li, code")).to_have_count(0)
    expect(bubble.get_by_role("link")).to_have_attribute("href", "https://alderwick.example/a_b_c")


def test_the_list_keeps_the_customer_s_marks_too(console: ConsolePage) -> None:
    console.server.say("priya", "a_b_c and 2*3*4 and `x`", push=False)
    console.visit("/inbox/mine")

    expect(console.row("priya").locator(".inbox-row-words")).to_have_text("a_b_c and 2*3*4 and `x`")


def test_visitors_without_a_name_have_a_handle_each(console: ConsolePage) -> None:
    console.server.add("c_00aa4f2", None, waiting_seconds=20)
    console.server.add("c_00bb9e1", None, waiting_seconds=10)
    console.visit("/inbox/all")

    expect(console.row("c_00aa4f2").locator(".inbox-row-name")).to_have_text("Visitor 4F2")
    expect(console.row("c_00bb9e1").locator(".inbox-row-name")).to_have_text("Visitor 9E1")


def test_a_row_shows_what_the_customer_said_last_not_the_bot(console: ConsolePage) -> None:
    console.visit("/inbox/bot")

    expect(console.row("bot1").locator(".inbox-row-words")).to_have_text("Do you ship to Norway?")


def test_what_to_merge_into_is_told_by_time_and_last_words(console: ConsolePage) -> None:
    console.open("priya")
    console.button("More for this conversation").click()
    console.page.get_by_role("menuitem", name="Merge into another…").click()
    console.dialog.get_by_role("searchbox").fill("Tom")

    choice = console.dialog.locator(".choice").first
    expect(choice).to_contain_text("Great, thank you!")
    expect(choice.locator("time")).to_have_text(re.compile(r"\d:\d\d"))


def test_a_file_without_words_is_named_in_the_list(console: ConsolePage) -> None:
    last = {"speaker": "customer", "text": "", "at": sample.ago(1)}
    picture = last | {"file": {"name": "IMG_1.png", "type": "image/png"}}
    paper = last | {"file": {"name": "invoice.pdf", "type": "application/pdf"}}
    console.server.change("priya", push=False, last=picture)
    console.server.change("tom", push=False, last=paper)
    console.visit("/inbox/mine")

    expect(console.row("priya").locator(".inbox-row-words")).to_have_text("Picture: IMG_1.png")
    expect(console.row("tom").locator(".inbox-row-words")).to_have_text("File: invoice.pdf")


def test_a_picture_that_comes_late_is_scrolled_to(console: ConsolePage) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    console.page.route("**/attachments/p1", hold)
    file = {"id": "p1", "name": "broken.png", "type": "image/png", "size": 1200}
    for number in range(30):
        console.server.say("priya", f"Line {number}", push=False)
    console.open("priya")
    console.server.say("priya", "", attachments=[file])
    expect(console.timeline.locator(".file")).to_be_in_viewport()
    console.page.wait_for_function("document.querySelector('.file img') !== null")
    until = time.monotonic() + 10
    while not held and time.monotonic() < until:
        console.page.wait_for_timeout(50)
    picture = '<svg xmlns="http://www.w3.org/2000/svg" width="280" height="220"><rect width="280" height="220"/></svg>'
    held[0].fulfill(body=picture, content_type="image/svg+xml")
    console.page.wait_for_function("document.querySelector('.file img').naturalHeight > 0")

    expect(console.timeline.locator(".file img")).to_be_in_viewport(ratio=0.95)


def test_what_the_bot_knew_is_said_in_words_once_a_turn(console: ConsolePage) -> None:
    knew = sample.knew(
        "nlu_fallback",
        0.0,
        urgency="low",
        actions=["action_request_handoff", "contact_form"],
        slots_set={"requested_slot": "contact_email"},
        policy="EscalationPolicy",
    )
    console.server.say("priya", "asdf", push=False)
    for text in ("I am sorry.", "I pass this on.", "Which address may they write to?"):
        console.server.say("priya", text, push=False, speaker="bot", knew=knew)
    console.open("priya")

    lines = console.timeline.locator(".knew")
    expect(lines).to_have_count(1)
    expect(lines.locator(":scope > summary")).to_have_text("What the bot knew: Not understood")
    lines.locator(":scope > summary").click()
    expect(lines).to_contain_text("Asked for: contact e-mail")
    expect(lines.get_by_text("EscalationPolicy")).to_be_hidden()
    lines.get_by_text("Why", exact=True).click()
    expect(lines.get_by_text("EscalationPolicy")).to_be_visible()


def test_only_high_urgency_is_worth_a_word(console: ConsolePage) -> None:
    for urgency in ("medium", "high"):
        console.server.say("priya", "Hello", push=False)
        console.server.say("priya", "Yes?", push=False, speaker="bot", knew=sample.knew("greet", 0.9, urgency=urgency))
    console.open("priya")

    expect(console.timeline.locator(".knew > summary")).to_have_text(
        ["What the bot knew: Greet 90 %", "What the bot knew: Greet 90 % · urgent"]
    )


def test_events_are_told_from_the_agent_s_side(console: ConsolePage) -> None:
    words = "You're talking to the virtual assistant again."
    console.server.say("priya", words, push=False, speaker="system", event="back_to_bot")
    console.server.say("priya", "We go on elsewhere.", push=False, speaker="system")
    console.open("priya")

    lines = console.timeline.locator(".system-line")
    expect(lines.first).to_contain_text("The bot has the conversation again")
    expect(lines.first).not_to_contain_text("virtual assistant")
    expect(lines.last).to_contain_text("We go on elsewhere.")


def test_a_snoozed_row_says_until_when(console: ConsolePage) -> None:
    console.visit("/inbox/snoozed")

    expect(console.row("snoozed1")).to_contain_text(re.compile(r"Snoozed until (tomorrow, )?\d\d:\d\d"))


def test_a_snoozed_conversation_that_is_back_says_so(console: ConsolePage) -> None:
    console.visit("/inbox/snoozed")
    name = console.row("snoozed1").locator(".inbox-row-name").inner_text()
    console.server.change("snoozed1", status="open", snoozed_until=None)

    console.hears(f"{name} is back: it was snoozed until now")
    console.server.change("snoozed1", status="snoozed", snoozed_until=sample.ago(-600))
    console.server.say("snoozed1", "Any news?", push=False)
    console.server.change("snoozed1", status="open", snoozed_until=None)
    expect(console.page.locator(".toast").filter(has_text="is back")).to_have_count(1)


def test_a_tab_does_not_count_the_wait_of_a_chat_that_was_given_away(console: ConsolePage) -> None:
    console.open("priya")
    expect(console.tabs.locator(".inbox-tab-wait")).to_have_count(1)
    console.server.change("priya", agent={"id": "brian", "name": "Brian Walsh"})

    expect(console.conversation).to_contain_text("With Brian Walsh")
    expect(console.tabs.locator(".inbox-tab-wait")).to_have_count(0)


def test_an_unknown_language_is_left_out(console: ConsolePage) -> None:
    console.server.change("priya", push=False, locale=None)
    console.open("priya")

    panel = console.page.get_by_role("complementary", name="Customer and conversation")
    expect(panel).to_contain_text("Channel")
    expect(panel).not_to_contain_text("Language")


def test_long_words_stay_inside_their_place(console: ConsolePage) -> None:
    long = "x" * 180
    file = {"id": "f1", "name": f"{long}.pdf", "type": "application/pdf", "size": 1200}
    console.server.say("priya", "", push=False, attachments=[file])
    console.server.say("priya", "word " * 60, push=False, speaker="system")
    console.server.change("priya", push=False, tags=["y" * 60])
    console.open("priya")

    bubble = console.timeline.locator(".message.customer .bubble").last
    assert bubble.locator(".file").evaluate("file => file.getBoundingClientRect().right") <= _right(bubble)
    panel = console.page.get_by_role("complementary", name="Customer and conversation")
    assert _right(panel.locator(".tag-list .badge")) <= _right(panel)
    stamp = console.timeline.locator(".system-line time")
    assert stamp.evaluate("time => time.getClientRects().length") == 1
    assert stamp.evaluate("time => time.getBoundingClientRect().height") < 24


def _right(place: Locator) -> float:
    return float(place.evaluate("place => place.getBoundingClientRect().right"))
