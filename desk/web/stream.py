"""A conversation as server-sent events: first what was missed, then what happens.

One task a stream and one future for the client's leaving, so that thousands of open streams stay small; what
sse-starlette costs beside it was measured (docs/adr/0022).
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any

import orjson
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from desk.errors import StoreUnavailable
from desk.gateway.hub import Event, Hub, Listener
from desk.gateway.model import Conversation, Item

PING_SECONDS = 15.0
_STUCK_SECONDS = 30.0
_PAGE = 200
HEAD = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),  # nginx would hold events back
]

ReadItems = Callable[[int, int], Awaitable[Sequence[Item]]]


def frame(event: str, data: Any, position: int | None = None) -> bytes:
    """One event; JSON has no line breaks, so one data line is enough."""
    number = b"" if position is None else b"id: %d\n" % position
    return b"event: %b\n%bdata: %b\n\n" % (event.encode(), number, orjson.dumps(data))


class EventStream:
    """An ASGI response.

    Args:
        conversation: as it stands.
        hub: where the stream listens.
        listener: its place there; given back at the end.
        after: position of the last item that the client has.
        read: items after a position, at most so many.
        item_json: an item as JSON.
        conversation_json: a conversation as JSON.
    """

    __slots__ = ("_after", "_conversation", "_conversation_json", "_hub", "_item_json", "_listener", "_read")

    def __init__(
        self,
        conversation: Conversation,
        *,
        hub: Hub,
        listener: Listener,
        after: int,
        read: ReadItems,
        item_json: Callable[[str, Item], dict[str, Any]],
        conversation_json: Callable[[Conversation], dict[str, Any]],
    ) -> None:
        self._conversation, self._hub, self._listener = conversation, hub, listener
        self._after, self._read = after, read
        self._item_json, self._conversation_json = item_json, conversation_json

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send until the client leaves or the gateway ends."""
        del scope
        gone = asyncio.ensure_future(until_gone(receive))
        gone.add_done_callback(lambda _: self._listener.close())
        try:
            await send({"type": "http.response.start", "status": 200, "headers": list(HEAD)})
            await send_within(
                send, b"retry: 2000\n\n" + frame("conversation", self._conversation_json(self._conversation))
            )
            await self._missed(send)
            await self._live(send, gone)
        except (TimeoutError, StoreUnavailable, OSError):
            return  # the client connects again and names the last position it has
        finally:
            gone.cancel()
            self._hub.leave(self._conversation.id, self._listener)
            if not gone.done() or not gone.cancelled():
                await finish(send)

    async def _live(self, send: Send, gone: "asyncio.Future[None]") -> None:
        while not gone.done():
            try:
                async with asyncio.timeout(PING_SECONDS):
                    event = await self._listener.get()
            except TimeoutError:
                await send_within(send, b": still here\n\n")
                continue
            if event is None:
                return
            await self._tell(send, event)

    async def _tell(self, send: Send, event: Event) -> None:
        if event.conversation is not None:
            await send_within(send, frame("conversation", self._conversation_json(event.conversation)))
        elif event.signal is not None:
            await send_within(send, frame(*event.signal))
        elif event.items and event.items[0].position <= self._after + 1:
            await self._items(send, event.items)
        else:
            await self._missed(send)

    async def _missed(self, send: Send) -> None:
        while items := await self._read(self._after, _PAGE):
            await self._items(send, items)

    async def _items(self, send: Send, items: Iterable[Item]) -> None:
        new = [item for item in items if item.position > self._after]
        if new:
            identifier = self._conversation.id
            frames = [frame("item", self._item_json(identifier, item), item.position) for item in new]
            await send_within(send, b"".join(frames))
            self._after = new[-1].position


class Streamed(Response):
    """What FastAPI takes for a response; the stream itself knows nothing of it."""

    def __init__(self, stream: ASGIApp) -> None:
        super().__init__()
        self._stream = stream

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._stream(scope, receive, send)


async def until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def send_within(send: Send, body: bytes) -> None:
    """Send, unless the client has stopped reading.

    Raises:
        TimeoutError: it has.
    """
    async with asyncio.timeout(_STUCK_SECONDS):
        await send({"type": "http.response.body", "body": body, "more_body": True})


async def finish(send: Send) -> None:
    try:
        async with asyncio.timeout(1.0):
            await send({"type": "http.response.body", "body": b"", "more_body": False})
    except (TimeoutError, OSError, RuntimeError):
        return
