"""The gateway's door into Rasa: whole turns, typed errors, and never the same turn twice.

``POST /webhooks/desk/turn`` answers ``{"messages", "replayed"}`` or the error body with a kind of ``STATUS``. The same
message id attaches to the turn that runs, or is answered from the tracker. A turn that takes longer than the limit is
answered with 504 and goes on.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import os
import re
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

import sqlalchemy as sa
from rasa.core.agent import Agent
from rasa.core.channels.channel import InputChannel, UserMessage
from rasa.core.lock_store import LockError
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from contracts.secrets import SECRET_HEADER
from rasa_extensions import turns
from rasa_extensions.conversation_lock import ConversationLock
from rasa_extensions.human_part import write_human_part
from rasa_extensions.metrics import REFUSED
from rasa_extensions.replay import on_the_wire, stored_turn
from rasa_extensions.rest_channel import MAX_MESSAGE_CHARACTERS, not_ready, readable

turns.install()

logger = logging.getLogger(__name__)

DEFAULT_TURN_TIMEOUT_S = 20.0
STATUS = {
    "validation": 422,
    "unauthorized": 401,
    "not_ready": 503,
    "busy": 409,  # another process has a turn of this conversation
    "paused": 409,
    "turn_timeout": 504,
    "action_timeout": 504,
    "action_failed": 502,
    "action_raised": 500,
    "tracker_store": 503,
    "action_limit": 500,
    "no_reply": 500,
    "turn_failed": 500,
}
_ID = re.compile(r"[A-Za-z0-9_.:-]{1,128}")

Turn = Callable[[UserMessage], Awaitable[Any]]


class Refused(Exception):
    """A request that gets an error body of this kind."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


class DeskChannel(InputChannel):
    """Named in ``credentials.yml``; secret and time limit come from the environment."""

    def __init__(self) -> None:
        self._secret = os.environ.get("DESK_SECRET", "")
        self._limit = float(os.environ.get("FRONTDESK_TURN_TIMEOUT_S") or DEFAULT_TURN_TIMEOUT_S)
        self._running: dict[tuple[str, str], asyncio.Task[tuple[list[dict[str, Any]], bool]]] = {}
        self._lock: ConversationLock | None = None

    @classmethod
    def name(cls) -> str:
        return "desk"

    def blueprint(self, on_new_message: Turn) -> Blueprint:
        desk = Blueprint("frontdesk_desk", __name__)

        @desk.post("/turn")
        async def turn(request: Request) -> HTTPResponse:
            return await self._answered(request, self._turn_route, on_new_message)

        @desk.post("/human-part")
        async def human_part(request: Request) -> HTTPResponse:
            return await self._answered(request, self._human_part_route)

        @desk.post("/erase")
        async def erase(request: Request) -> HTTPResponse:
            return await self._answered(request, self._erase_route)

        return desk

    async def _answered(self, request: Request, route: Callable[..., Awaitable[dict[str, Any]]], *rest: Any) -> Any:
        try:
            self._check_secret(request)
            body = _json_object(request.body)
            _check_ready(request)
            return response.json(await route(request.app.ctx.agent, body, *rest))
        except Refused as refused:
            REFUSED.labels(f"desk_{refused.kind}").inc()
            return _error(refused.kind, str(refused))
        except turns.TurnAborted as aborted:
            return _error(aborted.kind, "The turn was ended before it was saved; the same id may try again.")
        except (sa.exc.SQLAlchemyError, OSError):
            logger.exception("desk.store_failed")
            return _error("tracker_store", "The tracker store did not answer.")
        except Exception:
            logger.exception("desk.failed")
            return _error("turn_failed", "Something failed inside Rasa; its log says what.")

    def _check_secret(self, request: Request) -> None:
        if not self._secret:
            raise Refused("not_ready", "DESK_SECRET is not set for Rasa, so this channel is closed.")
        if not hmac.compare_digest(request.headers.get(SECRET_HEADER, "").encode(), self._secret.encode()):
            raise Refused("unauthorized", f"Send the shared secret as {SECRET_HEADER}.")

    async def _turn_route(self, agent: Agent, body: dict[str, Any], on_new_message: Turn) -> dict[str, Any]:
        key = (_id(body, "conversation_id"), _id(body, "message_id"))
        text, metadata = _words(body, agent), _metadata(body)
        task = self._running.get(key)
        if task is None:  # no await between look and store: safe in one process
            task = asyncio.ensure_future(self._turn(agent, key, text, metadata, on_new_message))
            self._running[key] = task
            task.add_done_callback(lambda done: self._forget(key, done))
        try:
            messages, replayed = await asyncio.wait_for(asyncio.shield(task), self._limit)
        except asyncio.TimeoutError:
            raise Refused("turn_timeout", "The turn goes on; send the same id again for its answer.") from None
        return {"messages": messages, "replayed": replayed}

    def _forget(self, key: tuple[str, str], done: asyncio.Task[Any]) -> None:
        self._running.pop(key, None)
        if not done.cancelled():
            done.exception()  # looked at, or asyncio complains when nobody waits any more

    async def _turn(
        self, agent: Agent, key: tuple[str, str], text: str, metadata: dict[str, Any], on_new_message: Turn
    ) -> tuple[list[dict[str, Any]], bool]:
        conversation_id, message_id = key
        lock = self._own_lock(agent)
        if not lock.acquire(conversation_id):
            raise Refused("busy", "Another Rasa process has a turn of this conversation.")
        try:
            stored = await _stored(agent, conversation_id, message_id)
            if stored is not None:
                return _not_silent(stored), True
            record = turns.TurnRecord(self.name())
            await on_new_message(
                UserMessage(
                    text,
                    record,
                    conversation_id,
                    input_channel=self.name(),
                    message_id=message_id,
                    metadata=metadata,
                )
            )
            return await self._outcome(agent, conversation_id, record), False
        except LockError as error:
            raise Refused("busy", "An earlier turn of this conversation did not end in time.") from error
        finally:
            lock.release(conversation_id)

    def _own_lock(self, agent: Agent) -> ConversationLock:
        if self._lock is None:
            self._lock = ConversationLock.over(agent.tracker_store)
        return self._lock

    async def _outcome(self, agent: Agent, conversation_id: str, record: turns.TurnRecord) -> list[dict[str, Any]]:
        if record.outcome == "answered":
            return [on_the_wire(message) for message in record.messages]
        if record.outcome == "no_reply":
            tracker = await agent.tracker_store.retrieve(conversation_id)
            if tracker is not None and tracker.is_paused():
                raise Refused("paused", "The conversation is paused in Rasa.")
        raise Refused(record.outcome or "turn_failed", "The turn was not answered.")

    async def _human_part_route(self, agent: Agent, body: dict[str, Any]) -> dict[str, Any]:
        conversation_id, said = _id(body, "conversation_id"), body.get("said")
        if not isinstance(said, list) or not all(_is_said(one) for one in said):
            raise Refused(
                "validation", '"said" must be a list of {"speaker": "customer", "agent", "note" or "answer", "text"}.'
            )
        lock = self._own_lock(agent)
        if not lock.acquire(conversation_id):
            raise Refused("busy", "Another Rasa process has a turn of this conversation.")
        try:
            return {"written": await write_human_part(agent, conversation_id, _id(body, "part_id"), said)}
        finally:
            lock.release(conversation_id)

    async def _erase_route(self, agent: Agent, body: dict[str, Any]) -> dict[str, Any]:
        conversation_id = _id(body, "conversation_id")
        async with agent.lock_store.lock(conversation_id):
            return {"events": agent.tracker_store._tracker_store.erase(conversation_id)}


def _not_silent(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if not messages:
        raise Refused("no_reply", "The turn was saved without an answer.")
    return messages


async def _stored(agent: Agent, conversation_id: str, message_id: str) -> list[dict[str, Any]] | None:
    """What the tracker says was answered to this message; None when its turn was never saved."""
    store = agent.tracker_store._tracker_store
    if hasattr(store, "may_hold") and not store.may_hold(conversation_id, message_id):
        return None
    return stored_turn(await store.retrieve_full_tracker(conversation_id), message_id)


def _check_ready(request: Request) -> None:
    if problem := not_ready(request):
        raise Refused("not_ready", problem)


def _json_object(raw: bytes) -> dict[str, Any]:
    try:
        body = json.loads(raw)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise Refused("validation", "The body must be a JSON object.")
    return body


def _id(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise Refused("validation", f'"{name}" must be 1 to 128 letters, digits or any of _.:-')
    return value


def _words(body: dict[str, Any], agent: Agent) -> str:
    """What the customer said, or the payload of a button; only a payload may name an intent."""
    payload = body.get("payload")
    said = payload if payload is not None else body.get("text")
    if not isinstance(said, str) or len(said) > MAX_MESSAGE_CHARACTERS:
        raise Refused("validation", f'Send "text" or "payload", at most {MAX_MESSAGE_CHARACTERS} characters.')
    text = readable(said, agent.domain.intents if payload is not None else ())
    if not text:
        raise Refused("validation", "There is nothing to read in this message.")
    return text


def _metadata(body: dict[str, Any]) -> dict[str, Any]:
    metadata = body.get("metadata")
    if metadata is not None and not isinstance(metadata, dict):
        raise Refused("validation", '"metadata" must be an object.')
    return metadata or {}


def _is_said(one: Any) -> bool:
    return (
        isinstance(one, dict)
        and one.get("speaker") in ("customer", "agent", "note", "answer")
        and isinstance(one.get("text"), str)
    )


def _error(kind: str, message: str) -> HTTPResponse:
    body = {"error": {"type": kind, "message": message, "request_id": uuid.uuid4().hex}}
    return response.json(body, status=STATUS.get(kind, 500))
