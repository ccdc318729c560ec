"""The customer API under ``/v1``: each route reads its input, asks one object, writes its output."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response

from desk.attachments.http import file_response, uploaded
from desk.attachments.service import TYPES, AttachmentDesk
from desk.company import Company
from desk.errors import AnotherCustomer, Invalid, TokenInvalid
from desk.gateway import schemas
from desk.gateway.hub import Hub
from desk.gateway.identity import IdentityReader
from desk.gateway.model import Conversation, Incoming, Item, NewConversation
from desk.gateway.ports import Accounts
from desk.gateway.service import Gateway
from desk.gateway.transcript import as_json, as_text
from desk.gateway.wire import attachment_json, buttons_of, conversation_json, item_json, moment, opening_json
from desk.retention.service import Retention
from desk.settings import DeskSettings
from desk.tokens import token_hash
from desk.web.addresses import counted_address
from desk.web.limits import Limiter
from desk.web.stream import EventStream, Streamed

CHANNEL = "web"
_OFFERED_LATELY = 50
"""Items in which a click's button is looked for."""
_ERRORS: dict[int | str, dict[str, Any]] = {
    status: {"model": schemas.ErrorAnswer} for status in (401, 404, 408, 409, 413, 422, 429, 500, 503)
}


@dataclass(frozen=True)
class ApiParts:
    """What the routes work with."""

    settings: DeskSettings
    company: Company
    gateway: Gateway
    hub: Hub
    files: AttachmentDesk
    retention: Retention
    identity: IdentityReader
    accounts: Accounts
    limiter: Limiter
    now: Callable[[], datetime]

    def conversation_json(self, conversation: Conversation) -> dict[str, Any]:
        """A conversation as the API tells it."""
        return conversation_json(
            conversation,
            opening=self.gateway.opening(),
            resumable_until=self.gateway.resumable_until(conversation),
            identified=conversation.customer_id is not None,
        )


async def bearer(authorization: Annotated[str, Header()] = "") -> str:
    """The token of the Authorization header.

    Raises:
        TokenInvalid: there is none.
    """
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise TokenInvalid
    return token


Token = Annotated[str, Depends(bearer)]
Query0 = Annotated[int | None, Query(ge=0, le=2**31 - 1)]


def build_routes(parts: ApiParts) -> APIRouter:
    """All routes of the customer API."""

    async def within_limits(request: Request) -> None:
        await parts.limiter.check("requests", counted_address(request))

    router = APIRouter(prefix="/v1", responses=_ERRORS, dependencies=[Depends(within_limits)])
    _add_beginning(router, parts)
    _add_talking(router, parts)
    _add_listening(router, parts)
    _add_person(router, parts)
    _add_files(router, parts)
    _add_ending(router, parts)
    return router


def _opened(parts: ApiParts) -> Any:
    async def opened(conversation_id: str, token: Token) -> Conversation:
        return await parts.gateway.open(token, conversation_id)

    return Depends(opened)


def _add_beginning(router: APIRouter, parts: ApiParts) -> None:
    opened = _opened(parts)

    @router.get("/config", response_model=schemas.ConfigAnswer)
    async def config() -> dict[str, Any]:
        """What a widget needs before the first message."""
        return config_json(parts)

    @router.post(
        "/conversations",
        status_code=201,
        response_model=schemas.BegunAnswer,
        responses={403: {"model": schemas.ErrorAnswer}},
    )
    async def begin(request: Request, body: schemas.BeginBody) -> dict[str, Any]:
        """A new conversation, and the token that opens it."""
        await parts.limiter.check("conversations", counted_address(request))
        if body.identity:
            parts.identity.read(body.identity, None, parts.now())
        new = NewConversation(
            CHANNEL,
            locale=body.locale,
            page_url=body.page.url if body.page else None,
            page_title=body.page.title if body.page else None,
            consent=body.consent,
        )
        token, conversation = await parts.gateway.begin(new)
        if body.identity:
            conversation = await _identify(parts, conversation, body.identity)
        return {"token": token, "conversation": parts.conversation_json(conversation)}

    @router.get("/conversations/{conversation_id}", response_model=schemas.ConversationAnswer)
    async def look(conversation: Conversation = opened) -> dict[str, Any]:
        """A conversation as it stands."""
        return parts.conversation_json(conversation)

    @router.post(
        "/conversations/{conversation_id}/identify",
        response_model=schemas.ConversationAnswer,
        responses={403: {"model": schemas.ErrorAnswer}},
    )
    async def identify(body: schemas.IdentifyBody, conversation: Conversation = opened) -> dict[str, Any]:
        """The host site says who this is; 409 ``another_customer`` in somebody else's conversation."""
        return parts.conversation_json(await _identify(parts, conversation, body.identity))


async def _identify(parts: ApiParts, conversation: Conversation, identity: str) -> Conversation:
    vouched = parts.identity.read(identity, conversation.id, parts.now())
    if conversation.customer_id is None:
        proved = await parts.accounts.proved_customer(conversation.id)
        if proved not in (None, vouched.customer_id):
            raise AnotherCustomer
    identified = await parts.gateway.identified(conversation.id, vouched.customer_id)
    await parts.accounts.sign_in(conversation.id, vouched.customer_id, vouched.until)
    return identified


def _add_talking(router: APIRouter, parts: ApiParts) -> None:
    opened = _opened(parts)
    settings = parts.settings

    @router.post(
        "/conversations/{conversation_id}/messages",
        status_code=202,
        response_model=schemas.SentAnswer,
        responses={200: {"model": schemas.SentAnswer, "description": "This client_id was known already."}},
    )
    async def send(conversation_id: str, token: Token, body: schemas.MessageBody) -> Response:
        """Say something; the answer comes by the stream."""
        incoming = incoming_of(body, settings.message_characters)
        await parts.limiter.check("messages", token_hash(token))
        await parts.limiter.check("overall", "messages")
        if incoming.payload is not None:
            incoming = replace(incoming, text=await _title(parts, token, conversation_id, incoming.payload))
        accepted = await parts.gateway.send(token, conversation_id, incoming)
        content = {"item": item_json(conversation_id, accepted.item)}
        return JSONResponse(content, status_code=200 if accepted.again else 202)

    @router.get("/conversations/{conversation_id}/timeline", response_model=schemas.TimelineAnswer)
    async def timeline(
        after: Query0 = None,
        before: Query0 = None,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
        conversation: Conversation = opened,
    ) -> dict[str, Any]:
        """What was said; ``before`` pages backwards, ``after`` forwards, neither gives the newest."""
        if after is None and before is None:
            before = conversation.position + 1
        found = await parts.gateway.timeline(conversation.id, after=after or 0, before=before, limit=limit + 1)
        more = len(found) > limit
        shown = (found[1:] if before is not None else found[:-1]) if more else found
        return {"items": [item_json(conversation.id, item) for item in shown], "more": more}

    @router.post("/conversations/{conversation_id}/typing", status_code=204)
    async def typing(body: schemas.TypingBody, conversation: Conversation = opened) -> Response:
        """The customer writes, or has stopped."""
        await parts.gateway.typing(conversation.id, on=body.on)
        return Response(status_code=204)

    @router.post("/conversations/{conversation_id}/read", status_code=204)
    async def read(body: schemas.ReadBody, conversation: Conversation = opened) -> Response:
        """The customer has seen everything up to here."""
        await parts.gateway.read_up_to(conversation.id, body.position)
        return Response(status_code=204)


async def _title(parts: ApiParts, token: str, conversation_id: str, payload: str) -> str:
    """What was clicked, in the words in which it was offered; the payload where it was not offered lately.

    Never the client's own word for it: else the record could say "No, leave it" where the order was cancelled.
    """
    conversation = await parts.gateway.open(token, conversation_id)
    items = await parts.gateway.timeline(
        conversation.id, after=0, before=conversation.position + 1, limit=_OFFERED_LATELY
    )
    offered = (*(one for item in reversed(items) for one in buttons_of(item)), *parts.company.suggestions)
    return next((one["title"] for one in offered if one["payload"] == payload), payload)


def incoming_of(body: schemas.MessageBody, longest: int) -> Incoming:
    """What a body says.

    Raises:
        Invalid: nothing, or too much.
    """
    clicked = body.payload or ""
    if clicked.startswith("/"):
        return Incoming(str(body.client_id), text=clicked, payload=clicked)
    text = (body.text or "").strip() or clicked.strip()
    if not text and not body.attachments:
        raise Invalid("The message is empty. Send a text, a button's payload or an attachment.")
    if len(text) > longest:
        raise Invalid(
            f"The message is longer than {longest} characters. Please send the main point in a few sentences."
        )
    return Incoming(str(body.client_id), text=text, attachments=tuple(body.attachments))


def _add_listening(router: APIRouter, parts: ApiParts) -> None:
    opened = _opened(parts)

    @router.get("/conversations/{conversation_id}/events", response_class=Response)
    async def events(
        request: Request, last_event_id: Annotated[str, Header()] = "", conversation: Conversation = opened
    ) -> Any:
        """What happens, as server-sent events; first everything after ``Last-Event-ID``."""
        del request
        listener = parts.hub.listen(conversation.id)

        async def read(after: int, limit: int) -> list[Item]:
            return await parts.gateway.timeline(conversation.id, after=after, before=None, limit=limit)

        return Streamed(
            EventStream(
                conversation,
                hub=parts.hub,
                listener=listener,
                after=int(last_event_id) if last_event_id.isdecimal() and len(last_event_id) < 10 else 0,  # noqa: PLR2004
                read=read,
                item_json=item_json,
                conversation_json=parts.conversation_json,
            )
        )


def _add_person(router: APIRouter, parts: ApiParts) -> None:
    opened = _opened(parts)

    @router.post("/conversations/{conversation_id}/person", response_model=schemas.ConversationAnswer)
    async def ask(_: schemas.EmptyBody | None = None, conversation: Conversation = opened) -> dict[str, Any]:
        """Into the queue for a person; out of hours the bot stays and says when people are there."""
        message_id = f"asked:{conversation.version}"
        return parts.conversation_json(await parts.gateway.ask_for_person(conversation.id, message_id))

    @router.delete("/conversations/{conversation_id}/person", response_model=schemas.ConversationAnswer)
    async def stop(conversation: Conversation = opened) -> dict[str, Any]:
        """Stop waiting."""
        return parts.conversation_json(await parts.gateway.stop_waiting(conversation.id))

    @router.post("/conversations/{conversation_id}/contact", status_code=204)
    async def contact(body: schemas.ContactBody, token: Token, conversation: Conversation = opened) -> Response:
        """Where a colleague may answer."""
        await parts.limiter.check("messages", token_hash(token))
        items = await parts.gateway.timeline(conversation.id, after=0, before=conversation.position + 1, limit=30)
        transcript = as_text(parts.company.name, items)
        number = await parts.accounts.ask_for_letter(conversation.id, body.email, transcript)
        await parts.gateway.leave_contact(conversation, body.email, number)
        return Response(status_code=204)

    @router.post("/conversations/{conversation_id}/rating", status_code=204)
    async def rate(body: schemas.RatingBody, conversation: Conversation = opened) -> Response:
        """How the customer liked it."""
        await parts.gateway.rate(conversation.id, body.score, body.comment)
        return Response(status_code=204)


_UPLOAD = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {"file": {"type": "string", "format": "binary"}},
                    "required": ["file"],
                }
            }
        },
    }
}


def _add_files(router: APIRouter, parts: ApiParts) -> None:
    opened = _opened(parts)

    @router.post(
        "/conversations/{conversation_id}/attachments",
        status_code=201,
        response_model=schemas.AttachmentAnswer,
        responses={415: {"model": schemas.ErrorAnswer}},
        openapi_extra=_UPLOAD,
    )
    async def upload(request: Request, conversation: Conversation = opened) -> dict[str, Any]:
        """Keep a file; a message then names it by its id."""
        kept = await parts.files.keep(conversation.id, *await uploaded(request))
        return attachment_json(conversation.id, kept)

    @router.get("/conversations/{conversation_id}/attachments/{attachment_id}", response_class=Response)
    async def download(attachment_id: str, conversation: Conversation = opened) -> Response:
        """A file of this conversation."""
        return file_response(*await parts.files.find(conversation.id, attachment_id))


def _add_ending(router: APIRouter, parts: ApiParts) -> None:
    opened = _opened(parts)

    @router.post("/conversations/{conversation_id}/end", response_model=schemas.ConversationAnswer)
    async def end(_: schemas.EmptyBody | None = None, conversation: Conversation = opened) -> dict[str, Any]:
        """The customer ends the conversation."""
        return parts.conversation_json(await parts.gateway.end(conversation.id))

    @router.get("/conversations/{conversation_id}/transcript", response_class=Response)
    async def transcript(
        kind: Annotated[Literal["text", "json"], Query(alias="format")] = "text", conversation: Conversation = opened
    ) -> Response:
        """Everything that was said, to keep."""
        items = await parts.gateway.timeline(conversation.id, after=0, before=None, limit=100_000)
        headers = {"content-disposition": f'attachment; filename="conversation.{"txt" if kind == "text" else "json"}"'}
        if kind == "json":
            told = as_json(parts.conversation_json(conversation), conversation.id, items)
            return JSONResponse(told, headers=headers)
        return PlainTextResponse(as_text(parts.company.name, items), headers=headers)

    @router.delete("/conversations/{conversation_id}", response_model=schemas.ErasedAnswer)
    async def erase(conversation: Conversation = opened) -> dict[str, Any]:
        """Erase everything; the token opens nothing afterwards."""
        receipt = await parts.retention.erase(conversation.id)
        parts.hub.drop(conversation.id)
        return {"receipt": receipt.receipt, "erased_at": moment(receipt.erased_at), "erased": receipt.erased}


def config_json(parts: ApiParts) -> dict[str, Any]:
    """What a widget needs before the first message."""
    company, settings = parts.company, parts.settings
    return {
        "company": company.name,
        "bot_name": company.bot_name,
        "greeting": company.greeting,
        "suggestions": [dict(one) for one in company.suggestions],
        "opening": opening_json(parts.gateway.opening()),
        "features": {"attachments": settings.attachments_per_conversation > 0, "rating": True, "person": True},
        "limits": {
            "message_chars": settings.message_characters,
            "attachment_bytes": settings.attachment_bytes,
            "attachment_types": sorted(TYPES),
        },
    }
