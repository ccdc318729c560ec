"""Accounts, sessions and the audit log in SQL."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, select, update
from sqlalchemy.exc import IntegrityError

from desk.accounts.model import Account, Role, Session
from desk.adapters.sql.staff_tables import audit_log, staff_accounts, staff_recovery_codes, staff_sessions
from desk.errors import Invalid, NotFound


def account_of(row: Row[Any]) -> Account:
    """The value of a row."""
    return Account(
        id=row.id,
        email=row.email,
        name=row.name,
        roles=frozenset(Role(one) for one in row.roles),
        languages=tuple(row.languages),
        skills=tuple(row.skills),
        teams=tuple(row.teams),
        capacity=row.capacity,
        has_totp=row.totp_secret is not None,
        must_change=bool(row.must_change),
        disabled=row.disabled_at is not None,
    )


def create(connection: Connection, account: Account, password_hash: str | None, now: datetime) -> Account:
    """Keep a new account.

    Raises:
        Invalid: the address has one already.
    """
    values = {
        "id": account.id,
        "email": account.email,
        "name": account.name,
        "password_hash": password_hash,
        "roles": sorted(account.roles),
        "languages": list(account.languages),
        "skills": list(account.skills),
        "teams": list(account.teams),
        "capacity": account.capacity,
        "must_change": int(account.must_change),
        "created_at": now,
    }
    try:
        with connection.begin_nested():
            connection.execute(staff_accounts.insert().values(values))
    except IntegrityError as error:
        raise Invalid("There is an account with this e-mail address already.") from error
    return account


def secrets_of(connection: Connection, *, email: str = "", account_id: str = "") -> Row[Any] | None:
    """The whole row, by address (in lower case) or id; for whoever checks passwords and codes."""
    table = staff_accounts.c
    found = table.email == email if email else table.id == account_id
    return connection.execute(select(staff_accounts).where(found)).first()


def accounts(connection: Connection) -> list[Account]:
    """All of them, by name."""
    query = select(staff_accounts).order_by(staff_accounts.c.name)
    return [account_of(row) for row in connection.execute(query)]


def change(connection: Connection, account_id: str, /, **values: Any) -> Account:
    """Set columns of an account.

    Raises:
        NotFound: there is none.
    """
    changed = update(staff_accounts).where(staff_accounts.c.id == account_id).values(**values)
    row = connection.execute(changed.returning(staff_accounts)).first()
    if row is None:
        raise NotFound
    return account_of(row)


def use_code(connection: Connection, account_id: str, step: int) -> bool:
    """Mark a code as used; False when somebody else has used it in this moment."""
    table = staff_accounts.c
    unused = (table.totp_used.is_(None)) | (table.totp_used < step)
    marked = update(staff_accounts).where(table.id == account_id, unused).values(totp_used=step)
    return connection.execute(marked).rowcount == 1


def set_recovery_codes(connection: Connection, account_id: str, hashes: Sequence[str]) -> None:
    """These instead of all earlier ones."""
    table = staff_recovery_codes
    connection.execute(delete(table).where(table.c.account_id == account_id))
    if hashes:
        connection.execute(table.insert(), [{"account_id": account_id, "code_hash": one} for one in hashes])


def use_recovery_code(connection: Connection, account_id: str, code_hash: str) -> bool:
    """Spend a code; False when there is none like it (any more)."""
    table = staff_recovery_codes.c
    spent = delete(staff_recovery_codes).where(table.account_id == account_id, table.code_hash == code_hash)
    return connection.execute(spent).rowcount == 1


def change_totp(connection: Connection, account_id: str, hashes: Sequence[str], /, **values: Any) -> Account:
    """Switch codes on or off, with the recovery codes that belong to it.

    Raises:
        NotFound: there is no such account.
    """
    set_recovery_codes(connection, account_id, hashes)
    return change(connection, account_id, **values)


def begin_session(connection: Connection, account_id: str, session: Session, token_hash: str) -> None:
    """Keep a session."""
    connection.execute(
        staff_sessions.insert().values(
            id=session.id,
            account_id=account_id,
            token_hash=token_hash,
            csrf=session.csrf,
            address=session.address,
            browser=session.browser,
            created_at=session.created_at,
            seen_at=session.seen_at,
        )
    )


def session_of(connection: Connection, token_hash: str) -> tuple[Account, Session] | None:
    """Whose session this token is, whatever its age."""
    sessions = staff_sessions.c
    query = (
        select(staff_accounts, sessions.id.label("session_id"), sessions.csrf, sessions.address, sessions.browser,
               sessions.created_at.label("begun_at"), sessions.seen_at)
        .join(staff_sessions, sessions.account_id == staff_accounts.c.id)
        .where(sessions.token_hash == token_hash)
    )  # fmt: skip
    row = connection.execute(query).first()
    if row is None:
        return None
    session = Session(row.session_id, row.csrf, row.address, row.browser, row.begun_at, row.seen_at)
    return account_of(row), session


def touch(connection: Connection, session_id: str, now: datetime) -> None:
    """The session is in use."""
    connection.execute(update(staff_sessions).where(staff_sessions.c.id == session_id).values(seen_at=now))


def sessions_of(connection: Connection, account_id: str) -> list[Session]:
    """Somebody's sessions, newest first."""
    query = select(staff_sessions).where(staff_sessions.c.account_id == account_id)
    return [
        Session(row.id, row.csrf, row.address, row.browser, row.created_at, row.seen_at)
        for row in connection.execute(query.order_by(staff_sessions.c.created_at.desc()))
    ]


def end_sessions(
    connection: Connection, account_id: str, *, only: str | None = None, except_for: str | None = None
) -> int:
    """End all, one, or all but one of somebody's sessions; how many."""
    wanted: list[ColumnElement[bool]] = [staff_sessions.c.account_id == account_id]
    if only is not None:
        wanted.append(staff_sessions.c.id == only)
    if except_for is not None:
        wanted.append(staff_sessions.c.id != except_for)
    return int(connection.execute(delete(staff_sessions).where(*wanted)).rowcount)


def end_older(connection: Connection, begun_before: datetime, seen_before: datetime) -> int:
    """Remove sessions that no longer hold; how many."""
    table = staff_sessions.c
    old = (table.created_at <= begun_before) | (table.seen_at <= seen_before)
    return int(connection.execute(delete(staff_sessions).where(old)).rowcount)


def write_down(connection: Connection, values: Mapping[str, Any]) -> None:
    """One line of the audit log; there is no way to change or remove one."""
    connection.execute(audit_log.insert().values(**values))


def audit_lines(
    connection: Connection, filters: Mapping[str, Any], *, before: int | None, limit: int
) -> Sequence[Row[Any]]:
    """Lines of the audit log, newest first.

    ``filters``: ``actor``, ``action``, ``subject``, ``from``, ``to``; None is no filter.
    """
    table = audit_log.c
    tests = {
        "actor": lambda value: table.actor_id == value,
        "action": lambda value: table.action == value,
        "subject": lambda value: table.subject == value,
        "from": lambda value: table.at >= value,
        "to": lambda value: table.at < value,
    }
    query = select(audit_log).where(*(tests[name](value) for name, value in filters.items() if value is not None))
    if before is not None:
        query = query.where(table.id < before)
    return connection.execute(query.order_by(table.id.desc()).limit(limit)).all()
