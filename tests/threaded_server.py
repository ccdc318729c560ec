"""A server beside a synchronous test: an ASGI application in a thread, on a port that it keeps."""

from __future__ import annotations

import asyncio
import socket
import threading

import uvicorn
from starlette.types import ASGIApp


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


class ThreadedServer:
    """``stop`` and ``start`` are a restart on the same port. ``loop`` is the server's, while it runs."""

    loop: asyncio.AbstractEventLoop

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread()

    def app(self) -> ASGIApp:
        """What is served, made anew at each start."""
        raise NotImplementedError

    def drop_streams(self) -> None:
        """End what would keep the server from ending; a gateway does so by itself."""

    def start(self) -> None:
        """Listen, and return when connections are taken."""
        config = uvicorn.Config(self.app(), host="127.0.0.1", port=self.port, log_level="error")
        config.timeout_graceful_shutdown = 1
        self._server = uvicorn.Server(config)
        started = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve(started)), daemon=True)
        self._thread.start()
        assert started.wait(10)
        assert self._server.started

    def stop(self) -> None:
        """End as a process does: streams break, the port is closed. Twice is once."""
        if not self._thread.is_alive():
            return
        self.drop_streams()
        self._server.should_exit = True
        self._thread.join(10)

    async def _serve(self, started: threading.Event) -> None:
        self.loop = asyncio.get_running_loop()
        task = asyncio.create_task(self._server.serve())
        while not self._server.started and not task.done():  # noqa: ASYNC110 - uvicorn offers no event
            await asyncio.sleep(0.01)
        started.set()
        await task
