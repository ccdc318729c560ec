"""The routes of administration in the scripted console server."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.console import sample
from tests.console.scripted_console import API, ScriptedConsole

Json = dict[str, Any]


class Admin:
    """Accounts, the audit log, and customers' data."""

    def __init__(self, server: ScriptedConsole) -> None:
        self.server = server
        self.sessions: list[Json] = [
            {"id": "s9", "created_at": sample.ago(300), "seen_at": sample.ago(4), "address": "10.2.0.9"}
            | {"agent": "Chromium on Windows", "current": False}
        ]
        self.asked: list[Json] = []
        self.traces: list[Json] = [
            {"id": f"c_{n + 1}", "how": how, "channel": "web", "began_at": sample.ago(600 * n), "first_words": words}
            for n, (how, words) in enumerate(
                [("signed_in", "My order 10046"), ("left_address", "Is anybody there?"), ("mentions", "10046?")]
            )
        ]
        self.assigns = False

    def routes(self) -> list[Route]:
        """All of them; they go before the console's own shorter ones."""
        one = f"{API}/accounts/{{id}}"
        return [
            Route(f"{API}/accounts", self._accounts, methods=["GET", "POST"]),
            Route(one, self._change, methods=["PATCH"]),
            Route(f"{one}/password", self.server._told(lambda: {"password": "cobalt-heron-89"}), methods=["POST"]),
            Route(f"{one}/totp", self._without_factor, methods=["DELETE"]),
            Route(f"{one}/sessions", self._sessions, methods=["GET", "DELETE"]),
            Route(f"{one}/sessions/{{session}}", self._sessions, methods=["DELETE"]),
            Route(f"{API}/audit", self._audit),
            Route(f"{API}/customer-data", self.server._told(lambda: {"items": self.traces})),
            Route(f"{API}/customer-data/export", self._hand_out, methods=["POST"]),
            Route(f"{API}/customer-data/erase", self._erase, methods=["POST"]),
            Route(f"{API}/assignment", self._assignment, methods=["GET", "PUT"]),
        ]

    async def _accounts(self, request: Request) -> Response:
        body = await self.server.note(request)
        if request.method == "GET":
            return JSONResponse({"items": list(self.server.accounts.values()), "next": None})
        made = sample.account(body["name"], *body["roles"], email=body["email"])
        self.server.accounts[made["id"]] = made
        return JSONResponse(made | {"password": "marble-otter-plinth-42"}, 201)

    async def _change(self, request: Request) -> Response:
        body = await self.server.note(request)
        account: Json = self.server.accounts[request.path_params["id"]]
        account |= body
        return JSONResponse(account)

    async def _without_factor(self, request: Request) -> Response:
        await self.server.note(request)
        self.server.accounts[request.path_params["id"]]["totp"] = False
        return Response(status_code=204)

    async def _sessions(self, request: Request) -> Response:
        await self.server.note(request)
        if request.method == "GET":
            return JSONResponse(self.sessions)
        self.sessions.clear()
        return Response(status_code=204)

    async def _audit(self, request: Request) -> Response:
        await self.server.note(request)
        query = dict(request.query_params)
        self.asked.append(query)
        brian = {"id": "brian", "name": "Brian Walsh"}
        items: list[Json] = [
            {"at": sample.ago(2), "actor": brian, "action": "review.read", "subject": "web/1", "details": {}},
            {"at": sample.ago(9), "actor": brian, "action": "knowledge.save", "subject": "returns"}
            | {"details": {"version": 5}},
            {"at": sample.ago(70), "actor": None, "action": "session.failed", "subject": "ciara@alderwick.example"}
            | {"details": {"address": "10.2.0.77", "reason": "password"}},
        ]
        shown = [one for one in items if query.get("action", "") in one["action"]]
        return JSONResponse({"items": shown, "next": None})

    async def _hand_out(self, request: Request) -> Response:
        body = await self.server.note(request)
        return JSONResponse({"conversations": [{"id": one} for one in body["conversations"]]})

    async def _assignment(self, request: Request) -> Response:
        body = await self.server.note(request)
        if request.method == "PUT":
            self.assigns = body["on"]
        return JSONResponse({"on": self.assigns})

    async def _erase(self, request: Request) -> Response:
        await self.server.note(request)
        return JSONResponse({"receipt": "E-2026-11-25-7f3a", "conversations": 3})
