"""Signing in, oneself, and administration, below ``/console/api``."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

from desk.accounts import schemas
from desk.accounts.guard import Guard
from desk.accounts.model import Account, Permission, Session, Staff
from desk.accounts.service import AccountDesk, AuditLog, SignedIn
from desk.accounts.session_guard import COOKIE
from desk.gateway.wire import moment
from desk.web.addresses import address_of

CONSOLE_PATH = "/console"

IsAway = Callable[[str], Awaitable[bool]]


def client_of(request: Request) -> tuple[str, str]:
    """Address and browser of a request."""
    return address_of(request), request.headers.get("user-agent", "")


def set_cookie(response: Response, signed_in: SignedIn, *, secure: bool) -> None:
    """Give the browser its session; scripts never see it and other sites never send it."""
    response.set_cookie(COOKIE, signed_in.token, path=CONSOLE_PATH, httponly=True, samesite="strict", secure=secure)


class AccountRoutes:
    """Builds the router.

    Args:
        accounts: what is done.
        guard: who may.
        audit: where it is written down.
        is_away: whether somebody takes no conversations at the moment.
        company: its name, for the sign-in page.
        secure: whether cookies are for HTTPS only.
        provider: the name of the OpenID Connect provider, if there is one.
    """

    def __init__(
        self,
        accounts: AccountDesk,
        guard: Guard,
        audit: AuditLog,
        *,
        is_away: IsAway,
        company: str,
        secure: bool,
        provider: str | None,
    ) -> None:
        self._accounts, self._guard, self._audit = accounts, guard, audit
        self._is_away, self._company, self._secure, self._provider = is_away, company, secure, provider

    def build(self) -> APIRouter:
        """All routes."""
        router = APIRouter()
        self._add_sign_in(router)
        self._add_oneself(router)
        self._add_accounts(router)
        self._add_audit(router)
        return router

    async def _me(self, account: Account, session: Session) -> dict[str, Any]:
        staff = account.staff(session.id)
        shown = {**account_json(account), "away": await self._is_away(account.id)}
        return {
            "account": shown,
            "permissions": [one.value for one in staff.permissions()],
            "csrf": session.csrf,
            "oidc": self._provider is not None,
            "expires_at": moment(session.created_at + self._accounts.times.longest),
        }

    def _add_sign_in(self, router: APIRouter) -> None:
        accounts, anybody = self._accounts, Depends(self._guard.demand(first_password=True))

        @router.get("/sign-in")
        async def offer() -> dict[str, Any]:
            """What the sign-in page needs."""
            return {"oidc": {"name": self._provider} if self._provider else None, "company": self._company}

        @router.post("/session")
        async def sign_in(body: schemas.SignInBody, request: Request, response: Response) -> dict[str, Any]:
            """Begin a session."""
            signed_in = await accounts.sign_in(body.email, body.password, body.code, client_of(request))
            set_cookie(response, signed_in, secure=self._secure)
            await self._audit.record(signed_in.account.staff(signed_in.session.id), "session.begin")
            return await self._me(signed_in.account, signed_in.session)

        @router.get("/session")
        async def look(request: Request) -> dict[str, Any]:
            """Who is signed in."""
            return await self._me(*await accounts.session(request.cookies.get(COOKIE)))

        @router.delete("/session", status_code=204)
        async def sign_out(response: Response, staff: Staff = anybody) -> None:
            """End the session."""
            await accounts.sign_out(staff)
            await self._audit.record(staff, "session.end")
            response.delete_cookie(COOKIE, path=CONSOLE_PATH)

    def _add_oneself(self, router: APIRouter) -> None:
        accounts, anybody = self._accounts, Depends(self._guard.demand())
        newcomers = Depends(self._guard.demand(first_password=True))

        @router.patch("/me")
        async def change_me(body: schemas.MeBody, request: Request, staff: Staff = anybody) -> dict[str, Any]:
            """Name and languages."""
            await accounts.change(staff.id, **_given(body))
            return await self._me(*await accounts.session(request.cookies.get(COOKIE)))

        @router.post("/me/password", status_code=204)
        async def change_password(body: schemas.NewPasswordBody, staff: Staff = newcomers) -> None:
            """Another password; other sessions end."""
            await accounts.change_password(staff, body.old, body.new)
            await self._audit.record(staff, "account.password")

        @router.post("/me/totp")
        async def begin_totp(body: schemas.PasswordBody, staff: Staff = anybody) -> dict[str, str]:
            """A secret for an authenticator app."""
            secret, uri = await accounts.begin_totp(staff, body.password)
            return {"secret": secret, "uri": uri}

        @router.post("/me/totp/confirm")
        async def confirm_totp(body: schemas.CodeBody, staff: Staff = anybody) -> dict[str, list[str]]:
            """From now on a code is asked for; the recovery codes are told once, and other sessions end."""
            codes = await accounts.confirm_totp(staff, body.code)
            await self._audit.record(staff, "account.totp_on")
            return {"recovery_codes": codes}

        @router.post("/me/totp/recovery")
        async def renew_recovery(body: schemas.PasswordBody, staff: Staff = anybody) -> dict[str, list[str]]:
            """Other recovery codes; the old ones open no more."""
            codes = await accounts.renew_recovery_codes(staff, body.password)
            await self._audit.record(staff, "account.recovery_codes")
            return {"recovery_codes": codes}

        @router.delete("/me/totp", status_code=204)
        async def end_totp(body: schemas.PasswordBody, staff: Staff = anybody) -> None:
            """No code any more."""
            await accounts.end_totp(staff, body.password)
            await self._audit.record(staff, "account.totp_off")

        @router.get("/me/sessions")
        async def my_sessions(staff: Staff = anybody) -> list[dict[str, Any]]:
            """Where one is signed in."""
            return [session_json(one, staff) for one in await accounts.sessions(staff.id)]

        @router.delete("/me/sessions/{session_id}", status_code=204)
        async def end_mine(session_id: str, staff: Staff = anybody) -> None:
            """Sign out somewhere else."""
            await accounts.end_sessions(staff.id, session_id)

    def _add_accounts(self, router: APIRouter) -> None:
        accounts, anybody = self._accounts, Depends(self._guard.demand())
        admins = Depends(self._guard.demand(Permission.ADMIN))

        @router.get("/accounts")
        async def listed(staff: Staff = anybody) -> dict[str, Any]:
            """Colleagues; admins see all of it."""
            found = await accounts.accounts()
            if staff.may(Permission.ADMIN):
                items = [{**account_json(one), "away": await self._is_away(one.id)} for one in found]
            else:
                items = [
                    {"id": one.id, "name": one.name, "roles": sorted(one.roles), "away": await self._is_away(one.id)}
                    for one in found
                    if not one.disabled
                ]
            return {"items": items, "next": None}

        @router.post("/accounts", status_code=201)
        async def create(body: schemas.AccountBody, staff: Staff = admins) -> dict[str, Any]:
            """A new account; the password that was made is told once."""
            account, made = await accounts.create(body.email, body.name, body.roles, body.password, must_change=True)
            await self._audit.record(staff, "account.create", account.id)
            return {**account_json(account), "away": False, "password": made}

        @router.patch("/accounts/{account_id}")
        async def change(account_id: str, body: schemas.AccountChange, staff: Staff = admins) -> dict[str, Any]:
            """Roles, teams, capacity; or close the account, which ends its sessions."""
            account = await accounts.change(account_id, **_given(body))
            await self._audit.record(staff, "account.change", account_id, what=", ".join(sorted(_given(body))))
            return {**account_json(account), "away": await self._is_away(account_id)}

        @router.post("/accounts/{account_id}/password")
        async def reset(account_id: str, staff: Staff = admins) -> dict[str, str | None]:
            """A new password, told once; the account's sessions end."""
            made = await accounts.set_password(account_id)
            await self._audit.record(staff, "account.password_reset", account_id)
            return {"password": made}

        @router.delete("/accounts/{account_id}/totp", status_code=204)
        async def reset_totp(account_id: str, staff: Staff = admins) -> None:
            """For somebody who has lost phone and recovery codes: the password alone opens again."""
            await accounts.reset_totp(account_id)
            await self._audit.record(staff, "account.totp_reset", account_id)

        @router.get("/accounts/{account_id}/sessions")
        async def sessions(account_id: str, staff: Staff = admins) -> list[dict[str, Any]]:
            """Where somebody is signed in."""
            return [session_json(one, staff) for one in await accounts.sessions(account_id)]

        @router.delete("/accounts/{account_id}/sessions", status_code=204)
        async def end_all(account_id: str, staff: Staff = admins) -> None:
            """Sign somebody out everywhere."""
            await accounts.end_sessions(account_id)
            await self._audit.record(staff, "account.sessions_ended", account_id)

        @router.delete("/accounts/{account_id}/sessions/{session_id}", status_code=204)
        async def end_one(account_id: str, session_id: str, staff: Staff = admins) -> None:
            """Sign somebody out in one place."""
            await accounts.end_sessions(account_id, session_id)
            await self._audit.record(staff, "account.sessions_ended", account_id)

    def _add_audit(self, router: APIRouter) -> None:
        admins = Depends(self._guard.demand(Permission.ADMIN))

        @router.get("/audit")
        async def lines(page: Annotated[schemas.AuditPage, Query()], staff: Staff = admins) -> dict[str, Any]:
            """What staff saw and did, newest first."""
            del staff
            filters = page.model_dump(include={"actor", "action", "subject", "to"}) | {"from": page.from_}
            found = await self._audit.lines(filters, before=page.cursor, limit=page.limit)
            items = [{**one, "at": moment(one["at"])} for one in found]
            return {"items": items, "next": str(found[-1]["id"]) if len(found) == page.limit else None}


def account_json(account: Account) -> dict[str, Any]:
    """Everything about an account but its secrets."""
    return {
        "id": account.id,
        "name": account.name,
        "email": account.email,
        "roles": sorted(account.roles),
        "languages": list(account.languages),
        "skills": list(account.skills),
        "teams": list(account.teams),
        "capacity": account.capacity,
        "totp": account.has_totp,
        "must_change": account.must_change,
        "disabled": account.disabled,
    }


def session_json(session: Session, staff: Staff) -> dict[str, Any]:
    """A session for whoever decides whether to end it."""
    return {
        "id": session.id,
        "address": session.address,
        "browser": session.browser,
        "created_at": moment(session.created_at),
        "seen_at": moment(session.seen_at),
        "current": session.id == staff.session_id,
    }


def _given(body: schemas.MeBody | schemas.AccountChange) -> dict[str, Any]:
    return {name: value for name, value in body.model_dump(mode="json").items() if value is not None}
