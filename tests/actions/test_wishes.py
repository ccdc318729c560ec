"""Words that mention a change, and do not order it."""

import pytest

from actions.bootstrap import Services
from actions.order_facts import Fact, fact_asked
from actions.wishes import wants_a_call
from tests.actions.journey_player import Player

CIAN = "cian.murphy@example.org"


@pytest.fixture
def player(services: Services) -> Player:
    return Player(services)


async def test_whether_it_was_done_is_told_and_nothing_is_proposed_again(player: Player) -> None:
    await player.says(f"cancel 10047, {CIAN}", "cancel_order")
    await player.says("no leave it", "deny")
    said = await player.says("did you cancel it now", "cancel_order")
    assert "utter_read_back_cancel_order" not in said
    assert player.form is None
    assert player.messages[0]["number"] == "10047"


@pytest.mark.parametrize("text", ["dont cancel 10047, just tell me where it is", "do not cancel 10047 yet"])
async def test_a_change_that_is_ruled_out_is_not_begun(player: Player, text: str) -> None:
    said = await player.says(f"{text}, {CIAN}", "cancel_order")
    assert "utter_read_back_cancel_order" not in said


async def test_plus_is_no_subscription(player: Player) -> None:
    await player.says("i want to end my plus", "cancel_subscription")
    assert player.form is None


async def test_inside_a_journey_a_question_begins_no_other(player: Player) -> None:
    await player.says("return 10026, aoife.brennan@example.com", "return_item")
    await player.says("where do I drop it off", "book_appointment")
    assert player.form == "return_item_form"


@pytest.mark.parametrize("text", ["ok whats the refund time", "yes but only if it is free", "ok and where is 10043"])
async def test_no_yes_stands_in_a_question_or_a_condition(player: Player, text: str) -> None:
    await player.says(f"cancel 10047, {CIAN}", "cancel_order")
    await player.says(text, "affirm")
    assert player.slots.get("code_sent") is None
    assert player.slots.get("order_number") == "10047"


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("what did I pay for 10046?", Fact.PAID),
        ("how have we paid for that one", Fact.PAID),
        ("did i use paypal or a card", Fact.PAID),
        ("on which day was it dispatched", Fact.SENT),
        ("when did we buy it", Fact.PLACED),
        ("what was in that order", Fact.CONTENTS),
        ("how do I pay for it", None),
        ("how long have I got to pay", None),
        ("what is in the box of the grinder", None),
        ("where is it and when was it sent", None),
    ],
)
def test_one_thing_of_an_order_is_told_from_what_is_to_be_looked_up(text: str, fact: Fact | None) -> None:
    assert fact_asked(text) is fact


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("could somebody ring me about the refund", True),
        ("i would like a call back tomorrow", True),
        ("please call me", True),
        ("do you call me before you deliver", False),
        ("nobody called me back", False),
        ("can i return the phone", False),
    ],
)
def test_who_wants_to_be_called_wants_a_person(text: str, *, wanted: bool) -> None:
    assert wants_a_call(text) is wanted


async def test_what_was_booked_last_is_cancelled_not_an_order(player: Player) -> None:
    player.slots["last_journey"] = "book_appointment"
    await player.says("can i cancel it", "cancel_order")
    assert player.form == "cancel_appointment_form"


async def test_a_question_about_a_loss_does_not_say_that_nothing_is_at_hand(player: Player) -> None:
    await player.says("cancel my order", "cancel_order")
    assert "utter_no_order_number" not in await player.says("what if my parcel gets lost", "ask_delivery")


async def test_a_subscription_is_ended_though_an_order_is_named(player: Player) -> None:
    await player.says("cancel my bean box S-400124, order 10027", "cancel_order")
    assert player.form == "cancel_subscription_form"


async def test_the_same_order_is_meant_by_what_is_wanted_instead(player: Player) -> None:
    await player.says("cancel 10041", "cancel_order")
    await player.says("actually change the address instead", "change_delivery_address")
    assert player.form == "change_delivery_address_form"
    assert player.slots["order_number"] == "10041"
