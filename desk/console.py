"""The staff console put together: what each feature serves below ``/console/api``."""

from dataclasses import dataclass
from datetime import timedelta

from fastapi import APIRouter

from desk.accounts.colleagues import AccountColleagues
from desk.accounts.guard import Audit, Guard
from desk.accounts.passwords import Codes
from desk.accounts.routes import AccountRoutes
from desk.accounts.service import AccountDesk, AuditLog, SessionTimes
from desk.accounts.session_guard import SessionGuard
from desk.accounts.sign_on import SignOn
from desk.accounts.sign_on_model import Newcomers
from desk.accounts.sign_on_routes import CALLBACK_PATH, build_sign_on_routes
from desk.adapters.open_id import OpenIdProvider
from desk.adapters.sql import inbox_work
from desk.inbox.approval_routes import build_approvals
from desk.inbox.canned import CannedReplies
from desk.inbox.help_routes import HelpParts, build_help
from desk.inbox.macros import Macros
from desk.inbox.phrase_routes import build_phrases
from desk.inbox.ports import Colleagues, TurnReasons
from desk.inbox.routes import InboxRoutes
from desk.inbox.suggesting import Suggesting
from desk.retention.customer_data import CustomerData
from desk.retention.customer_routes import build_customer_routes
from desk.reviews.routes import build_review_routes
from desk.reviews.teaching_routes import build_teaching_routes
from desk.room import Desk
from desk.web.limits import Limiter


@dataclass(frozen=True)
class Staffing:
    """Who works here and what they did."""

    accounts: AccountDesk
    audit: AuditLog
    guard: Guard
    sign_on: SignOn | None


def build_staffing(desk: Desk, limiter: Limiter) -> Staffing:
    """Accounts over the desk's data base."""
    settings = desk.settings
    times = SessionTimes(timedelta(hours=settings.session_idle_hours), timedelta(hours=settings.session_hours))
    codes = Codes(settings.secret.get_secret_value())
    accounts = AccountDesk(desk.database, codes=codes, limiter=limiter, times=times, now=desk.now)
    return Staffing(accounts, AuditLog(desk.database, desk.now), SessionGuard(accounts), _sign_on(desk, accounts))


def _sign_on(desk: Desk, accounts: AccountDesk) -> SignOn | None:
    """The company's identity provider, if there is one."""
    settings = desk.settings
    if not settings.oidc_issuer:
        return None
    secret = settings.oidc_client_secret.get_secret_value()
    return SignOn(
        provider=OpenIdProvider(settings.oidc_issuer, settings.oidc_client_id, secret, desk.now),
        accounts=accounts,
        database=desk.database,
        issuer=settings.oidc_issuer,
        redirect_uri=settings.public_url.rstrip("/") + CALLBACK_PATH,
        newcomers=Newcomers(settings.domains_of_newcomers(), settings.oidc_role),
        now=desk.now,
    )


def build_console(desk: Desk, staffing: Staffing, limiter: Limiter) -> APIRouter:
    """Everything of the console below ``/console/api``."""
    api = APIRouter(prefix="/console/api", include_in_schema=False)

    async def is_away(staff_id: str) -> bool:
        return await desk.database.read(inbox_work.away_of, staff_id)

    secure = desk.settings.environment != "development"
    accounts = AccountRoutes(
        staffing.accounts,
        staffing.guard,
        staffing.audit,
        is_away=is_away,
        company=desk.company.name,
        secure=secure,
        provider=desk.settings.oidc_name if staffing.sign_on else None,
    )
    api.include_router(accounts.build())
    if staffing.sign_on is not None:
        api.include_router(build_sign_on_routes(staffing.sign_on, staffing.audit, limiter, secure=secure))
    api.include_router(
        build_customer_routes(
            CustomerData(desk.database, desk.retention, desk.customers), staffing.guard, staffing.audit
        )
    )
    api.include_router(
        build_inbox(
            desk,
            staffing.guard,
            staffing.audit,
            reasons=desk.reviews.desk.reasons,
            colleagues=AccountColleagues(staffing.accounts),
        )
    )
    api.include_router(build_teaching_routes(desk.reviews.desk, staffing.guard, staffing.audit))
    api.include_router(build_review_routes(desk.reviews.desk, staffing.guard, staffing.audit))
    api.include_router(desk.knowledge.routes(staffing.guard, staffing.audit))
    api.include_router(desk.numbers.routes(staffing.guard, staffing.audit))
    return api


def build_inbox(desk: Desk, guard: Guard, audit: Audit, *, reasons: TurnReasons, colleagues: Colleagues) -> APIRouter:
    """The agents' routes."""
    router = APIRouter()
    canned = CannedReplies(desk.database, desk.customers)
    phrases = build_phrases(guard, audit, canned, Macros(desk.database, desk.inbox, canned), desk.inbox)
    router.include_router(phrases)
    suggesting = Suggesting(desk.knowledge.desk.knowledge, desk.answering, desk.customers)
    words = HelpParts(desk.inbox, desk.questions, desk.answering, suggesting, desk.assignment)
    router.include_router(build_help(guard, audit, words))
    router.include_router(build_approvals(guard, audit, desk.answering, desk.questions))
    inbox = InboxRoutes(
        desk.inbox,
        guard,
        audit,
        reasons=reasons,
        colleagues=colleagues,
        files=desk.files,
        hours=desk.company.hours,
        feed=desk.feed,
    )
    router.include_router(inbox.build())
    return router
