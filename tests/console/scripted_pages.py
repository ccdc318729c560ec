"""The scripted console server with the pages beside the inbox."""

from __future__ import annotations

import time
from typing import Any

from tests.console.scripted_admin import Admin
from tests.console.scripted_console import ScriptedConsole
from tests.console.scripted_knowledge import Knowledge
from tests.console.scripted_numbers import Numbers
from tests.console.scripted_reviews import Reviews
from tests.console.scripted_words import Words


class ScriptedPages(ScriptedConsole):
    """Reviews, knowledge, numbers, administration and words."""

    def __init__(self) -> None:
        super().__init__()
        self.reviews = Reviews(self)
        self.knowledge = Knowledge(self)
        self.numbers = Numbers(self)
        self.admin = Admin(self)
        self.words = Words(self)
        for part in (self.reviews, self.knowledge, self.numbers, self.admin, self.words):
            self.extra_routes += part.routes()


def asked_soon(asked: list[dict[str, Any]], wanted: dict[str, Any]) -> dict[str, Any]:
    """The last query, once it is the one wanted: no sight waits for it. The last there is when ten seconds are over."""
    until = time.monotonic() + 10
    while wanted not in asked[-1:] and time.monotonic() < until:
        time.sleep(0.05)
    return asked[-1] if asked else {}
