"""Somebody signed in to the console, and nobody else: stands in for accounts in tests of single rooms."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from fastapi import Request

from desk.accounts.model import Permission, Role, Staff
from desk.errors import NotAllowed


@dataclass
class OneStaff:
    """A guard that knows one person; ``roles`` may be changed by a test."""

    roles: frozenset[Role] = frozenset({Role.ADMIN})
    name: str = "Ann"

    def demand(self, *permissions: Permission, **_: bool) -> Callable[[Request], Awaitable[Staff]]:
        async def found(_: Request) -> Staff:
            staff = Staff("s_ann", self.name, "ann@example.com", self.roles, "session")
            if permissions and not any(staff.may(permission) for permission in permissions):
                raise NotAllowed("Your role does not include this.")
            return staff

        return found


@dataclass
class Remembered:
    """An audit log in memory."""

    lines: list[tuple[str, str, str]] = field(default_factory=list)

    async def record(self, staff: Staff, action: str, subject: str = "", **_details: str | int | None) -> None:
        self.lines.append((staff.name, action, subject))

    async def record_reading(self, staff: Staff, action: str, subject: str) -> None:
        await self.record(staff, action, subject)
