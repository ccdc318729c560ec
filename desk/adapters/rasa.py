"""Rasa's ``desk`` channel over HTTP; a conversation keeps to one process while that one answers."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import httpx

from contracts.secrets import SECRET_HEADER
from desk.errors import TurnFailed
from desk.gateway.model import Batch

_OK = 200


class RasaChannel:
    """A ``Dialogue``. Over several Rasa processes their tracker store's lock keeps a conversation to one turn."""

    def __init__(self, urls: Sequence[str], *, secret: str, timeout_seconds: float) -> None:
        self._urls = tuple(urls)
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=50)
        self._http = httpx.AsyncClient(
            headers={SECRET_HEADER: secret},
            timeout=httpx.Timeout(timeout_seconds, connect=2.0, pool=timeout_seconds),
            limits=limits,
            trust_env=False,
        )

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

    async def ready(self) -> bool:
        """Whether at least one Rasa can answer."""
        for url in self._urls:
            try:
                answer = await self._http.get(f"{url}/webhooks/rest/ready", timeout=2.0)
            except httpx.HTTPError:
                continue
            if answer.status_code == _OK:
                return True
        return False

    async def close(self) -> None:
        await self._http.aclose()

    async def _post(self, path: str, conversation_id: str, body: Mapping[str, Any]) -> dict[str, Any]:
        for url in self._preferred(conversation_id):
            try:
                answer = await self._http.post(
                    f"{url}/webhooks/desk/{path}", json={"conversation_id": conversation_id, **body}
                )
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue  # nothing was begun there: another process may do it
            except httpx.TimeoutException as error:
                raise TurnFailed("turn_timeout") from error
            except httpx.HTTPError as error:
                raise TurnFailed("unreachable") from error
            return _read(answer)
        raise TurnFailed("unreachable")

    def _preferred(self, conversation_id: str) -> list[str]:
        """All processes, for each conversation in an order of its own (rendezvous hashing)."""

        def rank(url: str) -> bytes:
            return hashlib.sha256(f"{url} {conversation_id}".encode()).digest()

        return sorted(self._urls, key=rank)


def _read(answer: httpx.Response) -> dict[str, Any]:
    try:
        body = answer.json()
    except ValueError as error:
        raise TurnFailed("bad_answer") from error
    if answer.status_code == _OK and isinstance(body, dict):
        return body
    try:
        kind = str(body["error"]["type"])
    except (KeyError, TypeError) as error:
        raise TurnFailed("bad_answer") from error
    raise TurnFailed(kind)
