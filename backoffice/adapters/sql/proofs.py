"""A conversation's proof of who it is with: the one row that every question about access is answered from."""

from datetime import datetime

from sqlalchemy.orm import Session

from backoffice.adapters.sql.desk_tables import VerificationRow
from backoffice.model.access import BY_CODE


def prove(
    session: Session, conversation_id: str, customer_id: str, *, method: str, at: datetime, until: datetime
) -> VerificationRow:
    """Tie the conversation to the customer. Another customer's proof ends; one's own confirmation goes on."""
    row = session.get(VerificationRow, conversation_id, with_for_update=True)
    if row is None:
        row = VerificationRow(conversation_id=conversation_id, customer_id=customer_id, confirmed_until=None)
        session.add(row)
    if row.customer_id != customer_id:
        row.confirmed_until = None
    row.customer_id = customer_id
    row.method = method
    row.verified_at = at
    row.expires_at = until
    return row


def end_proof(session: Session, conversation_id: str, at: datetime) -> str | None:
    """End a proof that still holds at ``at``; whose it was."""
    row = session.get(VerificationRow, conversation_id, with_for_update=True)
    if row is None or row.expires_at <= at:
        return None
    row.expires_at, row.confirmed_until = at, None
    return row.customer_id


def confirm(session: Session, conversation_id: str, customer_id: str, at: datetime, until: datetime) -> None:
    """The customer typed the right code: the conversation may change things until ``until``."""
    row = session.get(VerificationRow, conversation_id, with_for_update=True)
    if row is None or row.customer_id != customer_id or row.expires_at < until:
        method = row.method if row is not None and row.customer_id == customer_id else BY_CODE
        row = prove(session, conversation_id, customer_id, method=method, at=at, until=until)
    row.confirmed_until = until
