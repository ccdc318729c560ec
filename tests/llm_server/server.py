"""A server on this machine that speaks both protocols and says what a test scripts."""

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from tests.llm_server.protocols import Anthropic, OpenAi, stream
from tests.llm_server.script import Asked, Fails, Reply, Script

_SILENT_SECONDS = 60
_STATUS = {"overloaded": 429, "error": 500, "unauthorized": 401}


class LlmServer:
    """Runs in a thread of its own until ``stop``; ``script`` may be changed at any time."""

    def __init__(self) -> None:
        """Start on a free port."""
        self.script = Script()
        routes = [
            Route("/v1/chat/completions", self._chat, methods=["POST"]),
            Route("/v1/messages", self._messages, methods=["POST"]),
            Route("/v1/moderations", self._moderations, methods=["POST"]),
        ]
        config = uvicorn.Config(
            Starlette(routes=routes), host="127.0.0.1", port=0, log_level="critical", timeout_graceful_shutdown=0
        )
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        while not self._server.started:
            time.sleep(0.01)
        self.port = int(self._server.servers[0].sockets[0].getsockname()[1])

    @property
    def openai_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def anthropic_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def asked(self) -> list[Asked]:
        return self.script.asked

    def play(self, *replies: Reply, otherwise: Callable[[Asked], Reply] | None = None) -> None:
        """Begin a new script."""
        self.script = Script(list(replies))
        if otherwise:
            self.script.otherwise = otherwise

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(10)

    async def _chat(self, request: Request) -> Response:
        return await self._answer(request, OpenAi.events)

    async def _messages(self, request: Request) -> Response:
        return await self._answer(request, Anthropic.events)

    async def _answer(self, request: Request, events: Callable[[Reply], Any]) -> Response:
        key = request.headers.get("x-api-key") or request.headers.get("authorization", "").removeprefix("Bearer ")
        reply = self.script.next(Asked(request.url.path, await request.json(), key))
        if isinstance(reply, Fails):
            if reply.fault == "silence":
                await asyncio.sleep(_SILENT_SECONDS)
            if reply.fault == "not_json":
                return PlainTextResponse("data: this is no answer\n\n", media_type="text/event-stream")
            if status := _STATUS.get(reply.fault):
                headers = {} if reply.retry_after is None else {"retry-after": str(reply.retry_after)}
                error = {"type": "scripted", "message": f"scripted {reply.fault}"}
                return JSONResponse({"type": "error", "error": error}, status, headers)
        return StreamingResponse(stream(events(reply), reply), media_type="text/event-stream")

    async def _moderations(self, request: Request) -> Response:
        text = str((await request.json())["input"])
        flagged = any(word in text for word in self.script.flagged)
        result = {
            "flagged": flagged,
            "categories": {"harassment": flagged},
            "category_scores": {"harassment": float(flagged)},
        }
        return JSONResponse({"id": "mod1", "model": "scripted", "results": [result]})
