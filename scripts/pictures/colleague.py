"""Somebody of the support team at the console."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from playwright.sync_api import Locator, Page, expect

from scripts.pictures.studio import Studio


class Colleague:
    """Signed in, in a window of their own. What no picture shows is done over the console's API."""

    def __init__(self, studio: Studio, shop: str, name: str, password: str, *, dark: bool = False) -> None:
        """Sign in as ``<name>@alderwick.example``."""
        self.page: Page = studio.window(dark=dark).new_page()
        self._console = f"{shop}/console"
        self.page.goto(self._console)
        self.page.get_by_label("E-mail").fill(f"{name}@alderwick.example")
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("button", name="Sign in", exact=True).click()
        expect(self.page.locator(".layout")).to_be_visible()
        self._csrf: str = self.page.request.get(f"{self._console}/api/session").json()["csrf"]

    def visit(self, path: str) -> None:
        """Open a page of the console and let it load."""
        self.page.goto(self._console + path)
        expect(self.page.locator(".layout")).to_be_visible()
        expect(self.page.locator("[aria-busy=true]")).to_have_count(0)

    def opens(self, conversation: str, queue: str = "mine") -> None:
        """A conversation from a queue, with what is known about its customer."""
        self.visit(f"/inbox/{queue}/{conversation}")
        expect(self.timeline.locator(".message").first).to_be_visible()
        expect(self.page.locator(".side-panel")).to_contain_text("Orders")

    def does(self, act: str, conversation: str, **body: Any) -> None:
        """An act on a conversation, as the console's buttons do it."""
        self.sends("POST", f"/conversations/{conversation}/{act}", **body)

    def replies(self, conversation: str, text: str) -> None:
        """Answer a customer."""
        self.does("reply", conversation, client_id=str(uuid4()), text=text)

    def sends(self, method: str, path: str, **body: Any) -> None:
        """Change something on any page."""
        address = f"{self._console}/api{path}"
        told = self.page.request.fetch(address, method=method, data=body, headers={"x-csrf-token": self._csrf})
        if not told.ok:
            raise RuntimeError(f"{method} {path} was answered {told.status}: {told.text()}")

    def reads(self, path: str) -> dict[str, Any]:
        """What the console's API tells; of a conversation also its customer, whom the lists name from then on."""
        told = self.page.request.get(f"{self._console}/api{path}")
        if not told.ok:
            raise RuntimeError(f"{path} was answered {told.status}: {told.text()}")
        answer: dict[str, Any] = told.json()
        return answer

    def takes(self) -> None:
        """Take the open conversation over."""
        self.page.get_by_role("button", name="Take over").click()
        expect(self.page.get_by_role("button", name="Resolve")).to_be_visible()

    def types(self, text: str) -> None:
        """Begin a reply."""
        self.page.locator(".composer textarea").fill(text)

    @property
    def timeline(self) -> Locator:
        """What was said in the open conversation."""
        return self.page.locator("section.conversation").get_by_role("log")

    def leave(self) -> None:
        """Close the window."""
        self.page.context.close()
