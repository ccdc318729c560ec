"""A ``Guard`` by session cookies."""

import hmac

from fastapi import Request

from desk.accounts.guard import Demand
from desk.accounts.model import Permission, Staff
from desk.accounts.service import AccountDesk
from desk.errors import CsrfInvalid, Forbidden, NotSignedIn, PasswordToChange

COOKIE = "frontdesk_session"
CSRF_HEADER = "x-csrf-token"
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class SessionGuard:
    """Admits whoever has a session with the permission."""

    def __init__(self, accounts: AccountDesk) -> None:
        self._accounts = accounts

    def demand(self, *permissions: Permission, first_password: bool = False) -> Demand:
        async def admitted(request: Request) -> Staff:
            account, session = await self._accounts.session(request.cookies.get(COOKIE))
            if request.method not in _SAFE_METHODS:
                given = request.headers.get(CSRF_HEADER, "")
                if not hmac.compare_digest(given.encode(), session.csrf.encode()):
                    raise CsrfInvalid
            if account.must_change and not first_password:
                raise PasswordToChange
            staff = account.staff(session.id)
            if permissions and not any(staff.may(one) for one in permissions):
                raise Forbidden
            return staff

        return admitted

    async def still_in(self, request: Request, *permissions: Permission) -> bool:
        try:
            await self.demand(*permissions)(request)
        except (NotSignedIn, Forbidden, PasswordToChange):
            return False
        return True
