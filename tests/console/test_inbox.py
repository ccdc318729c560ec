"""The list: queues, order, search, live changes, and the way through it by keyboard."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.console.console_page import ConsolePage


def test_queues_show_how_many_wait_in_each(console: ConsolePage) -> None:
    console.visit("/inbox/unassigned")

    queues = console.page.get_by_role("navigation", name="Queues")
    expect(queues.get_by_role("link", name="Mine 2")).to_be_visible()
    expect(queues.get_by_role("link", name="Unassigned 3")).to_have_attribute("aria-current", "page")
    expect(console.rows).to_have_count(3)


def test_whom_nobody_came_for_stands_in_a_queue_until_somebody_takes_them(console: ConsolePage) -> None:
    console.server.rooms["bot1"]["c"]["missed"] = True
    console.visit("/inbox/missed")

    queues = console.page.get_by_role("navigation", name="Queues")
    expect(queues.get_by_role("link", name="Missed 1")).to_have_attribute("aria-current", "page")
    expect(console.rows).to_have_count(1)
    expect(console.rows).to_contain_text("Chidi Okafor")


def test_urgent_comes_first_then_who_waits_longest(console: ConsolePage) -> None:
    console.visit("/inbox/unassigned")

    expect(console.rows.locator(".inbox-row-name")).to_have_text(["Visitor OR1", "Mary O’Sullivan", "Jonas Weber"])


def test_mood_and_waiting_are_told_in_words(console: ConsolePage) -> None:
    console.visit("/inbox/unassigned")

    expect(console.row("mary")).to_contain_text("Angry")
    expect(console.row("mary")).to_contain_text("High")
    expect(console.row("mary").locator(".inbox-wait")).to_have_text("Waits 6 min")
    expect(console.row("mary").locator(".count")).to_have_text("2 unread")


def test_the_waiting_time_ticks(console: ConsolePage) -> None:
    console.page.clock.install()
    console.visit("/inbox/unassigned")
    expect(console.row("visitor1").locator(".inbox-wait")).to_contain_text(re.compile(r"1[89] s"))
    console.page.clock.run_for(10_000)

    expect(console.row("visitor1").locator(".inbox-wait")).to_contain_text(re.compile(r"(28|29|30) s"))


def test_search_asks_the_server_and_stays_in_the_address(console: ConsolePage) -> None:
    console.visit("/inbox/all")
    console.press("/")
    console.page.keyboard.type("jacket")

    expect(console.rows).to_have_count(1)
    expect(console.row("priya")).to_be_visible()
    assert console.page.url.endswith("/console/inbox/all?q=jacket")
    console.page.reload()
    expect(console.rows).to_have_count(1)
    expect(console.page.get_by_role("searchbox")).to_have_value("jacket")


def test_filters_narrow_the_list_and_are_counted(console: ConsolePage) -> None:
    console.visit("/inbox/all")
    console.button("Filter").click()
    console.page.get_by_label("Priority").select_option("high")

    expect(console.rows).to_have_count(1)
    expect(console.page.get_by_role("button", name="Filter 1")).to_be_visible()
    console.button("Clear").click()
    expect(console.rows).to_have_count(9)


def test_nothing_found_is_said_in_words(console: ConsolePage) -> None:
    console.visit("/inbox/all?q=zebra")

    expect(console.list).to_contain_text("No conversation fits")


def test_a_new_conversation_appears_by_itself_in_its_place(console: ConsolePage) -> None:
    console.visit("/inbox/unassigned")
    expect(console.rows).to_have_count(3)
    console.server.add("new", "Nora Lind", priority="urgent", waiting_seconds=40)
    console.server.tell("conversation", console.server.rooms["new"]["c"])

    expect(console.rows.locator(".inbox-row-name")).to_have_text(
        ["Nora Lind", "Visitor OR1", "Mary O’Sullivan", "Jonas Weber"]
    )


def test_what_a_colleague_takes_leaves_the_queue(console: ConsolePage) -> None:
    console.visit("/inbox/unassigned")
    expect(console.row("jonas")).to_be_visible()
    console.server.change("jonas", state="agent", agent={"id": "brian", "name": "Brian Walsh"})

    expect(console.row("jonas")).to_have_count(0)


def test_an_older_word_about_a_conversation_is_not_believed(console: ConsolePage) -> None:
    console.visit("/inbox/unassigned")
    expect(console.row("jonas")).to_be_visible()
    old = dict(console.server.rooms["jonas"]["c"])
    console.server.change("jonas", priority="high")
    expect(console.row("jonas")).to_contain_text("High")
    console.server.tell("conversation", old)
    console.server.change("mary", priority="urgent")
    expect(console.row("mary")).to_contain_text("Urgent")

    expect(console.row("jonas")).to_contain_text("High")


def test_more_are_loaded_on_demand(console: ConsolePage) -> None:
    for number in range(60):
        console.server.add(f"n{number}", f"Customer {number}", waiting_seconds=number)
    console.visit("/inbox/unassigned")
    expect(console.rows).to_have_count(50)
    console.button("Show more").click()

    expect(console.rows).to_have_count(63)
    expect(console.button("Show more")).to_have_count(0)


def test_a_list_that_fails_says_so_and_can_be_tried_again(console: ConsolePage) -> None:
    console.server.failures.append(("/inbox", 500, {"type": "internal", "message": "The data base is being repaired."}))
    console.visit("/inbox/unassigned")
    expect(console.list).to_contain_text("The data base is being repaired.")
    console.button("Try again").click()

    expect(console.rows).to_have_count(3)


def test_take_next_opens_the_most_urgent_as_mine(console: ConsolePage) -> None:
    console.visit("/inbox/unassigned")
    console.button("Take next").click()

    expect(console.conversation).to_have_accessible_name("Conversation with Visitor OR1")
    expect(console.conversation).to_contain_text("Yours")


def test_nobody_waiting_is_said_when_the_next_is_taken(console: ConsolePage) -> None:
    for ident in ("mary", "jonas", "visitor1"):
        console.server.change(ident, push=False, status="resolved")
    console.visit("/inbox/unassigned")
    console.press("x")

    expect(console.page.get_by_text("Nobody waits for you at the moment.").first).to_be_visible()


def test_the_list_by_keyboard_has_one_stop_for_tab_and_moves_by_j_and_k(console: ConsolePage) -> None:
    console.visit("/inbox/unassigned")
    expect(console.rows).to_have_count(3)
    assert console.rows.evaluate_all("rows => rows.map(row => row.tabIndex)") == [0, -1, -1]
    console.press("j")
    expect(console.row("visitor1")).to_be_focused()
    console.press("j")
    expect(console.row("mary")).to_be_focused()
    console.press("ArrowDown")
    expect(console.row("jonas")).to_be_focused()
    console.press("k", "Enter")

    expect(console.conversation).to_have_accessible_name("Conversation with Mary O’Sullivan")
    expect(console.conversation).to_be_focused()
    console.press("Escape")
    expect(console.row("mary")).to_be_focused()


def test_a_conversation_given_to_me_is_told_and_opened_from_there(console: ConsolePage) -> None:
    console.visit("/account")
    expect(console.page.get_by_role("navigation", name="Queues")).to_contain_text("Unassigned3")
    console.server.change("jonas", state="agent", agent={"id": "aoife", "name": "Aoife Byrne"})
    console.page.get_by_role("region", name="Messages").get_by_role("button", name="Open").click()

    expect(console.conversation).to_have_accessible_name("Conversation with Jonas Weber")


def test_unread_conversations_of_mine_stand_in_the_title(console: ConsolePage) -> None:
    console.visit("/inbox/mine")

    expect(console.page).to_have_title("(1) Mine · Frontdesk")


def test_the_bot_s_question_is_answered_through_the_bot(console: ConsolePage) -> None:
    console.visit("/inbox/questions")
    card = console.page.get_by_role("form", name="Can the oak tray go into the dishwasher?")
    card.get_by_label("Answer").fill("No, wipe it with a damp cloth.")
    card.get_by_role("button", name="Send").click()

    expect(console.page.get_by_text("Sent to the customer.").first).to_be_visible()
    expect(console.page.get_by_role("region", name="Answered")).to_contain_text("No, wipe it with a damp cloth.")
    assert console.server.called("/questions/q1/answer") == [
        {"text": "No, wipe it with a damp cloth.", "approve": False}
    ]
