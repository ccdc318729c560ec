"""Customers with known scripts: they send, send again when nothing came back, and wait for what the bot says."""

from __future__ import annotations

import asyncio
import random
import uuid
from dataclasses import dataclass, field
from typing import Any

import httpx

_SECONDS_FOR_AN_ANSWER = 240.0
ORDERS = {
    "10046": "aoife.brennan@example.com",
    "10026": "aoife.brennan@example.com",
}
QUESTIONS = (
    "How long do I have to send something back?",
    "Do you deliver to Northern Ireland?",
    "Can I pay with a gift card?",
    "What does express delivery cost?",
    "How long is the warranty on a kettle?",
)


@dataclass
class Customer:
    """One conversation and what its customer knows of it."""

    number: int
    doors: list[str]
    random: random.Random
    id: str = ""
    token: str = ""
    sent: list[str] = field(default_factory=list)
    impatient: int = 0

    async def live(self, http: httpx.AsyncClient) -> None:
        """Go through the script."""
        told = await self._until_taken(http, "POST", "/v1/conversations", {})
        self.id, self.token = told["conversation"]["id"], told["token"]
        for step in self._script():
            for words in step:
                await self._send(http, words)
            await self._wait(http)

    def _script(self) -> list[list[str]]:
        """Steps; the messages of one step are sent without waiting between them."""
        mark = f"my mark is K{self.number:04d}"
        asked = self.random.sample(QUESTIONS, 3)
        kinds: list[list[list[str]]] = [
            [["hello"], [asked[0]], [asked[1]], ["thanks, bye"]],
            [["hi", asked[0]], [asked[1], asked[2]], ["thank you"]],
            [["hello"], ["where is my order"], ["10046"], [ORDERS["10046"]], ["thanks"]],
            [[asked[0]], [mark], [asked[2]], ["bye"]],
        ]
        return kinds[self.number % len(kinds)]

    async def _send(self, http: httpx.AsyncClient, words: str) -> None:
        client_id = str(uuid.uuid4())
        self.sent.append(client_id)
        body = {"client_id": client_id, "text": words}
        await self._until_taken(http, "POST", f"/v1/conversations/{self.id}/messages", body)

    async def _wait(self, http: httpx.AsyncClient) -> None:
        """Until the newest message is followed by something that answers it; the count looks closer."""
        deadline = asyncio.get_running_loop().time() + _SECONDS_FOR_AN_ANSWER
        while asyncio.get_running_loop().time() < deadline:
            page = await self._until_taken(http, "GET", f"/v1/conversations/{self.id}/timeline", None)
            items = page["items"]
            last = max((item["position"] for item in items if item["speaker"] == "customer"), default=0)
            if any(item["position"] > last and item["speaker"] == "bot" for item in items):
                return
            if any(item["position"] > last and "couldn't answer that" in item["text"] for item in items):
                return
            await asyncio.sleep(0.5)
        self.impatient += 1

    async def _until_taken(
        self, http: httpx.AsyncClient, method: str, path: str, body: dict[str, Any] | None
    ) -> dict[str, Any]:
        """The same request again until somebody took it, at whichever gateway answers."""
        headers = {"authorization": f"Bearer {self.token}"} if self.token else {}
        while True:
            door = self.random.choice(self.doors)
            try:
                answer = await http.request(method, door + path, json=body, headers=headers)
                if answer.is_success:
                    return dict(answer.json())
                if answer.status_code < 500 and answer.status_code != 429:  # noqa: PLR2004 - HTTP
                    raise RuntimeError(f"{method} {path}: {answer.status_code} {answer.text}")
            except httpx.HTTPError:
                pass
            await asyncio.sleep(self.random.uniform(0.2, 1.0))
