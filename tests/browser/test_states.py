"""Every state on desktop and phone, light, dark, right to left: axe finds nothing, and a picture is kept to look at."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, expect

from tests.browser.chat_page import ChatPage
from tests.browser.scripted_desk import AWAY, ROOT, ScriptedDesk

PICTURES = ROOT / "var" / "reports" / "widget"
DESKTOP: dict[str, Any] = {"viewport": {"width": 900, "height": 780}}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 800}, "has_touch": True, "is_mobile": True}
LOOKS: dict[str, tuple[dict[str, Any], str]] = {
    "desktop-light": (DESKTOP, ""),
    "desktop-dark": (DESKTOP | {"color_scheme": "dark"}, ""),
    "phone-light": (PHONE, ""),
    "phone-dark": (PHONE | {"color_scheme": "dark"}, ""),
    "desktop-rtl": (DESKTOP, 'data-language="ar"'),
    "phone-rtl": (PHONE, 'data-language="ar"'),
}

ANSWER = (
    "You can send almost anything back within **30 days**:\n\n- unused: the full price\n- opened coffee: *no return*"
    "\n\nWrite to [our team](mailto:help@alderwick.example) or see [the terms](https://alderwick.example/terms)."
)
CITED = [
    {"entry_id": "a", "title": "How long do I have?", "path": ["Returns"], "url": "https://alderwick.example/returns"},
    {"entry_id": "b", "title": "What can't come back", "path": ["Returns", "Exceptions"], "url": None},
]
CHOICES = [{"title": "Start a return", "payload": "/return_item"}, {"title": "None of these", "payload": "/no"}]
CARD = {"title": "Tarn kettle", "subtitle": "€79 · in stock", "image": "/demo/mark.svg", "buttons": CHOICES[:1]}
ORDERS = [
    {
        "number": "10046",
        "title": "Tarn kettle and 2 × Brio coffee beans",
        "subtitle": "on its way, Tuesday 24 November",
    },
    {"number": "10026", "title": "Wren headphones", "subtitle": "delivered"},
]


def _ask(chat: ChatPage, *replies: dict[str, Any], text: str = "Can I send my kettle back?") -> None:
    chat.desk.replies = lambda _: list(replies)
    chat.launcher.click()
    chat.say(text)
    expect(chat.panel.locator(".message.customer:not(.waiting)")).to_have_count(1)
    expect(chat.panel.locator(".message.bot:not(.typing)")).to_have_count(1 + len(replies))


def launcher(chat: ChatPage) -> None:
    _ask(chat, {"text": "One moment."})
    chat.page.keyboard.press("Escape")
    chat.desk.say(chat.desk.only, text="Here it is.")
    expect(chat.page.locator("frontdesk-chat .unread")).to_be_visible()


def greeting(chat: ChatPage) -> None:
    chat.launcher.click()
    expect(chat.panel.locator(".choice").first).to_be_visible()


def answer(chat: ChatPage) -> None:
    _ask(chat, {"text": ANSWER, "citations": CITED, "buttons": CHOICES})


def cards(chat: ChatPage) -> None:
    _ask(chat, {"text": "Two that fit:", "cards": [CARD, CARD | {"title": "Oat toaster", "image": None}]})


def orders(chat: ChatPage) -> None:
    _ask(chat, {"text": "Which order is it about?", "input": {"kind": "orders", "orders": ORDERS}})


def date(chat: ChatPage) -> None:
    _ask(chat, {"text": "Which day suits you?", "input": {"kind": "date"}})


def code(chat: ChatPage) -> None:
    _ask(chat, {"text": "We sent you a code.", "input": {"kind": "code", "digits": 6}})
    chat.desk.say(chat.desk.only, text="Please type it here.", input={"kind": "code", "digits": 6})
    expect(chat.panel.get_by_text("Please type it here.")).to_be_visible()
    expect(chat.panel.locator(".field input")).to_have_count(1)


def typing(chat: ChatPage) -> None:
    _ask(chat)
    expect(chat.panel.locator(".typing")).to_be_visible()


def queued(chat: ChatPage) -> None:
    _ask(chat, {"text": "Shall I ask a colleague?"})
    chat.panel.locator(".person").click()
    expect(chat.panel.locator(".bar .pulse")).to_be_visible()


def away(chat: ChatPage) -> None:
    _ask(chat, {"text": "Nobody is there now."})
    chat.desk.change(chat.desk.only, opening=AWAY)
    chat.panel.locator(".person").click()
    expect(chat.panel.locator(".field input")).to_be_visible()


def agent(chat: ChatPage) -> None:
    queued(chat)
    desk, conversation = chat.desk, chat.desk.only
    desk.change(conversation, state="agent", agent={"name": "Maeve"}, queue=None)
    desk.say(conversation, speaker="system", event="agent_joined", name="Maeve")
    desk.say(conversation, speaker="agent", name="Maeve", text="Hello! I have your order in front of me.")
    desk.replies = lambda _: []
    chat.say("Great, thank you.")
    expect(chat.panel.locator(".message.customer:not(.waiting)")).to_have_count(2)
    desk.tell(conversation, "read", {"speaker": "agent", "position": len(conversation.items)})
    desk.tell(conversation, "typing", {"speaker": "agent", "name": "Maeve", "on": True})
    expect(chat.panel.locator(".typing")).to_be_visible()


def files(chat: ChatPage) -> None:
    chat.launcher.click()
    pick = chat.panel.locator("input[type=file]")
    pick.set_input_files({"name": "invoice.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"})
    expect(chat.panel.locator(".uploads li:not(.busy)")).to_have_count(1)
    chat.say("Here is the invoice")
    expect(chat.panel.locator(".file")).to_be_visible()
    pick.set_input_files(
        [
            {"name": "receipt.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"},
            {"name": "film.mov", "mimeType": "video/quicktime", "buffer": b"x"},
        ]
    )
    expect(chat.panel.locator(".uploads li:not(.busy)")).to_have_count(2)


def offline(chat: ChatPage) -> None:
    _ask(chat, {"text": "Noted."})
    chat.page.context.set_offline(True)
    chat.say("Are you still there?")
    expect(chat.panel.locator(".waiting")).to_be_visible()
    expect(chat.panel.locator(".bar.warn")).to_be_visible()


def not_sent(chat: ChatPage) -> None:
    _ask(chat, {"text": "Noted."})
    chat.desk.failures.append(("/messages", 422, {}))
    chat.say("This one is refused")
    expect(chat.panel.locator(".meta .bad")).to_be_visible()


def expired(chat: ChatPage) -> None:
    _ask(chat, {"text": "Noted."})
    chat.desk.only.token = "another"
    chat.desk.drop_streams()
    expect(chat.panel.locator(".note")).to_be_visible()


def menu(chat: ChatPage) -> None:
    _ask(chat, {"text": "Noted."})
    chat.panel.locator("[aria-controls=menu]").click()
    expect(chat.panel.locator(".menu button").first).to_be_visible()


def closed(chat: ChatPage) -> None:
    _ask(chat, {"text": "Glad I could help."})
    chat.desk.change(chat.desk.only, state="closed")
    chat.panel.locator(".stars input").nth(3).check()
    expect(chat.panel.locator(".rate-more")).to_be_visible()


def not_loaded(chat: ChatPage) -> None:
    chat.desk.failures += [("/v1/config", 500, {})] * 50
    chat.launcher.click()
    expect(chat.panel.locator(".failure button")).to_be_visible()


STATES = (
    *(launcher, greeting, answer, cards, orders, date, code, typing, queued, away, agent, files),
    *(offline, not_sent, expired, menu, closed, not_loaded),
)


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_axe_finds_nothing(
    desk: ScriptedDesk,
    new_context: Callable[..., BrowserContext],
    state: Callable[[ChatPage], None],
    look: str,
) -> None:
    options, attributes = LOOKS[look]
    chat = ChatPage(new_context(reduced_motion="reduce", **options).new_page(), desk)
    chat.visit(attributes)
    state(chat)
    _keep_picture(chat, f"{state.__name__}-{look}.png")

    found = Axe().run(chat.page)
    assert found.violations_count == 0, found.generate_report()
    assert chat.errors == []


def _keep_picture(chat: ChatPage, name: str) -> Path:
    PICTURES.mkdir(parents=True, exist_ok=True)
    chat.page.screenshot(path=PICTURES / name)
    return PICTURES / name
