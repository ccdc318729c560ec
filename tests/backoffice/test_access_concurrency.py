"""Many at once: the count holds, and one message is one try."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from sqlalchemy import func, select

from backoffice.adapters.sql.database import Database
from backoffice.adapters.sql.desk_tables import AttemptRow, AuditRow, GateRow
from backoffice.bootstrap import Backoffice

THREADS = 12


def at_once(call: Callable[[int], Any]) -> list[Any]:
    """What ``call(0) … call(11)`` return when all start in the same moment."""
    barrier = Barrier(THREADS)

    def started_together(number: int) -> Any:
        barrier.wait()
        return call(number)

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(started_together, range(THREADS)))


def test_concurrent_tries_never_exceed_three(backoffice: Backoffice) -> None:
    told = at_once(
        lambda number: backoffice.access.verify(
            "c1", order_number="10046", email=f"x{number}@example.com", message_id=f"m{number}"
        )
    )

    assert Counter(one.tries_left for one in told) == {2: 1, 1: 1, 0: THREADS - 2}
    assert not backoffice.access.verify(
        "c1", order_number="10046", email="aoife.brennan@example.com", message_id="m-right"
    ).verified


def test_concurrent_tries_from_many_conversations_are_all_counted(
    build: Callable[[], Backoffice], database: Database
) -> None:
    backoffice = build()
    at_once(
        lambda number: backoffice.access.verify(
            f"c{number}", order_number=f"10{100 + number % 2}", email="x@example.com", message_id="m"
        )
    )

    with database.reading() as session:
        counted = session.scalars(select(GateRow.failures).where(GateRow.scope == "email")).one()
        compared = session.scalar(
            select(func.count()).select_from(AttemptRow).where(AttemptRow.outcome == "not_matched")
        )
    assert counted == compared == 10


def test_one_message_at_once_is_one_try_with_one_answer(build: Callable[[], Backoffice], database: Database) -> None:
    backoffice = build()
    told = at_once(
        lambda _: backoffice.access.verify("c1", order_number="10046", email="x@example.com", message_id="m-same")
    )

    assert len(set(told)) == 1
    assert told[0].tries_left == 2
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(AttemptRow)) == 1
        about = AuditRow.action.startswith("access.")
        assert session.scalar(select(func.count()).select_from(AuditRow).where(about)) == 1


def test_same_key_at_once_is_one_ticket(backoffice: Backoffice) -> None:
    told = at_once(
        lambda number: backoffice.tickets.open_ticket(
            idempotency_key="k", conversation_id="c1", reason="customer_asked", summary=f"number {number}"
        )
    )

    assert len({(ticket.number, ticket.summary) for ticket in told}) == 1


def test_contacts_at_once_are_all_written_one_after_the_other(backoffice: Backoffice) -> None:
    ticket = backoffice.tickets.open_ticket(
        idempotency_key="k", conversation_id="c1", reason="customer_asked", summary="x"
    )
    told = at_once(lambda number: backoffice.tickets.add_contact(ticket.number, "c1", f"x{number}@example.com"))

    assert len({changed.contact_email for changed in told}) == THREADS
    assert backoffice.tickets.ticket_for("c1", ticket.number) in told


def test_different_keys_at_once_are_different_tickets(backoffice: Backoffice) -> None:
    told = at_once(
        lambda number: backoffice.tickets.open_ticket(
            idempotency_key=f"k{number}", conversation_id="c1", reason="customer_asked", summary="x"
        )
    )

    assert len({ticket.number for ticket in told}) == THREADS
