"""``/oidc/start`` and ``/oidc/callback``: the browser's way to the provider and back."""

import structlog
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse

from desk.accounts.routes import CONSOLE_PATH, client_of, set_cookie
from desk.accounts.service import AuditLog
from desk.accounts.sign_on import PATIENCE, SignOn
from desk.accounts.sign_on_model import SignOnRefused
from desk.web.addresses import counted_address
from desk.web.limits import Limiter

ATTEMPT_COOKIE = "frontdesk_sign_on"
_COOKIE_PATH = f"{CONSOLE_PATH}/api/oidc"
CALLBACK_PATH = f"{_COOKIE_PATH}/callback"
_SEE_OTHER = 303

logger = structlog.get_logger()


def build_sign_on_routes(sign_on: SignOn, audit: AuditLog, limiter: Limiter, *, secure: bool) -> APIRouter:
    """Both are visited by people, so they answer with a page to go to, whatever happens."""
    router = APIRouter(prefix="/oidc")

    @router.get("/start")
    async def start(request: Request) -> RedirectResponse:
        """To the provider."""
        await limiter.check("sign_in_address", counted_address(request))
        try:
            begun = await sign_on.begin()
        except SignOnRefused as refused:
            return _back(refused)
        answer = RedirectResponse(begun.url, _SEE_OTHER)
        answer.set_cookie(
            ATTEMPT_COOKIE,
            begun.browser,
            max_age=int(PATIENCE.total_seconds()),
            path=_COOKIE_PATH,
            httponly=True,
            samesite="lax",  # the way back begins at the provider's site: a strict cookie would stay at home
            secure=secure,
        )
        return answer

    @router.get("/callback")
    async def callback(request: Request) -> RedirectResponse:
        """From the provider: with a session into the console, or back to the sign-in page with the reason."""
        await limiter.check("sign_in_address", counted_address(request))
        told = dict(request.query_params)
        try:
            signed_in = await sign_on.finish(told, request.cookies.get(ATTEMPT_COOKIE), client_of(request))
        except SignOnRefused as refused:
            answer = _back(refused)
        else:
            staff = signed_in.account.staff(signed_in.session.id)
            await audit.record(staff, "session.begin", by="provider")
            answer = RedirectResponse(CONSOLE_PATH, _SEE_OTHER)
            set_cookie(answer, signed_in, secure=secure)
        answer.delete_cookie(ATTEMPT_COOKIE, path=_COOKIE_PATH)
        return answer

    return router


def _back(refused: SignOnRefused) -> RedirectResponse:
    logger.warning("sign_on.refused", kind=refused.kind, error=type(refused.__cause__).__name__)
    return RedirectResponse(f"{CONSOLE_PATH}?sign_in={refused.kind}", _SEE_OTHER)
