"""rasa-sdk's action server with our secret, errors, health and metrics."""

import asyncio
import hmac
from typing import Any

import structlog
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor
from sanic import Request, Sanic
from sanic.exceptions import SanicException
from sanic.handlers import ErrorHandler
from sanic.response import HTTPResponse, json, raw

from actions.bootstrap import close, services
from actions.settings import Settings
from actions.staff_routes import add_staff_routes
from answering.settings import LanguageModelSettings
from contracts.secrets import SECRET_HEADER

logger = structlog.get_logger()

OPEN_PATHS = frozenset({"/", "/health", "/ready", "/metrics"})
"""What watches the server and knows no secret. Every other spelling is guarded: Sanic serves ``/webhook//``, too."""


class Executor(ActionExecutor):
    """Runs actions without their domain: Rasa 3.6 does not send the digest that rasa-sdk 3.21 asks for."""

    def update_and_return_domain(self, payload: dict[str, Any], action_name: str) -> dict[str, Any]:
        """The domain if Rasa sent it (to validations), else an empty one."""
        del action_name
        return payload.get("domain") or {}


class Errors(ErrorHandler):
    """A typed body; rasa-sdk's own would send the request, with the customer's words, back to the caller."""

    def default(self, request: Request, exception: Exception) -> HTTPResponse:
        """One error body for whatever an action raised."""
        status = exception.status_code if isinstance(exception, SanicException) else 500
        if status >= 500:  # noqa: PLR2004
            logger.error("action.failed", error=type(exception).__name__, exc_info=exception)
        return error_body(request, status, "action_failed", type(exception).__name__)


def error_body(request: Request, status: int, kind: str, message: str) -> HTTPResponse:
    """The error body every HTTP API of Frontdesk sends."""
    return json({"error": {"type": kind, "message": message, "request_id": str(request.id)}}, status)


def build_app(settings: Settings) -> Sanic:
    """The action server, ready to run in this process.

    Raises:
        ValueError: no secret is set, or the language model's settings cannot be used.
    """
    settings.demand_time_for(LanguageModelSettings())
    secret = settings.secret.get_secret_value()
    if not secret:
        raise ValueError(
            "ACTIONS_SECRET is empty. `make run` sets one; elsewhere set the same value here and for Rasa."
        )
    executor = Executor()
    executor.register_package("actions")
    app = create_app(executor, cors_origins=None)
    app.error_handler = Errors()

    @app.on_request  # type: ignore[untyped-decorator]  # sanic ships no usable types
    async def authenticate(request: Request) -> HTTPResponse | None:
        given = request.headers.get(SECRET_HEADER, "")
        if request.path not in OPEN_PATHS and not hmac.compare_digest(given.encode(), secret.encode()):
            return error_body(request, 401, "unauthorized", f"Send the shared secret as {SECRET_HEADER}.")
        return None

    @app.after_server_stop  # type: ignore[untyped-decorator]
    async def let_go(_: Sanic) -> None:
        await asyncio.to_thread(close)

    @app.get("/ready")  # type: ignore[untyped-decorator]
    async def ready(request: Request) -> HTTPResponse:
        problem = await services_problem()
        return error_body(request, 503, "not_ready", problem) if problem else json({"status": "ready"})

    @app.get("/metrics")  # type: ignore[untyped-decorator]
    async def metrics(_: Request) -> HTTPResponse:
        return raw(generate_latest(), content_type=CONTENT_TYPE_LATEST)

    add_staff_routes(app)
    return app


async def services_problem() -> str | None:
    """What keeps the actions from doing their job, in one sentence, or None."""
    return await services().problem()
