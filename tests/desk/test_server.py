"""The gateway as a real server: streams, a hostile client, and the published description of its API.

After a wanted change of the API: ``UPDATE_OPENAPI=1 python -m pytest tests/desk/test_server.py``.
"""

import asyncio
import json
import os
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Self
from uuid import uuid4

import httpx
import pytest
import schemathesis
import uvicorn
from conftest import Clock, Running, Talk, TicketsOnly
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance
from scripted_dialogue import ScriptedDialogue

from desk.bootstrap import build_app, build_desk
from desk.settings import DeskSettings

COMMITTED = Path(__file__).parents[2] / "docs" / "desk.openapi.json"


@pytest.fixture
async def served(settings: DeskSettings, dialogue: ScriptedDialogue, clock: Clock) -> AsyncIterator[Running]:
    """A server on a free port, because half of what can go wrong lies below the application."""
    desk = build_desk(settings, dialogue=dialogue, now=clock)
    app = build_app(desk)
    config = uvicorn.Config(app, port=0, log_config=None, access_log=False, timeout_graceful_shutdown=2)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn only sets a flag
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=10, trust_env=False) as http:
        yield Running(desk, http, dialogue, clock, TicketsOnly(), app)
    desk.hub.close()
    server.should_exit = True
    await serving


class Stream:
    """One reader of a conversation's events."""

    def __init__(self, talk: Talk, last: int | None = None) -> None:
        headers = {"authorization": f"Bearer {talk.token}"} | ({"last-event-id": str(last)} if last else {})
        self._opened = talk.http.stream("GET", talk.url("/events"), headers=headers)

    async def __aenter__(self) -> Self:
        self._answer = await self._opened.__aenter__()
        self.status = self._answer.status_code
        self._lines = self._answer.aiter_lines()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._opened.__aexit__(None, None, None)
        del error

    async def next(self, wanted: str = "item") -> Any:
        """The data of the next event of this kind."""
        event = ""
        async with asyncio.timeout(8):
            async for line in self._lines:
                if line.startswith("event: "):
                    event = line.removeprefix("event: ")
                elif line.startswith("data: ") and event == wanted:
                    return json.loads(line.removeprefix("data: "))
        raise AssertionError("the stream ended")


async def test_a_stream_tells_what_happens_and_after_a_break_what_was_missed(served: Running) -> None:
    talk = await served.begin()
    async with Stream(talk) as stream:
        assert (await stream.next("conversation"))["state"] == "bot"
        await talk.say("hello")
        assert [(await stream.next())["text"] for _ in range(2)] == ["hello", "You said: hello"]
    await talk.say("while away")
    await talk.answered(2)
    async with Stream(talk, last=2) as stream:
        assert [(await stream.next())["position"] for _ in range(2)] == [3, 4]


async def test_typing_and_a_person_are_seen_at_once(served: Running) -> None:
    talk = await served.begin()
    async with Stream(talk) as stream:
        await stream.next("conversation")
        await talk.call("POST", "/typing", json={"on": True})
        assert await stream.next("typing") == {"speaker": "customer", "name": None, "on": True}
        await served.agent("reply", talk.id, text="Hello from Galway")
        assert [(await stream.next())["event"] for _ in range(2)] == ["agent_joined", None]
        assert (await stream.next("conversation"))["agent"] == {"name": "Niamh"}


async def test_too_many_streams_of_one_conversation_are_refused(served: Running) -> None:
    talk = await served.begin()
    opened = [Stream(talk) for _ in range(5)]
    statuses = [(await stream.__aenter__()).status for stream in opened]
    for stream in opened:
        await stream.__aexit__(None, None, None)
    assert statuses == [200, 200, 200, 200, 429]


async def test_a_reader_who_left_is_forgotten(served: Running) -> None:
    talk = await served.begin()
    async with Stream(talk) as stream:
        await stream.next("conversation")
        assert served.desk.hub.count == 1
    async with asyncio.timeout(5):
        while served.desk.hub.count:  # noqa: ASYNC110 - the server notices by itself
            await asyncio.sleep(0.02)


async def test_an_erased_conversations_streams_end(served: Running) -> None:
    talk = await served.begin()
    async with Stream(talk) as stream:
        await stream.next("conversation")
        await talk.call("DELETE")
        with pytest.raises(AssertionError, match="ended"):
            await stream.next()


def raw(served: Running, sent: bytes) -> socket.socket:
    host, port = served.http.base_url.host, served.http.base_url.port
    connection = socket.create_connection((host, port or 0), timeout=5)
    connection.sendall(sent)
    return connection


async def test_slow_huge_half_closed_and_broken_clients_are_in_nobodys_way(served: Running) -> None:
    begin = b"POST /v1/conversations HTTP/1.1\r\nHost: d\r\nContent-Type: application/json\r\n"
    hostile = [
        *[begin[:40]] * 50,  # heads that never end
        *[begin + b"Content-Length: 60000\r\n\r\n{"] * 50,  # bodies that never come
        begin + b"Transfer-Encoding: chunked\r\n\r\nFFFFFFFF\r\n" + b"x" * 200_000,  # more than announced sizes allow
        begin + b"Content-Length: 99999999999\r\n\r\n",
        begin + b"Content-Length: -1\r\n\r\n",
        b"\x16\x03\x01\x02\x00" + os.urandom(300),
        b"GET /" + b"a" * 200_000,
    ]
    connections = []
    for sent in hostile:
        try:
            connections.append(await asyncio.to_thread(raw, served, sent))
        except OSError:
            continue  # refused in the middle of it
    half = await asyncio.to_thread(raw, served, begin + b"Content-Length: 10\r\n\r\n{")
    half.shutdown(socket.SHUT_WR)
    talk = await served.begin()
    await talk.say("hello")
    await talk.answered()
    for connection in (*connections, half):
        connection.close()


async def test_a_replayed_request_changes_nothing(served: Running) -> None:
    talk = await served.begin()
    body = {"client_id": str(uuid4()), "text": "pay me twice"}
    await asyncio.gather(*(talk.call("POST", "/messages", json=body) for _ in range(20)))
    await talk.answered()
    assert [item["speaker"] for item in await talk.items()] == ["customer", "bot"]


async def test_the_committed_description_is_the_one_that_runs(served: Running) -> None:
    found = build_app(served.desk).openapi()
    if os.environ.get("UPDATE_OPENAPI"):
        COMMITTED.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    assert json.loads(COMMITTED.read_text(encoding="utf-8")) == found


async def test_whatever_is_sent_gets_an_answer_of_the_described_shape(served: Running) -> None:
    talk = await served.begin()
    url = str(served.http.base_url).rstrip("/")
    api = await asyncio.to_thread(schemathesis.openapi.from_url, f"{url}/openapi.json")
    headers = {"authorization": f"Bearer {talk.token}"}
    operations = [result.ok() for result in api.get_all_operations()]
    # Erasing the conversation comes last: nothing but 401 can be said of it afterwards.
    for operation in sorted(operations, key=lambda one: one.method.upper() == "DELETE"):
        if operation.path.endswith("/events") or operation.path == "/webhooks/rest/webhook":
            continue  # one never ends, one waits for the bot

        @given(case=operation.as_strategy())
        @settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
        def sent(case: Any) -> None:
            case.path_parameters = dict.fromkeys(case.path_parameters or {}, talk.id)
            case.call_and_validate(
                headers={**(case.headers or {}), **headers},
                checks=[not_a_server_error, status_code_conformance, response_schema_conformance],
            )

        await asyncio.to_thread(sent)
