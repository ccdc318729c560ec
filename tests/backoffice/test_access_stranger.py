"""A stranger learns nothing: not whether an order exists, not whether an address does, by word or by work."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select

from backoffice.adapters.sql.database import Database
from backoffice.adapters.sql.desk_tables import AttemptRow, AuditRow
from backoffice.bootstrap import Backoffice
from backoffice.model.access import Gate, GateLimit, Gates, VerificationOutcome, judge
from backoffice.model.ids import CustomerId
from backoffice.settings import BackofficeSettings

WRONG = {
    "right order, wrong e-mail": ("10046", "x@example.com"),
    "right order, e-mail of another customer": ("10046", "cian.murphy@example.org"),
    "unknown order, known e-mail": ("10999", "aoife.brennan@example.com"),
    "unknown order, unknown e-mail": ("10999", "x@example.com"),
    "another customer's order, own e-mail": ("10043", "aoife.brennan@example.com"),
    "no order number at all": ("hello", "aoife.brennan@example.com"),
    "no e-mail at all": ("10046", "hello"),
    "nothing": ("", ""),
}


def test_every_wrong_try_gets_the_identical_result(backoffice: Backoffice) -> None:
    told = {
        backoffice.access.verify(f"c-{reason}", order_number=order, email=email, message_id="m1")
        for reason, (order, email) in WRONG.items()
    }

    assert len(told) == 1


def test_every_locked_try_gets_the_identical_result(backoffice: Backoffice) -> None:
    for reason, (order, email) in WRONG.items():
        for number in range(3):
            backoffice.access.verify(
                f"c-{reason}",
                order_number=f"10{number}00",
                email=f"{reason[:2]}@x{number}.org",
                message_id=f"m{number}",
            )
        told = backoffice.access.verify(f"c-{reason}", order_number=order, email=email, message_id="m9")
        right = backoffice.access.verify(
            f"c-{reason}", order_number="10046", email="aoife.brennan@example.com", message_id="m10"
        )
        assert told == right


def test_every_wrong_try_does_the_same_work_in_the_data_base(build_own: Callable[[], Backoffice]) -> None:
    backoffice = build_own()
    engine = backoffice.access._shop._database.engine
    statements: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *call: statements.append(call[2]))
    work = set()
    for reason, (order, email) in WRONG.items():
        statements.clear()
        backoffice.access.verify(f"c-{reason}", order_number=order, email=email, message_id="m1")
        work.add(tuple(statements))

    assert len(work) == 1
    assert len(work.pop()) > 5


def test_neither_number_nor_address_of_a_try_is_kept_in_clear(
    build: Callable[[], Backoffice], database: Database
) -> None:
    build().access.verify("c1", order_number="10999", email="somebody@example.net", message_id="m1")

    with database.reading() as session:
        kept = [vars(row) for row in [*session.scalars(select(AttemptRow)), *session.scalars(select(AuditRow))]]
    assert "10999" not in str(kept)
    assert "somebody" not in str(kept)


def test_order_of_somebody_else_is_answered_like_one_that_does_not_exist(backoffice: Backoffice) -> None:
    backoffice.access.verify("c1", order_number="10046", email="aoife.brennan@example.com", message_id="m1")

    assert backoffice.orders.order_for("c1", "10043") is None
    assert backoffice.orders.order_for("c1", "10999") is None


@pytest.mark.parametrize("conversation", ["c2", "", "c1 ", "C1"])
def test_nobody_verified_sees_no_order_at_all(backoffice: Backoffice, conversation: str) -> None:
    backoffice.access.verify("c1", order_number="10046", email="aoife.brennan@example.com", message_id="m1")

    assert backoffice.orders.order_for(conversation, "10046") is None
    assert backoffice.orders.orders_of(conversation) == ()


NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
RULES = BackofficeSettings.model_construct().access_rules()
gates = st.builds(
    Gate,
    failures=st.integers(0, 12),
    counting_since=st.none() | st.integers(0, 90).map(lambda minutes: NOW - timedelta(minutes=minutes)),
    closed_until=st.none() | st.integers(-90, 90).map(lambda minutes: NOW + timedelta(minutes=minutes)),
)


@settings(deadline=None)
@given(st.builds(Gates, gates, gates, gates))
def test_a_closed_gate_answers_alike_for_right_and_wrong(three: Gates) -> None:
    wrong, _ = judge(three, None, NOW, RULES)
    right, after = judge(three, CustomerId("somebody"), NOW, RULES)

    closed = any(
        gate.closed_until and gate.closed_until > NOW for gate in (three.conversation, three.order, three.email)
    )
    assert (right.outcome is VerificationOutcome.LOCKED) == closed
    if closed:
        assert right == wrong
        assert right.customer_id is None
    else:
        assert after == Gates(
            three.conversation.at(NOW, RULES.conversation),
            three.order.at(NOW, RULES.order),
            three.email.at(NOW, RULES.email),
        )


@settings(deadline=None)
@given(st.lists(st.integers(0, 40), max_size=40), st.integers(1, 5))
def test_never_more_wrong_tries_than_allowed_between_two_locks(minutes: list[int], allowed: int) -> None:
    limit = GateLimit(allowed, closed_for=timedelta(minutes=30))
    rules = replace(RULES, conversation=limit)
    now, gate, compared = NOW, Gate(), []
    for passed in minutes:
        now += timedelta(minutes=passed)
        ruling, after = judge(Gates(gate, Gate(), Gate()), None, now, rules)
        if ruling.outcome is VerificationOutcome.NOT_MATCHED or after.conversation.failures != gate.failures:
            compared.append(now)
        gate = after.conversation

    for first, beyond in zip(compared, compared[allowed:], strict=False):
        assert beyond - first >= timedelta(minutes=30)
