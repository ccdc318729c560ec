"""The staff console's files: one page for all its addresses, which finds its way by itself, and its assets."""

from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import Response

from desk.errors import NotFound
from desk.web.site import ROOT, tagged

DIST = ROOT / "web" / "console" / "dist"
_TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
_FOR_GOOD = "private, max-age=31536000, immutable"


def build_console_page(dist: Path = DIST) -> APIRouter:
    """``/console`` and everything below it but the API. Include it after the API's routes."""
    router = APIRouter(include_in_schema=False)

    @router.get("/console/assets/{name}")
    async def asset(request: Request, name: str) -> Response:
        """The script and the style sheet; the page names them with their build, so that address never changes."""
        folder = dist / "assets"
        path = folder / name
        if path.parent != folder or path.suffix not in _TYPES or not path.is_file():
            raise NotFound
        return _answer(request, path.read_bytes(), _TYPES[path.suffix], versioned="v" in request.query_params)

    @router.get("/console")
    @router.get("/console/{path:path}")
    async def page(request: Request, path: str = "") -> Response:
        """The one page, also for addresses that only the console knows."""
        file = dist / "index.html"
        if path == "api" or path.startswith(("api/", "assets/")) or not file.is_file():
            raise NotFound
        return _answer(request, file.read_bytes(), "text/html; charset=utf-8", versioned=False)

    return router


def _answer(request: Request, content: bytes, kind: str, *, versioned: bool) -> Response:
    return tagged(request, content, kind, {"cache-control": _FOR_GOOD if versioned else "no-cache"})
