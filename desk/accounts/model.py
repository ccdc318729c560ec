"""Members of the company's staff and what their roles permit. Pure values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """What somebody does here; one account may have several."""

    AGENT = "agent"
    LEAD = "lead"
    EDITOR = "editor"
    DEVELOPER = "developer"
    ADMIN = "admin"


class Permission(StrEnum):
    """What a route demands."""

    ANSWER = "answer"  # see the inbox, take and answer conversations
    ASSIGN = "assign"  # give conversations to others, write canned replies and macros for all
    REVIEW = "review"  # read transcripts of every conversation, tag and rate them
    TEACH = "teach"  # correct intents and entities, export training examples and scenarios
    KNOWLEDGE = "knowledge"  # write entries and approved answers
    NUMBERS = "numbers"  # see the dashboard
    ADMIN = "admin"  # accounts, sessions, audit log, export and erasure of a customer's data


PERMISSIONS: Mapping[Role, frozenset[Permission]] = {
    Role.AGENT: frozenset({Permission.ANSWER}),
    Role.LEAD: frozenset(
        {Permission.ANSWER, Permission.ASSIGN, Permission.REVIEW, Permission.TEACH, Permission.NUMBERS}
    ),
    Role.EDITOR: frozenset({Permission.KNOWLEDGE, Permission.REVIEW}),
    Role.DEVELOPER: frozenset({Permission.REVIEW, Permission.TEACH, Permission.NUMBERS}),
    Role.ADMIN: frozenset(Permission),
}


@dataclass(frozen=True, slots=True)
class Staff:
    """Somebody who is signed in.

    Attributes:
        session_id: the session's public id, never its secret.
    """

    id: str
    name: str
    email: str
    roles: frozenset[Role]
    session_id: str

    def may(self, permission: Permission) -> bool:
        """Whether one of the roles permits it."""
        return any(permission in PERMISSIONS[role] for role in self.roles)

    def permissions(self) -> list[Permission]:
        """Everything that the roles permit, in the order of ``Permission``."""
        return [permission for permission in Permission if self.may(permission)]


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may sign in.

    Attributes:
        capacity: how many conversations they have at a time when they are handed out.
        teams: whose queues they serve; empty for all.
        has_totp: a code is asked for besides the password.
        must_change: somebody else knows the password: nothing is open until it is another one.
    """

    id: str
    email: str
    name: str
    roles: frozenset[Role]
    languages: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    capacity: int = 6
    has_totp: bool = False
    must_change: bool = False
    disabled: bool = False

    def staff(self, session_id: str) -> Staff:
        """Signed in."""
        return Staff(self.id, self.name, self.email, self.roles, session_id)


@dataclass(frozen=True, slots=True)
class Session:
    """A browser that somebody signed in with."""

    id: str
    csrf: str
    address: str
    browser: str
    created_at: datetime
    seen_at: datetime
