"""One conversation: taking it, writing, what the bot knew, and everything an agent does with it."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.console import sample
from tests.console.console_page import ConsolePage


def test_taking_over_is_one_key_and_the_composer_is_ready(console: ConsolePage) -> None:
    console.open("mary")
    console.press("t")

    expect(console.conversation).to_contain_text("Yours")
    expect(console.field).to_be_focused()
    console.hears("Mary O’Sullivan is yours. The bot is silent.")
    assert console.server.called("/mary/take") == [{"version": 3}]


def test_what_the_bot_knew_is_one_line_and_unfolds(console: ConsolePage) -> None:
    console.open("mary")
    first = console.timeline.locator(".knew").first
    line = first.locator(":scope > summary")
    expect(line).to_contain_text("Order status 94 %")
    expect(line).to_contain_text("a knowledge entry, word for word")
    line.click()

    expect(first).to_contain_text("How long does delivery take?")
    expect(first).to_contain_text("88 %")
    expect(first).to_contain_text("Order number: A-1042")
    expect(first.locator(".ranking").first.get_by_role("row")).to_have_count(5)


def test_speakers_and_notes_are_told_apart_by_words(console: ConsolePage) -> None:
    console.open("mary")

    named = console.timeline.get_by_role("article").evaluate_all(
        "all => all.map(one => one.getAttribute('aria-label').split(',')[0])"
    )
    assert named[:2] == ["Mary O’Sullivan", "Bot"]
    assert "Private note · Brian Walsh" in named
    expect(console.timeline).to_contain_text("The customer waits for a person")


def test_the_customer_and_orders_stand_beside_it(console: ConsolePage) -> None:
    console.open("mary")
    panel = console.page.get_by_role("complementary", name="Customer and conversation")
    expect(panel).to_contain_text("Verified")
    panel.get_by_text("A-1042").click()

    expect(panel).to_contain_text("AN 4471 2086 IE")
    console.press("i")
    expect(panel).to_have_count(0)


def test_a_reply_is_sent_by_ctrl_enter_and_shown_as_mine(console: ConsolePage) -> None:
    console.open("priya")
    console.press("r")
    console.page.keyboard.type("Yes, **of course**.")
    console.press("Control+Enter")

    expect(console.timeline.locator(".message.agent").last).to_contain_text("Yes, of course.")
    expect(console.timeline.locator(".message.agent strong").last).to_have_text("of course")
    expect(console.timeline.locator(".pending")).to_have_count(0)
    expect(console.field).to_have_value("")
    assert console.server.called("/priya/reply")[0]["text"] == "Yes, **of course**."


def test_a_note_is_private_and_never_a_reply(console: ConsolePage) -> None:
    console.open("priya")
    console.press("n")
    expect(console.field).to_have_accessible_name("Private note")
    console.page.keyboard.type("Customer since 2019")
    console.press("Control+Enter")

    expect(console.timeline.locator(".message.note")).to_contain_text("Customer since 2019")
    expect(console.field).to_have_accessible_name("Reply")
    assert console.server.called("/priya/reply") == []


def test_reply_and_note_keep_a_text_each(console: ConsolePage) -> None:
    console.open("priya")
    console.field.fill("for Priya")
    console.button("Private note").click()
    expect(console.field).to_have_value("")
    console.field.fill("for us")
    console.button("Reply").click()

    expect(console.field).to_have_value("for Priya")


def test_drafts_outlive_switching_and_reloading(console: ConsolePage) -> None:
    console.open("priya")
    console.field.fill("half a sentence")
    console.row("tom").click()
    expect(console.conversation).to_have_accessible_name("Conversation with Tom Keane")
    expect(console.field).to_have_value("")
    console.field.fill("for Tom")
    expect(console.tabs.filter(has_text="Priya").get_by_role("img", name="Draft:")).to_be_visible()
    console.page.reload()
    expect(console.field).to_have_value("for Tom")
    console.tabs.filter(has_text="Priya").get_by_role("link").click()

    expect(console.field).to_have_value("half a sentence")


def test_a_lost_answer_sends_the_same_message_again_not_a_second_one(console: ConsolePage) -> None:
    console.open("priya")
    console.server.lose_answers = 1
    console.field.fill("Only once")
    console.press("Control+Enter")
    expect(console.timeline.locator(".message.agent:not(.pending)").last).to_contain_text("Only once")
    expect(console.timeline.locator(".pending")).to_have_count(0)

    said = [item["text"] for item in console.server.rooms["priya"]["items"]]
    assert said.count("Only once") == 1
    ids = {body["client_id"] for body in console.server.called("/priya/reply")}
    assert len(ids) == 1


def test_until_when_it_is_snoozed_is_not_under_the_buttons(console: ConsolePage) -> None:
    console.page.set_viewport_size({"width": 1280, "height": 834})
    console.server.change("priya", push=False, status="snoozed", snoozed_until=sample.ago(-60 * 24))
    console.open("priya")
    until = console.conversation.locator(".conversation-facts .badge").first.bounding_box()
    acts = console.conversation.locator(".conversation-acts").bounding_box()

    assert until is not None
    assert acts is not None
    assert until["x"] + until["width"] <= acts["x"]


def test_how_it_went_stands_in_the_panel(console: ConsolePage) -> None:
    outcome = {"reason": "solved", "comment": "A new lid is on its way."}
    console.server.change("done1", push=False, outcome=outcome)
    console.open("done1")

    panel = console.page.get_by_role("complementary", name="Customer and conversation")
    expect(panel).to_contain_text("Solved")
    expect(panel).to_contain_text("A new lid is on its way.")


def test_what_the_customer_has_seen_says_so_until_they_answer(console: ConsolePage) -> None:
    console.open("priya")
    console.field.fill("It left the warehouse today.")
    console.press("Control+Enter")
    expect(console.timeline.locator(".message.agent:not(.pending)").last).to_contain_text("It left")
    seen = console.timeline.get_by_text("Seen", exact=True)
    expect(seen).to_have_count(0)
    position = console.server.rooms["priya"]["items"][-1]["position"]
    console.server.tell("read", {"conversation_id": "priya", "speaker": "customer", "position": position})
    expect(seen).to_have_count(1)
    console.server.say("priya", "Thank you")
    expect(console.timeline.get_by_text("Thank you")).to_be_visible()

    expect(seen).to_have_count(0)


def test_what_could_not_be_sent_says_so_and_is_sent_again_or_edited(console: ConsolePage) -> None:
    console.open("priya")
    refusal = {"type": "too_many", "message": "That was too fast. Wait a moment."}
    console.server.failures += [("/reply", 429, refusal), ("/reply", 429, refusal)]
    console.field.fill("Hello")
    console.press("Control+Enter")
    expect(console.timeline).to_contain_text("Not sent. That was too fast. Wait a moment.")
    console.button("Try again").click()
    expect(console.timeline).to_contain_text("Not sent.")
    console.button("Edit").click()
    expect(console.field).to_have_value("Hello")
    console.press("r", "Control+Enter")

    expect(console.timeline.locator(".message.agent").last).to_contain_text("Hello")


def test_resolving_is_e_and_enter(console: ConsolePage) -> None:
    console.open("priya")
    console.press("e")
    expect(console.dialog.get_by_role("radio", name="Solved")).to_be_focused()
    console.press("Enter")

    expect(console.dialog).to_have_count(0)
    expect(console.conversation).to_contain_text("Resolved")
    expect(console.conversation).to_be_focused()
    assert console.server.called("/priya/resolve") == [{"reason": "solved"}]


def test_handing_back_carries_a_note_for_the_bot(console: ConsolePage) -> None:
    console.open("priya", "mine")
    console.press("b")
    console.page.keyboard.type("The exchange is agreed.")
    console.press("Control+Enter")

    expect(console.conversation).to_contain_text("With the bot")
    expect(console.timeline).to_contain_text("The bot has the conversation again")
    assert console.server.called("/priya/return")[0]["note"] == "The exchange is agreed."
    expect(console.row("priya")).to_have_count(0)


def test_snoozing_has_its_moments_ready(console: ConsolePage) -> None:
    console.open("priya")
    console.press("s", "Enter")

    expect(console.conversation).to_contain_text("Snoozed")
    assert "until" in console.server.called("/priya/snooze")[0]
    console.button("Wake").click()
    expect(console.conversation).to_contain_text("Yours")


def test_giving_to_a_team(console: ConsolePage) -> None:
    console.open("priya")
    console.press("a")
    console.dialog.get_by_label("Team or colleague").select_option(label="Finance (1 person here)")
    console.dialog.get_by_label("Note for them").fill("Please check the payment.")
    console.dialog.get_by_role("button", name="Give").click()

    expect(console.conversation).to_contain_text("Waiting for a person")
    assert console.server.called("/priya/transfer") == [{"team": "finance", "note": "Please check the payment."}]


def test_giving_to_a_colleague(console: ConsolePage) -> None:
    console.open("priya")
    console.press("a")
    console.dialog.get_by_label("Team or colleague").select_option(label="Ciara Doyle (away)")
    console.dialog.get_by_role("button", name="Give").click()

    expect(console.conversation).to_contain_text("With Ciara Doyle")


def test_tags_are_added_and_removed(console: ConsolePage) -> None:
    console.open("mary")
    console.press("l")
    console.page.keyboard.type("VIP, Lost Parcel")
    console.dialog.get_by_role("button", name="Remove late").click()
    console.dialog.get_by_role("button", name="Save").click()

    expect(console.dialog).to_have_count(0)
    assert console.server.called("/mary/tags") == [{"add": ["vip", "lost-parcel"], "remove": ["late"]}]
    expect(console.page.get_by_role("complementary", name="Customer and conversation")).to_contain_text("lost-parcel")


def test_priority_ticket_and_merge_are_in_the_menu(console: ConsolePage) -> None:
    console.open("priya")
    console.button("More for this conversation").click()
    console.page.get_by_role("menuitemradio", name="Priority: urgent").click()
    expect(console.conversation.locator(".conversation-head")).to_contain_text("Urgent")
    console.button("More for this conversation").click()
    console.page.get_by_role("menuitem", name="Make a ticket…").click()
    console.dialog.get_by_role("button", name="Make the ticket").click()
    expect(console.page.get_by_role("complementary", name="Customer and conversation")).to_contain_text("T-3001")
    console.button("More for this conversation").click()
    console.page.get_by_role("menuitem", name="Merge into another…").click()
    console.dialog.get_by_role("searchbox").fill("Tom")
    console.dialog.get_by_role("radio", name="Tom Keane").check()
    console.dialog.get_by_role("button", name="Merge").click()

    expect(console.dialog).to_have_count(0)
    assert console.server.called("/priya/merge") == [{"into": "tom"}]
    expect(console.conversation).to_have_accessible_name("Conversation with Tom Keane")


def test_the_menu_works_by_keyboard(console: ConsolePage) -> None:
    console.open("priya")
    console.button("More for this conversation").focus()
    console.press("Enter", "ArrowDown", "End")
    expect(console.page.get_by_role("menuitemradio", name="Priority: low")).to_be_focused()
    console.press("Escape")

    expect(console.page.get_by_role("menu")).to_have_count(0)
    expect(console.button("More for this conversation")).to_be_focused()


def test_what_the_customer_writes_comes_in_and_is_read_aloud(console: ConsolePage) -> None:
    console.open("priya")
    console.server.tell("typing", {"conversation_id": "priya", "speaker": "customer", "name": None, "on": True})
    expect(console.timeline).to_contain_text("Priya Nair is typing…")
    console.server.say("priya", "Are you there?")

    expect(console.timeline.locator(".message.customer").last).to_contain_text("Are you there?")
    expect(console.timeline).not_to_contain_text("is typing…")
    console.hears("Priya Nair: Are you there?")


def test_my_typing_is_told_and_taken_back(console: ConsolePage) -> None:
    console.open("priya")
    console.field.type("Hel")
    console.page.wait_for_function("document.querySelector('.composer textarea').value === 'Hel'")
    console.press("Control+Enter")
    expect(console.timeline.locator(".message.agent").last).to_contain_text("Hel")

    assert console.server.called_soon("/priya/typing", 2) == [{"on": True}, {"on": False}]


def test_reading_follows_the_end_but_never_jumps_away(console: ConsolePage) -> None:
    for number in range(30):
        console.server.say("priya", f"Line {number}", push=False)
    console.open("priya")
    expect(console.timeline.get_by_text("Line 29")).to_be_in_viewport()
    console.timeline.evaluate("place => { place.scrollTop = 0; }")
    expect(console.timeline.get_by_text("Line 29")).not_to_be_in_viewport()
    console.server.say("priya", "The newest")
    console.button("1 new message").click()

    expect(console.timeline.get_by_text("The newest")).to_be_in_viewport()


def test_earlier_messages_come_on_demand(console: ConsolePage) -> None:
    for number in range(70):
        console.server.say("priya", f"Line {number}", push=False)
    console.open("priya")
    expect(console.timeline.get_by_text("The jacket is too large.")).to_have_count(0)
    console.button("Show earlier messages").click()

    expect(console.timeline.get_by_text("The jacket is too large.")).to_have_count(1)
    expect(console.button("Show earlier messages")).to_have_count(0)


def test_tabs_close_and_the_next_one_is_shown(console: ConsolePage) -> None:
    console.open("priya")
    console.row("tom").click()
    console.row("lena").click()
    expect(console.tabs).to_have_count(3)
    console.button("Close Lena Fischer").click()

    expect(console.conversation).to_have_accessible_name("Conversation with Tom Keane")
    expect(console.tabs).to_have_count(2)


def test_unread_messages_are_marked_on_other_tabs(console: ConsolePage) -> None:
    console.open("tom")
    console.row("priya").click()
    expect(console.conversation).to_have_accessible_name("Conversation with Priya Nair")
    console.server.say("tom", "One more thing")

    expect(console.tabs.filter(has_text="Tom")).to_contain_text("1 unread")
    console.tabs.filter(has_text="Tom").get_by_role("link").click()
    expect(console.timeline.get_by_text("One more thing")).to_be_visible()
    expect(console.tabs.filter(has_text="Tom").locator(".count")).to_have_count(0)
    assert console.server.called_soon("/tom/read", 1)[-1]["position"] == 5


def test_a_conversation_that_is_gone_says_so(console: ConsolePage) -> None:
    console.visit("/inbox/all/nobody")

    expect(console.conversation).to_contain_text("This conversation is not here any more.")


def test_what_comes_in_while_somebody_looks_is_read_at_once(console: ConsolePage) -> None:
    console.open("tom")
    console.server.say("tom", "One more thing")
    expect(console.timeline.get_by_text("One more thing")).to_be_visible()

    expect(console.row("tom").locator(".count")).to_have_count(0)
    assert [body["position"] for body in console.server.called_soon("/tom/read", 1)] == [5]
    console.page.wait_for_timeout(100)  # for a second one
    assert len(console.server.called("/tom/read")) == 1


def test_open_conversations_are_walked_through_by_brackets(console: ConsolePage) -> None:
    console.open("priya")
    console.row("tom").click()
    console.row("lena").click()
    expect(console.conversation).to_have_accessible_name("Conversation with Lena Fischer")
    console.press("]")
    expect(console.conversation).to_have_accessible_name("Conversation with Priya Nair")
    console.press("[", "[")
    expect(console.conversation).to_have_accessible_name("Conversation with Tom Keane")
    console.press("w")

    expect(console.conversation).to_have_accessible_name("Conversation with Lena Fischer")
    expect(console.tabs).to_have_count(2)


def test_escape_in_the_search_leaves_the_search_only(console: ConsolePage) -> None:
    console.open("priya")
    console.press("/", "Escape")

    expect(console.page.get_by_role("searchbox")).not_to_be_focused()
    expect(console.conversation).to_be_visible()


def test_two_quick_replies_and_a_hand_back_arrive_in_that_order(console: ConsolePage) -> None:
    console.open("mary")
    console.server.slow = 0.3
    console.press("r")
    console.page.keyboard.type("One")
    console.press("Control+Enter")
    console.page.keyboard.type("Two")
    console.press("Control+Enter", "Escape", "b")
    console.dialog.get_by_role("button", name="Hand back").click()
    expect(console.conversation).to_contain_text("With the bot")

    acts = [(path, body.get("text")) for path, body in console.server.calls if path.endswith(("/reply", "/return"))]
    assert acts == [
        ("/conversations/mary/reply", "One"),
        ("/conversations/mary/reply", "Two"),
        ("/conversations/mary/return", None),
    ]
    expect(console.timeline.locator(".not-sent")).to_have_count(0)


def test_on_a_small_laptop_nothing_is_cut_and_the_foot_is_one_line(console: ConsolePage) -> None:
    console.page.set_viewport_size({"width": 1280, "height": 800})
    console.server.rooms["mary"]["customer"]["orders"][0]["state"] = "In transit, late"
    console.open("priya")
    name = console.conversation.locator("h1")
    assert name.evaluate("one => one.scrollWidth <= one.clientWidth")
    send, bold = console.button("Send").bounding_box(), console.button("Bold").bounding_box()
    assert send
    assert bold
    assert abs(send["y"] - bold["y"]) < send["height"] / 2
    console.open("mary")
    panel = console.page.locator(".side-panel")
    expect(panel).to_contain_text("In transit, late")
    assert panel.evaluate("one => one.scrollWidth <= one.clientWidth")


def test_what_the_bot_knew_stays_in_its_column(console: ConsolePage) -> None:
    console.page.set_viewport_size({"width": 1280, "height": 800})
    console.open("mary")
    console.timeline.locator("details.knew > summary").first.click()
    body, column = console.timeline.locator(".knew-body").first.bounding_box(), console.timeline.bounding_box()
    assert body
    assert column
    assert body["x"] + body["width"] <= column["x"] + column["width"]
