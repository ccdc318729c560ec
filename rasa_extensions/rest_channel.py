"""Rasa's REST channel with a door in front: every input has limits and every request gets a reply.

The format is Rasa's own (``{"sender", "message", "metadata"}`` in, a list of messages out), so any client made for
Rasa works. Health, readiness and metrics of the dialogue process are served beside it.
"""

from __future__ import annotations

import json
import re
import unicodedata
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.channels.rest import RestInput
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.constants import DEFAULT_SENDER_ID
from rasa.shared.core.constants import DEFAULT_INTENTS
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from contracts.payloads import is_payload
from contracts.senders import is_of_the_gateway
from rasa_extensions import turns
from rasa_extensions.metrics import REFUSED

turns.install()

MAX_MESSAGE_CHARACTERS = 4000
MAX_SENDER_CHARACTERS = 128

_COMMAND = re.compile(r"^/(?P<intent>[a-z][a-z_]*)(?:\{.*\})?$", re.DOTALL)
_LEADING_SLASHES = re.compile(r"^[/\s]+")
_KEPT_CONTROLS = "\n\t"

EMPTY_REPLY = (
    "Your message arrived without any text. Tell me in a few words what you need, "
    'for example "where is my order?" or "talk to a person".'
)
TOO_LONG_REPLY = (
    f"That message is longer than I can read at once ({MAX_MESSAGE_CHARACTERS:,} characters). "
    "Please send me the main point in a few sentences."
)


class BadRequestBody(ValueError):
    """The request's form is wrong; the text says what to send instead."""


class RestDoor(RestInput):
    """``POST /webhooks/rest/webhook``; ``GET /webhooks/rest/{health,ready,metrics}``."""

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        door = Blueprint("frontdesk_rest", __name__)

        @door.get("/health")
        async def health(_: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @door.get("/ready")
        async def ready(request: Request) -> HTTPResponse:
            problem = not_ready(request)
            return _error(503, "not_ready", problem) if problem else response.json({"status": "ready"})

        @door.get("/metrics")
        async def metrics(_: Request) -> HTTPResponse:
            return response.raw(generate_latest(), content_type=CONTENT_TYPE_LATEST)

        @door.post("/webhook")
        async def receive(request: Request) -> HTTPResponse:
            try:
                body = read_body(request.body)
            except BadRequestBody as error:
                REFUSED.labels("bad_request").inc()
                return _error(422, "validation", str(error))
            if problem := not_ready(request):
                return _error(503, "not_ready", problem)
            text = readable(body["message"], request.app.ctx.agent.domain.intents)
            if reply := self._refusal(text):
                return response.json([{"recipient_id": body["sender"], "text": reply}])
            collector = CollectingOutputChannel()
            message = UserMessage(
                text, collector, body["sender"], input_channel=self.name(), metadata=body.get("metadata")
            )
            await on_new_message(message)
            return response.json(collector.messages)

        return door

    @staticmethod
    def _refusal(text: str) -> str | None:
        if not text:
            REFUSED.labels("empty").inc()
            return EMPTY_REPLY
        if len(text) > MAX_MESSAGE_CHARACTERS:
            REFUSED.labels("too_long").inc()
            return TOO_LONG_REPLY
        return None


def read_body(raw: bytes) -> dict[str, Any]:
    """The request's sender, message and metadata.

    Raises:
        BadRequestBody: not a JSON object, or a field of the wrong type or size. Unknown keys are ignored, as Rasa does.
    """
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        raise BadRequestBody('The body is not JSON. Send {"sender": "an id", "message": "the text"}.') from None
    if not isinstance(body, dict) or not isinstance(body.get("message"), str):
        raise BadRequestBody('"message" must be a string. Send {"sender": "an id", "message": "the text"}.')
    sender = body.get("sender", DEFAULT_SENDER_ID)
    if not isinstance(sender, str) or not 0 < len(sender) <= MAX_SENDER_CHARACTERS:
        raise BadRequestBody(f'"sender" must be a string of 1 to {MAX_SENDER_CHARACTERS} characters.')
    if is_of_the_gateway(sender):
        raise BadRequestBody('"sender" names a conversation of the gateway, which alone may speak in it.')
    metadata: dict[str, Any] | None = body.get("metadata")
    if metadata is not None and not isinstance(metadata, dict):
        raise BadRequestBody('"metadata" must be an object.')
    return {"sender": sender, "message": body["message"], "metadata": metadata}


def readable(text: str, intents: Any) -> str:
    """The customer's text without control characters, in NFC; a slash only before an intent a button may carry.

    Rasa reads ``/name`` as an intent. Its own commands (``/restart``, ``/session_start`` …), names that the domain
    lacks and entities that are no texts or numbers are no business of a customer: they lose the slash and are
    understood as the words they are.
    """
    cleaned = "".join(
        character
        for character in unicodedata.normalize("NFC", text)
        if character in _KEPT_CONTROLS or unicodedata.category(character) not in ("Cc", "Cs")
    ).strip()
    command = _COMMAND.match(cleaned)
    allowed = command and command["intent"] in intents and command["intent"] not in DEFAULT_INTENTS
    allowed = allowed and is_payload(cleaned)
    return cleaned if allowed else _LEADING_SLASHES.sub("", cleaned)


def not_ready(request: Request) -> str | None:
    agent = getattr(request.app.ctx, "agent", None)
    if agent is None or not agent.is_ready():
        return "No dialogue model is loaded yet; run `make train` or wait for the start to finish."
    if isinstance(agent.tracker_store._tracker_store, InMemoryTrackerStore):
        return "The configured tracker store could not be opened, so conversations would not survive a restart."
    return None


def _error(status: int, kind: str, message: str) -> HTTPResponse:
    body = {"error": {"type": kind, "message": message, "request_id": uuid.uuid4().hex}}
    return response.json(body, status=status)
