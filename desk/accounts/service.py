"""Signing in and out, and what people and admins do with accounts."""

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from email_validator import EmailNotValidError, validate_email

from desk.accounts.model import Account, Role, Session, Staff
from desk.accounts.passwords import Codes, Passwords
from desk.accounts.recovery import hashed, is_recovery_code, new_codes
from desk.adapters.sql import staff_rows
from desk.adapters.sql.database import Database
from desk.adapters.sql.timeline import new_id
from desk.errors import CodeRequired, Invalid, NotFound, NotPossible, NotSignedIn, SignInFailed
from desk.tokens import token_hash
from desk.web.addresses import network_of
from desk.web.limits import Limiter

_LONGEST_BROWSER = 200
_TOUCH_AFTER = timedelta(minutes=1)
_READING = timedelta(hours=1)
"""So long one line of the audit log stands for all that somebody reads of a conversation."""


@dataclass(frozen=True)
class SessionTimes:
    """How long a session lasts unused, and at most."""

    idle: timedelta
    longest: timedelta


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session that has just begun; ``token`` is told only here."""

    account: Account
    session: Session
    token: str


class AccountDesk:
    """Accounts and sessions of the company's staff."""

    def __init__(
        self, database: Database, *, codes: Codes, limiter: Limiter, times: SessionTimes, now: Callable[[], datetime]
    ) -> None:
        self._database, self._codes, self._limiter, self._now = database, codes, limiter, now
        self._passwords = Passwords()
        self.times = times

    async def sign_in(self, email: str, password: str, code: str | None, client: tuple[str, str]) -> SignedIn:
        """Begin a session; ``client`` is the address and the browser's name.

        Wrong tries close an account to the address that they come from: anybody could lock anybody out otherwise.

        Raises:
            SignInFailed: something is wrong, whatever it is.
            CodeRequired: the password is right and a code is wanted.
            TooMany: too many tries from this address, or too many wrong ones for this account.
        """
        address = email.strip().casefold()
        network = network_of(client[0])
        await self._limiter.check("sign_in_address", network)
        async with self._failures_of(f"{network} {address}", address):
            row = await self._database.read(staff_rows.secrets_of, email=address)
            stored = row.password_hash if row is not None and row.disabled_at is None else None
            if not await asyncio.to_thread(self._passwords.matches, stored, password) or row is None:
                raise SignInFailed
            if row.totp_secret is not None:
                await self._demand_code(row, code)
        return await self.begin(staff_rows.account_of(row), client)

    async def begin(self, account: Account, client: tuple[str, str]) -> SignedIn:
        """A session of somebody who has proved who they are; always a new token, so none can be planted before."""
        token, now = secrets.token_urlsafe(32), self._now()
        browser = "".join(one for one in client[1] if one.isprintable())[:_LONGEST_BROWSER]
        session = Session(new_id("s"), secrets.token_urlsafe(24), client[0], browser, now, now)
        await self._database.write(staff_rows.begin_session, account.id, session, token_hash(token))
        return SignedIn(account, session, token)

    async def drop_told_password(self, account: Account) -> None:
        """Somebody who proved at the provider who they are needs no password that an admin knows."""
        if account.must_change:
            await self._database.write(staff_rows.change, account.id, password_hash=None, must_change=0)

    async def session(self, token: str | None) -> tuple[Account, Session]:
        """Whose session a cookie opens.

        Raises:
            NotSignedIn: nobody's, or it is over.
        """
        found = await self._database.read(staff_rows.session_of, token_hash(token)) if token else None
        if found is None:
            raise NotSignedIn
        account, session = found
        now = self._now()
        over = session.created_at + self.times.longest <= now or session.seen_at + self.times.idle <= now
        if over or account.disabled:
            raise NotSignedIn
        if session.seen_at + _TOUCH_AFTER <= now:
            await self._database.write(staff_rows.touch, session.id, now)
        return account, session

    async def sign_out(self, staff: Staff) -> None:
        """End this session."""
        await self._database.write(staff_rows.end_sessions, staff.id, only=staff.session_id)

    async def create(
        self, email: str, name: str, roles: Sequence[Role], password: str | None = None, *, must_change: bool = False
    ) -> tuple[Account, str | None]:
        """A new account, and the password that was made for it when none was given.

        ``must_change``: it is told to somebody else first, so it opens nothing but the way to another one.

        Raises:
            Invalid: no address, no role, a password too short, or the address has an account.
        """
        if not roles:
            raise Invalid("Choose at least one role.")
        made = None if password else secrets.token_urlsafe(15)
        account = Account(new_id("u"), _address(email), name.strip(), frozenset(roles), must_change=must_change)
        kept = await self._database.write(
            staff_rows.create, account, self._passwords.hash(password or str(made)), self._now()
        )
        return kept, made

    async def accounts(self) -> list[Account]:
        """All of them, by name."""
        return await self._database.read(staff_rows.accounts)

    async def find(self, *, email: str = "", account_id: str = "") -> Account:
        """One account.

        Raises:
            NotFound: there is none.
        """
        row = await self._database.read(staff_rows.secrets_of, email=email.strip().casefold(), account_id=account_id)
        if row is None:
            raise NotFound
        return staff_rows.account_of(row)

    async def change(self, account_id: str, **values: Any) -> Account:
        """Set name, roles, languages, skills, teams or capacity; ``disabled`` also ends every session.

        Raises:
            NotFound: there is no such account.
            Invalid: it would leave nobody who is an admin.
        """
        disabled = values.pop("disabled", None)
        if disabled is True or ("roles" in values and Role.ADMIN not in values["roles"]):
            await self._demand_another_admin(account_id)
        if disabled is not None:
            values["disabled_at"] = self._now() if disabled else None
        if not values:
            return await self.find(account_id=account_id)
        account = await self._database.write(staff_rows.change, account_id, **values)
        if disabled:
            await self._database.write(staff_rows.end_sessions, account_id)
        return account

    async def set_password(self, account_id: str, password: str | None = None) -> str | None:
        """Another password, and the end of every session; one that was made here must be changed, and is returned.

        Raises:
            NotFound: there is no such account.
            Invalid: it is too short.
        """
        made = None if password else secrets.token_urlsafe(15)
        hashed = self._passwords.hash(password or str(made))
        must_change = int(made is not None)
        await self._database.write(staff_rows.change, account_id, password_hash=hashed, must_change=must_change)
        await self._database.write(staff_rows.end_sessions, account_id)
        return made

    async def change_password(self, staff: Staff, old: str, new: str) -> None:
        """One's own, with the old one; other sessions end.

        Raises:
            SignInFailed: the old one is wrong.
            Invalid: the new one is too short, or the old one again.
        """
        await self._demand_password(staff, old)
        if new == old:
            raise Invalid("That is the old password. Choose another one.")
        hashed = self._passwords.hash(new)
        await self._database.write(staff_rows.change, staff.id, password_hash=hashed, must_change=0)
        await self._database.write(staff_rows.end_sessions, staff.id, except_for=staff.session_id)

    async def begin_totp(self, staff: Staff, password: str) -> tuple[str, str]:
        """A secret for an authenticator app, and its address; it counts once a code has proved it.

        Raises:
            SignInFailed: the password is wrong.
        """
        await self._demand_password(staff, password)
        sealed = self._codes.new()
        await self._database.write(staff_rows.change, staff.id, totp_pending=sealed)
        return self._codes.shown(sealed, staff.email)

    async def confirm_totp(self, staff: Staff, code: str) -> list[str]:
        """From now on a code is asked for; the recovery codes, told only here. Other sessions end.

        Raises:
            Invalid: the code is wrong, or nothing was begun.
        """
        row = await self._row(staff.id)
        step = self._codes.step_of(row.totp_pending, code, self._now(), None) if row.totp_pending else None
        if step is None:
            raise Invalid("That code is wrong. Look at the app again; the clock of the phone must be right.")
        codes = new_codes()
        await self._database.write(
            staff_rows.change_totp,
            staff.id,
            [hashed(one) for one in codes],
            totp_secret=row.totp_pending,
            totp_pending=None,
            totp_used=step,
        )
        await self._database.write(staff_rows.end_sessions, staff.id, except_for=staff.session_id)
        return codes

    async def renew_recovery_codes(self, staff: Staff, password: str) -> list[str]:
        """Others instead of the old ones, told only here.

        Raises:
            SignInFailed: the password is wrong.
            NotPossible: no code is asked for.
        """
        await self._demand_password(staff, password)
        if (await self._row(staff.id)).totp_secret is None:
            raise NotPossible("Set up an authenticator app first.")
        codes = new_codes()
        await self._database.write(staff_rows.set_recovery_codes, staff.id, [hashed(one) for one in codes])
        return codes

    async def end_totp(self, staff: Staff, password: str) -> None:
        """No code any more.

        Raises:
            SignInFailed: the password is wrong.
        """
        await self._demand_password(staff, password)
        await self.reset_totp(staff.id)

    async def reset_totp(self, account_id: str) -> Account:
        """No code any more, for somebody who has lost phone and paper.

        Raises:
            NotFound: there is no such account.
        """
        return await self._database.write(
            staff_rows.change_totp, account_id, [], totp_secret=None, totp_pending=None, totp_used=None
        )

    async def sessions(self, account_id: str) -> list[Session]:
        """Where somebody is signed in."""
        return await self._database.read(staff_rows.sessions_of, account_id)

    async def end_sessions(self, account_id: str, session_id: str | None = None) -> int:
        """End one or all of somebody's sessions; how many."""
        return await self._database.write(staff_rows.end_sessions, account_id, only=session_id)

    async def tidy(self) -> None:
        """Remove sessions that no longer hold."""
        now = self._now()
        await self._database.write(staff_rows.end_older, now - self.times.longest, now - self.times.idle)

    async def _demand_code(self, row: Any, code: str | None) -> None:
        if not code:
            raise CodeRequired
        if is_recovery_code(code):
            if not await self._database.write(staff_rows.use_recovery_code, row.id, hashed(code)):
                raise SignInFailed
            return
        step = self._codes.step_of(row.totp_secret, code, self._now(), row.totp_used)
        if step is None or not await self._database.write(staff_rows.use_code, row.id, step):
            raise SignInFailed

    async def _demand_password(self, staff: Staff, password: str) -> None:
        async with self._failures_of(f"{staff.session_id} {staff.email}"):
            row = await self._row(staff.id)
            if not await asyncio.to_thread(self._passwords.matches, row.password_hash, password):
                raise SignInFailed

    @contextlib.asynccontextmanager
    async def _failures_of(self, where: str, account: str = "") -> AsyncIterator[None]:
        """Count tries that fail; whoever failed too often is refused before the password is looked at.

        Args:
            where: the account and the place that it is tried from.
            account: it alone, with a limit that is much higher; none inside a session.
        """
        tries = [("sign_in_account", where), *([("sign_in_account_overall", account)] if account else [])]
        for name, key in tries:
            await self._limiter.demand_room(name, key)
        try:
            yield
        except SignInFailed:
            for name, key in tries:
                await self._limiter.check(name, key)
            raise

    async def _demand_another_admin(self, account_id: str) -> None:
        admins = {one.id for one in await self.accounts() if Role.ADMIN in one.roles and not one.disabled}
        if admins == {account_id}:
            raise Invalid("This is the last admin. Make somebody else an admin first.")

    async def _row(self, account_id: str) -> Any:
        row = await self._database.read(staff_rows.secrets_of, account_id=account_id)
        if row is None:
            raise NotFound
        return row


class AuditLog:
    """An ``Audit`` in the data base."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database, self._now = database, now

    async def record(self, staff: Staff, action: str, subject: str = "", **details: str | int | None) -> None:
        values = {
            "at": self._now(),
            "actor_id": staff.id,
            "actor_name": staff.name,
            "action": action,
            "subject": subject,
            "details": {name: value for name, value in details.items() if value is not None},
        }
        await self._database.write(staff_rows.write_down, values)

    async def record_reading(self, staff: Staff, action: str, subject: str) -> None:
        lately = {"actor": staff.id, "action": action, "subject": subject, "from": self._now() - _READING}
        if not await self._database.read(staff_rows.audit_lines, lately, before=None, limit=1):
            await self.record(staff, action, subject)

    async def lines(self, filters: Mapping[str, Any], *, before: int | None, limit: int) -> list[dict[str, Any]]:
        """What was written down, newest first."""
        found = await self._database.read(staff_rows.audit_lines, filters, before=before, limit=limit)
        return [
            {
                "id": row.id,
                "at": row.at,
                "actor": {"id": row.actor_id, "name": row.actor_name},
                "action": row.action,
                "subject": row.subject,
                "details": row.details,
            }
            for row in found
        ]


def _address(email: str) -> str:
    try:
        return validate_email(email.strip(), check_deliverability=False).normalized.casefold()
    except EmailNotValidError as error:
        raise Invalid("That is no e-mail address.") from error
