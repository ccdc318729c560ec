"""The knowledge routes of the scripted console server."""

from __future__ import annotations

import json
import uuid
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.console.sample import ago
from tests.console.scripted_console import API, ScriptedConsole, now

Json = dict[str, Any]
_RETURNS = """\
You can send back what you bought **within 30 days**.

- Pack it well
- Print the label in your account
- Bring it to any post office

Money comes back within five days. See [our page](https://alderwick.example/returns).
"""
GAPS: list[Json] = [
    {
        "question": "Can I pay with a gift card from 2019?",
        "count": 14,
        "unhappy": 5,
        "examples": [
            {"text": "my gift card is from 2019, does it work", "conversation_id": "web/2"},
            {"text": "do gift cards expire??", "conversation_id": "web/7"},
        ],
        "nearest": {"entry_id": "gift-cards", "title": "Buying a gift card", "relevance": 0.44},
        "draft_id": None,
    },
    {"question": "Is the kettle lid sold alone?", "count": 6, "unhappy": 1, "examples": [], "nearest": None}
    | {"draft_id": "draft-1"},
]
_HITS: list[Json] = [
    {"entry_id": "returns", "title": "Sending something back", "relevance": 0.88, "lexical": 7.42, "dense": 0.81},
    {"entry_id": "warranty", "title": "What the warranty covers", "relevance": 0.47, "lexical": 2.1, "dense": 0.55},
    {"entry_id": "gift-cards", "title": "Buying a gift card", "relevance": 0.06, "lexical": 0.3, "dense": 0.2},
]
_WOULD = ("told", "button", "nothing")


def entry(ident: str, title: str, **fields: Any) -> Json:
    """An entry of the knowledge."""
    base: Json = {"id": ident, "title": title, "category": "orders", "product": [], "audience": "public"}
    base |= {"locale": "en", "valid_from": None, "valid_until": None, "version": 4, "updated_at": ago(60 * 24 * 3)}
    base |= {"updated_by": "Brian Walsh", "state": "live", "questions": [f"How does “{title}” work?"]}
    return base | {"answer": f"About {title.lower()}.", "url": None, "source": "console"} | fields


class Knowledge:
    """A few entries, their versions, and what is missing."""

    def __init__(self, server: ScriptedConsole) -> None:
        self.server = server
        self.done: set[str] = set()
        asked = ["how do I send something back", "return my order", "30 days return"]
        self.entries: dict[str, Json] = {
            one["id"]: one
            for one in (
                entry("returns", "Sending something back", questions=asked, answer=_RETURNS),
                entry("warranty", "What the warranty covers", category="products"),
                entry("gift-cards", "Buying a gift card", state="expired", valid_until="2026-01-31"),
                entry("manual/Brio > First use", "Brio: first use", category="products", audience="customer"),
                entry("draft-1", "Is the kettle lid sold alone?", state="draft", version=1, answer=""),
            )
        }

    def routes(self) -> list[Route]:
        """Longest addresses first."""
        base, one = f"{API}/knowledge", f"{API}/knowledge/{{id:path}}"
        return [
            Route(base, self._list, methods=["GET", "POST"]),
            Route(f"{base}/try", self._try, methods=["POST"]),
            Route(f"{base}/import", self._import, methods=["POST"]),
            Route(f"{base}/gaps", self.server._told(self._gaps)),
            Route(f"{base}/gaps/draft", self._draft, methods=["POST"]),
            Route(f"{base}/gaps/done", self._gap_done, methods=["POST"]),
            Route(f"{one}/versions", self.server._told(self._versions)),
            Route(f"{one}/diff", self.server._told(self._difference)),
            Route(f"{one}/restore", self._restore, methods=["POST"]),
            Route(one, self._one, methods=["GET", "PUT", "DELETE"]),
        ]

    async def _list(self, request: Request) -> Response:
        body = await self.server.note(request)
        if request.method == "POST":
            made = entry(uuid.uuid4().hex[:8], "", version=1, updated_by="Ciara Doyle", updated_at=now()) | body
            self.entries[made["id"]] = made
            return JSONResponse(made, 201)
        query = request.query_params
        found = [
            one
            for one in self.entries.values()
            if query.get("q", "").lower().partition(" ")[0] in f"{one['title']} {one['questions']}".lower()
            and query.get("category", one["category"]) == one["category"]
            and query.get("state", one["state"]) == one["state"]
        ]
        categories = sorted({one["category"] for one in self.entries.values()})
        return JSONResponse({"items": found, "next": None, "total": len(found), "categories": categories})

    def _found(self, request: Request) -> Json:
        found = self.entries.get(request.path_params["id"])
        if found is None:
            raise HTTPException(404, json.dumps({"type": "not_found", "message": "There is no such entry."}))
        return found

    async def _one(self, request: Request) -> Response:
        body = await self.server.note(request)
        found = self._found(request)
        if request.method == "DELETE":
            del self.entries[found["id"]]
            return Response(status_code=204)
        if request.method == "PUT":
            if body["version"] != found["version"]:
                told = {"type": "stale_version", "message": "Brian Walsh has saved this entry meanwhile."}
                raise HTTPException(409, json.dumps(told))
            found |= body | {"version": found["version"] + 1, "updated_at": now(), "updated_by": "Ciara Doyle"}
        return JSONResponse(found)

    async def _try(self, request: Request) -> Response:
        await self.server.note(request)
        hits = [hit | {"would": would} for hit, would in zip(_HITS, _WOULD, strict=True)]
        return JSONResponse({"hits": hits, "answer_at": 0.75, "suggest_at": 0.35})

    async def _import(self, request: Request) -> Response:
        await self.server.note(request)
        async with request.form() as form:
            names = [one.filename for one in form.getlist("files") if not isinstance(one, str)]
        self.server.calls.append((f"files dry_run={request.query_params.get('dry_run')}", names))
        refused = [{"file": "broken.md", "reason": "It has no title."}]
        report: Json = {"added": ["gift-cards-2019"], "changed": ["returns"], "removed": [], "refused": refused}
        return JSONResponse(report | {"unchanged": ["warranty", "gift-cards"], "notes": []})

    async def _draft(self, request: Request) -> Response:
        body = await self.server.note(request)
        asked = body["question"]
        made = entry("draft-2", asked, state="draft", version=1, answer="", questions=[asked], category="")
        self.entries["draft-2"] = made
        return JSONResponse(made, 201)

    def _gaps(self) -> list[Json]:
        return [gap for gap in GAPS if gap["question"] not in self.done]

    async def _gap_done(self, request: Request) -> Response:
        body = await self.server.note(request)
        change = self.done.update if body["done"] else self.done.difference_update
        change(body["questions"])
        return Response(status_code=204)

    async def _restore(self, request: Request) -> Response:
        await self.server.note(request)
        found = self._found(request)
        found |= {"version": found["version"] + 1, "answer": "You can send back what you bought within 14 days."}
        return JSONResponse(found)

    def _versions(self) -> list[Json]:
        return [
            {"version": 4, "at": ago(60 * 24 * 3), "by": "Brian Walsh", "why": "30 days since November"},
            {"version": 2, "at": ago(60 * 24 * 40), "by": "Ciara Doyle", "why": ""},
        ]

    def _difference(self) -> Json:
        texts = [(" ", "# Sending something back"), ("-", "You can send back within 14 days.")]
        texts += [("+", "You can send back what you bought **within 30 days**."), (" ", "- Pack it well")]
        return {"lines": [{"op": op, "text": text} for op, text in texts]}
