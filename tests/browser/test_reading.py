"""Long conversations, other languages, plain Rasa, the demo shop."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, expect

from tests.browser.chat_page import ChatPage
from tests.browser.scripted_desk import ScriptedDesk


def _long_conversation(chat: ChatPage, messages: int) -> None:
    chat.open()
    chat.say("begin")
    chat.sees("Noted.")
    for number in range(messages):
        chat.desk.say(chat.desk.only, text=f"Message {number}", push=False)
    chat.page.reload()
    chat.sees(f"Message {messages - 1}")


def test_older_messages_come_in_above_without_moving_what_is_read(chat: ChatPage) -> None:
    _long_conversation(chat, 100)
    assert chat.panel.locator(".message").count() == 30
    anchor = chat.panel.get_by_text("Message 70", exact=True)
    anchor.scroll_into_view_if_needed()
    scroll = chat.panel.locator(".scroll")
    place = "const a = [...e.querySelectorAll('.bubble')].find((b) => b.textContent.startsWith('Message 70'));"
    before = scroll.evaluate(f"(e) => {{ e.scrollTop = 60; {place} return a.getBoundingClientRect().y }}")
    expect(chat.panel.get_by_text("Message 45", exact=True)).to_be_attached()

    expect(anchor).to_be_visible()
    after = scroll.evaluate(f"(e) => {{ {place} return a.getBoundingClientRect().y }}")
    assert abs(after - before) <= 2
    for _ in range(4):
        scroll.evaluate("(e) => { e.scrollTop = 0 }")
        chat.page.wait_for_timeout(150)
    chat.sees("begin")
    texts = chat.bot_texts()
    assert texts == ["Noted.", *(f"Message {number}" for number in range(100))]


def test_a_reader_of_old_messages_is_told_of_new_ones_and_not_moved(chat: ChatPage) -> None:
    _long_conversation(chat, 25)
    scroll = chat.panel.locator(".scroll")
    scroll.evaluate("(e) => { e.scrollTop = 0 }")
    chat.page.wait_for_timeout(100)
    chat.desk.say(chat.desk.only, text="Just in")
    jump = chat.button("New messages")
    expect(jump).to_be_visible()
    assert scroll.evaluate("(e) => e.scrollTop") == 0
    jump.click()

    expect(chat.panel.get_by_text("Just in", exact=True)).to_be_in_viewport()
    expect(jump).to_be_hidden()


@pytest.mark.parametrize(
    ("language", "placeholder"),
    [
        ("de-AT", "Nachricht schreiben"),
        ("fr", "Écrire un message"),
        ("es-MX", "Escribir un mensaje"),
        ("ar", "اكتب رسالة"),
        ("tlh", "Write a message"),
    ],
)
def test_the_chat_speaks_the_page_s_language(chat: ChatPage, language: str, placeholder: str) -> None:
    chat.visit(f'data-language="{language}"')
    chat.open()

    expect(chat.field).to_have_attribute("placeholder", placeholder)


def test_without_an_attribute_the_browser_s_language_is_spoken(
    desk: ScriptedDesk, new_context: Callable[..., BrowserContext]
) -> None:
    chat = ChatPage(new_context(locale="fr-FR").new_page(), desk)
    chat.visit()
    chat.open()
    expect(chat.field).to_have_attribute("placeholder", "Écrire un message")
    chat.say("bonjour")
    chat.sees("Noted.")

    assert desk.only.started_with["locale"] == "fr-FR"


def test_a_language_whose_file_is_missing_is_replaced_by_english(chat: ChatPage) -> None:
    chat.page.route("**/widget/de.json", lambda route: route.abort())
    chat.visit('data-language="de"')
    chat.open()

    expect(chat.field).to_have_attribute("placeholder", "Write a message")


def test_right_to_left_the_chat_stands_at_the_left_and_its_own_messages_too(chat: ChatPage) -> None:
    chat.visit('data-language="ar"')
    chat.launcher.click()
    chat.say("مرحبا")
    chat.sees("Noted.")
    panel, mine = chat.panel.bounding_box(), chat.panel.locator(".customer .bubble").bounding_box()

    assert panel is not None
    assert mine is not None
    assert panel["x"] < 100
    assert mine["x"] - panel["x"] < 40


def test_plain_rasa_is_spoken_to_directly(chat: ChatPage) -> None:
    desk = chat.desk
    desk.rasa_answers = lambda body: [
        {"text": f"You said {body['message']}", "buttons": [{"title": "More", "payload": "/more"}]},
        {"text": "Second", "custom": {"citations": [{"entry_id": "a", "title": "Terms", "path": [], "url": None}]}},
    ]
    chat.visit(f'data-rasa="{desk.url}/webhooks/rest/webhook" data-bot-name="Robin" data-greeting="Hi, I am Robin."')
    chat.open()
    chat.sees("Hi, I am Robin.")
    chat.say("hello")
    chat.sees("You said hello")
    chat.sees("Terms")
    chat.page.reload()
    chat.sees("Second")
    chat.button("Talk to a person").click()
    chat.sees("You said /request_human")

    assert [call["message"] for call in desk.rasa_calls] == ["hello", "/request_human"]
    assert len({call["sender"] for call in desk.rasa_calls}) == 1
    assert desk.requests == ["POST /webhooks/rest/webhook"] * 2


def test_plain_rasa_is_not_asked_twice_unless_the_customer_says_so(chat: ChatPage) -> None:
    desk = chat.desk
    desk.rasa_answers = lambda _: []
    chat.visit(f'data-rasa="{desk.url}/webhooks/rest/webhook"')
    chat.open()
    desk.failures.append(("/webhooks/rest/webhook", 500, {}))
    chat.say("buy it")
    chat.sees("Not sent")
    chat.page.wait_for_timeout(1_500)
    assert desk.rasa_calls == []
    chat.button("Try again").click()

    chat.sees("I have no answer to that. Could you say it in other words?")
    assert len(desk.rasa_calls) == 1


def test_the_demo_shop_signs_a_customer_in_and_asks_for_them(chat: ChatPage) -> None:
    page = chat.page
    page.goto(chat.desk.url + "/")
    expect(page.locator(".product")).to_have_count(18)
    page.get_by_text("Sign in", exact=True).click()
    page.get_by_role("button", name="Aoife Brennan").click()
    expect(page.get_by_text("Aoife Brennan").first).to_be_visible()
    page.get_by_role("button", name="Where is my order 10046?").click()
    chat.sees("Noted.")

    assert chat.desk.only.started_with["identity"].startswith("signed:44f2a3")
    assert chat.customer_texts() == ["Where is my order 10046?"]
    chat.button("Close the chat").click()
    page.get_by_role("button", name="Kitchen").click()
    expect(page.locator(".product:visible")).to_have_count(5)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_sources_stand_on_one_line_with_their_label(chat: ChatPage) -> None:
    chat.open()
    chat.say("begin")
    chat.sees("Noted.")
    source = {"entry_id": "warranty", "title": "How long is the warranty?", "path": []}
    chat.desk.say(chat.desk.only, text="Three years.", citations=[source])
    chat.sees("How long is the warranty?")
    label = chat.panel.get_by_text("Sources", exact=True).bounding_box()
    title = chat.panel.get_by_text("How long is the warranty?", exact=True).bounding_box()

    assert label
    assert title
    assert abs(label["y"] + label["height"] - title["y"] - title["height"]) <= 1


def test_a_long_address_ends_its_line_after_a_slash(chat: ChatPage) -> None:
    chat.open()
    chat.say("begin")
    chat.sees("Noted.")
    address = "https://track.alderwick.example/CP5520046118"
    chat.desk.say(chat.desk.only, text=f"Follow it here: {address}")
    link = chat.panel.get_by_role("link", name=address)

    assert link.evaluate("(e) => e.firstChild.textContent") == "https://track.alderwick.example/"
    assert link.evaluate("(e) => e.childNodes[1].nodeName") == "WBR"
