"""Every state on desktop and phone, light and dark: axe finds nothing, and a picture is kept to look at."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, expect

from tests.console import sample
from tests.console.console_page import ConsolePage
from tests.console.scripted_console import ScriptedConsole

PICTURES = Path(__file__).parents[2] / "var" / "reports" / "console"
DEVICES = {
    "desktop": {"viewport": {"width": 1440, "height": 900}},
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True},
}
BRIAN = {"id": "brian", "name": "Brian Walsh"}


def sign_in(console: ConsolePage) -> None:
    console.server.signed_in = False
    console.server.offer = {"oidc": {"name": "Alderwick ID"}, "company": "Alderwick"}
    console.visit("")
    console.page.get_by_label("E-mail").fill("aoife@alderwick.example")
    console.page.get_by_label("Password").fill("wrong")
    console.button("Sign in").click()
    expect(console.page.get_by_role("alert")).to_be_visible()


def queue(console: ConsolePage) -> None:
    console.visit("/inbox/all")
    console.button("Filter").click()
    expect(console.rows).to_have_count(9)


def nothing_found(console: ConsolePage) -> None:
    console.visit("/inbox/all?q=zebra")
    expect(console.page.get_by_text("No conversation fits")).to_be_visible()


def menu_of_pages(console: ConsolePage) -> None:
    console.server.me = "ciara"
    console.visit("/inbox/all")
    expect(console.rows).to_have_count(9)
    if console.button("Menu").is_visible():
        console.button("Menu").click()


def conversation(console: ConsolePage) -> None:
    console.open("mary")


def twelve_chats(console: ConsolePage) -> None:
    names = ["Nora Lind", "Omar Haddad", "Pat Quinn", "Rosa Marín", "Sven Dahl", "Tara Byrne", "Uma Rao", "Viktor Kos"]
    for number, name in enumerate(names):
        fields = {"state": "agent", "agent": {"id": "aoife", "name": "Aoife Byrne"}, "unread": number % 3}
        console.server.add(f"n{number}", name, waiting_seconds=number * 90 or None, mood=number / 4 - 1, **fields)
    everybody = [*(f"n{number}" for number in range(8)), "priya", "tom", "lena"]
    console.visit("/account")
    console.page.evaluate(
        "ids => localStorage.setItem('frontdesk.console.tabs.aoife', ids)", str(everybody).replace("'", '"')
    )
    console.open("mary", "mine")
    expect(console.tabs).to_have_count(12)
    expect(console.tabs.first).to_contain_text("Nora")


def what_the_bot_knew(console: ConsolePage) -> None:
    console.open("mary")
    console.conversation.locator(".handoff summary").click()
    console.timeline.locator(".knew summary").first.click()
    console.timeline.locator(".knew-body").first.scroll_into_view_if_needed()


def note(console: ConsolePage) -> None:
    console.open("mary")
    console.press("n")
    console.field.fill("The carrier calls back at **14:00**.")


def preview(console: ConsolePage) -> None:
    console.open("priya")
    console.field.fill(
        "Two ways:\n\n1. swap it\n2. send it *back*\n\nSee [our page](https://alderwick.example/returns)."
    )
    console.button("Preview").click()


def canned(console: ConsolePage) -> None:
    console.open("priya")
    console.press("r")
    console.page.keyboard.type("/")
    expect(console.page.get_by_role("option")).to_have_count(5)


def suggested(console: ConsolePage) -> None:
    console.open("mary")
    console.button("Suggest an answer").click()
    expect(console.page.get_by_text("Written by the language model")).to_be_visible()


def somebody_else(console: ConsolePage) -> None:
    console.open("priya")
    console.field.fill("My long answer")
    console.server.tell("presence", {"conversation_id": "priya", "viewers": [{**BRIAN, "typing": True}]})
    console.server.say("priya", "I have **swapped** it already.", speaker="agent", name="Brian Walsh")
    expect(console.page.get_by_text("Brian Walsh answered while you were writing.")).to_be_visible()


def not_sent(console: ConsolePage) -> None:
    console.server.failures.append(("/reply", 429, {"type": "too_many", "message": "That was too fast."}))
    console.open("priya")
    console.field.fill("Hello")
    console.field.press("Control+Enter")
    expect(console.timeline.get_by_text("Not sent.")).to_be_visible()


def no_connection(console: ConsolePage) -> None:
    console.open("priya")
    console.server.stop()
    expect(console.page.get_by_text("No connection to the server.")).to_be_visible()


def more_menu(console: ConsolePage) -> None:
    console.open("priya")
    console.button("More for this conversation").click()
    expect(console.page.get_by_role("menu")).to_be_visible()


def resolving(console: ConsolePage) -> None:
    console.open("priya")
    console.press("e")


def snoozing(console: ConsolePage) -> None:
    console.open("priya")
    console.press("s")


def giving(console: ConsolePage) -> None:
    console.open("priya")
    console.press("a")


def tagging(console: ConsolePage) -> None:
    console.open("mary")
    console.press("l")


def merging(console: ConsolePage) -> None:
    console.open("priya")
    console.button("More for this conversation").click()
    console.page.get_by_role("menuitem", name="Merge into another…").click()
    console.dialog.get_by_role("searchbox").fill("Tom")
    expect(console.dialog.get_by_role("radio").first).to_be_visible()


def resolved(console: ConsolePage) -> None:
    console.open("done1")
    expect(console.button("Open again")).to_be_visible()


def translated(console: ConsolePage) -> None:
    console.open("jonas")
    console.timeline.get_by_role("button", name="Translate").first.click()
    expect(console.page.get_by_text("Translated by a machine")).to_be_visible()
    console.field.fill("It is back on Monday.")
    console.button("To German").click()
    expect(console.conversation).to_contain_text("You wrote: It is back on Monday.")


def customer_panel(console: ConsolePage) -> None:
    console.open("mary")
    if not console.page.get_by_role("complementary").is_visible():
        console.button("Customer’s panel").click()
    console.page.get_by_text("A-1042").last.click()


def messages(console: ConsolePage) -> None:
    console.visit("/inbox/mine")
    expect(console.rows).to_have_count(2)
    console.server.change("mary", state="agent", agent={"id": "aoife", "name": "Aoife Byrne"})
    expect(console.page.get_by_role("region", name="Messages").get_by_role("button", name="Open")).to_be_visible()


def shortcuts(console: ConsolePage) -> None:
    console.open("priya")
    console.press("?")
    expect(console.dialog).to_be_visible()


def questions(console: ConsolePage) -> None:
    console.server.accounts["aoife"] = sample.account("Aoife Byrne", "lead")
    console.visit("/inbox/questions")
    expect(console.page.get_by_role("form").first).to_be_visible()


def account(console: ConsolePage) -> None:
    console.visit("/account")
    expect(console.page.get_by_text("192.0.2.7").first).to_be_visible()


def phrases(console: ConsolePage) -> None:
    console.server.accounts["aoife"] = sample.account("Aoife Byrne", "lead")
    console.visit("/phrases")
    expect(console.page.get_by_text("/refund-no")).to_be_visible()


def macro(console: ConsolePage) -> None:
    phrases(console)
    console.button("Change Lost parcel").click()
    expect(console.dialog.get_by_label("Title")).to_be_visible()


def own_password(console: ConsolePage) -> None:
    console.server.accounts["aoife"]["must_change"] = True
    console.page.goto(f"{console.server.url}/console")
    expect(console.page.get_by_role("heading", name="Choose a password")).to_be_visible()


def assignment(console: ConsolePage) -> None:
    console.server.me = "ciara"
    console.visit("/admin/assignment")
    expect(console.page.get_by_role("switch", name="Hand waiting")).to_be_visible()


def approving(console: ConsolePage) -> None:
    questions(console)
    console.page.get_by_role("checkbox", name="Answer this question so from now on").first.check()
    expect(console.page.get_by_label("Until").first).to_be_visible()


def without_model(console: ConsolePage) -> None:
    console.server.words.has_model, console.server.words.drafts = False, []
    console.open("jonas")
    console.button("Suggest an answer").click()
    expect(console.page.get_by_text("My parcel is late 86 %")).to_be_visible()


def second_factor(console: ConsolePage) -> None:
    console.visit("/account")
    console.button("Set up…").click()
    expect(console.dialog).to_be_visible()


def not_allowed(console: ConsolePage) -> None:
    console.visit("/knowledge")
    expect(console.page.get_by_text("This page is not open to you")).to_be_visible()


STATES = (
    *(
        sign_in,
        queue,
        nothing_found,
        menu_of_pages,
        conversation,
        twelve_chats,
        what_the_bot_knew,
        note,
        preview,
        canned,
    ),
    *(suggested, somebody_else, not_sent, no_connection, more_menu, resolving, snoozing, giving, tagging, merging),
    *(phrases, macro, own_password, assignment, approving, without_model),
    *(resolved, translated, customer_panel, messages, shortcuts, questions, account, second_factor, not_allowed),
)


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_axe_finds_nothing(
    server: ScriptedConsole,
    new_context: Callable[..., BrowserContext],
    state: Callable[[ConsolePage], None],
    device: str,
) -> None:
    console = ConsolePage(new_context(reduced_motion="reduce", **DEVICES[device]).new_page(), server)
    state(console)
    for scheme in ("light", "dark"):
        console.page.emulate_media(color_scheme=scheme)
        console.page.screenshot(path=_picture(f"{state.__name__}-{device}-{scheme}.png"))
        found = Axe().run(console.page)
        assert found.violations_count == 0, f"{scheme}: {_short(found.generate_report())}"
    assert console.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "wider than the window"
    assert console.errors == []


def _picture(name: str) -> Path:
    PICTURES.mkdir(parents=True, exist_ok=True)
    return PICTURES / name


def _short(report: str) -> str:
    return re.sub(r"\n\s*\n+", "\n", report)[:3000]
