"""A customer on the demo shop's page, in a window of their own."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, ViewportSize, expect

from scripts.pictures.customer import demo_id
from scripts.pictures.studio import DESKTOP, Studio

_SIGN_IN = """async (customer) => {
  const body = JSON.stringify({ customer_id: customer });
  const headers = { "Content-Type": "application/json" };
  const { identity } = await (await fetch("/demo/sign-in", { method: "POST", headers, body })).json();
  window.Frontdesk.push((api) => api.identify(identity));
}"""


class Visitor:
    """Opens the chat, says things and waits for what the bot makes of each."""

    def __init__(self, studio: Studio, shop: str, *, size: ViewportSize = DESKTOP, email: str = "") -> None:
        """Go to the shop; with ``email`` as the demo customer of that address, signed in there."""
        self.page: Page = studio.window(size).new_page()
        self.page.goto(shop)
        self.page.locator("frontdesk-chat .launcher").click()
        expect(self._panel.locator(".message").first).to_be_visible()
        if email:
            self.page.evaluate(_SIGN_IN, demo_id(email))

    def say(self, *texts: str) -> None:
        """Each after the answer to the one before."""
        for text in texts:
            before = self._answers.count()
            self._panel.locator(".composer textarea").fill(text)
            self.page.keyboard.press("Enter")
            self._answered(before)

    def choose(self, button: str) -> None:
        """Click one of the offered choices."""
        before = self._answers.count()
        self._panel.get_by_role("button", name=button, exact=True).click()
        self._answered(before)

    def leave(self) -> None:
        """Close the window."""
        self.page.context.close()

    @property
    def _panel(self) -> Locator:
        return self.page.get_by_role("dialog")

    @property
    def _answers(self) -> Locator:
        return self._panel.locator(".message:not(.customer):not(.typing)")

    def _answered(self, before: int) -> None:
        expect(self._answers.nth(before)).to_be_visible()
        expect(self._panel.locator(".typing")).to_have_count(0)
