"""The one way in to the console's routes: a session, a permission, and for changes the session's CSRF token."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from fastapi import Request

from desk.accounts.model import Permission, Staff

Demand = Callable[[Request], Awaitable[Staff]]


class Guard(Protocol):
    """Makes the dependencies of routes: ``staff: Annotated[Staff, Depends(guard.demand(Permission.ANSWER))]``."""

    def demand(self, *permissions: Permission, first_password: bool = False) -> Demand:
        """A dependency that gives the signed-in person who has one of the permissions (none named: anybody signed in).

        With ``first_password`` also somebody who still has the password that an admin told them.

        On methods other than GET and HEAD it also demands the header ``x-csrf-token``.

        Raises (when called):
            NotSignedIn: no session, or one that has ended (401).
            Forbidden: signed in, without the permission (403).
            PasswordToChange: signed in with a password that an admin knows (403).
            CsrfInvalid: the token is missing or another session's (403).
        """
        ...

    async def still_in(self, request: Request, *permissions: Permission) -> bool:
        """Whether a request that was admitted with one of the permissions still would be; asked by open streams."""
        ...


class Audit(Protocol):
    """Keeps what staff saw and did; append-only."""

    async def record(self, staff: Staff, action: str, subject: str = "", **details: str | int | None) -> None:
        """One line: who, when (the desk's clock), what (``conversation.take``), about what. Never message text."""
        ...

    async def record_reading(self, staff: Staff, action: str, subject: str) -> None:
        """The same for what is read in many pieces: one line an hour of each person, action and subject."""
        ...
