"""Rasa's REST format in front of the same protection: a request waits for the answer to its own message."""

import asyncio
import hmac
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Header, Request
from pydantic import BaseModel, ConfigDict, Field

from contracts.payloads import WRONG_PAYLOAD, has_form_of_payload, is_payload
from desk.adapters.sql import entrance, timeline
from desk.adapters.sql.database import Database
from desk.errors import Invalid, NotAllowed
from desk.gateway.hub import Hub, Listener
from desk.gateway.model import Conversation, Incoming, Item, Speaker, State
from desk.gateway.schemas import Cleaned
from desk.gateway.service import Gateway, Windows
from desk.gateway.wire import rasa_message
from desk.sentences import Sentences
from desk.web.addresses import counted_address
from desk.web.limits import Limiter

CHANNEL = "rest"


class RestBody(BaseModel):
    """Rasa's own body; unknown keys are ignored, as Rasa does. ``message_id`` makes a retry safe."""

    model_config = ConfigDict(extra="ignore")

    sender: Annotated[str, Cleaned, Field(min_length=1, max_length=120)] = "default"
    message: Annotated[str, Cleaned]
    message_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:-]{1,64}$")] | None = None


@dataclass(frozen=True)
class RestParts:
    """What this door works with. ``waits`` is the longest a request is kept open, in seconds."""

    database: Database
    gateway: Gateway
    hub: Hub
    limiter: Limiter
    sentences: Sentences
    windows: Windows
    token: str
    open_without_token: bool
    longest: int
    waits: float
    now: Callable[[], datetime]


def build_rest_door(parts: RestParts) -> APIRouter:
    """``POST /webhooks/rest/webhook``."""
    router = APIRouter(strict_content_type=False)  # curl -d and old clients name no JSON, as Rasa allows

    @router.post("/webhooks/rest/webhook")
    async def webhook(
        request: Request, body: RestBody, authorization: Annotated[str, Header()] = ""
    ) -> list[dict[str, Any]]:
        """One message in, the messages that answer it out."""
        _admit(parts, authorization)
        await parts.limiter.check("requests", counted_address(request))
        await parts.limiter.check("messages", f"rest {body.sender}")
        await parts.limiter.check("overall", "messages")
        incoming = _incoming(parts, body)
        conversation = await parts.database.write(entrance.find_or_begin, CHANNEL, body.sender, parts.now())
        listener = parts.hub.listen(conversation.id, limited=False)
        try:
            accepted = await parts.gateway.accept(conversation.id, incoming, resumable=parts.windows.token)
            answer = await _answer(parts, accepted, listener)
        finally:
            parts.hub.leave(conversation.id, listener)
        return [rasa_message(body.sender, item) for item in answer] or [_in_the_meantime(parts, body, accepted)]

    return router


def _admit(parts: RestParts, authorization: str) -> None:
    given = authorization.removeprefix("Bearer ")
    if parts.token:
        if not hmac.compare_digest(given.encode(), parts.token.encode()):
            raise NotAllowed("Send this door's token as `Authorization: Bearer …`.")
    elif not parts.open_without_token:
        raise NotAllowed("This door is closed: set DESK_REST_TOKEN to open it.")


def _incoming(parts: RestParts, body: RestBody) -> Incoming:
    text = body.message.strip()
    if not text:
        raise Invalid("The message is empty.")
    if len(text) > parts.longest:
        raise Invalid(f"The message is longer than {parts.longest} characters.")
    clicked = has_form_of_payload(text)
    if clicked and not is_payload(text):
        raise Invalid(f"message: {WRONG_PAYLOAD}.")
    return Incoming(body.message_id or uuid.uuid4().hex, text=text, payload=text if clicked else None)


async def _answer(parts: RestParts, accepted: entrance.Accepted, listener: Listener) -> list[Item]:
    """What was said to this message, with what a person said since; nothing while it takes longer than ``waits``."""
    conversation = accepted.conversation
    if conversation.state is not State.BOT:
        return await _said_since(parts, conversation, accepted.item)
    try:
        async with asyncio.timeout(parts.waits):
            while not await _answered(parts, accepted.item, conversation.id):
                await listener.get()
    except TimeoutError:
        pass
    return await _said_since(parts, conversation, accepted.item)


async def _answered(parts: RestParts, item: Item, conversation_id: str) -> bool:
    found = await parts.database.read(
        timeline.items_between, conversation_id, after=item.position, before=None, limit=200
    )
    return any(item.id in one.draft.answers for one in found)


async def _said_since(parts: RestParts, conversation: Conversation, item: Item) -> list[Item]:
    """Everything this client has not been given; what it is given counts as read."""
    after = min(conversation.read_by_customer, item.position)
    found = await parts.database.read(timeline.items_between, conversation.id, after=after, before=None, limit=200)
    said = [one for one in found if one.draft.speaker is not Speaker.CUSTOMER]
    if said:
        await parts.gateway.read_up_to(conversation.id, said[-1].position)
    return said


def _in_the_meantime(parts: RestParts, body: RestBody, accepted: entrance.Accepted) -> dict[str, Any]:
    name = "late" if accepted.conversation.state is State.BOT else "for_person"
    return {"recipient_id": body.sender, "text": parts.sentences.say(name)}
