"""A small assistant that speaks Rasa's REST channel and tracker API over real HTTP, faults included."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route


@dataclass
class Reply:
    """What the stub does with one message; ``ran`` are actions, a response among them utters the messages."""

    messages: list[dict[str, Any]]
    intent: str | None = "greet"
    confidence: float = 0.9
    ranking: list[dict[str, Any]] = field(default_factory=list)
    entities: list[dict[str, Any]] = field(default_factory=list)
    ran: list[str] = field(default_factory=list)
    slots: dict[str, Any] = field(default_factory=dict)
    form: str | None = None
    metadata: dict[str, Any] = field(default_factory=dict)
    recorded: bool = True
    nlu_status: str = "ok"


def said(text: str, *buttons: tuple[str, str], **other: Any) -> dict[str, Any]:
    """One message as Rasa's REST channel sends it."""
    message: dict[str, Any] = {"text": text, **other}
    if buttons:
        message["buttons"] = [{"title": title, "payload": payload} for title, payload in buttons]
    return message


class StubRasa:
    """Conversations in memory, replies by the exact message, and switches for what can go wrong.

    ``meet`` is how many messages have to be under way before any is answered.
    """

    def __init__(self) -> None:
        self.replies: dict[str, Reply] = {}
        self.token: str | None = None
        self.status = 200
        self.break_after: int | None = None
        self.html = False
        self.stall: Callable[[str], bool] = lambda _: False
        self.url = ""
        self.heard: list[tuple[str, str]] = []
        self.most_at_once = 0
        self.meet = 1
        self._at_once = 0
        self._barrier: asyncio.Barrier | None = None
        self._released = asyncio.Event()
        self._conversations: dict[str, dict[str, Any]] = {}

    def app(self) -> Starlette:
        """The routes that the runner uses."""
        conversation = "/conversations/{id:path}/tracker"
        return Starlette(
            routes=[
                Route("/status", self._status),
                Route("/webhooks/rest/webhook", self._say, methods=["POST"]),
                Route(conversation + "/events", self._append, methods=["POST"]),
                Route(conversation, self._tracker),
            ]
        )

    def _refusal(self, request: Request) -> Response | None:
        if self.token and request.query_params.get("token") != self.token:
            return JSONResponse({"status": "failure", "reason": "NotAuthenticated"}, 401)
        return JSONResponse({}, self.status) if self.status != 200 else None

    async def _status(self, request: Request) -> Response:
        return self._refusal(request) or JSONResponse({"model_id": "stub"})

    async def _say(self, request: Request) -> Response:
        body = await request.json()
        self.heard.append((body["sender"], body["message"]))
        if self.break_after is not None and len(self.heard) > self.break_after:
            return Response(b"[", headers={"content-length": "100"})  # uvicorn hangs up in the middle
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            if self.stall(body["message"]):
                await self._released.wait()
            self._barrier = self._barrier or asyncio.Barrier(self.meet)
            await self._barrier.wait()
        finally:
            self._at_once -= 1
        if self.html:
            return PlainTextResponse("<html>a proxy's page</html>")
        reply = self.replies.get(body["message"], Reply([said("Hello!")], ran=["utter_greet"]))
        if reply.recorded:
            self._remember(body["sender"], body["message"], reply)
        return JSONResponse([{"recipient_id": body["sender"], **message} for message in reply.messages])

    def _of(self, conversation_id: str) -> dict[str, Any]:
        start = [{"event": "action", "name": "action_session_start"}, {"event": "session_started"}]
        new = {"slots": {"requested_slot": None}, "events": [*start, _action("action_listen")], "active_loop": {}}
        return self._conversations.setdefault(conversation_id, new)

    def _remember(self, conversation_id: str, text: str, reply: Reply) -> None:
        tracker = self._of(conversation_id)
        intent = {"name": reply.intent, "confidence": reply.confidence}
        parse_data = {"intent": intent, "intent_ranking": reply.ranking or [intent], "entities": reply.entities}
        parse_data["nlu_status"] = reply.nlu_status
        tracker["events"].append({"event": "user", "text": text, "parse_data": parse_data})
        for name in reply.ran or ["action_nothing"]:
            tracker["events"].append(_action(name))
        for message in reply.messages:
            uttered = {"utter_action": reply.ran[-1]} if reply.ran and "utter" in reply.ran[-1] else {}
            data = {key: value for key, value in message.items() if key != "text"}
            event = {"event": "bot", "text": message.get("text"), "data": data, "metadata": uttered | reply.metadata}
            tracker["events"].append(event)
        if (tracker["active_loop"] or {}).get("name") != reply.form:
            tracker["events"].append({"event": "active_loop", "name": reply.form})
        tracker["events"].append(_action("action_listen"))
        tracker["slots"] |= reply.slots
        tracker["active_loop"] = {"name": reply.form} if reply.form else {}

    async def _append(self, request: Request) -> Response:
        tracker = self._of(request.path_params["id"])
        for event in await request.json():
            tracker["events"].append(event)
            tracker["slots"][event["name"]] = event["value"]
        return self._refusal(request) or JSONResponse(tracker)

    async def _tracker(self, request: Request) -> Response:
        return self._refusal(request) or JSONResponse(self._of(request.path_params["id"]))


def _action(name: str) -> dict[str, Any]:
    return {"event": "action", "name": name}
