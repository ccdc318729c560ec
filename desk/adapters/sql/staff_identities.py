"""Sign-on by a provider in SQL: attempts that can be finished once, and whose account an identity opens."""

from datetime import datetime

from sqlalchemy import Connection, delete, select

from desk.accounts.model import Account
from desk.accounts.sign_on_model import Attempt, Identity, Newcomers, SignOnRefused
from desk.adapters.sql import staff_rows
from desk.adapters.sql.staff_tables import sign_on_attempts, staff_accounts, staff_identities
from desk.adapters.sql.timeline import new_id


def keep_attempt(connection: Connection, state_hash: str, attempt: Attempt) -> None:
    """Remember an attempt; ones that nobody finished in time go."""
    connection.execute(delete(sign_on_attempts).where(sign_on_attempts.c.expires_at <= attempt.begun_at))
    connection.execute(
        sign_on_attempts.insert().values(
            state_hash=state_hash,
            browser_hash=attempt.browser_hash,
            nonce=attempt.nonce,
            verifier=attempt.verifier,
            expires_at=attempt.expires_at,
        )
    )


def take_attempt(connection: Connection, state_hash: str, now: datetime) -> Attempt | None:
    """The attempt of this state, which is spent by that; None when there is none or its time is over."""
    table = sign_on_attempts
    row = connection.execute(delete(table).where(table.c.state_hash == state_hash).returning(table)).first()
    if row is None or row.expires_at <= now:
        return None
    return Attempt(row.browser_hash, row.nonce, row.verifier, now, row.expires_at)


def admit(connection: Connection, identity: Identity, newcomers: Newcomers, now: datetime) -> Account:
    """The account that an identity opens: the one it opened before, else the one with its verified address.

    Raises:
        SignOnRefused: there is none, it is closed, it belongs to another identity, or the address is not verified.
    """
    account = _known(connection, identity) or _linked(connection, identity, newcomers, now)
    if account.disabled:
        raise SignOnRefused("no_account")
    return account


def _known(connection: Connection, identity: Identity) -> Account | None:
    table = staff_identities.c
    query = (
        select(staff_accounts)
        .join(staff_identities, table.account_id == staff_accounts.c.id)
        .where(table.issuer == identity.issuer, table.subject == identity.subject)
    )
    row = connection.execute(query).first()
    return staff_rows.account_of(row) if row else None


def _linked(connection: Connection, identity: Identity, newcomers: Newcomers, now: datetime) -> Account:
    if not identity.verified:
        raise SignOnRefused("not_verified")
    row = staff_rows.secrets_of(connection, email=identity.email)
    if row is not None:
        account = staff_rows.account_of(row)
    elif newcomers.admits(identity.email):
        made = Account(new_id("u"), identity.email, identity.name, frozenset({newcomers.role}))
        account = staff_rows.create(connection, made, None, now)
    else:
        raise SignOnRefused("no_account")
    _link(connection, account, identity, now)
    return account


def _link(connection: Connection, account: Account, identity: Identity, now: datetime) -> None:
    """An address that was given to somebody else at the provider does not open its former owner's account."""
    table = staff_identities
    other = select(table.c.subject).where(table.c.account_id == account.id, table.c.issuer == identity.issuer)
    if connection.execute(other).first() is not None:
        raise SignOnRefused("no_account")
    values = {"issuer": identity.issuer, "subject": identity.subject, "account_id": account.id, "linked_at": now}
    connection.execute(table.insert().values(values))
