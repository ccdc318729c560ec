"""Gates in the data base: tries that count against a conversation, an order, an address."""

from collections.abc import Sequence

from sqlalchemy import select, tuple_, update
from sqlalchemy.orm import Session

from backoffice.adapters.sql.database import insert_if_new
from backoffice.adapters.sql.desk_tables import GateRow
from backoffice.model.access import Gate

GateName = tuple[str, str]
"""(scope, subject)."""


def locked_gates(session: Session, wanted: Sequence[GateName]) -> list[Gate]:
    """The gates, made if missing and locked until the transaction ends.

    Always in the order of their keys, so that two tries never wait for each other.
    """
    for scope, subject in sorted(wanted):
        insert_if_new(session, GateRow, {"scope": scope, "subject": subject, "failures": 0})
    statement = (
        select(GateRow)
        .where(tuple_(GateRow.scope, GateRow.subject).in_(wanted))
        .order_by(GateRow.scope, GateRow.subject)
        .with_for_update()
    )
    found = {(row.scope, row.subject): row for row in session.scalars(statement)}
    return [Gate(found[key].failures, found[key].counting_since, found[key].closed_until) for key in wanted]


def write_gate(session: Session, name: GateName, gate: Gate) -> None:
    """Always all columns, changed or not: the work must not depend on what was tried before."""
    scope, subject = name
    values = {
        "failures": gate.failures,
        "counting_since": gate.counting_since,
        "closed_until": gate.closed_until,
    }
    statement = update(GateRow).where(GateRow.scope == scope, GateRow.subject == subject).values(values)
    session.execute(statement.execution_options(synchronize_session=False))
