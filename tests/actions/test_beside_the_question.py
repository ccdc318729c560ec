"""Answers that say more, less or something else than what was asked."""

from datetime import date, timedelta

import pytest

from actions.bootstrap import Services
from tests.actions.journey_player import Player

AOIFE, NOLAN = "aoife.brennan@example.com", "s.nolan@example.net"


@pytest.fixture
def player(services: Services) -> Player:
    return Player(services)


@pytest.mark.parametrize("text", ["wren", "its a soundbar", "both please", "its 2 yrs old", "its going to portugal"])
async def test_a_detail_without_a_number_is_no_wrong_number(player: Player, text: str) -> None:
    await player.says("cancel my order", "cancel_order")
    assert await player.says(text) == ["utter_kept_number_needed", "utter_ask_order_number"]
    assert player.slots["asked_before"] == "short"
    assert text in player.slots["opening"]


@pytest.mark.parametrize("text", ["10 041", "its 10 041 thanks", f"10 041, {AOIFE}"])
async def test_a_number_with_a_space_in_it_is_read_where_it_is_asked_for(player: Player, text: str) -> None:
    await player.says("cancel my order", "cancel_order")
    await player.says(text)
    assert player.slots["order_number"] == "10041"


async def booking(player: Player, until: str) -> None:
    await player.says("book a coffee workshop", "book_appointment")
    for asked in ("appointment_day", "appointment_time"):
        if player.slots["requested_slot"] == until:
            return
        assert player.slots["requested_slot"] == asked
        await player.clicks("")
    if until == "visitor_name":
        await player.says("just me")


@pytest.mark.parametrize(
    ("until", "text", "told"),
    [
        ("visitor_name", "Ann Lee, ann@lee.ie",
         ("1", "Ann Lee", "ann@lee.ie")),
        ("visitor_name", "two of us, Siobhan Kelly, siobhan.k@example.com",
         ("2", "Siobhan Kelly", "siobhan.k@example.com")),
        ("appointment_persons", "2 of us",
         ("2", None, None)),
        ("appointment_persons", "for 2, Siobhan Kelly",
         ("2", "Siobhan Kelly", None)),
        ("appointment_persons", "two of us, siobhan kelly, siobhan.k@example.com",
         ("2", "Siobhan Kelly", "siobhan.k@example.com")),
    ],
)  # fmt: skip
async def test_who_comes_is_read_from_one_message(
    player: Player, until: str, text: str, told: tuple[str | None, ...]
) -> None:
    await booking(player, until)
    await player.says(text)
    slots = ("appointment_persons", "visitor_name", "visitor_email")
    assert tuple(player.slots.get(slot) for slot in slots) == told


async def test_the_week_after_is_a_week_on(player: Player) -> None:
    await booking(player, "appointment_time")
    first = date.fromisoformat(player.slots["appointment_day"])
    await player.says("actually the week after")
    assert date.fromisoformat(player.slots["appointment_day"]) == first + timedelta(days=7)


@pytest.mark.parametrize("text", ["cancel it", "please cancel the booking", "actually just cancel that please"])
async def test_cancel_it_ends_the_booking_and_no_order(player: Player, text: str) -> None:
    await booking(player, "appointment_time")
    assert (await player.says(text, "cancel_order"))[0] == "utter_stopped_book_appointment"
    assert player.form is None


@pytest.mark.parametrize("text", ["how much for 3 of us", "whats the diff between workshop and drop off"])
async def test_a_question_inside_the_booking_changes_nothing(player: Player, text: str) -> None:
    await booking(player, "appointment_day")
    await player.says(text, "ask_price_of_a_class")
    assert player.slots.get("appointment_persons") is None
    assert player.slots["appointment_kind"] == "coffee_workshop"


async def test_a_skipped_box_is_named_with_the_day_of_the_next_one(player: Player) -> None:
    await player.says(f"skip next box of beans pls, 10041 {AOIFE}", "pause_subscription")
    assert player.said == ["utter_read_back_skip_delivery"]
    assert player.messages[0]["skipped"] == "Wednesday 2 December"
    assert player.messages[0]["until"] == "Wednesday 30 December"


@pytest.mark.parametrize(
    ("first", "told"),
    [
        (f"end my bean box, 10044 {NOLAN}", "utter_parcel_still_comes"),
        (f"end my bean box, 10041 {AOIFE}", "utter_no_parcel_comes"),
    ],
)
async def test_whether_the_next_parcel_still_comes_is_answered_from_the_plan(
    player: Player, first: str, told: str
) -> None:
    await player.says(first, "cancel_subscription")
    assert (await player.says("wait does the one tomorrow still come??", "ask_delivery"))[0] == told
    assert player.form == "cancel_subscription_form"


async def test_a_question_about_something_else_is_no_product(player: Player) -> None:
    await player.says("we need a quote for our office", "sales_inquiry")
    await player.says("any jobs going?", "ask_product")
    assert player.slots.get("lead_wants") is None


@pytest.mark.parametrize("intent", ["stop", "deny", "inform"])
async def test_who_gives_no_address_for_a_quote_is_offered_a_colleague(player: Player, intent: str) -> None:
    await player.says("a quote for 40 kettles", "sales_inquiry")
    await player.says("Harbour Hotels Ltd")
    assert player.slots["requested_slot"] == "lead_email"
    said = await player.says("i'd rather not give you my email", intent)
    assert said[0] == "utter_no_lead_email"
    assert player.form == "sales_lead_form"
