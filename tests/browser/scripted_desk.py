"""A gateway that says what the test tells it to, with faults: `desk`'s API, for states that are hard to reach."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from tests.threaded_server import ThreadedServer

ROOT = Path(__file__).parents[2]
DIST = ROOT / "web" / "widget" / "dist"
DEMO = ROOT / "desk" / "demo"
POLICY = "default-src 'self'; img-src 'self' data: blob:; connect-src 'self'; style-src 'self'; frame-ancestors 'none'"

OPEN = {"open": True, "text": "Our team is here until 18:00.", "opens_at": None}
AWAY = {"open": False, "text": "Our team is back on Monday at 9:00.", "opens_at": "2026-11-30T09:00:00Z"}
CONFIG: dict[str, Any] = {
    "company": "Alderwick",
    "bot_name": "Alderwick assistant",
    "greeting": "Hello! I'm Alderwick's virtual assistant. What can I do for you?",
    "suggestions": [
        {"title": "Where is my order?", "payload": "/order_status"},
        {"title": "Returns and refunds", "payload": "/ask_return_policy"},
    ],
    "opening": OPEN,
    "features": {"attachments": True, "rating": True, "person": True},
    "limits": {"message_chars": 300, "attachment_bytes": 200_000, "attachment_types": ["image/png", "application/pdf"]},
}
_FIELDS = {"client_id": None, "name": None, "image": None, "input": None, "event": None, "rung": None}
_LISTS = ("buttons", "citations", "cards", "attachments")


@dataclass
class Conversation:
    """One customer's conversation and who listens to it."""

    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    token: str = field(default_factory=lambda: uuid.uuid4().hex)
    state: str = "bot"
    agent: dict[str, str] | None = None
    queue: dict[str, Any] | None = None
    opening: dict[str, Any] = field(default_factory=lambda: dict(OPEN))
    items: list[dict[str, Any]] = field(default_factory=list)
    started_with: dict[str, Any] = field(default_factory=dict)
    calls: list[tuple[str, Any]] = field(default_factory=list)
    listeners: list[asyncio.Queue[str | None]] = field(default_factory=list)
    identified: bool = False
    customer: str | None = None

    def public(self) -> dict[str, Any]:
        """As the API shows it."""
        shown = {name: getattr(self, name) for name in ("id", "state", "agent", "queue", "opening", "identified")}
        return shown | {"locale": "en", "position": len(self.items), "resumable_until": None, "created_at": _now()}


class ScriptedDesk(ThreadedServer):
    """Conversations in memory, and what goes wrong with them."""

    def __init__(self) -> None:
        super().__init__()
        self.conversations: dict[str, Conversation] = {}
        self.config: dict[str, Any] = json.loads(json.dumps(CONFIG))
        self.replies: Callable[[dict[str, Any]], list[dict[str, Any]]] = lambda _: [{"text": "Noted."}]
        self.pages: dict[str, str] = {}
        self.failures: list[tuple[str, int, dict[str, str]]] = []  # path ending, status, headers: each once
        self.lose_answers = 0
        self.silent = False
        self.rasa_answers: Callable[[dict[str, Any]], list[dict[str, Any]]] = lambda _: [{"text": "Hello from Rasa"}]
        self.rasa_calls: list[dict[str, Any]] = []
        self.uploads: dict[str, tuple[str, str, bytes]] = {}
        self.streams = 0
        self.requests: list[str] = []

    # what a test does

    @property
    def only(self) -> Conversation:
        """The one conversation there is."""
        (conversation,) = self.conversations.values()
        return conversation

    @property
    def newest(self) -> Conversation:
        """The conversation that was started last."""
        return list(self.conversations.values())[-1]

    def say(self, conversation: Conversation, *, push: bool = True, **item: Any) -> dict[str, Any]:
        """Put one item into a conversation, and tell who listens."""
        whole: dict[str, Any] = {"speaker": "bot", "text": "", "at": _now(), **_FIELDS} | {n: [] for n in _LISTS} | item
        whole |= {"position": len(conversation.items) + 1, "id": uuid.uuid4().hex}
        conversation.items.append(whole)
        if push:
            self._publish(conversation, _event("item", whole, whole["position"]))
        return whole

    def change(self, conversation: Conversation, **fields: Any) -> None:
        """Set a conversation's state, and tell who listens."""
        for name, value in fields.items():
            setattr(conversation, name, value)
        self._publish(conversation, _event("conversation", conversation.public()))

    def tell(self, conversation: Conversation, event: str, data: dict[str, Any]) -> None:
        """A passing event: typing, read."""
        self._publish(conversation, _event(event, data))

    def raw(self, conversation: Conversation, text: str) -> None:
        """Bytes as they are, for a stream that is not what it should be."""
        self._publish(conversation, text)

    def drop_streams(self) -> None:
        """Break every open stream."""
        for conversation in self.conversations.values():
            self._publish(conversation, None)

    def texts(self, conversation: Conversation, speaker: str = "customer") -> list[str]:
        """What one side said."""
        return [item["text"] for item in conversation.items if item["speaker"] == speaker]

    # the server

    def _publish(self, conversation: Conversation, text: str | None) -> None:
        def put() -> None:
            for queue in list(conversation.listeners):
                queue.put_nowait(text)

        self.loop.call_soon_threadsafe(put)

    def app(self) -> Starlette:
        base = "/v1/conversations"
        own = base + "/{id}"
        routes = [
            Route("/v1/config", self._config),
            Route(base, self._begin, methods=["POST"]),
            Route(own, self._show, methods=["GET"]),
            Route(own, self._erase, methods=["DELETE"]),
            Route(own + "/messages", self._message, methods=["POST"]),
            Route(own + "/timeline", self._timeline),
            Route(own + "/events", self._events),
            Route(own + "/attachments", self._attach, methods=["POST"]),
            Route(own + "/attachments/{aid}", self._file),
            Route(own + "/transcript", self._transcript),
            Route(own + "/{act}", self._act, methods=["POST", "DELETE"]),
            Route("/webhooks/rest/webhook", self._rasa, methods=["POST"]),
            Route("/demo/sign-in", self._sign_in, methods=["POST"]),
            Route("/{path:path}", self._static),
        ]
        cors = Middleware(CORSMiddleware, allow_origins=["*"], allow_methods=["*"], allow_headers=["*"])
        return Starlette(routes=routes, middleware=[cors], exception_handlers={HTTPException: _problem})  # type: ignore[dict-item]

    def _check(self, request: Request) -> Conversation:
        self._note(request)
        conversation = self.conversations.get(request.path_params["id"])
        if conversation is None or request.headers.get("authorization") != f"Bearer {conversation.token}":
            raise HTTPException(401, "token_invalid")
        return conversation

    def _note(self, request: Request) -> None:
        self.requests.append(f"{request.method} {request.url.path}")
        for failure in self.failures:
            if request.url.path.endswith(failure[0]):
                self.failures.remove(failure)
                raise HTTPException(failure[1], "scripted", headers=failure[2])

    async def _config(self, request: Request) -> Response:
        self._note(request)
        return JSONResponse(self.config)

    async def _begin(self, request: Request) -> Response:
        self._note(request)
        body = await request.json()
        if body.get("identity") == "forged":
            raise HTTPException(401, "identity_invalid")
        conversation = Conversation(started_with=body, identified="identity" in body, customer=body.get("identity"))
        self.conversations[conversation.id] = conversation
        return JSONResponse({"token": conversation.token, "conversation": conversation.public()}, 201)

    async def _show(self, request: Request) -> Response:
        return JSONResponse(self._check(request).public())

    async def _erase(self, request: Request) -> Response:
        conversation = self._check(request)
        del self.conversations[conversation.id]
        erased = {"messages": len(conversation.items)}
        return JSONResponse({"receipt": "R-2048", "erased_at": _now(), "erased": erased})

    async def _message(self, request: Request) -> Response:
        conversation = self._check(request)
        body = await request.json()
        known = [item for item in conversation.items if item["client_id"] == body["client_id"]]
        if known:
            return JSONResponse({"item": known[0]}, 200)
        files = [self._attachment(conversation, aid) for aid in body.get("attachments", [])]
        text = body.get("title") or body.get("text", "")
        item = self.say(conversation, speaker="customer", text=text, client_id=body["client_id"], attachments=files)
        conversation.calls.append(("messages", body))
        for reply in self.replies(body):
            self.say(conversation, **reply)
        if self.lose_answers:
            self.lose_answers -= 1
            return StreamingResponse(_broken(), 202, {"Content-Type": "application/json"})
        return JSONResponse({"item": item}, 202)

    async def _timeline(self, request: Request) -> Response:
        items, query = self._check(request).items, request.query_params
        limit = int(query.get("limit", 50))
        if "before" in query:
            found = [item for item in items if item["position"] < int(query["before"])]
            return JSONResponse({"items": found[-limit:], "more": len(found) > limit})
        found = [item for item in items if item["position"] > int(query.get("after", 0))]
        return JSONResponse({"items": found[:limit], "more": len(found) > limit})

    async def _events(self, request: Request) -> Response:
        conversation = self._check(request)
        queue: asyncio.Queue[str | None] = asyncio.Queue()
        after = int(request.headers.get("last-event-id", 0))

        async def stream() -> AsyncIterator[str]:
            conversation.listeners.append(queue)
            self.streams += 1
            try:
                if self.silent:
                    await asyncio.sleep(3600)
                yield ": hello\n\n"
                for item in conversation.items[after:]:
                    yield _event("item", item, item["position"])
                while (text := await queue.get()) is not None:
                    yield text
            finally:
                conversation.listeners.remove(queue)
                self.streams -= 1

        return StreamingResponse(stream(), headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})

    async def _act(self, request: Request) -> Response:
        conversation = self._check(request)
        act = request.path_params["act"]
        body = await request.json() if request.method == "POST" else None
        conversation.calls.append((f"{request.method} {act}", body))
        if act == "person":
            self._person(conversation, leave=request.method == "DELETE")
        elif act == "end":
            conversation.state, conversation.queue = "closed", None
            self.say(conversation, speaker="system", event="closed")
        elif act == "identify":
            if body["identity"] == "forged":
                raise HTTPException(401, "identity_invalid")
            if conversation.customer not in (None, body["identity"]):
                raise HTTPException(409, "another_customer")
            conversation.identified, conversation.customer = True, body["identity"]
        else:
            return Response(status_code=204)
        self._publish(conversation, _event("conversation", conversation.public()))
        return JSONResponse(conversation.public())

    def _person(self, conversation: Conversation, *, leave: bool) -> None:
        if leave:
            conversation.state, conversation.queue = "bot", None
            self.say(conversation, speaker="system", event="stopped_waiting")
        elif conversation.opening["open"]:
            conversation.state, conversation.queue = "queued", {"position": 2, "wait_seconds": 240}
            self.say(conversation, speaker="system", event="handoff_queued")
        else:
            self.say(conversation, speaker="system", text=conversation.opening["text"], input={"kind": "email"})

    async def _attach(self, request: Request) -> Response:
        conversation = self._check(request)
        async with request.form() as form:
            file = form["file"]
            assert not isinstance(file, str)
            aid = uuid.uuid4().hex
            self.uploads[aid] = (str(file.filename), str(file.content_type), await file.read())
        return JSONResponse(self._attachment(conversation, aid), 201)

    def _attachment(self, conversation: Conversation, aid: str) -> dict[str, Any]:
        name, kind, data = self.uploads[aid]
        url = f"/v1/conversations/{conversation.id}/attachments/{aid}"
        return {"id": aid, "name": name, "type": kind, "size": len(data), "url": url}

    async def _file(self, request: Request) -> Response:
        self._check(request)
        _, kind, data = self.uploads[request.path_params["aid"]]
        return Response(data, media_type=kind, headers={"Content-Security-Policy": "sandbox"})

    async def _transcript(self, request: Request) -> Response:
        lines = [f"{item['speaker']}: {item['text']}" for item in self._check(request).items]
        return Response("\n".join(lines), media_type="text/plain")

    async def _rasa(self, request: Request) -> Response:
        self._note(request)
        body = await request.json()
        self.rasa_calls.append(body)
        return JSONResponse([{"recipient_id": body["sender"], **answer} for answer in self.rasa_answers(body)])

    async def _sign_in(self, request: Request) -> Response:
        body = await request.json()
        return JSONResponse({"identity": f"signed:{body['customer_id']}"})

    async def _static(self, request: Request) -> Response:
        path = "/" + request.path_params["path"]
        if path in self.pages:
            own = not path.startswith("/foreign")  # another origin has a policy of its own, here none
            return HTMLResponse(self.pages[path], headers={"Content-Security-Policy": POLICY} if own else {})
        folder, rest = (DEMO, path.removeprefix("/demo/")) if path.startswith("/demo/") else (DIST, path[1:])
        if path == "/":
            folder, rest = DEMO, "index.html"
        file = (folder / rest).resolve()
        if not file.is_file() or not file.is_relative_to(folder):
            raise HTTPException(404, "not_found")
        return FileResponse(file, headers={"Content-Security-Policy": POLICY, "Cache-Control": "no-cache"})


async def _problem(_: Request, error: HTTPException) -> Response:
    body = {"error": {"type": error.detail, "message": error.detail, "request_id": "r"}}
    return JSONResponse(body, error.status_code, headers=error.headers)


async def _broken() -> AsyncIterator[str]:
    """Half an answer: what a customer gets when the connection breaks after the server has stored the message."""
    yield '{"item": {"posit'


def _event(name: str, data: dict[str, Any], position: int | None = None) -> str:
    head = f"id: {position}\n" if position else ""
    return f"event: {name}\n{head}data: {json.dumps(data)}\n\n"


def _now() -> str:
    return datetime.now(UTC).isoformat()
