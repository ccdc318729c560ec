"""Internal routes, with the shared secret: actions call for people, and people work from the command line."""

import hmac
import uuid
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header
from pydantic import BaseModel, ConfigDict, Field

from contracts.senders import TEACHING
from desk.company import OpeningHours
from desk.errors import NotAllowed
from desk.gateway.model import Conversation
from desk.gateway.schemas import Cleaned
from desk.gateway.wire import opening_json
from desk.handoff.model import Handoff, Priority
from desk.handoff.service import HandoffDesk

Short = Annotated[str, Cleaned, Field(max_length=200)]


class HandoffBody(BaseModel):
    """A call for a person."""

    model_config = ConfigDict(extra="forbid")

    conversation_id: Annotated[str, Field(max_length=64)]
    message_id: Annotated[str, Field(max_length=128)]
    reason: Annotated[str, Field(max_length=64)]
    priority: Priority = "normal"
    team: Annotated[str, Field(max_length=64)] | None = None
    summary: Annotated[str, Cleaned, Field(max_length=8000)] = ""
    collected: dict[str, Any] = {}
    intents: list[Short] = []
    sentiment: list[float] = []
    tried: list[Short] = []
    last_words: Annotated[str, Cleaned, Field(max_length=4000)] = ""
    ticket_number: Annotated[str, Field(max_length=32)] | None = None


class TakeBody(BaseModel):
    """Who takes it; ``version`` refuses the change when somebody else made one first."""

    model_config = ConfigDict(extra="forbid")

    agent_id: Annotated[str, Field(min_length=1, max_length=64)]
    agent_name: Annotated[str, Cleaned, Field(min_length=1, max_length=128)]
    version: int | None = None


class ReplyBody(TakeBody):
    """What a person says; the same ``client_id`` again is the same reply."""

    text: Annotated[str, Cleaned, Field(min_length=1, max_length=8000)]
    client_id: Annotated[str, Field(max_length=64)] = ""


class ReturnBody(BaseModel):
    """Back to the bot."""

    model_config = ConfigDict(extra="forbid")

    version: int | None = None


def build_internal_routes(desk: HandoffDesk, hours: OpeningHours, now: Any, secret: str) -> APIRouter:
    """All routes below ``/internal``."""

    async def admitted(x_frontdesk_secret: Annotated[str, Header()] = "") -> None:
        if not hmac.compare_digest(x_frontdesk_secret.encode(), secret.encode()):
            raise NotAllowed("Send the shared secret as x-frontdesk-secret.")

    router = APIRouter(prefix="/internal", dependencies=[Depends(admitted)], include_in_schema=False)

    @router.post("/handoffs", status_code=201)
    async def call(body: HandoffBody) -> dict[str, Any]:
        if body.conversation_id.startswith(TEACHING):  # a colleague tries the bot: nobody is called, nothing is opened
            return {"state": "queued", "position": 1, "opening": opening_json(hours.at(now()))}
        told = body.model_dump(exclude={"conversation_id"})
        conversation = await desk.call(body.conversation_id, Handoff(**told))
        opening = opening_json(hours.at(now()))
        if conversation is None:
            return {"state": "bot", "position": None, "opening": opening}
        return {"state": conversation.state.value, "position": conversation.queue_place, "opening": opening}

    @router.post("/agent/{conversation_id}/take")
    async def take(conversation_id: str, body: TakeBody) -> dict[str, Any]:
        agent = (body.agent_id, body.agent_name)
        return _told(await desk.take(conversation_id, agent, expected=body.version))

    @router.post("/agent/{conversation_id}/reply")
    async def reply(conversation_id: str, body: ReplyBody) -> dict[str, Any]:
        agent, client_id = (body.agent_id, body.agent_name), body.client_id or uuid.uuid4().hex
        return _told(await desk.reply(conversation_id, agent, (client_id, body.text), expected=body.version))

    @router.post("/agent/{conversation_id}/return")
    async def give_back(conversation_id: str, body: ReturnBody) -> dict[str, Any]:
        return _told(await desk.give_back(conversation_id, expected=body.version))

    return router


def _told(conversation: Conversation) -> dict[str, Any]:
    return {
        "id": conversation.id,
        "state": conversation.state.value,
        "version": conversation.version,
        "agent": conversation.agent_name,
        "position": conversation.position,
    }
