"""One table from kind to status, one body, one place where an unexpected error ends."""

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.responses import Response

from desk.errors import NotStorable, Refusal, RefusalKind, StaleVersion, StoreUnavailable, TokenInvalid, TooMany
from desk.metrics import Metrics

STATUS: dict[RefusalKind, int] = {
    "invalid": 422,
    "token_invalid": 401,
    "identity_invalid": 403,
    "not_found": 404,
    "unknown_conversation": 404,
    "conversation_closed": 409,
    "another_customer": 409,
    "stale_version": 409,
    "not_possible": 409,
    "too_many": 429,
    "too_large": 413,
    "wrong_type": 415,
    "not_allowed": 401,
    "not_signed_in": 401,
    "sign_in_failed": 401,
    "code_required": 401,
    "forbidden": 403,
    "password_to_change": 403,
    "csrf_invalid": 403,
}
_PLAIN = {
    404: ("not_found", "There is no such address."),
    405: ("method_not_allowed", "Use another HTTP method here."),
}
_RETRY_SECONDS = "2"

logger = structlog.get_logger()


def error_response(request: Request, kind: str, status: int, message: str, **more: str) -> JSONResponse:
    """The one error body, with the id under which the log knows the request."""
    request_id = getattr(request.state, "request_id", "")
    body = {"error": {"type": kind, "message": message, "request_id": request_id, **more}}
    return JSONResponse(body, status_code=status)


def refusal_response(request: Request, error: Refusal) -> JSONResponse:
    """A refusal in the one form."""
    more = {"by": error.by} if isinstance(error, StaleVersion) and error.by else {}
    response = error_response(request, error.kind, STATUS[error.kind], str(error), **more)
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, TokenInvalid):
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def install_error_handlers(app: FastAPI, metrics: Metrics) -> None:
    """Answer every error of this app in the one form, and count it."""

    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, Refusal)  # noqa: S101 - FastAPI's handler type is wider than what it passes
        metrics.refusals.labels(error.kind).inc()
        return refusal_response(request, error)

    async def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101 - FastAPI's handler type is wider than what it passes
        metrics.refusals.labels("invalid").inc()
        return error_response(request, "invalid", STATUS["invalid"], validation_sentence(error))

    async def plain(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101 - FastAPI's handler type is wider than what it passes
        kind, message = _PLAIN.get(error.status_code, ("invalid", "The request could not be read."))
        status = error.status_code if error.status_code in _PLAIN else STATUS["invalid"]
        metrics.refusals.labels(kind).inc()
        response = error_response(request, kind, status, message)
        response.headers.update(error.headers or {})
        return response

    async def unavailable(request: Request, error: Exception) -> Response:
        metrics.refusals.labels("unavailable").inc()
        logger.error("store.unavailable", exc_info=error)
        message = "We can't take your message at this moment. Please send it again; it will not be said twice."
        response = error_response(request, "unavailable", 503, message)
        response.headers["Retry-After"] = _RETRY_SECONDS
        return response

    async def not_storable(request: Request, error: Exception) -> Response:
        del error
        metrics.refusals.labels("invalid").inc()
        return error_response(request, "invalid", STATUS["invalid"], "A value holds characters that cannot be kept.")

    async def unexpected(request: Request, error: Exception) -> Response:
        metrics.refusals.labels("backend").inc()
        logger.error("request.crashed", exc_info=error)
        return error_response(request, "backend", 500, "Something failed here. Please try again.")

    app.add_exception_handler(Refusal, refused)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, plain)
    app.add_exception_handler(StoreUnavailable, unavailable)
    app.add_exception_handler(NotStorable, not_storable)
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
