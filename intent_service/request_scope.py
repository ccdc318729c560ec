"""What stands around every request: its id, its time, its size limit and its log line."""

import re
import time
import uuid

import structlog
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from intent_service.http_errors import STATUS, error_response
from intent_service.metrics import Metrics

_SAFE_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")

logger = structlog.get_logger()


class RequestScope:
    """ASGI middleware.

    Args:
        app: The application.
        metrics: Where requests are counted.
        routes: Known paths; all others are counted as one.
        max_bytes: Largest body.
    """

    def __init__(self, app: ASGIApp, *, metrics: Metrics, routes: frozenset[str], max_bytes: int) -> None:
        self._app, self._metrics, self._routes, self._max_bytes = app, metrics, routes, max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection event."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {name: value for name, value in scope["headers"] if name in {b"x-request-id", b"content-length"}}
        given = headers.get(b"x-request-id", b"").decode("latin-1")
        request_id = given if _SAFE_ID.fullmatch(given) else uuid.uuid4().hex
        scope.setdefault("state", {})["request_id"] = request_id
        route = scope["path"] if scope["path"] in self._routes else "other"
        started, status = time.perf_counter(), 500

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", []), (b"x-request-id", request_id.encode())]
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self._within_limit(scope, receive, send_with_id, headers.get(b"content-length"))
            finally:
                seconds = time.perf_counter() - started
                self._metrics.requests.labels(route, str(status)).inc()
                self._metrics.latency.labels(route).observe(seconds)
                logger.debug("request.done", route=route, status=status, ms=round(seconds * 1000, 2))

    async def _within_limit(self, scope: Scope, receive: Receive, send: Send, announced: bytes | None) -> None:
        if announced is not None and announced.isdigit():
            if int(announced) <= self._max_bytes:
                await self._app(scope, receive, send)
                return
        elif scope["method"] in {"GET", "HEAD"}:
            await self._app(scope, receive, send)
            return
        else:
            body = await self._read(receive)
            if body is not None:
                await self._app(scope, _replay(body, receive), send)
                return
        message = f"The body is longer than {self._max_bytes} bytes."
        await error_response(Request(scope), "validation", STATUS["validation"], message)(scope, receive, send)

    async def _read(self, receive: Receive) -> bytes | None:
        """A body that did not announce its length; None when it is too long."""
        body = b""
        while True:
            message = await receive()
            body += bytes(message.get("body", b""))
            if len(body) > self._max_bytes:
                return None
            if message["type"] != "http.request" or not message.get("more_body", False):
                return body


def _replay(body: bytes, receive: Receive) -> Receive:
    sent = False

    async def again() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again
