"""A gateway with consoles open, each somebody's by a header: who may what is the accounts' tests' matter."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from conftest import Running, Talk, running
from fastapi import Request

from desk.accounts.guard import Demand
from desk.accounts.model import Permission, Role, Staff
from desk.console import build_inbox
from desk.errors import NotAllowed
from desk.inbox.model import Customer

PEOPLE = {
    name.lower(): Staff(name.lower(), name, f"{name.lower()}@shop.example", frozenset({Role.AGENT}), f"s-{name}")
    for name in ("Niamh", "Omar", "Pia")
}


class HeaderGuard:
    """Believes a header: who may what is the accounts' tests' matter."""

    def demand(self, *permissions: Permission, **_: bool) -> Demand:
        async def admitted(request: Request) -> Staff:
            staff = PEOPLE.get(request.headers.get("x-staff", ""))
            if staff is None or not any(staff.may(one) for one in permissions):
                raise NotAllowed("Nobody.")
            return staff

        return admitted

    async def still_in(self, request: Request, *_: Permission) -> bool:
        return request.headers.get("x-staff", "") in PEOPLE


class Notebook:
    def __init__(self) -> None:
        self.lines: list[tuple[str, str, str]] = []

    async def record(self, staff: Staff, action: str, subject: str = "", **details: str | int | None) -> None:
        del details
        self.lines.append((staff.id, action, subject))

    async def record_reading(self, staff: Staff, action: str, subject: str) -> None:
        await self.record(staff, action, subject)


class Team:
    async def name_of(self, staff_id: str) -> str | None:
        return PEOPLE[staff_id].name if staff_id in PEOPLE else None

    async def teams_of(self, staff_id: str) -> Sequence[str]:
        return ["returns"] if staff_id == "pia" else []

    async def teams(self) -> Sequence[Mapping[str, str | int]]:
        return [{"id": "returns", "name": "Returns", "agents": 1}]


class OneCustomer:
    def __init__(self) -> None:
        self.tickets: dict[str, Sequence[str]] = {}

    async def of(self, conversation_id: str) -> Customer | None:
        del conversation_id
        return Customer("c1", "Mary Kelly", "mary@shop.example", None, None, orders=[{"number": "10046"}])

    async def proved_to_be(self, conversation_id: str) -> Collection[str]:
        del conversation_id
        return {"c1"}

    async def tickets_of(self, conversation_id: str) -> Sequence[str]:
        return self.tickets.get(conversation_id, ())

    async def open_ticket(self, conversation_id: str, key: str, subject: str, transcript: str) -> str:
        del conversation_id, key, subject
        assert "talk" in transcript
        return "T-100001"


class Knowing:
    def __init__(self) -> None:
        self.known: dict[str, dict[str, Any]] = {}

    async def of(self, conversation_id: str) -> Mapping[str, Mapping[str, Any]]:
        del conversation_id
        return self.known


@dataclass
class Console:
    """Somebody's console."""

    http: httpx.AsyncClient
    who: str

    async def call(self, method: str, path: str, status: int = 200, **given: Any) -> Any:
        answer = await self.http.request(method, f"/inbox-by-header{path}", headers={"x-staff": self.who}, **given)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None

    async def get(self, path: str, **query: Any) -> Any:
        return await self.call("GET", path, params=query)

    async def act(self, talk: Talk, what: str, status: int = 200, **body: Any) -> Any:
        return await self.call("POST", f"/conversations/{talk.id}/{what}", status, json=body)

    async def ids(self, queue: str, **query: Any) -> list[str]:
        return [one["id"] for one in (await self.get("/inbox", queue=queue, **query))["items"]]

    async def texts(self, talk: Talk) -> list[str]:
        return [one["text"] for one in (await self.get(f"/conversations/{talk.id}"))["items"]]


@dataclass
class Office:
    """A gateway with two consoles open."""

    gateway: Running
    niamh: Console
    omar: Console
    pia: Console
    notebook: Notebook
    knowing: Knowing
    customers: OneCustomer

    async def waiting(self, said: str = "I want to talk to somebody") -> Talk:
        """A customer in the queue who has written since."""
        talk = await self.gateway.begin()
        assert (await talk.call("POST", "/person", json={})).json()["state"] == "queued"
        await talk.say(said)
        return talk


@asynccontextmanager
async def opened(settings: Any, dialogue: Any, clock: Any) -> AsyncIterator[Office]:
    notebook, knowing = Notebook(), Knowing()
    customers = OneCustomer()
    async with running(settings, dialogue, clock, customers=customers) as gateway:
        router = build_inbox(gateway.desk, HeaderGuard(), notebook, reasons=knowing, colleagues=Team())
        gateway.app.include_router(router, prefix="/inbox-by-header")
        people = [Console(gateway.http, name) for name in ("niamh", "omar", "pia")]
        yield Office(gateway, *people, notebook, knowing, customers)


@pytest.fixture
async def office(settings: Any, dialogue: Any, clock: Any) -> AsyncIterator[Office]:
    async with opened(settings, dialogue, clock) as here:
        yield here
