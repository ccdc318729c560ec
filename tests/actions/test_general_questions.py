"""A question about how things are, understood as the wish to look something up."""

import pytest

from actions.bootstrap import Services
from answering.model import Answer, Citation
from tests.actions.conftest import ScriptedLadder
from tests.actions.journey_player import Player

ENTRY = Answer("entry", "Five working days.", (Citation("known", "How long it takes"),), relevance=0.9)


@pytest.fixture
def player(services: Services) -> Player:
    return Player(services)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("in how many working days is money back on a card", "refund_status"),
        ("when is a refund usualy there", "refund_status"),
        ("how soon do parcels come in general", "order_status"),
        ("how fast does a ticket get an answer", "ticket_status"),
    ],
)
async def test_a_sure_answer_comes_first_and_the_customers_own_is_offered(
    player: Player, ladder: ScriptedLadder, text: str, intent: str
) -> None:
    ladder.reply = ENTRY
    assert await player.says(text, intent) == ["utter_answer", f"utter_offer_{intent}"]
    assert player.form is None
    await player.says("yes", "affirm")
    assert player.form == f"{intent}_form"


async def test_who_names_an_order_wants_it_looked_up(player: Player, ladder: ScriptedLadder) -> None:
    ladder.reply = ENTRY
    assert await player.says("how long until the refund for 10026 is there", "refund_status") == [
        "utter_ask_email_refund_status"
    ]
    assert ladder.asked == []


async def test_how_it_usually_is_beside_ones_own_order_is_no_general_question(
    player: Player, ladder: ScriptedLadder
) -> None:
    ladder.reply = ENTRY
    said = await player.says("my parcels normally come in two days, where is this one", "order_status")
    assert said == ["utter_ask_order_number_order_status"]
    assert "utter_answer" not in await player.says("card usually works, not with you", "payment_failed")


async def test_what_the_knowledge_does_not_surely_hold_is_looked_up(player: Player) -> None:
    assert await player.says("how many days till a refund lands", "refund_status") == [
        "utter_ask_order_number_refund_status"
    ]


async def test_in_the_middle_of_something_nothing_else_is_offered(player: Player, ladder: ScriptedLadder) -> None:
    ladder.reply = ENTRY
    await player.says("cancel 10047", "cancel_order")
    said = await player.says("how many days does a refund take then", "refund_status")
    assert said == ["utter_answer", "utter_ask_email"]
