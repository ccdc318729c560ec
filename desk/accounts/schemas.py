"""Bodies about accounts."""

from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from desk.accounts.model import Role
from desk.accounts.passwords import LONGEST_PASSWORD

Short = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=128)]
Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]
Words = Annotated[list[Word], Field(max_length=30)]
Password = Annotated[str, Field(min_length=1, max_length=LONGEST_PASSWORD)]
Code = Annotated[str, Field(max_length=32)]
"""Of an authenticator, or a recovery code with its hyphens."""


class Body(BaseModel):
    """Unknown keys are refused."""

    model_config = ConfigDict(extra="forbid")


class SignInBody(Body):
    """Who wants in."""

    email: Annotated[str, Field(min_length=1, max_length=320)]
    password: Password
    code: Code | None = None


class CodeBody(Body):
    """What the authenticator shows."""

    code: Code


class PasswordBody(Body):
    """One's password."""

    password: Password


class NewPasswordBody(Body):
    """The old and the new one."""

    old: Password
    new: Password


class MeBody(Body):
    """What one changes of oneself."""

    name: Short | None = None
    languages: Words | None = None


class AccountBody(Body):
    """A new account; without a password one is made."""

    email: Annotated[str, Field(min_length=3, max_length=320)]
    name: Short
    roles: Annotated[list[Role], Field(min_length=1, max_length=5)]
    password: Password | None = None


class AccountChange(Body):
    """What an admin changes."""

    name: Short | None = None
    roles: Annotated[list[Role], Field(min_length=1, max_length=5)] | None = None
    disabled: bool | None = None
    capacity: Annotated[int, Field(ge=0, le=100)] | None = None
    skills: Words | None = None
    teams: Words | None = None
    languages: Words | None = None


class AuditPage(Body):
    """Which lines of the audit log."""

    actor: Word | None = None
    action: Word | None = None
    subject: Annotated[str, Field(max_length=128)] | None = None
    from_: Annotated[AwareDatetime | None, Field(alias="from")] = None
    to: AwareDatetime | None = None
    cursor: Annotated[int, Field(ge=1)] | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 50


class HandOutBody(Body):
    """Whose data was asked for, and which of the conversations that were found are meant."""

    asked: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=320)]
    conversations: Annotated[list[Annotated[str, Field(max_length=255)]], Field(min_length=1, max_length=5000)]


class EraseBody(HandOutBody):
    """The same, and why."""

    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=500)]
