"""One console's server-sent events: what the feed has for everybody, signs of life both ways."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

from starlette.types import Receive, Scope, Send

from desk.accounts.model import Staff
from desk.errors import StoreUnavailable
from desk.inbox.feed import ConsoleFeed
from desk.inbox.service import InboxDesk
from desk.web.stream import HEAD, PING_SECONDS, finish, frame, send_within, until_gone

_ALIVE_SECONDS = 20.0

StillIn = Callable[[], Awaitable[bool]]


class ConsoleStream:
    """An ASGI response; ends when the client leaves, the gateway ends or the session or its role does.

    Args:
        staff: who listens.
        inbox: the inbox.
        feed: where to listen.
        still_in: asked with every sign of life, so that an ended session or a lost role hears nothing more.
    """

    def __init__(self, staff: Staff, inbox: InboxDesk, feed: ConsoleFeed, still_in: StillIn) -> None:
        self._staff, self._inbox, self._feed, self._still_in = staff, inbox, feed, still_in
        self._place = feed.join(staff)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send until the end."""
        del scope
        gone = asyncio.ensure_future(until_gone(receive))
        gone.add_done_callback(lambda _: self._place.close())
        try:
            await send({"type": "http.response.start", "status": 200, "headers": list(HEAD)})
            await self._inbox.alive(self._staff)
            await send_within(send, b"retry: 2000\n\n" + frame("counts", await self._inbox.counts(self._staff)))
            await self._live(send, gone)
        except (TimeoutError, StoreUnavailable, OSError):
            return  # the console connects again and loads anew
        finally:
            gone.cancel()
            self._feed.leave(self._place)
            if not gone.done() or not gone.cancelled():
                await finish(send)

    async def _live(self, send: Send, gone: "asyncio.Future[None]") -> None:
        loop = asyncio.get_running_loop()
        alive_at, ping_at = loop.time() + _ALIVE_SECONDS, loop.time() + PING_SECONDS
        while not gone.done():
            made: bytes | None = b""
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout_at(min(alive_at, ping_at)):
                    made = await self._place.get()
            if made is None:
                return
            if made:
                await send_within(send, made)
            if loop.time() >= ping_at:
                ping_at = loop.time() + PING_SECONDS
                await send_within(send, b": still here\n\n")
            if loop.time() >= alive_at:
                alive_at = loop.time() + _ALIVE_SECONDS
                if not await self._still_in():
                    return
                await self._inbox.alive(self._staff)
