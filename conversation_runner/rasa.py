"""Talking to Rasa over HTTP: the REST channel as customers use it, the tracker as developers do."""

from __future__ import annotations

from typing import Any, Protocol
from urllib.parse import quote

import httpx

from conversation_runner.errors import RasaAnsweredBadly, RasaRefused, RasaTimedOut, RasaUnreachable
from conversation_runner.turn import BotMessage, Button, Tracker

_OK = 200


class Assistant(Protocol):
    """What a scenario needs of the running assistant."""

    async def say(self, conversation_id: str, text: str) -> tuple[BotMessage, ...]:
        """Send one customer message and wait for the replies."""
        ...

    async def tracker(self, conversation_id: str) -> Tracker:
        """Everything Rasa remembers of the conversation."""
        ...

    async def set_slots(self, conversation_id: str, slots: dict[str, Any]) -> None:
        """Put values into slots before the conversation begins."""
        ...


class RasaOverHttp:
    """A Rasa server started with ``--enable-api``.

    Args:
        client: closed by whoever made it; its timeout is the longest a turn may take.
        url: the server's address, without a path.
        token: the value of Rasa's ``--auth-token``, if it runs with one.
    """

    def __init__(self, client: httpx.AsyncClient, url: str, *, token: str | None = None) -> None:
        self._client = client
        self._url = url.rstrip("/")
        self._query = {"token": token} if token else {}

    async def check(self) -> None:
        """Make sure that conversations can be played here.

        Raises:
            RunnerError: nobody there, no API, wrong token, or no model; says which in one sentence.
        """
        response = await self._send("GET", "/status", self._query)
        if response.status_code != _OK:
            raise self._refusal(response)

    async def say(self, conversation_id: str, text: str) -> tuple[BotMessage, ...]:
        """Send one customer message and wait for the replies."""
        body = {"sender": conversation_id, "message": text}
        response = await self._send("POST", "/webhooks/rest/webhook", {}, body)
        messages = self._json(response)
        if not isinstance(messages, list) or not all(isinstance(message, dict) for message in messages):
            raise RasaAnsweredBadly(f"{self._url} answered the REST channel with something else than a list.")
        return tuple(_message(message) for message in messages)

    async def tracker(self, conversation_id: str) -> Tracker:
        """Everything Rasa remembers of the conversation."""
        query = self._query | {"include_events": "ALL"}
        response = await self._send("GET", f"/conversations/{quote(conversation_id, safe='')}/tracker", query)
        state = self._json(response)
        if not isinstance(state, dict):
            raise RasaAnsweredBadly(f"{self._url} sent no tracker for a conversation.")
        slots = state.get("slots") or {}
        return Tracker(
            slots=slots,
            active_form=(state.get("active_loop") or {}).get("name"),
            requested_slot=slots.get("requested_slot"),
            events=tuple(state.get("events") or ()),
        )

    async def set_slots(self, conversation_id: str, slots: dict[str, Any]) -> None:
        """Put values into slots before the conversation begins."""
        events = [{"event": "slot", "name": name, "value": value} for name, value in slots.items()]
        path = f"/conversations/{quote(conversation_id, safe='')}/tracker/events"
        self._json(await self._send("POST", path, self._query, events))

    async def _send(self, method: str, path: str, query: dict[str, str], body: Any = None) -> httpx.Response:
        try:
            return await self._client.request(method, self._url + path, params=query, json=body)
        except httpx.TimeoutException as error:
            raise RasaTimedOut(f"No answer from {self._url} within the time a turn may take.") from error
        except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
            raise RasaUnreachable(f"“{self._url}” is no address; write it like http://127.0.0.1:5005.") from error
        except httpx.TransportError as error:
            raise RasaUnreachable(
                f"Nothing answers at {self._url}: start the assistant with `make run`, or name another --url."
            ) from error

    def _json(self, response: httpx.Response) -> Any:
        if response.status_code != _OK:
            raise self._refusal(response)
        try:
            return response.json()
        except ValueError as error:
            raise RasaAnsweredBadly(f"{self._url} answered with something that is not JSON.") from error

    def _refusal(self, response: httpx.Response) -> RasaRefused | RasaAnsweredBadly:
        match response.status_code:
            case 401:
                return RasaRefused(f"{self._url} wants a token: pass --auth-token or set RASA_AUTH_TOKEN.")
            case 404:
                return RasaRefused(
                    f"{self._url} has no HTTP API or no REST channel: run Rasa with --enable-api and `rest:`"
                    " in credentials.yml."
                )
            case 503:
                return RasaRefused(f"{self._url} is not ready yet: wait for it, or see its log.")
            case 409:
                return RasaRefused(f"{self._url} has no model loaded yet: wait for it, or run `make train`.")
        return RasaAnsweredBadly(f"{self._url} answered with HTTP {response.status_code}.")


def _message(message: dict[str, Any]) -> BotMessage:
    buttons = tuple(
        Button(str(button.get("title", "")), str(button.get("payload") or button.get("title", "")))
        for button in message.get("buttons") or []
    )
    other = {k: v for k, v in message.items() if k not in ("recipient_id", "text", "buttons") and v}
    return BotMessage(str(message.get("text") or ""), buttons, other)
