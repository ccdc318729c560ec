"""Tickets: opened once, found by whom they concern, kept whatever is in them."""

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from backoffice.adapters.sql.database import Database
from backoffice.adapters.sql.desk_tables import AuditRow, TicketRow
from backoffice.adapters.sql.tickets import SqlTicketBook
from backoffice.adapters.stopped_clock import StoppedClock
from backoffice.adapters.ticket_number import random_number
from backoffice.bootstrap import Backoffice
from backoffice.errors import BackofficeUnavailable, InvalidValue
from backoffice.model.ticket import Priority, Ticket, TicketDraft, TicketState
from backoffice.ports import TicketBook
from backoffice.service.text import stored_id, stored_json, stored_text

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def opened(backoffice: Backoffice, conversation: str = "c1", key: str = "k1", **parts: Any) -> Ticket:
    given_parts = {"reason": "customer_asked", "summary": "Wants a person.", **parts}
    return backoffice.tickets.open_ticket(idempotency_key=key, conversation_id=conversation, **given_parts)


def verify(backoffice: Backoffice, conversation: str, order: str, email: str) -> None:
    assert backoffice.access.verify(conversation, order_number=order, email=email, message_id="v").verified


def test_a_ticket_keeps_what_was_given(backoffice: Backoffice, clock: StoppedClock) -> None:
    collected = {"order_number": "10046", "tried": [1, 2.5, None, True], "nested": {"é": "ü"}}
    ticket = opened(
        backoffice,
        reason="order_late",
        priority=Priority.HIGH,
        summary="Parcel is late.",
        collected=collected,
        contact_email="Anna@Example.com",
        transcript_excerpt="customer: hello\nbot: hello",
    )

    found = backoffice.tickets.ticket_for("c1", ticket.number)
    assert found == ticket
    assert (found.reason, found.priority, found.state) == ("order_late", Priority.HIGH, TicketState.OPEN)
    assert found.collected == collected
    assert (found.contact_email, found.opened_at) == ("Anna@example.com", clock.time)
    assert found.transcript_excerpt == "customer: hello\nbot: hello"


def test_the_tickets_of_a_conversation_are_its_own_oldest_first(backoffice: Backoffice, clock: StoppedClock) -> None:
    assert backoffice.tickets.tickets_from("c1") == []
    first = opened(backoffice)
    clock.move(minutes=1)
    second = opened(backoffice, key="k2")
    opened(backoffice, conversation="c2")
    assert backoffice.tickets.tickets_from("c1") == [first, second]


def test_same_key_again_is_the_same_ticket_unchanged(backoffice: Backoffice, clock: StoppedClock) -> None:
    first = opened(backoffice, summary="first")
    clock.move(minutes=5)

    assert opened(backoffice, summary="second", contact_email="other@example.com") == first


def test_same_key_of_another_conversation_is_another_ticket(backoffice: Backoffice) -> None:
    assert opened(backoffice, "c1").number != opened(backoffice, "c2").number


def test_ticket_of_another_conversation_is_not_shown(backoffice: Backoffice) -> None:
    ticket = opened(backoffice, "c1")

    assert backoffice.tickets.ticket_for("c2", ticket.number) is None
    assert backoffice.tickets.ticket_for("c2", "T-000000") is None
    assert backoffice.tickets.ticket_for("c2", "no number") is None


def test_verified_customer_sees_own_tickets_from_any_conversation(backoffice: Backoffice) -> None:
    verify(backoffice, "c1", "10046", "aoife.brennan@example.com")
    ticket = opened(backoffice, "c1")
    verify(backoffice, "c2", "10026", "aoife.brennan@example.com")
    verify(backoffice, "c3", "10043", "cian.murphy@example.org")

    assert backoffice.tickets.ticket_for("c2", ticket.number) == ticket
    assert backoffice.tickets.ticket_for("c3", ticket.number) is None


def test_anonymous_tickets_belong_to_no_verified_customer(backoffice: Backoffice) -> None:
    ticket = opened(backoffice, "c1")
    verify(backoffice, "c2", "10046", "aoife.brennan@example.com")

    assert backoffice.tickets.ticket_for("c2", ticket.number) is None


def test_verified_customers_own_address_is_the_contact_unless_another_is_given(backoffice: Backoffice) -> None:
    verify(backoffice, "c1", "10046", "aoife.brennan@example.com")

    assert opened(backoffice, key="k1").contact_email == "aoife.brennan@example.com"
    assert opened(backoffice, key="k2", contact_email="work@example.com").contact_email == "work@example.com"
    assert opened(backoffice, "c2").contact_email is None


def test_contact_is_added_by_the_tickets_own_conversation_only(backoffice: Backoffice, clock: StoppedClock) -> None:
    ticket = opened(backoffice)
    clock.move(minutes=1)

    assert backoffice.tickets.add_contact(ticket.number, "c2", "evil@example.com") is None
    changed = backoffice.tickets.add_contact(ticket.number.lower(), "c1", " anna@example.com. ")
    assert (changed.contact_email, changed.updated_at) == ("anna@example.com", clock.time)
    clock.move(minutes=1)
    assert backoffice.tickets.add_contact(ticket.number, "c1", "anna@example.com") == changed


@pytest.mark.parametrize("email", ["", "anna", "anna@", "@example.com", "anna@example", "a b@c"])
def test_a_broken_address_is_refused_and_nothing_is_opened(backoffice: Backoffice, email: str) -> None:
    ticket = opened(backoffice)

    with pytest.raises(InvalidValue) as refused:
        backoffice.tickets.add_contact(ticket.number, "c1", email)
    assert refused.value.field == "contact_email"
    if email:
        with pytest.raises(InvalidValue):
            opened(backoffice, key="k2", contact_email=email)


@pytest.mark.parametrize("strange", ["\x00", "\ud800", "x" * 50_000, "🙂", "<script>", "' OR 1=1 --"])
def test_no_text_breaks_a_ticket(backoffice: Backoffice, strange: str) -> None:
    ticket = opened(
        backoffice,
        strange,
        strange,
        reason=strange,
        summary=strange,
        collected={strange: [strange, float("nan"), Decimal("1.5"), date(2026, 1, 1)]},
        transcript_excerpt=strange,
        message_id=strange,
    )

    assert backoffice.tickets.ticket_for(strange, ticket.number) == ticket
    assert len(ticket.summary) <= 4000


def test_unknown_priority_is_refused(backoffice: Backoffice) -> None:
    with pytest.raises(ValueError, match="soon"):
        opened(backoffice, priority="soon")


def test_every_change_is_audited_with_conversation_and_message(
    build: Callable[[], Backoffice], database: Database
) -> None:
    backoffice = build()
    verify(backoffice, "c1", "10046", "aoife.brennan@example.com")
    ticket = opened(backoffice, message_id="m1")
    opened(backoffice, message_id="m1")
    backoffice.tickets.add_contact(ticket.number, "c1", "anna@example.com", message_id="m2")
    backoffice.tickets.add_contact(ticket.number, "c1", "anna@example.com", message_id="m3")

    with database.reading() as session:
        about = (AuditRow.subject_kind == "ticket", AuditRow.subject == ticket.number)
        rows = session.scalars(select(AuditRow).where(*about).order_by(AuditRow.id)).all()
        customer = session.scalars(select(TicketRow.customer_id)).one()
    told = [(row.actor, row.action, row.conversation_id, row.message_id, row.customer_id) for row in rows]
    assert told == [
        ("bot", "ticket.opened", "c1", "m1", customer),
        ("bot", "ticket.contact_set", "c1", "m2", customer),
    ]
    assert "anna" not in str([row.details for row in rows])


def draft(key: str) -> TicketDraft:
    return TicketDraft("c1", key, "customer_asked", Priority.NORMAL, "x", {})


def draws_again(make_book: Callable[[Callable[[], str]], TicketBook]) -> None:
    numbers = iter(["T-111111", "T-111111", "T-111111", "T-222222"])
    book = make_book(lambda: next(numbers))

    assert book.open(draft("k1"), NOW).number == "T-111111"
    assert book.open(draft("k2"), NOW).number == "T-222222"


def test_a_number_that_is_taken_is_drawn_again(database: Database) -> None:
    draws_again(lambda draw: SqlTicketBook(database, draw=draw))


def test_no_free_number_is_an_outage_and_leaves_nothing(database: Database) -> None:
    book = SqlTicketBook(database, draw=lambda: "T-111111")
    book.open(draft("k1"), NOW)

    with pytest.raises(BackofficeUnavailable):
        book.open(draft("k2"), NOW)
    with database.reading() as session:
        assert len(session.scalars(select(TicketRow)).all()) == 1


def test_numbers_are_six_digits_and_not_in_a_row() -> None:
    numbers = [random_number() for _ in range(200)]

    assert all(re.fullmatch(r"T-[1-9]\d{5}", number) for number in numbers)
    assert len({int(later[2:]) - int(earlier[2:]) for earlier, later in pairwise(numbers)}) > 150


anything = st.text(st.characters(exclude_categories=[]), max_size=300)


@settings(deadline=None)
@given(anything, st.integers(1, 100))
def test_stored_text_is_short_and_encodable(text: str, longest: int) -> None:
    kept = stored_text(text, longest)

    assert len(kept) <= longest
    assert "\x00" not in kept
    kept.encode()


@settings(deadline=None)
@given(anything, anything)
@example("x" * 300 + "a", "x" * 300 + "b")
@example("a", "a\x00")
@example("a", "a ")
def test_stored_ids_stay_different_and_are_made_once(one: str, other: str) -> None:
    assert (stored_id(one) == stored_id(other)) == (one == other)
    assert stored_id(stored_id(one)) == stored_id(one)
    assert len(stored_id(one)) <= 200


@settings(deadline=None)
@given(st.dictionaries(anything, st.recursive(st.none() | st.floats() | anything, st.lists, max_leaves=5)))
def test_stored_json_is_json(value: Any) -> None:
    json.dumps(stored_json(value), allow_nan=False).encode()
