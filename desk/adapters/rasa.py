"""Rasa's ``desk`` channel over HTTP; a conversation keeps to one process while that one answers."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

import aiohttp

from contracts.secrets import SECRET_HEADER
from desk.errors import TurnFailed
from desk.gateway.model import Batch

_OK = 200
_CONNECT_SECONDS = 2.0
_KEPT_SECONDS = 4.0
"""A connection that nobody uses is given up before Rasa's server (Sanic: after 5 s) does so."""


class RasaChannel:
    """A ``Dialogue``. Over several Rasa processes their tracker store's lock keeps a conversation to one turn."""

    def __init__(self, urls: Sequence[str], *, secret: str, timeout_seconds: float) -> None:
        self._urls = tuple(urls)
        self._headers = {SECRET_HEADER: secret}
        self._timeout = aiohttp.ClientTimeout(total=timeout_seconds, sock_connect=_CONNECT_SECONDS)
        self._http: aiohttp.ClientSession | None = None

    async def turn(self, conversation_id: str, batch: Batch) -> Sequence[Mapping[str, Any]]:
        words = {"payload": batch.payload} if batch.payload else {"text": batch.text}
        body = {"message_id": batch.id, "metadata": dict(batch.metadata), **words}
        answer = await self._post("turn", conversation_id, body)
        messages = answer.get("messages")
        if not isinstance(messages, list) or not all(isinstance(one, dict) for one in messages):
            raise TurnFailed("bad_answer")
        return messages

    async def write_human_part(self, conversation_id: str, part_id: str, said: Sequence[Mapping[str, Any]]) -> None:
        await self._post("human-part", conversation_id, {"part_id": part_id, "said": list(said)})

    async def erase(self, conversation_id: str) -> int:
        answer = await self._post("erase", conversation_id, {})
        return int(answer.get("events") or 0)

    async def close(self) -> None:
        """Give the connections back."""
        if self._http is not None:
            await self._http.close()

    def _session(self) -> aiohttp.ClientSession:
        """Made on first use: a session belongs to the running event loop."""
        if self._http is None:
            self._http = aiohttp.ClientSession(
                headers=self._headers,
                timeout=self._timeout,
                connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=_KEPT_SECONDS),
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        return self._http

    async def _post(self, path: str, conversation_id: str, body: Mapping[str, Any]) -> dict[str, Any]:
        given = {"conversation_id": conversation_id, **body}
        for url in self._preferred(conversation_id):
            address = f"{url}/webhooks/desk/{path}"
            try:
                async with self._session().post(address, json=given, allow_redirects=False) as answer:
                    return _read(answer.status, await answer.read())
            except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
                continue  # nothing was begun there: another process may do it
            except TimeoutError as error:
                raise TurnFailed("turn_timeout") from error
            except aiohttp.ClientError as error:
                raise TurnFailed("unreachable") from error
        raise TurnFailed("unreachable")

    def _preferred(self, conversation_id: str) -> list[str]:
        """All processes, for each conversation in an order of its own (rendezvous hashing)."""

        def rank(url: str) -> bytes:
            return hashlib.sha256(f"{url} {conversation_id}".encode()).digest()

        return sorted(self._urls, key=rank)


def _read(status: int, content: bytes) -> dict[str, Any]:
    try:
        body = json.loads(content)
    except ValueError as error:
        raise TurnFailed("bad_answer") from error
    if status == _OK and isinstance(body, dict):
        return body
    try:
        kind = str(body["error"]["type"])
    except (KeyError, TypeError) as error:
        raise TurnFailed("bad_answer") from error
    raise TurnFailed(kind)
