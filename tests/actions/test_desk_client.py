"""The desk over a real socket: what is sent, and what each of its answers means."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from typing import Any

import httpx
import pytest

from actions.handoff.desk_client import DeskClient
from actions.handoff.model import Accepted, Handoff
from actions.handoff.ports import DeskUnavailable
from contracts.escalation.model import Reason
from desk.handoff.routes import HandoffBody

HANDOFF = Handoff(
    "c-1", "m-1", Reason.ABUSE, "normal", "team_lead", "Why and what.", "the last words",
    collected={"order_number": "10046"}, intents=("complain",), sentiment=(-0.7,), tried=("warned",),
    contact_email="ann@mail.test",
)  # fmt: skip
OPEN = {"state": "queued", "position": 3, "opening": {"open": True, "text": "", "opens_at": None}}


@dataclass
class ScriptedDesk:
    """Answers by a list of (status, body); status 0 closes the connection, the last one stays."""

    answers: list[tuple[int, Any]]
    asked: list[dict[str, Any]] = field(default_factory=list)
    secrets: list[str] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        headers = dict(line.lower().split(": ", 1) for line in head.splitlines()[1:] if ": " in line)
        self.asked.append(json.loads(await reader.readexactly(int(headers["content-length"]))))
        self.secrets.append(headers["x-frontdesk-secret"])
        status, body = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if status:
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
            writer.write(f"HTTP/1.1 {status} X\r\nContent-Length: {len(data)}\r\n\r\n".encode() + data)
            await writer.drain()
        writer.close()


@pytest.fixture
async def desk() -> AsyncIterator[Any]:
    servers: list[asyncio.Server] = []

    async def start(*answers: tuple[int, Any]) -> tuple[ScriptedDesk, DeskClient]:
        scripted = ScriptedDesk(list(answers))
        server = await asyncio.start_server(scripted.serve, "127.0.0.1", 0)
        servers.append(server)
        client = httpx.AsyncClient(base_url=f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", timeout=1)
        return scripted, DeskClient(client, secret="shared")

    yield start
    for server in servers:
        server.close()


async def test_all_that_a_colleague_needs_is_sent_and_nothing_the_desk_does_not_know(desk: Any) -> None:
    scripted, client = await desk((201, OPEN))
    assert await client.take(HANDOFF) == Accepted("chat")
    assert scripted.secrets == ["shared"]
    assert scripted.asked[0] == {
        "conversation_id": "c-1", "message_id": "m-1", "reason": "abuse", "priority": "normal", "team": "team_lead",
        "summary": "Why and what.", "collected": {"order_number": "10046"}, "intents": ["complain"],
        "sentiment": [-0.7], "tried": ["warned"], "last_words": "the last words", "ticket_number": None,
    }  # fmt: skip


async def test_what_is_longer_than_the_desk_takes_costs_no_handoff(desk: Any) -> None:
    scripted, client = await desk((201, OPEN))
    sections = [f"manual-dune-robot-vacuum#Lights and error codes > Error code E{n}: brush blocked" for n in range(3)]
    told = f"answered from the knowledge ({', '.join(sections)})"
    await client.take(replace(HANDOFF, tried=(told,), summary="long " * 2000))
    HandoffBody.model_validate(scripted.asked[0])
    assert scripted.asked[0]["tried"][0].startswith(told[:150])


async def test_out_of_hours_the_opening_is_told(desk: Any) -> None:
    closed = OPEN | {"position": None, "opening": {"open": False, "text": "We open at 9.", "opens_at": None}}
    _, client = await desk((201, closed))
    assert await client.take(HANDOFF) == Accepted("chat", opening="We open at 9.")


async def test_one_failure_is_tried_again_with_the_same_handoff(desk: Any) -> None:
    scripted, client = await desk((0, None), (201, OPEN))
    assert (await client.take(HANDOFF)).kind == "chat"
    assert scripted.asked[0] == scripted.asked[1]


@pytest.mark.parametrize(
    ("answer", "known"),
    [
        ((404, {"error": {"type": "unknown_conversation"}}), False),
        ((201, OPEN | {"state": "bot"}), False),
        ((503, {}), True),
        ((0, None), True),
        ((201, b"not json"), True),
        ((201, []), True),
    ],
)
async def test_whatever_is_no_handoff_is_said_to_be_none(desk: Any, answer: tuple[int, Any], known: bool) -> None:  # noqa: FBT001
    _, client = await desk(answer)
    with pytest.raises(DeskUnavailable) as caught:
        await client.take(HANDOFF)
    assert caught.value.known is known
