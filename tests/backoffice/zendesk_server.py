"""A server that speaks Zendesk's Support API: tickets, comments, keys that hold two hours, faults on demand."""

import json
from base64 import b64encode
from collections import deque
from threading import Event
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

USER, TOKEN = "desk@alderwick.example", "a-token-of-zendesk"
Answer = Response | str


class ZendeskServer:
    """``faults``: what the next requests get instead; ``"after"`` does the work first and then cuts the answer."""

    def __init__(self) -> None:
        self.tickets: dict[int, dict[str, Any]] = {}
        self.comments: dict[int, list[dict[str, Any]]] = {}
        self.keys: dict[str, tuple[str, int]] = {}
        self.faults: deque[Answer] = deque()
        self.requests: list[str] = []
        self.created = Event()
        self.app = Starlette(
            routes=[
                Route("/api/v2/tickets.json", self._tickets, methods=["GET", "POST"]),
                Route("/api/v2/tickets/{id:int}.json", self._ticket, methods=["GET", "PUT"]),
                Route("/api/v2/tickets/{id:int}/comments.json", self._comments),
            ]
        )

    def solve(self, external_id: str) -> None:
        """An agent closes the ticket."""
        next(one for one in self.tickets.values() if one["external_id"] == external_id)["status"] = "solved"

    async def _tickets(self, request: Request) -> Response:
        body = await request.body()
        return self._answer(request, lambda: self._create(request, body) if body else self._list(request))

    async def _ticket(self, request: Request) -> Response:
        body = await request.body()
        return self._answer(request, lambda: self._update(request, json.loads(body)) if body else self._show(request))

    async def _comments(self, request: Request) -> Response:
        return self._answer(request, lambda: JSONResponse({"comments": self.comments[request.path_params["id"]][::-1]}))

    def _answer(self, request: Request, work: Any) -> Response:
        self.requests.append(f"{request.method} {request.url.path}")
        right = "Basic " + b64encode(f"{USER}/token:{TOKEN}".encode()).decode()
        if request.headers.get("Authorization") != right:
            return JSONResponse({"error": "Couldn't authenticate you"}, 401)
        fault = self.faults.popleft() if self.faults else None
        if isinstance(fault, Response):
            return fault
        answer: Response = work()
        if fault == "after":  # the answer ends in the middle: more was announced than comes
            return Response(answer.body[:20], headers={"Content-Length": "4000"}, media_type="application/json")
        return answer

    def _create(self, request: Request, body: bytes) -> Response:
        key, told = request.headers.get("Idempotency-Key", ""), body.decode()
        if key in self.keys:
            before, number = self.keys[key]
            if before != told:
                return JSONResponse({"error": "IdempotentRequestError"}, 400)
            return JSONResponse({"ticket": self.tickets[number]}, 201, headers={"x-idempotency-lookup": "hit"})
        wanted = json.loads(told)["ticket"]
        number = 35_000 + len(self.tickets)
        self.comments[number] = [wanted.pop("comment")]
        self.created.set()
        self.tickets[number] = {"id": number, "status": "new", **wanted}
        if key:
            self.keys[key] = (told, number)
        return JSONResponse({"ticket": self.tickets[number]}, 201, headers={"x-idempotency-lookup": "miss"})

    def _list(self, request: Request) -> Response:
        wanted = request.query_params["external_id"]
        return JSONResponse({"tickets": [one for one in self.tickets.values() if one["external_id"] == wanted]})

    def _show(self, request: Request) -> Response:
        found = self.tickets.get(request.path_params["id"])
        return JSONResponse({"ticket": found} if found else {"error": "RecordNotFound"}, 200 if found else 404)

    def _update(self, request: Request, change: Any) -> Response:
        number = request.path_params["id"]
        parts = dict(change["ticket"])
        if "comment" in parts:
            self.comments[number].append(parts.pop("comment"))
        self.tickets[number] |= parts
        return JSONResponse({"ticket": self.tickets[number]})
