"""Subscriptions, appointments, one's own data, leads and notes: by the policy, once, by whom they concern."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from backoffice.adapters.sql.database import Database
from backoffice.adapters.sql.desk_tables import AuditRow
from backoffice.adapters.sql.journey_tables import BookingRow, LeadRow, SlotRow, TicketNoteRow
from backoffice.adapters.stopped_clock import StoppedClock
from backoffice.bootstrap import Backoffice
from backoffice.model.act import Act, Done, Reason, Refusal
from backoffice.model.appointment import AppointmentKind, BookPlan
from backoffice.model.code import Purpose
from backoffice.model.ids import CustomerId
from backoffice.model.subscription import Subscription, SubscriptionState
from backoffice.service import subscription_rules
from backoffice.service.appointment_rules import OFFERS, bookable, hours_on, starts_on
from backoffice.service.journeys import parse_phone
from backoffice.working_days import WorkingDays

pytestmark = pytest.mark.usefixtures("shop_restored_after")
AOIFE = "aoife.brennan@example.com"
CALENDAR = WorkingDays()
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
WORKSHOP = datetime(2026, 11, 28, 11, 0, tzinfo=UTC)
BOX = Subscription("S-1", CustomerId("a"), "Bean Box", "AW-401", 1, 4, SubscriptionState.ACTIVE, date(2026, 11, 25))


def confirmed(backoffice: Backoffice, post: Any, email: str = AOIFE, conversation: str = "c1") -> None:
    backoffice.codes.send_code(conversation, message_id="code", email=email)
    assert backoffice.codes.check_code(conversation, post.code(), message_id="typed").outcome == "confirmed"


def act(key: str = "k1", conversation: str = "c1") -> Act:
    return Act(conversation, f"m-{key}", key)


def book(backoffice: Backoffice, key: str = "k1", conversation: str = "c1", persons: int = 1, **parts: Any) -> Any:
    at, kind = parts.get("at", WORKSHOP), parts.get("kind", AppointmentKind.COFFEE_WORKSHOP)
    plan = backoffice.appointments.preview_booking(kind, at, persons)
    assert isinstance(plan, BookPlan)
    return backoffice.appointments.book(
        act(key, conversation), kind, at, name="A", email=AOIFE, agreed_to=plan.token, persons=persons
    )


def test_a_subscription_is_paused_and_ended_by_its_customer_only(backoffice: Backoffice, post: Any) -> None:
    confirmed(backoffice, post)
    desk = backoffice.subscriptions
    (box,) = desk.subscriptions("c1")
    plan = desk.preview_pause("c1", box.number, date(2027, 1, 10))
    done = desk.pause(act(), box.number, date(2027, 1, 10), agreed_to=plan.token)
    assert desk.pause(act(), box.number, date(2027, 1, 10), agreed_to=plan.token) == done
    assert desk.subscriptions("c1")[0].paused_until == date(2027, 1, 10)
    assert desk.preview_end("c1", "S-400124") == Refusal(Reason.NOT_FOUND)
    assert desk.end(act("k2"), "S-400124", agreed_to="x") == Refusal(Reason.NOT_FOUND)
    assert isinstance(desk.end(act("k3"), box.number, agreed_to=desk.preview_end("c1", box.number).token), Done)
    assert desk.preview_end("c1", box.number).reason is Reason.ALREADY_DONE


def test_the_parcel_of_the_next_two_days_still_comes() -> None:
    told = [subscription_rules.end(BOX, date(2026, 11, day)) for day in (22, 23, 24, 25)]
    assert [one.last_parcel for one in told] == [None, None, date(2026, 11, 25), date(2026, 11, 25)]
    assert [one.policy for one in told[1:3]] == ["subscriptions-cancel", "subscriptions-missed-deadline"]


def test_a_pause_lasts_three_months_at_most() -> None:
    today = date(2026, 11, 30)
    assert not isinstance(subscription_rules.pause(BOX, date(2027, 2, 28), today), Refusal)
    assert subscription_rules.pause(BOX, date(2027, 3, 1), today).day == date(2027, 2, 28)
    assert subscription_rules.pause(BOX, today, today).reason is Reason.TOO_EARLY


def test_opening_hours_are_those_of_the_knowledge() -> None:
    assert [hours_on(date(2026, 11, day), CALENDAR) is None for day in range(23, 30)] == [False] * 6 + [True]
    assert str(hours_on(date(2026, 11, 28), CALENDAR)[1]) == "16:00:00"
    assert hours_on(date(2026, 12, 25), CALENDAR) is None
    assert hours_on(date(2026, 12, 26), CALENDAR) is None
    assert hours_on(date(2026, 12, 28), CALENDAR) is not None  # store-christmas-hours-2026
    assert hours_on(date(2026, 4, 3), CALENDAR) is not None  # Good Friday: store-public-holidays


def test_slots_keep_to_local_time_when_the_clocks_change() -> None:
    offer = OFFERS[AppointmentKind.DROP_OFF]
    winter, summer = (next(starts_on(date(2027, 3, day), offer, CALENDAR)) for day in (26, 30))
    assert (winter.astimezone(UTC).hour, summer.astimezone(UTC).hour) == (10, 9)


@pytest.mark.parametrize(
    ("at", "reason"),
    [
        (NOON, Reason.TOO_LATE),
        (datetime(2026, 11, 29, 12, tzinfo=UTC), Reason.CLOSED),
        (datetime(2026, 12, 25, 12, tzinfo=UTC), Reason.CLOSED),
        (datetime(2026, 11, 24, 18, tzinfo=UTC), Reason.NO_SUCH_TIME),
        (datetime(2026, 11, 24, 12, 7, tzinfo=UTC), Reason.NO_SUCH_TIME),
        (datetime(2027, 6, 1, 12, tzinfo=UTC), Reason.TOO_EARLY),
    ],
)
def test_times_that_cannot_be_booked_say_why(at: datetime, reason: Reason) -> None:
    assert bookable(OFFERS[AppointmentKind.DROP_OFF], at, NOON, CALENDAR).reason is reason


def test_places_of_a_workshop_are_never_sold_twice(build: Callable[[], Backoffice], database: Database) -> None:
    backoffice = build()
    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda n: book(backoffice, f"k{n}", f"c{n}"), range(8)))

    assert sorted(isinstance(one, Done) for one in told) == [False] * 2 + [True] * 6
    assert backoffice.appointments.slots(AppointmentKind.COFFEE_WORKSHOP, WORKSHOP.date())[0].starts_at != WORKSHOP
    with database.reading() as session:
        assert session.scalar(select(func.sum(BookingRow.persons))) == 6
        assert session.scalar(select(func.count()).select_from(AuditRow).where(AuditRow.action.like("%.book"))) == 6


def test_a_booking_is_made_once_moved_and_cancelled_and_its_place_is_free_again(
    build: Callable[[], Backoffice], database: Database
) -> None:
    backoffice = build()
    done = book(backoffice, persons=2)
    assert (book(backoffice, persons=2), done.plan.price.minor) == (done, 70_00)
    desk, later = backoffice.appointments, WORKSHOP + timedelta(hours=3)
    moved = desk.preview_move("c1", done.reference, later)
    assert isinstance(desk.move(act("k2"), done.reference, later, agreed_to=moved.token), Done)
    plan = desk.preview_cancel("c1", done.reference)
    assert (plan.starts_at, plan.refund.minor, plan.policy) == (later, 70_00, "appointments-coffee-workshop-cancel")
    assert isinstance(desk.cancel(act("k3"), done.reference, agreed_to=plan.token), Done)
    assert desk.preview_cancel("c1", done.reference).reason is Reason.ALREADY_DONE
    with database.reading() as session:
        assert set(session.scalars(select(SlotRow.taken))) == {0}


def test_a_workshop_cannot_be_cancelled_in_its_last_day_but_a_drop_off_can(
    backoffice: Backoffice, clock: StoppedClock
) -> None:
    workshop = book(backoffice)
    clock.time = WORKSHOP - timedelta(hours=23)
    drop_off = book(backoffice, "k2", at=WORKSHOP, kind=AppointmentKind.DROP_OFF)

    assert backoffice.appointments.preview_cancel("c1", workshop.reference).reason is Reason.TOO_LATE
    assert not isinstance(backoffice.appointments.preview_cancel("c1", drop_off.reference), Refusal)


def test_a_booking_of_another_conversation_is_not_there_but_for_its_customer(backoffice: Backoffice) -> None:
    number = book(backoffice).reference
    assert backoffice.appointments.booking_for("c2", number) is None
    assert backoffice.appointments.cancel(act("k2", "c2"), number, agreed_to="x") == Refusal(Reason.NOT_FOUND)
    backoffice.access.verify("c2", order_number="10046", email=AOIFE, message_id="v")
    assert backoffice.appointments.booking_for("c2", number).number == number


def test_the_address_changes_by_a_code_to_the_new_one_and_the_old_one_is_told(
    backoffice: Backoffice, post: Any
) -> None:
    confirmed(backoffice, post)
    assert backoffice.account.change_email(act()) == Refusal(Reason.WRONG_CODE, "account-change-email")
    backoffice.codes.send_code_to_new_address("c1", message_id="m1", email="new@example.com")
    backoffice.codes.check_code("c1", post.code(), message_id="m2", purpose=Purpose.NEW_EMAIL)
    assert isinstance(backoffice.account.change_email(act("k2")), Done)
    assert backoffice.access.verified_customer("c1").email == "new@example.com"
    assert post.next().to == AOIFE


def test_what_one_address_has_proved_does_not_count_for_the_next_one(
    backoffice: Backoffice, post: Any, clock: StoppedClock
) -> None:
    confirmed(backoffice, post)
    backoffice.codes.send_code_to_new_address("c1", message_id="m1", email="first@example.com")
    backoffice.codes.check_code("c1", post.code(), message_id="m2", purpose=Purpose.NEW_EMAIL)
    clock.move(minutes=2)
    backoffice.codes.send_code_to_new_address("c1", message_id="m3", email="second@example.com")
    assert backoffice.account.change_email(act()).reason is Reason.WRONG_CODE
    assert backoffice.access.verified_customer("c1").email == AOIFE


def test_an_address_that_somebody_else_has_is_not_taken(backoffice: Backoffice, post: Any) -> None:
    confirmed(backoffice, post)
    backoffice.codes.send_code_to_new_address("c1", message_id="m1", email="fionn@example.net")
    backoffice.codes.check_code("c1", post.code(), message_id="m2", purpose=Purpose.NEW_EMAIL)

    assert backoffice.account.change_email(act()).reason is Reason.ADDRESS_TAKEN
    assert backoffice.access.verified_customer("c1").email == AOIFE


def test_a_phone_number_is_read_as_its_country_writes_it(backoffice: Backoffice, post: Any) -> None:
    assert parse_phone("(091) 555 0199", "IE") == "+353915550199"
    assert parse_phone("no phone", "IE") is None
    confirmed(backoffice, post)
    plan = backoffice.account.preview_phone("c1", "091 555 0199")
    assert isinstance(backoffice.account.change_phone(act(), "091 555 0199", agreed_to=plan.token), Done)
    assert backoffice.account.preview_phone("c1", "12").reason is Reason.INVALID


def test_deletion_waits_for_what_is_open_and_keeps_invoices(backoffice: Backoffice, post: Any) -> None:
    confirmed(backoffice, post)
    waits = backoffice.account.preview_deletion("c1")
    assert (waits.reason, set(waits.about)) == (Reason.OPEN_BUSINESS, {"10041", "10046", "S-400118"})
    backoffice.access.verify("c2", order_number="10024", email="emily.carter@example.org", message_id="v")
    assert "10035" in backoffice.account.preview_deletion("c2").about
    confirmed(backoffice, post, "tomasz.zielinski@example.com", "c3")
    plan = backoffice.account.preview_deletion("c3")
    assert (plan.done_by, plan.invoices_kept_years) == (date(2026, 12, 23), 6)
    done = backoffice.account.request_deletion(act("k1", "c3"), agreed_to=plan.token)
    assert backoffice.account.request_deletion(act("k1", "c3"), agreed_to=plan.token) == done
    assert backoffice.account.request_deletion(act("k2", "c3"), agreed_to=plan.token).reason is Reason.ALREADY_DONE


def test_a_lead_and_a_note_are_kept_once(build: Callable[[], Backoffice], database: Database) -> None:
    backoffice = build()
    few = backoffice.account.preview_lead(company="Inn", email="a@example.com", wants="Wren", pieces=9)
    assert few.reason is Reason.INVALID
    lead = backoffice.account.preview_lead(company="Inn", email="a@example.com", wants="Wren", pieces=10)
    assert lead.answer_by == date(2026, 11, 24)
    assert backoffice.account.add_lead(act(), lead) == backoffice.account.add_lead(act(), lead)
    ticket = backoffice.tickets.open_ticket(
        idempotency_key="k", conversation_id="c1", reason="complaint", summary="late"
    ).number
    for _ in range(2):
        assert isinstance(backoffice.account.add_note(act(), ticket, "still late"), Done)
    assert backoffice.account.add_note(act("k2", "c2"), ticket, "not mine") == Refusal(Reason.NOT_FOUND)
    with database.reading() as session:
        assert session.scalars(select(TicketNoteRow.text)).all() == ["still late"]
        assert session.scalar(select(func.count()).select_from(LeadRow)) == 1
