"""The review routes of the scripted console server."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.console import sample_reviews
from tests.console.sample import knew
from tests.console.scripted_console import API, ScriptedConsole, now

Json = dict[str, Any]
_FITS: dict[str, Callable[[Json, str], bool]] = {
    "q": lambda row, words: words.lower() in row["first_text"].lower(),
    "channel": lambda row, name: row["channel"] == name,
    "intent": lambda row, name: name in row["intents"],
    "state": lambda row, name: row["state"] == name,
    "outcome": lambda row, name: row["outcome"] == name,
    "tag": lambda row, name: name in row["tags"],
    "flagged": lambda row, yes: row["flagged"] == (yes == "true"),
    "confidence_max": lambda row, most: row["min_confidence"] <= float(most),
    "rating_max": lambda row, most: row["rating"] is not None and row["rating"] <= float(most),
    "sentiment_max": lambda row, most: row["sentiment_min"] <= float(most),
}


class Reviews:
    """Twenty-two transcripts, their filters and corrections."""

    def __init__(self, server: ScriptedConsole, count: int = 22) -> None:
        self.server = server
        self.kept: dict[str, Json] = {one["row"]["id"]: one for one in map(sample_reviews.review, range(count))}
        self.filters: list[Json] = [
            {"id": "f1", "name": "Unhappy this week", "query": {"sentiment_max": -0.2}, "shared": True, "mine": False}
        ]
        self.corrections: list[Json] = []
        self.learnt: bool | None = False
        self.asked: list[Json] = []

    def routes(self) -> list[Route]:
        """Longest addresses first, as in ``desk/reviews``."""
        base, one = f"{API}/reviews", f"{API}/reviews/{{id:path}}"
        return [
            Route(base, self._list),
            Route(f"{base}/facets", self._tell(lambda: sample_reviews.FACETS)),
            Route(f"{base}/intents", self._tell(lambda: sample_reviews.INTENTS)),
            Route(f"{base}/entities", self._tell(lambda: sample_reviews.ENTITIES)),
            Route(f"{base}/confusion", self._tell(self._confusion)),
            Route(f"{base}/corrections", self._corrections),
            Route(f"{base}/corrections/learning", self._learning),
            Route(f"{base}/corrections/heard", self._heard, methods=["POST"]),
            Route(f"{base}/corrections/export", self._export, methods=["POST"]),
            Route(f"{base}/filters", self._filters, methods=["GET", "POST"]),
            Route(f"{base}/filters/{{id}}", self._drop_filter, methods=["DELETE"]),
            Route(f"{base}/next", self._next),
            Route(f"{base}/teach", self._teach, methods=["POST"]),
            Route(f"{one}/scenario", self._tell(lambda: {"yaml": sample_reviews.SCENARIO})),
            Route(f"{one}/turns/{{index:int}}", self._judge, methods=["PUT"]),
            Route(f"{one}/comments", self._comment, methods=["POST"]),
            Route(one, self._one, methods=["GET", "PUT"]),
        ]

    def states(self) -> list[str]:
        """How far somebody came."""
        return [one["row"]["state"] for one in self.kept.values()]

    def _tell(self, answer: Callable[[], Any]) -> Any:
        return self.server._told(answer)

    def _name(self) -> str:
        name: str = self.server.accounts[self.server.me]["name"]
        return name

    async def _list(self, request: Request) -> Response:
        await self.server.note(request)
        query = dict(request.query_params)
        self.asked.append(query)
        rows = [
            one["row"]
            for one in self.kept.values()
            if all(fits(one["row"], query[name]) for name, fits in _FITS.items() if name in query)
        ]
        start = int(query.get("cursor", 0))
        after = str(start + 15) if len(rows) > start + 15 else None
        return JSONResponse({"items": rows[start : start + 15], "next": after, "total": len(rows)})

    async def _next(self, request: Request) -> Response:
        await self.server.note(request)
        after = request.query_params.get("after")
        rows = [one["row"] for one in self.kept.values() if one["row"]["id"] != after]
        unread = [row for row in rows if row["state"] == "unread"]
        return JSONResponse(unread[0]) if unread else Response(status_code=204)

    async def _filters(self, request: Request) -> Response:
        body = await self.server.note(request)
        if request.method == "GET":
            return JSONResponse(self.filters)
        self.filters.append(body | {"id": uuid.uuid4().hex, "mine": True})
        return JSONResponse(self.filters[-1], 201)

    async def _drop_filter(self, request: Request) -> Response:
        await self.server.note(request)
        self.filters = [one for one in self.filters if one["id"] != request.path_params["id"]]
        return Response(status_code=204)

    def _found(self, request: Request) -> Json:
        found = self.kept.get(request.path_params["id"])
        if found is None:
            raise HTTPException(404, json.dumps({"type": "not_found", "message": "There is no such transcript."}))
        return found

    async def _one(self, request: Request) -> Response:
        body = await self.server.note(request)
        found = self._found(request)
        if request.method == "GET":
            return JSONResponse(found)
        found["row"] |= body
        return JSONResponse(found["row"])

    async def _judge(self, request: Request) -> Response:
        body: Json = await self.server.note(request)
        turn: Json = self._found(request)["turns"][request.path_params["index"]]
        by = {"by": self._name(), "at": now()}
        if "mark" in body:
            turn["marks"] = [by] if body["mark"] else []
        turn |= {name: body[name] for name in ("answer_rating", "should_have_been") if name in body}
        corrected = {name: body[name] for name in ("intent", "entities") if body.get(name) is not None}
        if corrected:
            turn["corrected"] = (turn["corrected"] or {}) | corrected | by
            self.corrections.append(self._correction(request, turn))
        elif "intent" in body or "entities" in body:
            turn["corrected"] = None
        return JSONResponse(turn | {"agent": []})

    def _correction(self, request: Request, turn: Json) -> Json:
        was = turn["knew"]["intent"]["name"]
        told: Json = {"text": turn["text"], "was": was, "intent": turn["corrected"].get("intent", was)}
        told |= {"entities": turn["corrected"].get("entities"), "by": self._name(), "at": now(), "exported_at": None}
        return told | {"conversation_id": request.path_params["id"], "index": turn["index"]}

    async def _comment(self, request: Request) -> Response:
        body = await self.server.note(request)
        made = {"id": uuid.uuid4().hex, "by": self._name(), "text": body["text"], "at": now()}
        found = self._found(request)
        (found["turns"][body["index"]] if "index" in body else found)["comments"].append(made)
        return JSONResponse(made, 201)

    async def _corrections(self, request: Request) -> Response:
        await self.server.note(request)
        exported = {"true": True, "false": False}.get(request.query_params.get("exported", ""))
        items = [one for one in self.corrections if exported is None or bool(one["exported_at"]) == exported]
        return JSONResponse({"items": items, "next": None})

    async def _learning(self, request: Request) -> Response:
        await self.server.note(request)
        out = sum(bool(one["exported_at"]) for one in self.corrections)
        model = {"version": "20261124-081500-1a2b3c4d", "created": "2026-11-24T08:15:00.000Z", "examples": 3059}
        told = {"waiting": len(self.corrections) - out, "exported": out, "learnt": self.learnt}
        return JSONResponse(told | {"model": model if self.learnt is not None else None})

    async def _heard(self, request: Request) -> Response:
        body = await self.server.note(request)
        found = {one["text"]: one["intent" if self.learnt else "was"] for one in self.corrections}
        return JSONResponse([{"intent": found[text], "confidence": 0.91} for text in body["texts"]])

    async def _export(self, request: Request) -> Response:
        body = await self.server.note(request)
        if body["dry_run"]:
            return JSONResponse(sample_reviews.EXPORT)
        for one in self.corrections:
            one["exported_at"] = now()
        return JSONResponse(sample_reviews.EXPORT | {"files": [{"path": "data/nlu/corrections.yml", "added": 1}]})

    def _confusion(self) -> list[Json]:
        return [
            {"said": "store_hours", "corrected": "warranty_question", "count": 7, "conversations": ["web/2", "web/7"]},
            {"said": "complaint", "corrected": "refund_request", "count": 3, "conversations": ["web/1"]},
        ]

    async def _teach(self, request: Request) -> Response:
        body = await self.server.note(request)
        session = body.get("session_id") or f"teach-{uuid.uuid4().hex[:24]}"
        kept = self.kept.setdefault(session, {"row": sample_reviews.row(0, id=session), "turns": [], "comments": []})
        understood = knew("order_status", 0.64, actions=["action_order_status"], rung="entry")
        kept["turns"].append(sample_reviews.turn(len(kept["turns"]), body["text"], understood, "Which order?"))
        return JSONResponse({"session_id": session, "turn": kept["turns"][-1]})
