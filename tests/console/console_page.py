"""The console as an agent meets it: what is seen and done, by role and name."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.console.scripted_console import ScriptedConsole


class ConsolePage:
    """One tab of the browser."""

    def __init__(self, page: Page, server: ScriptedConsole) -> None:
        self.page = page
        self.server = server
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        # A blocked style or script is told on the console only.
        page.on("console", lambda said: self.errors.append(said.text) if "Content Security" in said.text else None)

    def visit(self, path: str = "/inbox/mine") -> None:
        """Open an address of the console and wait for its frame."""
        self.page.goto(f"{self.server.url}/console{path}")
        if self.server.signed_in:
            expect(self.page.locator(".layout")).to_be_attached()

    def open(self, ident: str, queue: str = "all") -> None:
        """Open a conversation by its address."""
        self.visit(f"/inbox/{queue}/{ident}")
        expect(self.conversation.get_by_role("log")).to_be_visible()

    @property
    def list(self) -> Locator:
        return self.page.get_by_role("region", name="Conversations", exact=True)

    @property
    def rows(self) -> Locator:
        return self.page.locator(".inbox-row")

    def row(self, ident: str) -> Locator:
        return self.page.locator(f'.inbox-row[data-conversation="{ident}"]')

    @property
    def conversation(self) -> Locator:
        return self.page.locator("section.conversation")

    @property
    def timeline(self) -> Locator:
        return self.conversation.get_by_role("log")

    @property
    def field(self) -> Locator:
        return self.conversation.locator(".composer textarea")

    @property
    def tabs(self) -> Locator:
        return self.page.locator(".inbox-tab")

    @property
    def dialog(self) -> Locator:
        return self.page.get_by_role("dialog")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def hears(self, text: str) -> None:
        """What a screen reader was told last."""
        expect(self.page.locator(".for-readers[role=status]")).to_have_text(text)
