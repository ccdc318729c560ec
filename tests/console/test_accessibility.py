"""By keyboard alone, by ear, enlarged, without motion. What axe says about every state is in test_states.py."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import BrowserContext, expect

from tests.console.console_page import ConsolePage
from tests.console.scripted_console import ScriptedConsole


def test_a_whole_conversation_by_keyboard_alone(console: ConsolePage) -> None:
    console.visit("/inbox/unassigned")
    expect(console.rows).to_have_count(3)
    console.press("j", "j", "Enter")
    expect(console.conversation).to_be_focused()
    console.press("t")
    expect(console.field).to_be_focused()
    console.page.keyboard.type("I am sorry, Mary.")
    console.press("Control+Enter")
    expect(console.timeline.locator(".message.agent").last).to_contain_text("I am sorry, Mary.")
    console.press("Escape", "e", "Enter")
    expect(console.dialog).to_have_count(0)
    expect(console.conversation).to_contain_text("Resolved")
    console.press("Escape")

    expect(console.conversation).to_have_count(0)
    expect(console.list).to_be_visible()


def test_shortcuts_are_silent_while_somebody_types(console: ConsolePage) -> None:
    console.open("priya")
    console.press("r")
    console.page.keyboard.type("trees just keep 3 bees? g i / x")

    expect(console.field).to_have_value("trees just keep 3 bees? g i / x")
    expect(console.dialog).to_have_count(0)
    assert console.server.called("/resolve") == []
    assert console.server.called("/inbox/next") == []


def test_the_help_lists_what_holds_here_and_switches_shortcuts_off(console: ConsolePage) -> None:
    console.open("priya")
    console.press("?")
    expect(console.dialog).to_contain_text("Take the next one that waits")
    expect(console.dialog).to_contain_text("Hand back to the bot")
    console.dialog.get_by_role("checkbox").uncheck()
    console.press("Escape")
    expect(console.dialog).to_have_count(0)
    console.press("e", "s", "?")
    expect(console.dialog).to_have_count(0)
    console.page.reload()
    expect(console.timeline).to_be_visible()
    console.press("e")
    expect(console.dialog).to_have_count(0)
    console.button("Shortcuts").click()

    expect(console.dialog.get_by_role("checkbox")).not_to_be_checked()


def test_pages_are_reached_by_g_and_a_letter(console: ConsolePage) -> None:
    console.server.me = "ciara"
    console.visit("/inbox/mine")
    console.press("g", "k")
    expect(console.page.get_by_role("heading", level=1, name="Knowledge")).to_be_visible()
    expect(console.page.get_by_role("main")).to_be_focused()
    console.press("g", "i")

    expect(console.list).to_be_visible()


def test_a_dialog_keeps_the_focus_and_gives_it_back(console: ConsolePage) -> None:
    console.open("priya")
    console.button("Snooze").click()
    for _ in range(12):
        console.press("Tab")
        assert console.page.evaluate(
            "document.activeElement === document.body || !!document.activeElement.closest('dialog')"
        )
    console.press("Escape")

    expect(console.dialog).to_have_count(0)
    expect(console.button("Snooze")).to_be_focused()


def test_the_skip_link_leads_to_the_page(console: ConsolePage) -> None:
    console.visit("/inbox/mine")
    console.press("Tab")
    expect(console.page.get_by_role("link", name="Skip to the page")).to_be_focused()
    console.press("Enter")

    expect(console.page.get_by_role("main")).to_be_focused()


def test_landmarks_and_one_heading_of_the_first_level(console: ConsolePage) -> None:
    console.open("mary")

    expect(console.page.get_by_role("main")).to_have_count(1)
    expect(console.page.get_by_role("heading", level=1)).to_have_count(1)
    for name in ("Pages", "Queues", "Teams", "Open conversations"):
        expect(console.page.get_by_role("navigation", name=name)).to_have_count(1)


def test_at_200_percent_nothing_is_cut_off(new_context: Callable[..., BrowserContext], server: ScriptedConsole) -> None:
    """A window of 1440 x 900 at 200 % shows what one of 720 x 450 shows."""
    console = ConsolePage(new_context(viewport={"width": 720, "height": 450}).new_page(), server)
    console.open("mary")

    assert console.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for name in ("Take over", "Send"):
        expect(console.button(name)).to_be_visible()
        console.button(name).scroll_into_view_if_needed()
        expect(console.button(name)).to_be_in_viewport(ratio=1)
    expect(console.timeline).to_be_visible()
    box = console.timeline.bounding_box()
    assert box is not None
    assert box["height"] >= 60


def test_on_a_phone_list_and_conversation_take_turns(
    new_context: Callable[..., BrowserContext], server: ScriptedConsole
) -> None:
    console = ConsolePage(new_context(viewport={"width": 390, "height": 844}).new_page(), server)
    console.visit("/inbox/unassigned")
    console.row("mary").click()
    expect(console.timeline).to_be_visible()
    expect(console.list).to_be_hidden()
    assert console.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    console.button("Customer’s panel").click()
    expect(console.dialog).to_contain_text("mary@example.org")
    console.press("Escape")
    console.button("Back to the list").click()
    expect(console.list).to_be_visible()
    console.button("Menu").click()
    console.page.get_by_role("link", name="Mine 2").click()

    expect(console.rows).to_have_count(2)
    expect(console.page.get_by_role("navigation", name="Queues")).to_be_hidden()


def test_reduced_motion_is_respected(new_context: Callable[..., BrowserContext], server: ScriptedConsole) -> None:
    console = ConsolePage(new_context(reduced_motion="reduce").new_page(), server)
    console.open("mary")

    duration = console.page.locator(".turn").first.evaluate("icon => getComputedStyle(icon).transitionDuration")
    assert float(duration.removesuffix("s")) <= 0.001
