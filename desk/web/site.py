"""What is served beside the API: health, figures, the widget, the demo shop."""

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, PlainTextResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel, ConfigDict

from desk.errors import NotFound
from desk.gateway.identity import IdentityReader
from desk.metrics import Metrics

ROOT = Path(__file__).resolve().parents[2]
WIDGET = ROOT / "web" / "widget" / "dist" / "widget.js"
DEMO = ROOT / "desk" / "demo"
_DEMO_TOKEN_LASTS = timedelta(hours=1)
WIDGET_PARTS = WIDGET.parent / "widget"
_TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".json": "application/json",
}
_PLACEHOLDER = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Frontdesk</title>
<p>Frontdesk is running. The demo shop page is not part of this build.</p></html>
"""


class SignInBody(BaseModel):
    """Which demo customer."""

    model_config = ConfigDict(extra="forbid")

    customer_id: str


def build_operation(metrics: Metrics, problem: Callable[[], Awaitable[str | None]]) -> APIRouter:
    """``/health``, ``/ready``, ``/metrics``."""
    router = APIRouter()

    @router.get("/health")
    async def health() -> dict[str, str]:
        """Alive."""
        return {"status": "ok"}

    @router.get("/ready")
    async def ready(request: Request) -> Response:
        """Able to take messages; they are taken, and kept, also while Rasa is down."""
        told = await problem()
        if told is None:
            return JSONResponse({"status": "ready"})
        request_id = getattr(request.state, "request_id", "")
        body = {"error": {"type": "not_ready", "message": told, "request_id": request_id}}
        return JSONResponse(body, status_code=503)

    @router.get("/metrics", include_in_schema=False)
    async def figures() -> Response:
        return Response(generate_latest(metrics.registry), media_type=CONTENT_TYPE_LATEST)

    return router


def build_site(identity: IdentityReader, *, now: Callable[[], datetime], development: bool) -> APIRouter:
    """The widget, the demo shop page with its files, and in development the sign-in of demo customers."""
    router = APIRouter(include_in_schema=False)

    @router.get("/widget.js")
    async def widget(request: Request) -> Response:
        if not WIDGET.exists():
            raise NotFound
        return _cacheable(request, WIDGET.read_bytes(), "text/javascript; charset=utf-8")

    @router.get("/widget/{name}")
    async def widget_part(request: Request, name: str) -> Response:
        """What the widget fetches when it is wanted: its panel, a language, the plain-Rasa backend."""
        return _file_of(WIDGET_PARTS, name, request)

    @router.get("/")
    async def shop() -> Response:
        page = DEMO / "index.html"
        return FileResponse(page) if page.exists() else HTMLResponse(_PLACEHOLDER)

    @router.get("/robots.txt")
    async def robots() -> Response:
        return PlainTextResponse("User-agent: *\nDisallow: /\n")

    @router.get("/demo/{name}")
    async def asset(request: Request, name: str) -> Response:
        return _file_of(DEMO, name, request)

    if development:

        @router.post("/demo/sign-in")
        async def sign_in(body: SignInBody) -> dict[str, str]:
            return {"identity": identity.write(body.customer_id, now(), _DEMO_TOKEN_LASTS)}

    return router


def _file_of(folder: Path, name: str, request: Request) -> Response:
    path = folder / name
    if path.parent != folder or path.suffix not in _TYPES or not path.is_file():
        raise NotFound
    return _cacheable(request, path.read_bytes(), _TYPES[path.suffix])


def _cacheable(request: Request, content: bytes, kind: str) -> Response:
    headers = {
        "cache-control": "public, max-age=300",
        "cross-origin-resource-policy": "cross-origin",  # other sites embed the widget
        "access-control-allow-origin": "*",  # and import its parts as modules; they are the same for everybody
    }
    return tagged(request, content, kind, headers)


def tagged(request: Request, content: bytes, kind: str, headers: Mapping[str, str]) -> Response:
    """Content with its tag; not sent again to a browser that has it."""
    tag = f'"{hashlib.sha256(content).hexdigest()[:24]}"'
    kept = {"etag": tag, **headers}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=kept)
    return Response(content, media_type=kind, headers=kept)
