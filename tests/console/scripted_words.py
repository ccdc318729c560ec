"""Words that are kept and words that help, in the scripted console server."""

from __future__ import annotations

import copy
import re
import uuid
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.console import sample
from tests.console.scripted_console import API, ScriptedConsole

Json = dict[str, Any]


class Words:
    """Canned replies, macros, questions to colleagues, suggestions."""

    def __init__(self, server: ScriptedConsole) -> None:
        self.server = server
        self.canned: list[Json] = copy.deepcopy(sample.CANNED)
        self.macros: list[Json] = copy.deepcopy(sample.MACROS)
        self.questions: list[Json] = copy.deepcopy(sample.QUESTIONS)
        self.suggestions: list[Json] = copy.deepcopy(sample.SUGGESTIONS)
        self.drafts: list[Json] = copy.deepcopy(sample.DRAFTS)
        self.approvals: list[Json] = copy.deepcopy(sample.APPROVALS)
        self.has_model = True

    def routes(self) -> list[Route]:
        """All of them; they go before the console's own shorter ones."""
        told, one = self.server._told, f"{API}/conversations/{{id}}"
        return [
            Route(f"{API}/helps", told(lambda: {"language_model": self.has_model})),
            Route(f"{one}/suggestions", told(lambda: {"suggestions": self.suggestions})),
            Route(f"{one}/drafts", told(lambda: {"suggestions": self.drafts}), methods=["POST"]),
            Route(f"{API}/macros", self._macros, methods=["GET", "POST"]),
            Route(f"{API}/macros/{{key}}", self._macros, methods=["PATCH", "DELETE"]),
            Route(f"{API}/canned", self._canned, methods=["GET", "POST"]),
            Route(f"{API}/canned/{{key}}", self._canned, methods=["PATCH", "DELETE"]),
            Route(f"{API}/canned/{{key}}/rendered", self._rendered),
            Route(f"{API}/approvals", self._approvals),
            Route(f"{API}/approvals/{{number:int}}", self._approval, methods=["PATCH"]),
            Route(f"{API}/approvals/{{number:int}}/withdraw", self._approval, methods=["POST"]),
            Route(f"{API}/questions", told(lambda: self.questions)),
            Route(f"{API}/questions/{{key}}/answer", self._answer, methods=["POST"]),
        ]

    async def _macros(self, request: Request) -> Response:
        return await self._kept(request, self.macros, {})

    async def _canned(self, request: Request) -> Response:
        return await self._kept(request, self.canned, {"team": None})

    async def _kept(self, request: Request, kept: list[Json], new: Json) -> Response:
        body, key = await self.server.note(request), request.path_params.get("key")
        found = [one for one in kept if one["id"] == key]
        if request.method == "POST":
            kept.append({"id": uuid.uuid4().hex, **new} | body)
            return JSONResponse(kept[-1], 201)
        if request.method == "DELETE":
            kept.remove(found[0])
            return Response(status_code=204)
        if request.method == "PATCH":
            found[0] |= body
            return JSONResponse(found[0])
        return JSONResponse({"items": kept, "next": None})

    async def _rendered(self, request: Request) -> Response:
        await self.server.note(request)
        room = self.server.rooms[request.query_params["conversation"]]
        (found,) = [one for one in self.canned if one["id"] == request.path_params["key"]]
        values = {
            "customer.name": room["c"]["customer"]["name"],
            "agent.name": self.server.accounts[self.server.me]["name"],
        }
        values |= {"order.number": "A-1042"}
        text = re.sub(r"\{\{([a-z.]+)\}\}", lambda hit: str(values[hit[1]]), str(found["text"]))
        return JSONResponse({"text": text})

    async def _approvals(self, request: Request) -> Response:
        await self.server.note(request)
        query = request.query_params
        withdrawn, before = query.get("withdrawn") == "true", int(query.get("cursor", 1000))
        words = query.get("q", "").casefold().split()
        found = [
            one
            for one in self.approvals
            if bool(one["withdrawn_at"]) is withdrawn
            and all(word in f"{one['question']} {one['answer']} {one['by']}".casefold() for word in words)
        ]
        rest = [one for one in found if one["number"] < before]
        following = str(rest[49]["number"]) if len(rest) > 50 else None
        return JSONResponse({"items": rest[:50], "next": following, "total": len(found)})

    async def _approval(self, request: Request) -> Response:
        body = await self.server.note(request)
        (found,) = [one for one in self.approvals if one["number"] == request.path_params["number"]]
        by = self.server.accounts[self.server.me]["name"]
        found |= {"withdrawn_by": by, "withdrawn_at": sample.ago(0)} if request.method == "POST" else body
        return JSONResponse(found)

    async def _answer(self, request: Request) -> Response:
        body = await self.server.note(request)
        (found,) = [one for one in self.questions if one["id"] == request.path_params["key"]]
        found |= {"answer": body["text"], "answered_by": self.server.accounts[self.server.me]["name"]}
        return JSONResponse(found)
