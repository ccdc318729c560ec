"""What stands around every request: its id, its time, its limits of size and patience, its security headers."""

import asyncio
import re
import time
import uuid

import structlog
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from desk.errors import Refusal, TooLarge
from desk.metrics import Metrics
from desk.web.http_errors import error_response, refusal_response

_SAFE_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
BODY_SECONDS = 15.0
_UPLOADS = ("/attachments", "/knowledge/import")
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; connect-src 'self'; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
_HEADERS = {
    b"content-security-policy": CONTENT_SECURITY_POLICY.encode(),
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    b"referrer-policy": b"no-referrer",
    b"cross-origin-opener-policy": b"same-origin",
    b"permissions-policy": b"camera=(), microphone=(), geolocation=()",
    b"cache-control": b"no-store",
}
"""Set unless the route has set its own."""

logger = structlog.get_logger()


class TooSlow(Refusal):
    """The body did not come in time."""

    kind = "invalid"


class RequestHead:
    """ASGI middleware.

    Args:
        app: the application.
        metrics: where requests are counted.
        max_bytes: largest body of an ordinary request.
        max_upload_bytes: largest body of a path that takes files.
    """

    def __init__(self, app: ASGIApp, *, metrics: Metrics, max_bytes: int, max_upload_bytes: int) -> None:
        self._app, self._metrics = app, metrics
        self._max_bytes, self._max_upload_bytes = max_bytes, max_upload_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection event."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {name: value for name, value in scope["headers"] if name in {b"x-request-id", b"content-length"}}
        given = headers.get(b"x-request-id", b"").decode("latin-1")
        request_id = given if _SAFE_ID.fullmatch(given) else uuid.uuid4().hex
        scope.setdefault("state", {})["request_id"] = request_id
        started, status = time.perf_counter(), 500

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = _with_headers(message.get("headers", []), request_id)
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self._within_limits(scope, receive, send_with_headers, headers.get(b"content-length"))
            finally:
                self._count(scope, status, time.perf_counter() - started)

    async def _within_limits(self, scope: Scope, receive: Receive, send: Send, announced: bytes | None) -> None:
        most = self._max_upload_bytes if scope["path"].endswith(_UPLOADS) else self._max_bytes
        if announced is not None and announced.isdigit() and int(announced) > most:
            await refusal_response(Request(scope), _too_large(most))(scope, receive, send)
            return
        if scope["method"] in {"GET", "HEAD", "OPTIONS"}:
            await self._app(scope, receive, send)
            return
        if scope["path"].endswith(_UPLOADS):
            await self._app(scope, _Counted(receive, most), send)
            return
        try:
            body = await _read(_Counted(receive, most))
        except TooSlow as slow:
            await error_response(Request(scope), "invalid", 408, str(slow))(scope, receive, send)
            return
        except TooLarge as large:
            await refusal_response(Request(scope), large)(scope, receive, send)
            return
        if body is not None:
            await self._app(scope, _replay(body, receive), send)

    def _count(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", "other")
        self._metrics.requests.labels(route, str(status)).inc()
        if not route.endswith("/events"):
            self._metrics.latency.labels(route).observe(seconds)
        logger.debug("request.done", route=route, status=status, ms=round(seconds * 1000, 2))


class _Counted:
    """A ``receive`` that ends a body which is too long or too slow."""

    def __init__(self, receive: Receive, most: int) -> None:
        self._receive, self._most = receive, most
        self._seen = 0
        self._deadline = time.monotonic() + BODY_SECONDS

    async def __call__(self) -> Message:
        try:
            async with asyncio.timeout(max(0.01, self._deadline - time.monotonic())):
                message = await self._receive()
        except TimeoutError:
            raise TooSlow(f"The body did not arrive within {BODY_SECONDS:.0f} seconds.") from None
        self._seen += len(message.get("body", b""))
        if self._seen > self._most:
            raise _too_large(self._most)
        return message


async def _read(receive: _Counted) -> bytes | None:
    """The whole body; None when the client went away."""
    parts = []
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)


def _replay(body: bytes, receive: Receive) -> Receive:
    sent = False

    async def again() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


def _too_large(most: int) -> TooLarge:
    return TooLarge(f"That is larger than {most} bytes.")


def _with_headers(own: list[tuple[bytes, bytes]], request_id: str) -> list[tuple[bytes, bytes]]:
    there = {name.lower() for name, _ in own}
    ours = [(name, value) for name, value in _HEADERS.items() if name not in there]
    return [*own, *ours, (b"x-request-id", request_id.encode())]
