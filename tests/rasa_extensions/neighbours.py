"""Real HTTP servers that play the action server and the intent service, faults included."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Neighbour:
    """A server on a free port with a thread and loop of its own; ``handler`` may be exchanged at any time."""

    def __init__(self, path: str, handler: Handler) -> None:
        self.handler = handler
        self.calls: list[dict[str, Any]] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.port = asyncio.run_coroutine_threadsafe(self._start(path), self._loop).result(10)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def _start(self, path: str) -> int:
        app = web.Application()
        app.router.add_post(path, self._answer)
        self._runner = web.AppRunner(app, shutdown_timeout=0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        return int(site._server.sockets[0].getsockname()[1])

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.calls.append(await request.json())
        return await self.handler(request)

    def stop(self) -> None:
        """Close the port; a second call does nothing."""
        if not self._loop.is_running():
            return
        asyncio.run_coroutine_threadsafe(self._runner.cleanup(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)


def classified(intent: str) -> dict[str, Any]:
    """A ``/classify`` answer with one confident intent."""
    score = {"name": intent, "confidence": 0.98}
    result = {
        "intent": score,
        "ranking": [score],
        "scope": {"in_scope": True, "score": 0.9, "threshold": 0.4},
        "entities": [],
        "segments": [],
        "sentiment": -0.4,
        "urgency": "medium",
        "language": {"code": "en", "confidence": 0.9},
    }
    return {"results": [result], "model": "test", "timings_ms": {}}
