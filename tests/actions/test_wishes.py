"""Words that mention a change, and do not order it."""

import pytest

from actions.bootstrap import Services
from actions.order_facts import Fact, fact_asked
from actions.wishes import wants_a_call
from answering.model import Answer, Citation
from tests.actions.conftest import ScriptedLadder
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


@pytest.mark.parametrize(
    "text",
    [
        "does my money earn anything if my refund takes too long",
        "what happens when a refund bounces off a closed account",
        "will you pay it out in cash if I ask for that",
    ],
)
async def test_a_case_that_is_only_thought_of_is_a_question(player: Player, text: str) -> None:
    await player.says(text, "refund_status")
    assert player.form is None


@pytest.mark.parametrize(
    "text", ["can you check if my refund went out", "what if you tell me where my refund for 10026 is"]
)
async def test_an_if_that_asks_to_look_is_no_such_case(player: Player, text: str) -> None:
    await player.says(text, "refund_status")
    assert player.form == "refund_status_form"


async def test_inside_a_journey_a_what_if_begins_no_other(player: Player) -> None:
    await player.says("send something back", "return_item")
    await player.says("and what if the receipt got binned", "request_invoice")
    assert player.form == "return_item_form"


async def test_a_number_that_is_none_of_ours_is_called_so(player: Player) -> None:
    assert await player.says("where has order 48213 got to", "order_status") == [
        "utter_invalid_order_number",
        "utter_ask_order_number_order_status",
    ]


async def test_a_yes_after_a_no_only_asks_again(player: Player) -> None:
    await player.says("cancel 10047", "cancel_order")
    await player.says("nope", "deny")
    assert await player.says("oh wait yes", "affirm") == ["utter_ask_email"]


async def test_the_price_of_a_part_is_not_that_of_its_article(player: Player, ladder: ScriptedLadder) -> None:
    ladder.reply = Answer("entry", "Parts cost from €4.", (Citation("parts", "Spare parts"),), relevance=0.9)
    await player.says("is there a spare jug for the Fern blender", "ask_spare_parts")
    assert "utter_price" not in await player.says("and how much is it", "ask_price")


async def test_goodbye_in_the_middle_asks_nothing_more(player: Player) -> None:
    await player.says("send something back", "return_item")
    assert await player.says("ok bye for now", "goodbye") == ["utter_goodbye_unfinished"]
    assert player.form is None


async def test_what_only_sounds_like_leaving_leaves_the_question_open(player: Player) -> None:
    await player.says("send something back", "return_item")
    assert "utter_goodbye" not in await player.says("see you on tuesday then", "goodbye")
    assert player.form == "return_item_form"


@pytest.mark.parametrize(
    ("text", "intent", "number"),
    [
        ("when is it coming then", "order_status", "10041"),
        ("ok cancel it", "cancel_order", "10041"),
        ("and where is my other one", "order_status", None),
        ("cancel that other order", "cancel_order", None),
    ],
)
async def test_the_order_that_is_spoken_of_is_kept(player: Player, text: str, intent: str, number: str | None) -> None:
    await player.says("how is 10041 doing", "order_status")
    await player.says(text, intent)
    assert player.slots["order_number"] == number


async def test_who_says_at_once_that_there_is_no_number_is_told_where_it_is(player: Player) -> None:
    said = await player.says("the lamp is dead and I don't have the order number", "report_damaged_item")
    assert said == ["utter_no_order_number"]
    assert player.form == "claim_form"


async def test_that_it_is_late_is_no_answer_to_the_question_and_no_riddle(player: Player) -> None:
    await player.says("I want to know about 10041", "order_status")
    assert await player.says("its really late", "goodbye") == ["utter_noted", "utter_ask_email"]
