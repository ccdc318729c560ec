"""By keyboard alone, by ear, enlarged, without motion. What axe says about every state is in test_states.py."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import BrowserContext, expect

from tests.browser.chat_page import ChatPage
from tests.browser.scripted_desk import ScriptedDesk


def test_a_whole_conversation_by_keyboard_alone(chat: ChatPage) -> None:
    press = chat.page.keyboard.press
    press("Tab")
    expect(chat.launcher).to_be_focused()
    press("Enter")
    expect(chat.field).to_be_focused()
    expect(chat.button("Returns and refunds")).to_be_visible()
    press("Shift+Tab")
    expect(chat.button("Returns and refunds")).to_be_focused()
    press("Enter")
    chat.sees("Noted.")
    expect(chat.field).to_be_focused()
    chat.page.keyboard.type("line one")
    press("Shift+Enter")
    chat.page.keyboard.type("line two")
    press("Enter")
    expect(chat.panel.locator(".message.customer:not(.waiting)")).to_have_count(2)
    assert chat.customer_texts()[-1] == "line one\nline two"

    chat.button("More").focus()
    press("Enter")
    expect(chat.button("Download this conversation")).to_be_focused()
    press("Escape")
    expect(chat.button("More")).to_be_focused()
    press("Escape")
    expect(chat.panel).to_be_hidden()
    expect(chat.launcher).to_be_focused()


def test_the_focus_returns_to_what_opened_the_chat(chat: ChatPage) -> None:
    chat.visit(body='<main><h1>A shop</h1><button id="ask">Ask us</button></main>')
    chat.page.evaluate("document.getElementById('ask').addEventListener('click', () => Frontdesk.open())")
    ask = chat.page.get_by_role("button", name="Ask us")
    ask.focus()
    chat.page.keyboard.press("Enter")
    expect(chat.field).to_be_focused()
    chat.page.keyboard.press("Escape")

    expect(ask).to_be_focused()


def test_the_focus_is_not_lost_when_what_had_it_goes_away(chat: ChatPage) -> None:
    chat.open()
    chat.button("Talk to a person").click()
    chat.button("Stop waiting").focus()
    chat.desk.change(chat.desk.only, queue={"position": 1, "wait_seconds": 30})
    chat.sees("You're number 1 in line. About 1 minute.")
    expect(chat.button("Stop waiting")).to_be_focused()
    chat.desk.change(chat.desk.only, state="agent", agent={"name": "Maeve"}, queue=None)

    expect(chat.field).to_be_focused()


def test_each_message_is_announced_once_and_old_ones_never(chat: ChatPage) -> None:
    chat.open()
    chat.say("old")
    chat.sees("Noted.")
    chat.page.reload()
    chat.sees("Noted.")
    chat.page.evaluate(
        """() => {
            window.said = [];
            const live = document.querySelector("frontdesk-chat").shadowRoot.querySelector("[aria-live=polite]");
            new MutationObserver((all) => all.forEach((m) => m.addedNodes.forEach((n) => said.push(n.textContent))))
                .observe(live, { childList: true });
        }"""
    )
    chat.desk.replies = lambda _: [{"text": "It is **here**:\n- [map](https://maps.example)"}]
    chat.say("new")
    expect(chat.panel.locator(".message.bot .bubble", has_text="It is here")).to_be_visible()
    chat.desk.drop_streams()
    chat.desk.say(chat.desk.only, speaker="system", event="agent_joined", name="Maeve")
    chat.sees("Maeve has joined the conversation.")

    assert chat.page.evaluate("said") == ["Alderwick assistant: It is here: map", "Maeve has joined the conversation."]


def test_trouble_with_the_connection_is_announced_and_its_end_too(chat: ChatPage) -> None:
    chat.open()
    chat.say("hello")
    chat.sees("Noted.")
    live = chat.page.locator("frontdesk-chat [aria-live=polite]")
    chat.page.context.set_offline(True)
    expect(live).to_contain_text("You're offline.")
    chat.page.context.set_offline(False)
    expect(live).to_contain_text("You're connected again.")


def test_two_hundred_percent_zoom_needs_no_scrolling_sideways(
    desk: ScriptedDesk, new_context: Callable[..., BrowserContext]
) -> None:
    # At 200 % a window of 1100 by 720 has the room of one half as large.
    chat = ChatPage(new_context(viewport={"width": 550, "height": 360}, device_scale_factor=2).new_page(), desk)
    chat.visit()
    chat.open()
    chat.say("hello " * 30)
    chat.sees("Noted.")
    wide = "(e) => e.scrollWidth > e.clientWidth"

    assert not chat.panel.evaluate(wide)
    assert not chat.panel.locator(".scroll").evaluate(wide)
    box = chat.field.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 360


def test_nothing_moves_for_who_wants_no_motion(desk: ScriptedDesk, new_context: Callable[..., BrowserContext]) -> None:
    chat = ChatPage(new_context(reduced_motion="reduce").new_page(), desk)
    chat.visit()
    chat.open()
    chat.say("hello")
    moving = "document.querySelector('frontdesk-chat').shadowRoot.getAnimations().length"

    assert chat.page.evaluate(moving) == 0


def test_on_a_phone_the_chat_covers_the_page_and_keeps_the_focus(
    desk: ScriptedDesk, new_context: Callable[..., BrowserContext]
) -> None:
    context = new_context(
        viewport={"width": 390, "height": 760}, has_touch=True, is_mobile=True, reduced_motion="reduce"
    )
    chat = ChatPage(context.new_page(), desk)
    chat.visit()
    chat.open()
    assert chat.panel.bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 760}
    expect(chat.panel).to_have_attribute("aria-modal", "true")
    for _ in range(25):
        chat.page.keyboard.press("Tab")
        assert chat.panel.evaluate("(e) => e.contains(e.getRootNode().activeElement)")

    # The keyboard comes up: what is seen of the page is less, and the panel with it.
    chat.page.set_viewport_size({"width": 390, "height": 420})
    chat.page.wait_for_function("innerHeight === 420")
    expect(chat.field).to_be_in_viewport(ratio=1)
