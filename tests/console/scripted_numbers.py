"""The routes of the numbers in the scripted console server."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from tests.console.sample import ago
from tests.console.scripted_console import API, ScriptedConsole

Json = dict[str, Any]
_DAYS = 28
_MINUTE = 60
HASH = "9f3c2a71d04e4b6e8a5527c1b3d9e0f6"
"""A model that names itself as the intent service does."""


def _series(middle: float, swing: float, phase: float = 0) -> list[Json]:
    first = datetime.now(UTC) - timedelta(days=_DAYS - 1)
    return [
        {
            "at": (first + timedelta(days=day)).date().isoformat(),
            "value": round(middle + swing * math.sin(day / 3 + phase), 3),
        }
        for day in range(_DAYS)
    ]


def _figure(ident: str, name: str, unit: str, value: float | None, previous: float | None, **fields: Any) -> Json:
    base: Json = {"id": ident, "name": name, "unit": unit, "value": value, "previous": previous, "target": None}
    base |= {"definition": f"How the figure “{name}” is counted, in one sentence.", "conversations_url": f"/x/{ident}"}
    return base | {"series": _series(value or 1, (value or 1) / 8)} | fields


def _figures() -> list[Json]:
    return [
        _figure("conversations", "Conversations", "count", 4821, 4377),
        _figure("containment", "Contained by the bot", "share", 0.742, 0.731),
        _figure("resolution", "Verified resolution", "share", 0.713, 0.68, target={"op": ">", "value": 0.7}),
        _figure("escalation", "Escalated to a person", "share", 0.232, 0.218, target={"op": "<", "value": 0.2}),
        _figure("rating", "Rating", "score", 4.34, 4.31, target={"op": ">", "value": 4.2}),
        _figure("first_response", "First response of a person", "seconds", 142, 171)
        | {"target": {"op": "<", "value": 180}},
        _figure("resolution_time", "Time to resolution", "seconds", 5400, 6100, target=None),
        _figure("reopened", "Reopened", "share", 0.031, 0.044, target={"op": "<", "value": 0.05}),
        _figure("resolved_by_bot", "Resolved by the bot", "share", None, None, target={"op": ">", "value": 0.7})
        | {"decided": {"count": 3, "of": 20}},
        _figure("fallback", "Not understood", "share", 0.064, 0.064),
        _figure("cost", "Cost of a conversation", "money", 11.4, 12.9, currency="EUR"),
        _figure("unanswered", "Unanswered questions", "count", None, None, series=[], conversations_url=None),
    ]


class Numbers:
    """Figures of four weeks."""

    def __init__(self, server: ScriptedConsole) -> None:
        self.server = server
        self.asked: list[Json] = []
        self.parameters = {"minutes_per_conversation": 6.5, "cost_per_hour": 32.0}

    def routes(self) -> list[Route]:
        """All of them."""
        base = f"{API}/numbers"
        return [
            Route(base, self._all),
            Route(f"{API}/numbers.csv", self._csv),
            Route(f"{base}/savings", self._savings, methods=["GET", "PUT"]),
            Route(f"{base}/{{figure}}/conversations", self._behind),
        ]

    async def _all(self, request: Request) -> Response:
        await self.server.note(request)
        self.asked.append(dict(request.query_params))
        reasons = (("asked_for_person", 402), ("very_negative", 181), ("failed_attempts", 96), ("legal_or_press", 4))
        intents = ("order_status", "ask_return_policy", "refund_request", "complaint")
        people = (("Aoife Byrne", 5, 131, 98), ("Brian Walsh", 2, 88, 164), ("Ciara Doyle", 0, 0, None))
        agents = [{"id": name, "name": name, "open": open_, "resolved": done} for name, open_, done, _ in people]
        versions = [
            {
                "kind": kind,
                "version": version,
                "figures": [{"id": "resolution", "name": "Verified resolution", "value": share, "unit": "share"}],
            }
            for kind, version, share in (("model", "2026-11-24", 0.722), ("model", HASH, 0.69))
        ]
        return JSONResponse(
            {
                "figures": _figures(),
                "escalations": [{"reason": reason, "count": count} for reason, count in reasons],
                "intents": [
                    {"intent": name, "series": _series(60 / (at + 1), 12 / (at + 1), at)}
                    for at, name in enumerate(intents)
                ],
                "versions": versions,
                "agents": [
                    one | {"first_response_median": person[3]} for one, person in zip(agents, people, strict=True)
                ],
                "channels": ["web", "whatsapp"],
                "models": ["2026-11-24", HASH],
            }
        )

    async def _csv(self, request: Request) -> Response:
        await self.server.note(request)
        return PlainTextResponse("figure,value\nresolution,0.713\n", media_type="text/csv")

    async def _savings(self, request: Request) -> Response:
        body = await self.server.note(request)
        self.parameters |= body or {}
        hours = 3437 * self.parameters["minutes_per_conversation"] / _MINUTE
        saved = round(hours * self.parameters["cost_per_hour"] * 100)
        formula = "Conversations resolved by the bot × minutes each ÷ 60 × cost of an hour"
        return JSONResponse({"saved": saved, "currency": "EUR", "formula": formula, "parameters": self.parameters})

    async def _behind(self, request: Request) -> Response:
        await self.server.note(request)
        rows = [
            {"id": f"web/{number}", "at": ago(40 * number), "first_text": f"Words {number}", "channel": "web"}
            for number in range(3)
        ]
        return JSONResponse({"items": rows, "next": None})
