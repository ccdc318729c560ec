"""One browser of a member of staff, in front of an app in this process."""

from typing import Any

import httpx

from desk.accounts.service import AccountDesk
from desk.bootstrap import build_limiter
from desk.console import build_staffing

PASSWORD = "a long enough password"
API = "/console/api"


class Browser:
    """It keeps its cookies and sends its session's CSRF token."""

    def __init__(self, app: Any, address: str = "192.0.2.7") -> None:
        transport = httpx.ASGITransport(app=app, client=(address, 1))
        self.http = httpx.AsyncClient(transport=transport, base_url="https://desk")
        self.csrf = ""

    async def call(self, method: str, path: str, *, csrf: str | None = None, **given: Any) -> httpx.Response:
        token = self.csrf if csrf is None else csrf
        return await self.http.request(method, API + path, headers={"x-csrf-token": token}, **given)

    async def sign_in(self, email: str, password: str = PASSWORD, code: str | None = None) -> httpx.Response:
        body = {"email": email, "password": password, **({"code": code} if code else {})}
        answer = await self.http.post(API + "/session", json=body)
        if answer.status_code == 200:
            self.csrf = answer.json()["csrf"]
        return answer


def accounts_of(gateway: Any) -> AccountDesk:
    """The accounts of a running gateway."""
    return build_staffing(gateway.desk, build_limiter(gateway.desk)).accounts
