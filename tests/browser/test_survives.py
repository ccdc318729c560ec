"""Nothing is lost and nothing is said twice: reloads, several tabs, broken networks, restarts, expired tokens."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

from playwright.sync_api import BrowserContext, expect

from tests.browser.chat_page import ChatPage
from tests.browser.scripted_desk import ScriptedDesk


def _eventually(what: Callable[[], bool], seconds: float = 15) -> None:
    """Wait for something that no page shows."""
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, "it did not come to pass"
        time.sleep(0.05)


def test_a_reload_brings_everything_back_the_draft_too(chat: ChatPage) -> None:
    chat.open()
    chat.say("first")
    chat.sees("Noted.")
    chat.field.fill("half a sen")
    chat.page.reload()

    expect(chat.panel).to_be_visible()
    chat.sees("first")
    expect(chat.field).to_have_value("half a sen")
    assert chat.bot_texts() == ["Noted."]


def test_what_came_while_the_page_was_closed_is_counted_on_the_launcher(chat: ChatPage) -> None:
    chat.open()
    chat.say("first")
    chat.sees("Noted.")
    chat.button("Close the chat").click()
    chat.page.goto("about:blank")
    chat.desk.say(chat.desk.only, text="One more thing.")
    chat.desk.say(chat.desk.only, text="And another.")
    chat.visit()

    expect(chat.launcher).to_have_accessible_name("Open the chat. Unread messages: 2")
    chat.open()
    chat.sees("And another.")
    chat.button("Close the chat").click()
    expect(chat.launcher).to_have_accessible_name("Open the chat")


def test_messages_written_offline_wait_and_are_sent_once_in_order(chat: ChatPage) -> None:
    chat.open()
    chat.say("one")
    chat.sees("Noted.")
    chat.page.context.set_offline(True)
    chat.sees("You're offline. What you write is sent as soon as you're back.")
    for text in ("two", "three", "four"):
        chat.say(text)
    expect(chat.panel.get_by_text("Waits to be sent")).to_have_count(3)
    chat.page.context.set_offline(False)

    expect(chat.panel.locator(".waiting")).to_have_count(0)
    assert chat.desk.texts(chat.desk.only) == ["one", "two", "three", "four"]
    assert chat.customer_texts() == ["one", "two", "three", "four"]
    chat.sees_not("You're offline. What you write is sent as soon as you're back.")


def test_a_message_whose_answer_was_lost_is_one_message(chat: ChatPage) -> None:
    chat.open()
    chat.desk.lose_answers = 1
    chat.say("pay the bill")
    chat.sees("Noted.")
    chat.say("thanks")
    expect(chat.panel.locator(".message.customer:not(.waiting)")).to_have_count(2)

    assert chat.customer_texts() == ["pay the bill", "thanks"]
    assert chat.desk.texts(chat.desk.only) == ["pay the bill", "thanks"]


def test_a_server_that_restarts_loses_nothing(chat: ChatPage) -> None:
    chat.open()
    chat.say("before")
    chat.sees("Noted.")
    chat.desk.stop()
    chat.say("during")
    chat.sees("We can't reach the chat right now. We keep trying; what you write is kept.")
    chat.desk.start()

    expect(chat.panel.locator(".waiting")).to_have_count(0, timeout=20_000)
    chat.sees_not("We can't reach the chat right now. We keep trying; what you write is kept.")
    assert chat.desk.texts(chat.desk.only) == ["before", "during"]
    assert chat.bot_texts() == ["Noted.", "Noted."]


def test_who_answers_by_now_is_known_after_the_connection_was_lost(chat: ChatPage) -> None:
    chat.open()
    chat.button("Talk to a person").click()
    chat.sees("You're number 2 in line. About 4 minutes.")
    chat.desk.stop()
    conversation = chat.desk.only
    conversation.state, conversation.agent, conversation.queue = "agent", {"name": "Maeve"}, None
    chat.desk.say(conversation, speaker="agent", name="Maeve", text="Here I am.", push=False)
    chat.desk.start()

    chat.sees("Here I am.", timeout=20_000)
    expect(chat.panel.get_by_role("heading", name="Maeve")).to_be_visible()
    chat.sees_not("You're number 2 in line. About 4 minutes.")


def test_a_busy_server_is_asked_again_when_it_says_so(chat: ChatPage) -> None:
    chat.open()
    chat.desk.failures += [("/messages", 429, {"Retry-After": "1"}), ("/messages", 503, {"Retry-After": "1"})]
    chat.say("patience")
    chat.sees("Noted.")

    assert chat.desk.texts(chat.desk.only) == ["patience"]


def test_a_message_that_is_refused_can_be_sent_again_or_deleted(chat: ChatPage) -> None:
    chat.open()
    chat.desk.failures.append(("/messages", 422, {}))
    chat.say("odd")
    chat.sees("Not sent")
    chat.say("even")
    chat.sees("Noted.")
    chat.button("Try again").click()
    expect(chat.panel.locator(".waiting")).to_have_count(0)

    assert chat.desk.texts(chat.desk.only) == ["even", "odd"]


def test_an_expired_conversation_stays_to_be_read_and_the_next_message_begins_another(chat: ChatPage) -> None:
    chat.open()
    chat.say("long ago")
    chat.sees("Noted.")
    chat.desk.only.token = "another"
    chat.say("still there?")
    expect(chat.panel.locator(".message.bot .bubble", has_text="Noted.")).to_have_count(2)

    assert chat.desk.texts(chat.desk.newest) == ["still there?"]
    assert chat.customer_texts() == ["long ago", "still there?"]


def test_an_expired_conversation_is_told_when_it_is_noticed_before_anything_is_written(chat: ChatPage) -> None:
    chat.open()
    chat.say("long ago")
    chat.sees("Noted.")
    chat.desk.only.token = "another"
    chat.desk.drop_streams()

    chat.sees("The conversation above has expired. Write to begin a new one.")
    chat.sees("long ago")


def test_a_stream_that_makes_no_sense_costs_nothing(chat: ChatPage) -> None:
    chat.open()
    chat.say("hello")
    chat.sees("Noted.")
    conversation = chat.desk.only
    chat.desk.raw(conversation, 'event: item\ndata: {"position": \n\n')
    chat.desk.raw(conversation, "event: item\ndata: [1,2]\n\n")
    chat.desk.raw(conversation, "event: unknown\ndata: {}\n\n\x00\xff:\n\n")
    chat.desk.raw(conversation, 'event: conversation\ndata: {"state": {}}\n\n')
    chat.desk.say(conversation, text="missed", push=False)
    chat.desk.say(conversation, text="after the gap")
    chat.sees("after the gap")

    assert chat.bot_texts() == ["Noted.", "missed", "after the gap"]


def test_items_that_come_twice_and_out_of_order_are_shown_once_in_order(chat: ChatPage) -> None:
    chat.open()
    chat.say("hello")
    chat.sees("Noted.")
    desk, conversation = chat.desk, chat.desk.only
    items = [desk.say(conversation, text=text, push=False) for text in ("a", "b", "c")]
    for item in (items[2], items[0], items[1], items[0], items[2]):
        desk.tell(conversation, "item", item)
    chat.sees("c")

    assert chat.bot_texts() == ["Noted.", "a", "b", "c"]


def test_tabs_are_in_step_over_one_stream_and_another_takes_over(
    desk: ScriptedDesk, new_context: Callable[..., BrowserContext]
) -> None:
    context = new_context()
    first, second = ChatPage(context.new_page(), desk), ChatPage(context.new_page(), desk)
    first.visit()
    first.open()
    first.say("from the first")
    first.sees("Noted.")
    second.visit()
    second.open()
    second.sees("from the first")
    second.say("from the second")
    first.sees("from the second")
    assert desk.streams == 1

    first.page.close()
    _eventually(lambda: desk.streams == 1)
    desk.say(desk.only, text="to who is left")
    second.sees("to who is left")
    second.say("still here")
    expect(second.panel.locator(".waiting")).to_have_count(0)

    assert desk.texts(desk.only) == ["from the first", "from the second", "still here"]
    assert second.customer_texts() == ["from the first", "from the second", "still here"]


def test_a_conversation_begun_anew_in_one_tab_is_begun_anew_in_all(
    desk: ScriptedDesk, new_context: Callable[..., BrowserContext]
) -> None:
    context = new_context()
    first, second = ChatPage(context.new_page(), desk), ChatPage(context.new_page(), desk)
    for tab in (first, second):
        tab.visit()
        tab.open()
    first.say("old")
    second.sees("old")
    second.choose_in_menu("Start again")
    first.sees_not("old")
    first.say("new")
    second.sees("new")
    expect(second.panel.locator(".message.customer:not(.waiting)")).to_contain_text(["new"])

    assert desk.texts(desk.newest) == ["new"]


def test_a_page_from_the_back_forward_cache_is_brought_up_to_date(chat: ChatPage) -> None:
    chat.open()
    chat.say("hello")
    chat.sees("Noted.")
    chat.desk.pages["/elsewhere"] = "<!doctype html><title>Elsewhere</title>"
    chat.page.goto(chat.desk.url + "/elsewhere")
    chat.desk.say(chat.desk.only, text="meanwhile")
    chat.page.go_back()

    chat.sees("meanwhile")
    chat.say("back again")
    expect(chat.panel.locator(".waiting")).to_have_count(0)


def test_the_chat_says_so_when_it_cannot_be_loaded_and_opens_when_it_can(chat: ChatPage) -> None:
    chat.page.route("**/widget/panel.js*", lambda route: route.abort())
    chat.launcher.click()
    expect(chat.page.locator("frontdesk-chat .hint")).to_have_text("The chat can't be loaded right now.")
    expect(chat.launcher).to_have_attribute("aria-expanded", "false")


def test_without_the_server_the_open_chat_offers_to_try_again(chat: ChatPage) -> None:
    chat.desk.failures += [("/v1/config", 500, {})] * 20
    chat.launcher.click()
    chat.sees("The chat can't be loaded right now.")
    chat.desk.failures.clear()
    chat.button("Try again").click()

    chat.sees("Hello! I'm Alderwick's virtual assistant. What can I do for you?")


def test_one_refusal_at_the_start_is_asked_again_without_the_customer(chat: ChatPage) -> None:
    chat.desk.failures.append(("/v1/config", 429, {}))
    chat.launcher.click()

    chat.sees("Hello! I'm Alderwick's virtual assistant. What can I do for you?")
    expect(chat.panel.locator(".failure")).to_be_hidden()


def test_nothing_lies_over_a_conversation_whose_settings_could_not_be_fetched(chat: ChatPage) -> None:
    chat.open()
    chat.say("hello")
    chat.sees("Noted.")
    chat.desk.failures += [("/v1/config", 429, {})] * 50
    chat.page.reload()
    expect(chat.panel.or_(chat.launcher).first).to_be_visible()
    if not chat.panel.is_visible():
        chat.launcher.click()

    chat.sees("Noted.")
    expect(chat.panel.locator(".failure")).to_be_hidden()
    chat.say("still here?")
    expect(chat.panel.get_by_text("Noted.", exact=True)).to_have_count(2)
    chat.desk.failures.clear()


def test_a_shop_on_another_origin_without_https_is_served_too(
    desk: ScriptedDesk, new_context: Callable[..., BrowserContext]
) -> None:
    # `localhost` is another origin than 127.0.0.1, and the browser is made to lack what plain HTTP lacks.
    context = new_context()
    context.add_init_script(
        "Object.defineProperty(Navigator.prototype, 'locks', { get: () => undefined });"
        " delete Crypto.prototype.randomUUID"
    )
    desk.pages["/foreign"] = f'<!doctype html><title>Shop</title><script src="{desk.url}/widget.js" async></script>'
    chat = ChatPage(context.new_page(), desk)
    chat.page.goto(f"http://localhost:{desk.port}/foreign")
    chat.open()
    chat.say("hello")
    chat.sees("Noted.")
    chat.page.reload()
    chat.sees("hello")

    assert chat.errors == []
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", desk.only.items[0]["client_id"])
