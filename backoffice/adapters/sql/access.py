"""Tries and proofs in the data base."""

from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.adapters.sql import audit
from backoffice.adapters.sql.commands import once
from backoffice.adapters.sql.database import Database
from backoffice.adapters.sql.desk_tables import AttemptRow, VerificationRow
from backoffice.adapters.sql.gates import GateName, locked_gates, write_gate
from backoffice.adapters.sql.proofs import end_proof, prove
from backoffice.model.access import SIGNED_IN, Claim, Gates, Ruling, Standing
from backoffice.model.act import Act
from backoffice.model.ids import ConversationId, CustomerId

_METHOD = "order_and_email"


class SqlAccessLedger:
    """``AccessLedger`` by rows that are locked, in one order, before they are read."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def attempt(self, claim: Claim, rule: Callable[[Gates], tuple[Ruling, Gates]]) -> Ruling:
        with self._database.writing() as session:
            wanted = _gates_of(claim)
            standing = locked_gates(session, wanted)
            earlier = _earlier(session, claim)
            if earlier is not None:
                return earlier
            ruling, gates = rule(Gates(*standing))
            for name, gate in zip(wanted, (gates.conversation, gates.order, gates.email), strict=True):
                write_gate(session, name, gate)
            _remember(session, claim, ruling)
            return ruling

    def standing(self, conversation_id: ConversationId, at: datetime) -> Standing | None:
        with self._database.reading() as session:
            row = session.get(VerificationRow, conversation_id)
            if row is None or row.expires_at <= at:
                return None
            return Standing(CustomerId(row.customer_id), row.expires_at, row.method, row.confirmed_until)

    def sign_in(self, act: Act, customer_id: CustomerId, at: datetime, until: datetime) -> None:
        def work(session: Session, stored: Act) -> bool:
            prove(session, stored.conversation_id, customer_id, method=SIGNED_IN, at=at, until=until)
            subject = ("conversation", stored.conversation_id)
            audit.note(session, stored, "access.signed_in", subject, at=at, customer_id=customer_id)
            return True

        once(self._database, act, "access.sign_in", bool, work, at)

    def end(self, act: Act, at: datetime) -> None:
        def work(session: Session, stored: Act) -> bool:
            ended = end_proof(session, stored.conversation_id, at)
            if ended is not None:
                subject = ("conversation", stored.conversation_id)
                audit.note(session, stored, "access.ended", subject, at=at, customer_id=ended)
            return True

        once(self._database, act, "access.end", bool, work, at)

    def proved_customer(self, conversation_id: ConversationId) -> CustomerId | None:
        with self._database.reading() as session:
            row = session.get(VerificationRow, conversation_id)
            return CustomerId(row.customer_id) if row is not None else None

    def conversations_of(self, customer_id: CustomerId) -> list[ConversationId]:
        with self._database.reading() as session:
            proved = select(VerificationRow.conversation_id).where(VerificationRow.customer_id == customer_id)
            tried = select(AttemptRow.conversation_id).where(AttemptRow.customer_id == customer_id)
            return [ConversationId(one) for one in session.scalars(proved.union(tried))]

    def customers_of(self, conversation_id: ConversationId) -> set[CustomerId]:
        with self._database.reading() as session:
            proved = select(VerificationRow.customer_id).where(VerificationRow.conversation_id == conversation_id)
            tried = select(AttemptRow.customer_id).where(
                AttemptRow.conversation_id == conversation_id, AttemptRow.customer_id.is_not(None)
            )
            return {CustomerId(one) for one in session.scalars(proved.union(tried))}


def _gates_of(claim: Claim) -> list[GateName]:
    return [
        ("conversation", claim.conversation_id),
        ("order", claim.order_fingerprint),
        ("email", claim.email_fingerprint),
    ]


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
        until = ruling.expires_at
        prove(session, claim.conversation_id, ruling.customer_id, method=_METHOD, at=claim.at, until=until)
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
