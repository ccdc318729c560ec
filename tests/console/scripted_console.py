"""A server that speaks console-api as the test tells it to, with faults, for states that `desk` seldom reaches."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from desk.web.request_head import CONTENT_SECURITY_POLICY
from tests.console import sample
from tests.console.scripted_acts import Acts
from tests.threaded_server import ThreadedServer

DIST = Path(__file__).parents[2] / "web" / "console" / "dist"
API = "/console/api"
_ORDER = {"urgent": 0, "high": 1, "normal": 2, "low": 3}
_BELONGS: dict[str, Any] = {
    "mine": lambda c, me: c["status"] == "open" and (c["agent"] or {}).get("id") == me,
    "unassigned": lambda c, _: c["status"] == "open" and c["state"] == "queued",
    "missed": lambda c, _: c["missed"],
    "bot": lambda c, _: c["status"] == "pending" and c["state"] == "bot",
    "snoozed": lambda c, _: c["status"] == "snoozed",
    "resolved": lambda c, _: c["status"] == "resolved",
    "all": lambda _, __: True,
}
Json = dict[str, Any]


def now() -> str:
    """This moment as the API writes it."""
    return datetime.now(UTC).isoformat().replace("+00:00", "Z")


class ScriptedConsole(ThreadedServer, Acts):
    """One session: ``me``."""

    def __init__(self) -> None:
        super().__init__()
        self.accounts: dict[str, Json] = {
            one["id"]: one
            for one in (
                sample.account("Aoife Byrne", "agent"),
                sample.account("Brian Walsh", "agent", "lead"),
                sample.account("Ciara Doyle", "admin", away=True),
            )
        }
        self.me = "aoife"
        self.signed_in = True
        self.csrf = uuid.uuid4().hex
        self.rooms: dict[str, Json] = {}
        for one in sample.conversations():
            self._add(one)
        self.failures: list[tuple[str, int, Json]] = []  # path ending, status, error: each once
        self.lose_answers = 0
        self.slow = 0.0  # seconds before a reply is answered
        self.calls: list[tuple[str, Any]] = []
        self.offer: Json = {"oidc": None, "company": "Alderwick"}
        self.listeners: list[asyncio.Queue[str | None]] = []
        self.extra_routes: list[Route] = []

    # what a test does

    def drop_streams(self) -> None:
        self._publish(None)

    def tell(self, event: str, data: Json) -> None:
        """Push an event to whoever listens."""
        self._publish(f"event: {event}\ndata: {json.dumps(data)}\n\n")

    def say(self, ident: str, text: str, *, push: bool = True, speaker: str = "customer", **fields: Any) -> Json:
        """Put one item into a conversation, and tell."""
        room = self.rooms[ident]
        made: Json = sample.item(speaker, text, 0, **fields) | {"position": len(room["items"]) + 1}
        room["items"].append(made)
        last = {"speaker": speaker, "text": text[:160], "at": made["at"]}
        change: Json = {} if made["note"] else {"last": last}
        if speaker == "customer":
            change |= {"unread": room["c"]["unread"] + 1, "waiting_seconds": room["c"]["waiting_seconds"] or 1}
        elif speaker == "agent" and not made["note"]:
            change |= {"waiting_seconds": None}
        room["c"] |= change | {"updated_at": now()}
        if push:
            self.tell("item", {"conversation_id": ident, "item": made})
            self.tell("conversation", room["c"])
        return made

    def change(self, ident: str, *, push: bool = True, **fields: Any) -> Json:
        """Change a conversation, its version grows; and tell."""
        room = self.rooms[ident]
        room["c"] |= {"version": room["c"]["version"] + 1, "updated_at": now()} | fields
        if push:
            self.tell("conversation", room["c"])
        summary: Json = room["c"]
        return summary

    def add(self, ident: str, name: str | None, items: list[Json] | None = None, **fields: Any) -> None:
        """One more conversation."""
        self._add({"c": sample.summary(ident, name, **fields), "items": items or [sample.item("customer", "Hello", 1)]})

    def called_soon(self, ending: str, times: int) -> list[Any]:
        """The same for calls that no sight waits for; as many as there are when ten seconds are over."""
        until = time.monotonic() + 10
        while len(self.called(ending)) < times and time.monotonic() < until:
            time.sleep(0.05)
        return self.called(ending)

    def called(self, ending: str) -> list[Any]:
        """The bodies of calls to addresses that end so."""
        return [body for path, body in self.calls if path.endswith(ending)]

    # the server

    def _add(self, one: Json) -> None:
        for position, item in enumerate(one["items"], 1):
            item["position"] = position
        said = [item for item in one["items"] if item["speaker"] != "system" and not item["note"]]
        if said:
            one["c"]["last"] = {"speaker": said[-1]["speaker"], "text": said[-1]["text"], "at": said[-1]["at"]}
            one["c"]["updated_at"] = said[-1]["at"]
        self.rooms[one["c"]["id"]] = {"handoff": None, "customer": None, "viewers": [], "tickets": []} | one

    def _publish(self, text: str | None) -> None:
        def put() -> None:
            for queue in list(self.listeners):
                queue.put_nowait(text)

        self.loop.call_soon_threadsafe(put)

    def app(self) -> Starlette:
        one = f"{API}/conversations/{{id}}"
        routes = [
            *self.extra_routes,
            Route(f"{API}/sign-in", self._offer),
            Route(f"{API}/session", self._session, methods=["GET", "POST", "DELETE"]),
            Route(f"{API}/inbox", self._inbox),
            Route(f"{API}/inbox/next", self._next, methods=["POST"]),
            Route(f"{API}/events", self._events),
            Route(f"{API}/teams", self._told(lambda: sample.TEAMS)),
            Route(f"{API}/accounts", self._told(lambda: {"items": list(self.accounts.values()), "next": None})),
            Route(f"{API}/me/{{what:path}}", self._own, methods=["GET", "POST", "DELETE"]),
            Route(f"{API}/me", self._patch_me, methods=["PATCH"]),
            Route(one, self._show),
            Route(one + "/items", self._items),
            Route(one + "/summary", self._glance),
            Route(one + "/attachments", self._attach, methods=["POST"]),
            Route(one + "/{act}", self._act, methods=["POST"]),
            Route(API + "/{rest:path}", self._missing),
            Route("/console/assets/{name}", self._asset),
            Route("/console", self._page),
            Route("/console/{rest:path}", self._page),
        ]
        return Starlette(routes=routes, exception_handlers={HTTPException: _problem})  # type: ignore[dict-item]

    async def note(self, request: Request) -> Any:
        """Count a call, fail if the test says so, demand session and token; the body."""
        is_json = "json" in request.headers.get("content-type", "")
        body = await request.json() if is_json else None
        path = request.url.path.removeprefix(API)
        for failure in self.failures:
            if path.endswith(failure[0]):
                self.failures.remove(failure)
                raise HTTPException(
                    failure[1], json.dumps({"type": "unavailable", "message": "Scripted."} | failure[2])
                )
        if not self.signed_in:
            raise HTTPException(401, json.dumps({"type": "not_signed_in", "message": "Sign in first."}))
        if request.method not in {"GET", "HEAD"} and request.headers.get("x-csrf-token") != self.csrf:
            raise HTTPException(403, json.dumps({"type": "csrf_invalid", "message": "Reload the page."}))
        self.calls.append((path if request.method != "DELETE" else f"DELETE {path}", body))
        return body

    def _me(self) -> Json:
        mine = self.accounts[self.me]
        granted = {permission for role in mine["roles"] for permission in sample.PERMISSIONS[role]}
        ordered = [permission for permission in sample.PERMISSIONS["admin"] if permission in granted]
        return {
            "account": mine,
            "permissions": ordered,
            "csrf": self.csrf,
            "oidc": False,
            "expires_at": sample.ago(-600),
        }

    def _told(self, answer: Callable[[], Any]) -> Callable[[Request], Awaitable[Response]]:
        async def tell(request: Request) -> Response:
            await self.note(request)
            return JSONResponse(answer())

        return tell

    async def _offer(self, _: Request) -> Response:
        return JSONResponse(self.offer)

    async def _session(self, request: Request) -> Response:
        if request.method == "POST":
            body = await request.json()
            found = [one for one in self.accounts.values() if one["email"] == body["email"]]
            if not found or body["password"] != "correct horse":
                raise HTTPException(
                    401, json.dumps({"type": "sign_in_failed", "message": "E-mail, password or code is wrong."})
                )
            if found[0]["totp"] and body.get("code") != "123456":
                kind = "sign_in_failed" if body.get("code") else "code_required"
                raise HTTPException(401, json.dumps({"type": kind, "message": "E-mail, password or code is wrong."}))
            self.signed_in, self.me = True, found[0]["id"]
            return JSONResponse(self._me())
        await self.note(request)
        if request.method == "DELETE":
            self.signed_in = False
            return Response(status_code=204)
        return JSONResponse(self._me())

    def _counts(self) -> Json:
        shown = [room["c"] for room in self.rooms.values()]
        return {name: sum(belongs(c, self.me) for c in shown) for name, belongs in _BELONGS.items() if name != "all"}

    async def _inbox(self, request: Request) -> Response:
        await self.note(request)
        query = request.query_params
        words = query.get("q", "").lower()
        found = [
            room["c"]
            for room in self.rooms.values()
            if _BELONGS[query.get("queue", "mine")](room["c"], self.me)
            and all(query.get(name, room["c"][name]) == room["c"][name] for name in ("team", "priority"))
            and (not query.get("tag") or query["tag"] in room["c"]["tags"])
            and words in json.dumps([room["c"]["customer"], [item["text"] for item in room["items"]]]).lower()
        ]
        found.sort(key=lambda c: (_ORDER[c["priority"]], -(c["waiting_seconds"] or -1)))
        start, limit = int(query.get("cursor", 0)), int(query.get("limit", 50))
        after = str(start + limit) if len(found) > start + limit else None
        return JSONResponse({"items": found[start : start + limit], "next": after, "counts": self._counts()})

    async def _next(self, request: Request) -> Response:
        await self.note(request)
        waiting = [room["c"] for room in self.rooms.values() if _BELONGS["unassigned"](room["c"], self.me)]
        if not waiting:
            return Response(status_code=204)
        first = min(waiting, key=lambda c: (_ORDER[c["priority"]], -(c["waiting_seconds"] or -1)))
        return JSONResponse(self._take(first["id"]))

    def _take(self, ident: str) -> Json:
        mine = {"id": self.me, "name": self.accounts[self.me]["name"]}
        taken = self.change(ident, state="agent", status="open", agent=mine)
        self.tell("counts", self._counts())
        return taken

    async def _events(self, _: Request) -> Response:
        if not self.signed_in:
            raise HTTPException(401, json.dumps({"type": "not_signed_in", "message": "Sign in first."}))
        self.calls.append(("/events", None))
        queue: asyncio.Queue[str | None] = asyncio.Queue()

        async def stream() -> AsyncIterator[str]:
            self.listeners.append(queue)
            try:
                yield ": hello\n\n"
                while (text := await queue.get()) is not None:
                    yield text
            finally:
                self.listeners.remove(queue)

        return StreamingResponse(stream(), headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})

    async def _show(self, request: Request) -> Response:
        await self.note(request)
        room = self._room(request)
        detail = {name: room[name] for name in ("handoff", "customer", "viewers", "tickets")}
        return JSONResponse(detail | {"conversation": room["c"], "items": room["items"][-50:], "notes_count": 0})

    async def _glance(self, request: Request) -> Response:
        await self.note(request)
        return JSONResponse(self._room(request)["c"])

    async def _items(self, request: Request) -> Response:
        await self.note(request)
        before = int(request.query_params["before"])
        older = [item for item in self._room(request)["items"] if item["position"] < before]
        return JSONResponse({"items": older[-50:], "next": None})

    def _room(self, request: Request) -> Json:
        room: Json | None = self.rooms.get(request.path_params["id"])
        if room is None:
            raise HTTPException(
                404, json.dumps({"type": "not_found", "message": "This conversation is not here any more."})
            )
        return room

    async def _act(self, request: Request) -> Response:
        body = await self.note(request)
        room, act = self._room(request), request.path_params["act"]
        ident = room["c"]["id"]
        stale = body.get("version") is not None and body["version"] < room["c"]["version"]
        if stale and act in {"take", "reply", "return"}:
            by = (room["c"]["agent"] or {}).get("name", "Brian Walsh")
            told = {"type": "stale_version", "message": f"{by} wrote meanwhile.", "by": by}
            raise HTTPException(409, json.dumps(told))
        handler = getattr(self, f"_do_{act}", None)
        if handler is None:
            return Response(status_code=204)
        answer = handler(ident, room, body)
        if act == "reply":
            await asyncio.sleep(self.slow)
        if self.lose_answers and act in {"reply", "notes"}:
            self.lose_answers -= 1
            return StreamingResponse(_broken(), 200, {"Content-Type": "application/json"})
        return JSONResponse(answer)

    async def _attach(self, request: Request) -> Response:
        await self.note(request)
        return JSONResponse(self._attachment(uuid.uuid4().hex), 201)

    async def _own(self, request: Request) -> Response:
        body = await self.note(request)
        what = request.path_params["what"]
        if what == "password":
            self.accounts[self.me]["must_change"] = False
        if what == "away":
            self.accounts[self.me]["away"] = body["away"]
        if what == "totp" and request.method == "POST":
            uri = "otpauth://totp/Frontdesk:aoife?secret=JBSWY3DPEHPK3PXP&issuer=Frontdesk"
            return JSONResponse({"secret": "JBSWY3DPEHPK3PXP", "uri": uri})
        if what.startswith("totp"):
            self.accounts[self.me]["totp"] = request.method == "POST"
            if request.method == "POST":
                return JSONResponse({"recovery_codes": [f"ABCD-EFGH-{number:04}-WXYZ" for number in range(10)]})
        if what == "sessions":
            here = {"id": "s1", "created_at": sample.ago(60), "seen_at": sample.ago(1), "current": True}
            there = {"id": "s2", "created_at": sample.ago(9000), "seen_at": sample.ago(3000), "current": False}
            facts = {"address": "192.0.2.7", "browser": "Firefox on Linux"}
            return JSONResponse({"items": [here | facts, there | facts], "next": None})
        return Response(status_code=204)

    async def _patch_me(self, request: Request) -> Response:
        self.accounts[self.me] |= await self.note(request)
        return JSONResponse(self._me())

    async def _missing(self, request: Request) -> Response:
        await self.note(request)
        raise HTTPException(404, json.dumps({"type": "not_found", "message": "There is nothing here."}))

    async def _asset(self, request: Request) -> Response:
        return FileResponse(DIST / "assets" / request.path_params["name"])

    async def _page(self, _: Request) -> Response:
        headers = {"Content-Security-Policy": CONTENT_SECURITY_POLICY, "Cache-Control": "no-store"}
        return FileResponse(DIST / "index.html", headers=headers)


async def _problem(_: Request, error: HTTPException) -> Response:
    body = {"request_id": "r1", **json.loads(error.detail)} if error.detail.startswith("{") else {"type": "unknown"}
    return JSONResponse({"error": body}, error.status_code, headers=error.headers)


async def _broken() -> AsyncIterator[str]:
    """Half an answer: the connection breaks after the server has stored the message."""
    yield '{"item": {"posit'
