"""The gateway's end of Rasa's ``desk`` channel, against sockets that answer, refuse, break off and say nothing."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime

import pytest

from desk.adapters.rasa import RasaChannel
from desk.errors import TurnFailed
from desk.gateway.model import Batch, MessageId

BATCH = Batch(MessageId("m1"), ["m1"], "hello", None, {}, 1, datetime(2026, 11, 25, tzinfo=UTC), told=False)
Answer = Callable[[bytes], Awaitable[bytes | None]]


def http(status: int, body: str) -> bytes:
    return f"HTTP/1.1 {status} x\r\ncontent-type: text/plain\r\ncontent-length: {len(body)}\r\n\r\n{body}".encode()


@asynccontextmanager
async def rasa(answer: Answer) -> AsyncIterator[str]:
    """A server that reads one request and sends these bytes, or nothing; its address."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        told = await answer(head + await reader.readexactly(length))
        if told is not None:
            writer.write(told)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def asked(answer: Answer, *more: str, seconds: float = 5) -> object:
    """What the channel makes of such a Rasa: its messages, or the kind of the failure."""
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(rasa(answer))
        channel = RasaChannel([*more, url], secret="the-secret", timeout_seconds=seconds)
        stack.push_async_callback(channel.close)
        try:
            return await channel.turn("c1", BATCH)
        except TurnFailed as failed:
            return failed.kind


async def says_hello(request: bytes) -> bytes:
    head, body = request.split(b"\r\n\r\n")
    assert head.startswith(b"POST /webhooks/desk/turn ")
    assert b"the-secret" in head
    assert json.loads(body) == {"conversation_id": "c1", "message_id": "m1", "metadata": {}, "text": "hello"}
    return http(200, '{"messages": [{"text": "hi"}]}')


async def test_a_turn_gives_its_messages() -> None:
    assert await asked(says_hello) == [{"text": "hi"}]


async def test_a_process_that_is_away_is_passed_over(unused_tcp_port_factory: Callable[[], int]) -> None:
    away = [f"http://127.0.0.1:{unused_tcp_port_factory()}" for _ in range(3)]
    assert await asked(says_hello, *away) == [{"text": "hi"}]


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        (http(503, '{"error": {"type": "busy"}}'), "busy"),
        (http(500, "<h1>Internal error</h1>"), "bad_answer"),
        (http(200, '{"messages": "hi"}'), "bad_answer"),
        (http(302, ""), "bad_answer"),
        (b"HTTP/1.1 200 x\r\ncontent-length: 99\r\n\r\n{", "unreachable"),
        (None, "unreachable"),
    ],
)
async def test_a_failure_has_its_kind(told: bytes | None, kind: str) -> None:
    async def answer(_: bytes) -> bytes | None:
        return told

    assert await asked(answer) == kind


async def test_silence_is_a_timeout() -> None:
    heard = asyncio.Event()

    async def answer(_: bytes) -> None:
        await heard.wait()

    try:
        assert await asked(answer, seconds=0.2) == "turn_timeout"
    finally:
        heard.set()
