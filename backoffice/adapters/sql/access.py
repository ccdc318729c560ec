"""Tries and proofs in the data base."""

from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

from sqlalchemy import select, tuple_, update
from sqlalchemy.orm import Session

from backoffice.adapters.sql import audit
from backoffice.adapters.sql.database import Database, insert_if_new
from backoffice.adapters.sql.desk_tables import AttemptRow, GateRow, VerificationRow
from backoffice.model.access import Claim, Gate, Gates, Ruling, Standing
from backoffice.model.ids import ConversationId, CustomerId

_METHOD = "order_and_email"


class SqlAccessLedger:
    """``AccessLedger`` by rows that are locked, in one order, before they are read."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def attempt(self, claim: Claim, rule: Callable[[Gates], tuple[Ruling, Gates]]) -> Ruling:
        with self._database.writing() as session:
            rows = _locked_gates(session, claim)
            earlier = _earlier(session, claim)
            if earlier is not None:
                return earlier
            ruling, gates = rule(Gates(*(_gate(row) for row in rows)))
            for row, gate in zip(rows, (gates.conversation, gates.order, gates.email), strict=True):
                _write(session, row, gate)
            _remember(session, claim, ruling)
            return ruling

    def standing(self, conversation_id: ConversationId, at: datetime) -> Standing | None:
        with self._database.reading() as session:
            row = session.get(VerificationRow, conversation_id)
            if row is None or row.expires_at <= at:
                return None
            return Standing(CustomerId(row.customer_id), row.expires_at)


def _locked_gates(session: Session, claim: Claim) -> list[GateRow]:
    """The rows for conversation, order and e-mail, made if missing and locked until the transaction ends.

    Always in the order of their keys, so that two tries never wait for each other.
    """
    wanted = [
        ("conversation", claim.conversation_id),
        ("order", claim.order_fingerprint),
        ("email", claim.email_fingerprint),
    ]
    for scope, subject in sorted(wanted):
        insert_if_new(session, GateRow, {"scope": scope, "subject": subject, "failures": 0})
    statement = (
        select(GateRow)
        .where(tuple_(GateRow.scope, GateRow.subject).in_(wanted))
        .order_by(GateRow.scope, GateRow.subject)
        .with_for_update()
    )
    found = {(row.scope, row.subject): row for row in session.scalars(statement)}
    return [found[key] for key in wanted]


def _write(session: Session, row: GateRow, gate: Gate) -> None:
    """Always all columns, changed or not: the work must not depend on what was tried before."""
    key = (GateRow.scope == row.scope, GateRow.subject == row.subject)
    values = {
        "failures": gate.failures,
        "counting_since": gate.counting_since,
        "closed_until": gate.closed_until,
    }
    session.execute(update(GateRow).where(*key).values(values).execution_options(synchronize_session=False))


def _earlier(session: Session, claim: Claim) -> Ruling | None:
    row = session.scalars(
        select(AttemptRow).where(
            AttemptRow.conversation_id == claim.conversation_id, AttemptRow.message_id == claim.message_id
        )
    ).one_or_none()
    if row is None:
        return None
    customer_id = CustomerId(row.customer_id) if row.customer_id else None
    return Ruling(row.outcome, row.tries_left, row.locked_until, customer_id, row.expires_at)


def _remember(session: Session, claim: Claim, ruling: Ruling) -> None:
    attempt = AttemptRow(
        id=uuid4().hex,
        conversation_id=claim.conversation_id,
        message_id=claim.message_id,
        order_fingerprint=claim.order_fingerprint,
        email_fingerprint=claim.email_fingerprint,
        at=claim.at,
        outcome=ruling.outcome,
        tries_left=ruling.tries_left,
        locked_until=ruling.locked_until,
        customer_id=ruling.customer_id,
        expires_at=ruling.expires_at,
    )
    session.add(attempt)
    if ruling.customer_id is not None and ruling.expires_at is not None:
        session.merge(
            VerificationRow(
                conversation_id=claim.conversation_id,
                customer_id=ruling.customer_id,
                method=_METHOD,
                verified_at=claim.at,
                expires_at=ruling.expires_at,
            )
        )
    audit.record(
        session,
        f"access.{ruling.outcome.value}",
        at=claim.at,
        actor=audit.CUSTOMER,
        subject=("conversation", claim.conversation_id),
        customer_id=ruling.customer_id,
        conversation_id=claim.conversation_id,
        message_id=claim.message_id,
        details={"attempt": attempt.id, "method": _METHOD, "tries_left": ruling.tries_left},
    )


def _gate(row: GateRow) -> Gate:
    return Gate(row.failures, row.counting_since, row.closed_until)
