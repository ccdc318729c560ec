"""The console over the real desk, whose dialogue alone is scripted, with a customer in the widget."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from desk.accounts.model import Role
from desk.bootstrap import build_desk, build_limiter
from desk.console import build_staffing
from tests.browser.chat_page import ChatPage
from tests.browser.scripted_desk import ScriptedDesk
from tests.browser.test_real_gateway import ANSWER, RealDesk
from tests.console.console_page import ConsolePage
from tests.console.scripted_console import ScriptedConsole

PASSWORD = "a quiet horse reads maps"
STAFF = (("Niamh Kelly", Role.AGENT), ("Omar Haddad", Role.AGENT))


class StaffedDesk(RealDesk):
    """A gateway where two agents have accounts."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        desk = build_desk(self._settings, dialogue=self.dialogue)
        accounts = build_staffing(desk, build_limiter(desk)).accounts

        async def employ() -> None:
            for name, role in STAFF:
                email = f"{name.partition(' ')[0].lower()}@shop.example"
                await accounts.create(email, name, [role], PASSWORD)

        # Playwright keeps an event loop running in this thread.
        hiring = threading.Thread(target=lambda: asyncio.run(employ()))
        hiring.start()
        hiring.join()
        desk.database.close()


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[StaffedDesk]:
    gateway = StaffedDesk(tmp_path)
    gateway.start()
    yield gateway
    gateway.stop()


@pytest.fixture
def customer(gateway: StaffedDesk, new_context: Callable[..., BrowserContext]) -> ChatPage:
    """Somebody on the demo shop's page."""
    chat = ChatPage(new_context().new_page(), ScriptedDesk())
    chat.page.goto(gateway.url + "/")
    return chat


@pytest.fixture
def console_of(
    gateway: StaffedDesk, new_context: Callable[..., BrowserContext]
) -> Iterator[Callable[[str], ConsolePage]]:
    """Signs an agent in, in a browser of their own."""
    opened: list[ConsolePage] = []

    def sign_in(name: str) -> ConsolePage:
        server = ScriptedConsole()  # only its address is used
        server.url = gateway.url
        console = ConsolePage(new_context().new_page(), server)
        _sign_in(console.page, gateway.url, name)
        expect(console.list).to_be_visible()
        opened.append(console)
        return console

    yield sign_in
    for console in opened:
        assert console.errors == []


def _sign_in(page: Page, url: str, name: str) -> None:
    page.goto(f"{url}/console")
    page.get_by_label("E-mail").fill(f"{name}@shop.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_question_takeover_reply_note_and_hand_back(
    customer: ChatPage, console_of: Callable[[str], ConsolePage]
) -> None:
    console = console_of("niamh")
    console.page.get_by_role("link", name="Unassigned").click()
    expect(console.list).to_contain_text("Nobody waits for a person.")
    customer.open()
    customer.say("where is my kettle?")
    customer.sees(f"{ANSWER} (where is my kettle?)")
    customer.button("Talk to a person").click()

    row = console.rows.first
    expect(row).to_contain_text("Waiting for a person")
    console.press("j", "Enter")
    expect(console.timeline).to_contain_text("where is my kettle?")
    console.press("t")
    expect(console.conversation).to_contain_text("Yours")
    console.page.keyboard.type("Hello, I am **Niamh**.")
    console.press("Control+Enter")
    customer.sees("Hello, I am Niamh.", timeout=8_000)
    expect(console.timeline.locator(".message.agent:not(.pending)")).to_have_count(1)

    customer.say("Great, and when does it come?")
    expect(console.timeline.locator(".message.customer").last).to_contain_text("when does it come?")
    console.press("Escape", "n")
    console.page.keyboard.type("Carrier says Thursday")
    console.press("Control+Enter")
    expect(console.timeline.locator(".message.note")).to_contain_text("Carrier says Thursday")
    expect(console.timeline.locator(".pending")).to_have_count(0)
    customer.sees_not("Carrier says Thursday")

    console.press("Escape", "b")
    console.dialog.get_by_label("Note on what was agreed").fill("It comes on Thursday.")
    console.press("Control+Enter")
    expect(console.conversation).to_contain_text("With the bot")
    customer.say("thanks, how long can I return?")
    customer.sees(f"{ANSWER} (thanks, how long can I return?)")


def test_two_agents_see_each_other_and_the_second_is_told(
    customer: ChatPage, console_of: Callable[[str], ConsolePage]
) -> None:
    customer.open()
    customer.say("hello")
    customer.sees(f"{ANSWER} (hello)")
    customer.button("Talk to a person").click()
    niamh, omar = console_of("niamh"), console_of("omar")
    for console in (niamh, omar):
        console.page.get_by_role("link", name="Unassigned").click()
        console.rows.first.click()
        expect(console.timeline).to_contain_text("hello")
    expect(niamh.conversation.locator(".presence")).to_contain_text("Omar Haddad")

    omar.field.fill("My long answer")
    expect(niamh.conversation.locator(".presence")).to_contain_text("Omar Haddad is writing…")
    niamh.field.fill("I can help.")
    niamh.press("Control+Enter")
    expect(niamh.conversation).to_contain_text("Yours")
    warning = omar.conversation.locator(".interrupted")
    expect(warning).to_contain_text("Niamh Kelly answered while you were writing.")
    expect(warning).to_contain_text("I can help.")
    omar.field.press("Control+Enter")

    expect(omar.field).to_have_value("My long answer")
    customer.sees("I can help.")
    customer.sees_not("My long answer")


def test_the_gateway_restarts_and_nothing_is_lost(
    gateway: StaffedDesk, customer: ChatPage, console_of: Callable[[str], ConsolePage]
) -> None:
    customer.open()
    customer.say("hello")
    customer.sees(f"{ANSWER} (hello)")
    customer.button("Talk to a person").click()
    console = console_of("niamh")
    console.button("Take next").click()
    expect(console.conversation).to_contain_text("Yours")
    console.field.fill("A draft")
    gateway.stop()
    expect(console.page.get_by_text("No connection to the server.")).to_be_visible(timeout=15_000)
    gateway.start()
    expect(console.page.get_by_text("No connection to the server.")).to_have_count(0, timeout=40_000)
    console.field.press("Control+Enter")

    customer.sees("A draft", timeout=20_000)


def test_resolving_and_opening_again(customer: ChatPage, console_of: Callable[[str], ConsolePage]) -> None:
    customer.open()
    customer.say("hello")
    customer.sees(f"{ANSWER} (hello)")
    customer.button("Talk to a person").click()
    console = console_of("niamh")
    console.button("Take next").click()
    expect(console.conversation).to_contain_text("Yours")
    console.press("l")
    console.dialog.get_by_label("Add").fill("vip")
    console.press("Enter")
    expect(console.page.get_by_role("complementary", name="Customer and conversation")).to_contain_text("vip")
    console.press("e", "Enter")
    expect(console.conversation).to_contain_text("Resolved")
    expect(console.rows).to_have_count(0)
    console.button("Open again").click()

    expect(console.conversation).to_contain_text("Yours")
    expect(console.rows).to_have_count(1)
