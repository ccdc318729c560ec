"""Journeys of the account, appointments and tickets, where a conversation over REST would be too coarse."""

import re
from datetime import UTC, datetime, time, timedelta

import pytest

from actions.bootstrap import Services
from actions.places import country_in
from actions.promo_code import known_code_in
from actions.when import day_after, day_in, time_in
from backoffice.adapters.mail import MemoryPost
from backoffice.model.appointment import AppointmentKind
from backoffice.service.promotions import load_promotions
from tests.actions.conftest import Clock
from tests.actions.journey_player import Player

MONDAY = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
AOIFE, TOMASZ = "aoife.brennan@example.com", "tomasz.zielinski@example.com"


@pytest.fixture
def player(services: Services) -> Player:
    return Player(services)


def code_in(post: MemoryPost, to: str) -> str:
    letter = next(mail for mail in reversed(post.sent) if mail.to == to)
    found = re.search(r"\b\d{6}\b", letter.text)
    assert found
    return found[0]


async def booked(player: Player, day: str = "friday at 3pm") -> str:
    """The number of a drop-off for Maeve Kelly."""
    await player.says(f"repair drop off {day}", "book_appointment")
    await player.says("Maeve Kelly")
    await player.says("maeve@example.com")
    await player.clicks("Yes")
    assert player.said == ["utter_done_book_appointment"]
    return str(player.slots["last_booking"])


@pytest.mark.parametrize(
    ("words", "day", "at"),
    [
        ("friday 3pm", "2026-11-27", "15:00"),
        ("wensday 10.30", "2026-11-25", "10:30"),
        ("3/12 at 10", "2026-12-03", "10:00"),
        ("for 6 people on 5 dec at half two", "2026-12-05", "14:30"),
        ("the day after tomorrow, quarter past 3", "2026-11-25", "15:15"),
        ("2 december", "2026-12-02", None),
        ("last monday", "2026-11-16", None),
        ("we are 3 and like coffee", None, None),
        ("thank you", None, None),
    ],
)
def test_days_and_times_are_read_in_the_shops_zone(words: str, day: str | None, at: str | None) -> None:
    found = day_in(words, MONDAY)
    assert (found.isoformat() if found else None) == day
    assert time_in(words) == (time.fromisoformat(at) if at else None)


def test_after_midnight_at_the_shop_tomorrow_is_the_shops_tomorrow() -> None:
    summer = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)  # half past midnight in Dublin
    assert str(day_in("tomorrow", summer)) == "2026-07-03"


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("for two months", "2027-01-23"),
        ("2 weeks", "2026-12-07"),
        ("until mid january", "2027-01-15"),
        ("till the end of january", "2027-01-31"),
        ("until 3 feb", "2027-02-03"),
        ("for a bit", None),
    ],
)
def test_the_end_of_a_pause_is_read_from_a_day_or_a_length(words: str, day: str | None) -> None:
    found = day_after(words, MONDAY)
    assert (found.isoformat() if found else None) == day


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("do you ship to norwayy", "NO"),
        ("is northern ireland included", "GB"),
        ("to the US?", "US"),
        ("can you send us something", None),
        ("tenerife", "IC"),
        ("new zealand", "NZ"),
        ("do you send by mail", None),
    ],
)
def test_countries_are_read_by_name(words: str, code: str | None) -> None:
    assert country_in(words) == code


async def test_an_appointment_is_booked_moved_by_an_hour_and_cancelled(player: Player, services: Services) -> None:
    number = await booked(player)
    await player.says("could I come an hour later", "change_appointment")
    assert player.said == ["utter_read_back_change_appointment"]
    await player.clicks("Yes")
    booking = services.backoffice.appointments.booking_for(player.name, number)
    assert booking
    assert booking.starts_at == datetime(2026, 11, 27, 16, 0, tzinfo=UTC)
    await player.says("cancel it", "cancel_appointment")
    await player.clicks("Yes")
    assert player.said == ["utter_done_cancel_appointment"]


async def test_a_slot_that_somebody_took_in_between_is_not_booked_twice(player: Player, services: Services) -> None:
    await player.says("repair drop off friday at 3pm", "book_appointment")
    await player.says("Maeve Kelly")
    await player.says("maeve@example.com")
    other = Player(services, name="quicker")
    await booked(other)
    said = await player.clicks("Yes")
    assert said[0] == "utter_appointment_full"
    slots = services.backoffice.appointments.slots(AppointmentKind.DROP_OFF, MONDAY.date().replace(day=27))
    assert datetime(2026, 11, 27, 15, 0, tzinfo=UTC) not in [slot.starts_at for slot in slots]


async def test_a_booking_is_not_shown_to_another_conversation(player: Player, services: Services) -> None:
    number = await booked(player)
    stranger = Player(services, name="stranger")
    assert await stranger.says(f"cancel {number}", "cancel_appointment") == [
        "utter_ask_order_number_cancel_appointment"
    ]
    said = await stranger.says(f"10028 {TOMASZ}")
    assert said[0] == "utter_booking_not_found"
    booking = services.backoffice.appointments.booking_for(player.name, number)
    assert booking
    assert booking.cancelled_at is None


async def test_correcting_the_day_at_the_read_back_keeps_the_hour_where_it_is_free(player: Player) -> None:
    await player.says("repair drop off friday at 3pm", "book_appointment")
    await player.says("Maeve Kelly")
    await player.says("maeve@example.com")
    assert await player.says("no, saturday", "correct_detail") == ["utter_read_back_book_appointment"]
    assert player.messages[0]["when"] == "Saturday 28 November at 15:00"


async def test_a_day_that_is_full_is_answered_otherwise_each_time(
    player: Player, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = services.backoffice.appointments.slots
    monkeypatch.setattr(
        services.backoffice.appointments, "slots", lambda kind, on: () if str(on) == "2026-11-27" else free(kind, on)
    )
    first = await player.says("drop off my kettle on friday at 3pm", "book_appointment")
    assert first == ["utter_appointment_day_full", "utter_ask_nearest_day"]
    assert await player.says("but friday would suit me") == ["utter_nearest_days"]
    assert [button["title"] for button in player.messages[0]["buttons"]] == [
        "Wednesday 25 November",
        "Thursday 26 November",
        "Saturday 28 November",
    ]
    assert await player.says("friday for the repair", "book_appointment") == ["utter_person_instead"]
    assert player.slots["pending_offer"] == "person"
    assert await player.says("friday") == ["utter_nearest_days"]
    assert (await player.clicks("Thursday"))[0] in {"utter_ask_visitor_name", "utter_ask_which_time"}


async def test_a_day_named_before_the_kind_is_asked_anew_where_that_kind_has_no_room(player: Player) -> None:
    await player.says("an appointment on thursday please", "book_appointment")
    assert player.said == ["utter_ask_appointment_kind"]
    assert await player.says("the coffee workshop") == ["utter_appointment_other_weekdays", "utter_ask_nearest_day"]
    assert player.messages[0]["weekdays"] == "Wednesdays and Saturdays"
    assert (await player.clicks("Saturday"))[0] == "utter_ask_which_time"


async def test_a_day_without_room_for_the_kind_that_is_told_later_is_no_dead_end(player: Player) -> None:
    await player.says("I'd like an appointment", "book_appointment")
    await player.says("thursday", "inform")
    assert await player.says("the coffee workshop") == ["utter_appointment_other_weekdays", "utter_ask_nearest_day"]
    assert (await player.clicks("Saturday"))[0] == "utter_ask_which_time"


async def test_a_remark_about_today_books_nothing(player: Player) -> None:
    await player.says("I'd like an appointment", "book_appointment")
    await player.says("nice weather today isn't it", "nlu_fallback")
    assert player.slots["appointment_day"] is None


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("next friday", "2026-12-04"),
        ("the friday of next week", "2026-12-04"),
        ("next week on friday", "2026-12-04"),
        ("this friday", "2026-11-27"),
        ("My sister was here on Sunday. Could we say Tuesday?", "2026-12-01"),
        ("saturday instead of friday", "2026-11-28"),
        ("from friday to monday", "2026-11-30"),
        ("I'm free from monday", "2026-11-30"),
    ],
)
def test_of_several_days_the_one_that_is_wanted_is_read(words: str, day: str) -> None:
    assert str(day_in(words, datetime(2026, 11, 25, 9, tzinfo=UTC))) == day


async def test_people_in_a_correction_are_no_wish_for_a_person(player: Player) -> None:
    await player.says("cofee workshop for 4 people saturday at 11", "book_appointment")
    await player.says("Sinead O'Connor")
    await player.says("sinead@example.com")
    assert player.said == ["utter_read_back_book_appointment_paid"]
    await player.says("wait make it 2 people", "request_human")
    assert player.said == ["utter_read_back_book_appointment_paid"]
    assert player.messages[0]["people"] == "2 people"
    assert await player.says("a person please", "request_human") != ["utter_read_back_book_appointment_paid"]


async def test_a_new_address_takes_both_codes_and_the_old_one_gets_a_notice(
    player: Player, services: Services, post: MemoryPost
) -> None:
    assert await player.says("change my mail to tomasz@example.org", "change_contact_details") == [
        "utter_ask_order_number_change_contact_details"
    ]
    await player.says(f"10028 {TOMASZ}")
    assert player.said == ["utter_new_code_sent"]
    assert await player.says("123456", "correct_detail") == ["utter_new_code_wrong", "utter_ask_new_code_again"]
    assert await player.says(code_in(post, "tomasz@example.org")) == ["utter_read_back_change_email"]
    await player.clicks("Yes")
    assert player.said == ["utter_code_sent"]
    assert await player.says(code_in(post, TOMASZ)) == ["utter_done_change_email"]
    assert post.sent[-1].to == TOMASZ
    found = services.backoffice.access.verified_customer(player.name)
    assert found
    assert found.email == "tomasz@example.org"


async def test_another_code_for_the_new_address_is_sent_when_asked_for(
    player: Player, post: MemoryPost, clock: Clock
) -> None:
    await player.says("change my mail to tomasz@example.org", "change_contact_details")
    assert await player.says(f"10028 {TOMASZ}") == ["utter_new_code_sent"]
    clock.at += timedelta(minutes=2)
    assert await player.says("could i get a new code", "promo_code_problem") == ["utter_new_code_sent"]
    await player.says("123456")
    clock.at += timedelta(minutes=2)
    assert await player.clicks("Send another code") == ["utter_new_code_sent"]
    assert await player.says(code_in(post, "tomasz@example.org")) == ["utter_read_back_change_email"]


async def test_an_address_beside_a_new_phone_number_is_the_customers_own(player: Player) -> None:
    said = await player.says(f"new phone 087 555 0199, order 10028 {TOMASZ}", "change_contact_details")
    assert said == ["utter_read_back_change_phone"]
    assert player.messages[0]["phone"] == "+353 87 555 0199"


async def test_no_code_goes_to_a_new_address_before_it_is_known_who_asks(player: Player, post: MemoryPost) -> None:
    await player.says("change my mail to victim@example.org", "change_contact_details")
    assert post.sent == []


async def test_who_asks_about_an_open_order_cannot_be_deleted_and_is_told_which(player: Player) -> None:
    said = await player.says(f"delete me 10046 {AOIFE}", "delete_my_data")
    assert said[0] == "utter_deletion_open_business"
    assert "10046" in player.messages[0]["about"]


async def test_a_ticket_gets_the_customers_words_once(player: Player, services: Services) -> None:
    await player.says("a person please", "request_human")
    player.form = None  # the address for the reply is another form's business
    await player.says("add to my ticket that the lid is cracked", "open_ticket")
    assert player.said == ["utter_ticket_note_added"]
    ticket = services.backoffice.tickets.ticket_for(player.name, str(player.slots["ticket_number"]))
    assert ticket


async def test_a_new_ticket_for_something_to_add_asks_what_before_the_address(player: Player) -> None:
    said = await player.says("there is something else to add to my case", "open_ticket")
    assert said == ["utter_ticket_opened", "utter_ask_ticket_note"]
    assert await player.says("the spout drips as well", "report_damaged_item") == ["utter_ticket_note_added"]
    assert player.messages[0]["ticket"] == player.slots["ticket_number"]
    assert player.form == "contact_form", "where to reply is asked after it"


async def test_a_new_ticket_whose_detail_was_said_asks_for_the_address_at_once(player: Player) -> None:
    assert await player.says("add to my case that the spout drips", "open_ticket") == ["utter_ticket_opened"]
    assert player.form == "contact_form"


async def test_what_is_added_may_sound_like_another_request(player: Player) -> None:
    await player.says("a person please", "request_human")
    player.form = None  # the address for the reply is another form's business
    assert await player.says("I want to add something to my ticket", "ticket_status") == ["utter_ask_ticket_note"]
    assert await player.says("my kettle arrived broken", "report_damaged_item") == ["utter_ticket_note_added"]


async def test_a_ticket_of_another_conversation_needs_its_customer(player: Player, services: Services) -> None:
    await player.says("a person please", "request_human")
    number = player.slots["ticket_number"]
    stranger = Player(services, name="stranger")
    assert await stranger.says(f"status of {number}", "ticket_status") == ["utter_ask_order_number_ticket_status"]


async def test_a_pause_is_not_ended_by_a_stale_yes(player: Player) -> None:
    await player.says(f"end my bean box 10026 {AOIFE}", "cancel_subscription")
    old = player.messages
    await player.says("pause it for two months", "pause_subscription")
    player.messages = old
    said = await player.clicks("Yes")
    assert "utter_code_sent" not in said
    assert player.form == "pause_subscription_form"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("my code BLACKWEEK is refused", "BLACKWEEK"),
        ("the code hello-7q4k does nothing", "HELLO-7Q4K"),
        ("MY CODE DOES NOT WORK", None),
        ("the voucher is not accepted", None),
    ],
)
async def test_a_code_is_told_from_the_words_around_it(player: Player, words: str, code: str | None) -> None:
    await player.says(words, "promo_code_problem")
    assert (player.form is None) == (code is not None)


async def test_a_code_that_is_named_among_shouted_words_is_the_code(player: Player) -> None:
    await player.says("WHAT IS WRONG WITH THE CODE SUMMER26", "promo_code_problem")
    assert player.messages[0]["code"] == "SUMMER26"


def test_whether_a_personal_code_exists_makes_no_difference(services: Services) -> None:
    promotions = services.backoffice.promotions
    assert "HELLO-7Q4K" in {one.code for one in load_promotions()}
    assert known_code_in("HELLO-7Q4K does nothing", promotions) is None
    assert known_code_in("BLACKWEEK does nothing", promotions) == "BLACKWEEK"


@pytest.mark.parametrize("other", ["HELLO-7Q4K", "HELLO-9Z9Z"])
async def test_somebody_elses_code_beside_ones_own_is_told_as_one_that_nobody_knows(player: Player, other: str) -> None:
    said = await player.says(f"my code BLACKWEEK is refused beside {other}", "promo_code_problem")
    assert said == ["utter_promo_works"]


async def test_a_digit_that_is_no_number_is_no_number_of_people(player: Player) -> None:
    await player.says("coffee workshop saturday at 11", "book_appointment")
    assert player.slots["requested_slot"] == "appointment_persons"
    await player.says("²")
    assert player.slots["requested_slot"] == "appointment_persons"


@pytest.mark.parametrize("far", ["31 december 9999", "9999-12-31", "1 january 0001", "0001-01-01"])
async def test_a_day_at_the_end_of_the_calendar_is_only_a_day_that_cannot_be_had(player: Player, far: str) -> None:
    await player.says("repair drop off", "book_appointment")
    await player.says(far)
    assert player.slots["requested_slot"] == "appointment_day"
    await player.says("tomorrow")
    assert player.slots["requested_slot"] == "appointment_time"


@pytest.mark.parametrize(
    ("before", "slot", "value"),
    [
        ("i want to book an appointment", "appointment_kind", "party"),
        ("repair drop off", "appointment_day", "soon"),
        ("repair drop off", "appointment_time", "noon"),
        ("repair drop off friday", "appointment_time", "9999-12-31T23:00+00:00"),
        ("coffee workshop", "appointment_persons", "ten thousand"),
    ],
)
async def test_a_button_that_nobody_offered_chooses_nothing(player: Player, before: str, slot: str, value: str) -> None:
    await player.says(before, "book_appointment")
    await player.says(f'/inform{{"choice": "{slot}:{value}"}}', "inform", {"choice": f"{slot}:{value}"})
    assert player.form == "book_appointment_form"
    assert value not in player.slots.values()


async def test_what_a_button_calls_an_order_number_is_one_or_nothing(player: Player) -> None:
    link = "[your account](https://evil.test)"
    said = await player.says(f'/order_status{{"order_number": "{link}"}}', "order_status", {"order_number": link})
    assert said == ["utter_ask_order_number_order_status"]
    assert link not in str([player.messages, player.slots])


@pytest.mark.parametrize("email", ["a@b", "[here](https://evil.test)"])
async def test_what_a_button_calls_an_address_is_one_or_nothing(player: Player, email: str) -> None:
    await player.says("get me a human", "request_human")
    player.form = None
    await player.says(f'/inform{{"email": "{email}"}}', "inform", {"email": email})
    assert email not in str([player.messages, player.slots])


async def test_a_quote_below_ten_pieces_is_no_quote(player: Player) -> None:
    said = await player.says("price for 4 Tarn kettles for our office", "sales_inquiry")
    assert said[0] == "utter_lead_too_few"
