"""Transcript review over HTTP in this process: a tracker store with Rasa's own rows, a guard that believes a header."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx
from fastapi import FastAPI, Request
from scripted_dialogue import ScriptedDialogue
from tracker_rows import TrackerStore, row

from desk.accounts.guard import Demand
from desk.accounts.model import Permission, Role, Staff
from desk.bootstrap import Desk
from desk.errors import NotAllowed
from desk.reviews.reader import TrackerReader
from desk.reviews.routes import build_review_routes
from desk.reviews.teaching_routes import build_teaching_routes
from desk.web.http_errors import install_error_handlers


def turn_rows(
    sender: str,
    text: str,
    *,
    at: float,
    intent: str = "order_status",
    confidence: float = 0.9,
    second: float = 0.05,
    sentiment: float = 0.0,
    scope: float = 0.9,
    rung: str | None = "entry",
    answer: str = "An answer.",
    channel: str = "rest",
    message_id: str | None = None,
    more: Sequence[Mapping[str, Any]] = (),
) -> list[dict[str, Any]]:
    """A whole turn: the message, an action, a reply, listening again."""
    parsed = {
        "intent": {"name": intent, "confidence": confidence},
        "intent_ranking": [
            {"name": intent, "confidence": confidence},
            {"name": "refund_status", "confidence": second},
        ],
        "entities": [],
        "scope": {"in_scope": scope > 0.3, "score": scope, "threshold": 0.3},
        "sentiment": sentiment,
        "urgency": "low",
        "message_id": message_id,
    }
    custom = {"kind": "answer", "rung": rung, "relevance": 0.9, "citations": []} if rung else None
    events: list[Mapping[str, Any]] = [
        {
            "event": "user",
            "text": text,
            "parse_data": parsed,
            "input_channel": channel,
            "message_id": message_id,
        },
        {"event": "action", "name": "action_answer_question", "policy": "RulePolicy"},
        {"event": "bot", "text": answer, "data": {"custom": custom}},
        *more,
        {"event": "action", "name": "action_listen", "policy": "RulePolicy"},
    ]
    return [row(sender, at + n / 1000, event) for n, event in enumerate(events)]


class Believing:
    """A guard for tests: whoever the header names is signed in with those roles."""

    def demand(self, *permissions: Permission, **_: bool) -> Demand:
        async def demanded(request: Request) -> Staff:
            name, _, role = request.headers.get("x-test-staff", "").partition(":")
            if not name:
                raise NotAllowed("Nobody is signed in.")
            staff = Staff(name.lower(), name, f"{name}@example.com", frozenset({Role(role)}), "s_1")
            if permissions and not any(staff.may(one) for one in permissions):
                raise NotAllowed("Your role does not permit this.")
            return staff

        return demanded


@dataclass
class Remembering:
    """An audit log for tests."""

    lines: list[tuple[str, str, str]] = field(default_factory=list)

    async def record(self, staff: Staff, action: str, subject: str = "", **_: str | int | None) -> None:
        self.lines.append((staff.id, action, subject))

    async def record_reading(self, staff: Staff, action: str, subject: str) -> None:
        await self.record(staff, action, subject)


@dataclass
class Reviewing:
    """Everything a test of reviews speaks to."""

    desk: Desk
    http: httpx.AsyncClient
    store: TrackerStore
    reader: TrackerReader
    dialogue: ScriptedDialogue
    audit: Remembering
    staff: str = "Dev:developer"

    async def read(self) -> None:
        """Look until nothing new is there."""
        while await self.reader.read_once():
            pass

    async def call(self, method: str, path: str, **given: Any) -> httpx.Response:
        return await self.http.request(method, f"/reviews{path}", headers={"x-test-staff": self.staff}, **given)

    async def get(self, path: str = "", **params: Any) -> Any:
        answer = await self.call("GET", path, params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def put(self, path: str, **body: Any) -> Any:
        answer = await self.call("PUT", path, json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def ids(self, **params: Any) -> list[str]:
        return [one["id"] for one in (await self.get(**params))["items"]]


def build_review_app(desk: Desk, audit: Remembering) -> FastAPI:
    """The routes alone, as the console includes them."""
    app = FastAPI()
    guard = Believing()
    app.include_router(build_teaching_routes(desk.reviews.desk, guard, audit))
    app.include_router(build_review_routes(desk.reviews.desk, guard, audit))
    install_error_handlers(app, desk.metrics)
    return app


def seconds(moment: datetime) -> float:
    return moment.timestamp()
