"""One table from kind to status, one body, one place where an unexpected error ends."""

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.responses import Response

from intent_service.errors import ErrorKind, ModelUnusable, NotAllowed, Overloaded, RequestError
from intent_service.metrics import Metrics
from intent_service.schemas import ErrorAnswer

STATUS: dict[ErrorKind, int] = {
    "validation": 422,
    "empty": 400,
    "overloaded": 429,
    "not_ready": 503,
    "not_allowed": 401,
    "backend": 500,
}
_PLAIN = {404: ("not_found", "There is no such address."), 405: ("method_not_allowed", "Use another HTTP method here.")}

ERROR_RESPONSES: dict[int | str, dict[str, object]] = {
    status: {"model": ErrorAnswer, "description": kind.replace("_", " ")}
    for kind, status in STATUS.items()
    if kind != "not_allowed"
}

logger = structlog.get_logger()


def error_response(request: Request, kind: str, status: int, message: str) -> JSONResponse:
    """The one error body, with the id under which the log knows the request."""
    request_id = getattr(request.state, "request_id", "")
    body = {"error": {"type": kind, "message": message, "request_id": request_id}}
    return JSONResponse(body, status_code=status)


def install_error_handlers(app: FastAPI, metrics: Metrics) -> None:
    """Answer every error of this app in the one form, and count it."""

    async def told(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestError)  # noqa: S101 - FastAPI's handler type is wider than what it passes
        metrics.errors.labels(error.kind).inc()
        if error.kind == "backend":
            logger.error("request.failed", exc_info=error.__cause__ or error)
        response = error_response(request, error.kind, STATUS[error.kind], str(error))
        if isinstance(error, Overloaded):
            response.headers["Retry-After"] = str(error.retry_after)
        if isinstance(error, NotAllowed):
            response.headers["WWW-Authenticate"] = "Bearer"
        return response

    async def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101 - FastAPI's handler type is wider than what it passes
        metrics.errors.labels("validation").inc()
        return error_response(request, "validation", STATUS["validation"], validation_sentence(error))

    async def plain(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101 - FastAPI's handler type is wider than what it passes
        kind, message = _PLAIN.get(error.status_code, ("validation", "The request could not be read."))
        status = error.status_code if error.status_code in _PLAIN else STATUS["validation"]
        metrics.errors.labels(kind).inc()
        response = error_response(request, kind, status, message)
        response.headers.update(error.headers or {})
        return response

    async def refused(request: Request, error: Exception) -> Response:
        metrics.errors.labels("validation").inc()
        return error_response(request, "validation", STATUS["validation"], str(error))

    async def unexpected(request: Request, error: Exception) -> Response:
        metrics.errors.labels("backend").inc()
        logger.error("request.crashed", exc_info=error)
        return error_response(request, "backend", STATUS["backend"], "Something failed here. Please try again.")

    app.add_exception_handler(RequestError, told)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, plain)
    app.add_exception_handler(ModelUnusable, refused)
    app.add_exception_handler(Exception, unexpected)


def validation_sentence(error: RequestValidationError) -> str:
    """What is wrong with a body, naming the field but never repeating what was sent."""
    first = error.errors()[0]
    if first["type"] == "json_invalid":
        return "The body is not valid JSON."
    path = [str(part) for part in first["loc"] if part != "body"]
    if first["type"] == "extra_forbidden":
        return f"The body has an unknown key: {path[-1][:40]!r}."
    if not path:
        return "The body must be a JSON object, sent as application/json."
    place = ".".join(path)[:60]
    return f"{place}: {first['msg'][:1].lower()}{first['msg'][1:]}."
