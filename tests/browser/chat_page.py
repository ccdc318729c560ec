"""The chat as a customer meets it: what is seen and done, by role and name."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.scripted_desk import ScriptedDesk

HEAD = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A shop</title>'
    '<meta name="viewport" content="width=device-width, initial-scale=1"></head>'
)


def host_page(attributes: str = "", body: str = "<main><h1>A shop</h1><p>Things to buy.</p></main>") -> str:
    """A website with the two lines a company adds."""
    return f'{HEAD}<body>{body}<script src="/widget.js" {attributes}></script></body></html>'


class ChatPage:
    """One tab."""

    def __init__(self, page: Page, desk: ScriptedDesk) -> None:
        self.page = page
        self.desk = desk
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def visit(self, attributes: str = "", **page: str) -> None:
        """Open a host page; the script's attributes as they stand in the tag."""
        self.desk.pages["/host"] = host_page(attributes, **page)
        self.page.goto(self.desk.url + "/host")

    @property
    def launcher(self) -> Locator:
        return self.page.locator("frontdesk-chat .launcher")

    @property
    def panel(self) -> Locator:
        return self.page.get_by_role("dialog")

    @property
    def field(self) -> Locator:
        return self.panel.locator(".composer textarea")

    def open(self) -> None:
        self.launcher.click()
        expect(self.panel).to_be_visible()
        expect(self.panel.locator(".message").first).to_be_visible()

    def say(self, text: str) -> None:
        self.field.fill(text)
        self.field.press("Enter")

    def button(self, name: str) -> Locator:
        return self.panel.get_by_role("button", name=name, exact=True)

    def choose_in_menu(self, name: str) -> None:
        self.button("More").click()
        self.button(name).click()

    def sees(self, text: str, **options: Any) -> None:
        expect(self.panel.get_by_text(text, exact=True).first).to_be_visible(**options)

    def sees_not(self, text: str) -> None:
        expect(self.panel.get_by_text(text, exact=True)).to_have_count(0)

    def customer_texts(self) -> list[str]:
        return self.panel.locator(".message.customer .bubble").all_inner_texts()

    def bot_texts(self) -> list[str]:
        """What the bot said after its greeting."""
        return self.panel.locator(".message.bot:not(.typing) .bubble").all_inner_texts()[1:]
