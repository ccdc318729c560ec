"""The audit log: written in the transaction of the change it tells of."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from backoffice.adapters.sql.desk_tables import AuditRow
from backoffice.model.act import Act

CUSTOMER = "customer"
BOT = "bot"
SYSTEM = "system"


def record(
    session: Session,
    action: str,
    *,
    at: datetime,
    actor: str,
    subject: tuple[str, str],
    customer_id: str | None = None,
    conversation_id: str | None = None,
    message_id: str | None = None,
    details: dict[str, Any] | None = None,
) -> None:
    """Add one entry; ``subject`` is (kind, id). ``details`` never holds what a customer wrote."""
    kind, name = subject
    session.add(
        AuditRow(
            at=at,
            actor=actor,
            action=action,
            subject_kind=kind,
            subject=name,
            customer_id=customer_id,
            conversation_id=conversation_id,
            message_id=message_id,
            details=details or {},
        )
    )


def note(
    session: Session,
    act: Act,
    action: str,
    subject: tuple[str, str],
    *,
    at: datetime,
    customer_id: str | None = None,
    details: dict[str, Any] | None = None,
) -> None:
    """Add the entry of one act: the customer did it, through this conversation and this message."""
    record(
        session,
        action,
        at=at,
        actor=CUSTOMER,
        subject=subject,
        customer_id=customer_id,
        conversation_id=act.conversation_id,
        message_id=act.message_id,
        details=details,
    )
