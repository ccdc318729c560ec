"""A demo customer who is signed in on the shop and writes over the gateway's API: fourteen of them need no browser."""

from __future__ import annotations

import time
from typing import Any
from uuid import NAMESPACE_URL, uuid4, uuid5

import httpx

_PATIENCE_SECONDS = 60


def demo_id(email: str) -> str:
    """The customer's id in the demo shop's back office."""
    return uuid5(NAMESPACE_URL, "demo customer " + email).hex


class Customer:
    """One conversation."""

    def __init__(self, shop: str, email: str, *, locale: str = "en-IE") -> None:
        """Begin it."""
        self._http = httpx.Client(base_url=shop, timeout=_PATIENCE_SECONDS, trust_env=False)
        identity = self._post("/demo/sign-in", customer_id=demo_id(email))["identity"]
        begun = self._post("/v1/conversations", locale=locale, identity=identity)
        self.id: str = begun["conversation"]["id"]
        self._http.headers["authorization"] = f"Bearer {begun['token']}"

    def says(self, *texts: str) -> None:
        """Each after the answer to the one before."""
        for text in texts:
            before = self._newest()
            self.writes(text)
            self._answered(before)

    def writes(self, text: str) -> None:
        """Say something that the bot has no part in."""
        self._post(f"/v1/conversations/{self.id}/messages", client_id=str(uuid4()), text=text)

    def wants_a_person(self) -> None:
        """Get into the queue."""
        self._post(f"/v1/conversations/{self.id}/person")

    def rates(self, score: int) -> None:
        """Leave stars behind."""
        self._post(f"/v1/conversations/{self.id}/rating", score=score)

    def _newest(self) -> int:
        return max((item["position"] for item in self._items() if item["speaker"] == "bot"), default=0)

    def _answered(self, before: int) -> None:
        until = time.monotonic() + _PATIENCE_SECONDS
        while self._newest() <= before:
            if time.monotonic() > until:
                raise TimeoutError(f"nobody answered in {self.id}")
            time.sleep(0.3)

    def _items(self) -> list[dict[str, Any]]:
        told = self._http.get(f"/v1/conversations/{self.id}/timeline").raise_for_status().json()
        items: list[dict[str, Any]] = told["items"]
        return items

    def _post(self, path: str, **body: Any) -> dict[str, Any]:
        told = self._http.post(path, json=body).raise_for_status()
        answer: dict[str, Any] = told.json() if told.content else {}
        return answer
