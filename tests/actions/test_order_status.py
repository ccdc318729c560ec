"""Order status: told to its customer, and nothing to anybody else."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from actions.bootstrap import Services
from actions.order_words import sentence_for
from answering.model import Answer, Citation
from backoffice.adapters.mail import MemoryPost
from backoffice.model.order_view import LateStep, OrderStatus
from tests.actions.conftest import NOON, ScriptedLadder
from tests.actions.dialogue_files import read_domain
from tests.actions.journey_player import Player

AOIFE = "aoife.brennan@example.com"


async def asks_for(player: Player, number: str, email: str, message_id: str | None = None) -> list[str]:
    return await player.says(f"where is {number} {email}", "order_status", message_id=message_id)


async def test_the_right_pair_is_told_the_status(services: Services) -> None:
    player = Player(services)
    assert await asks_for(player, "10046", AOIFE) == ["utter_order_in_transit"]
    assert player.slots["order_number"] is None, "a filled slot would not be asked again next time"


@pytest.mark.parametrize(
    ("number", "email"), [("10046", "cian.murphy@example.org"), ("10999", AOIFE), ("10999", "nobody@example.com")]
)
async def test_whichever_was_wrong_the_words_are_the_same(services: Services, number: str, email: str) -> None:
    player = Player(services)
    assert await asks_for(player, number, email) == ["utter_verification_failed"]
    assert player.slots["requested_slot"] == "order_number"
    assert player.messages[-1]["tries_left"] == "2"


async def test_the_third_wrong_try_locks_and_offers_a_person(services: Services) -> None:
    player = Player(services)
    for number in ("10047", "10048", "10049"):
        said = await asks_for(player, number, AOIFE)
    assert said == ["utter_verification_locked"]
    assert await asks_for(player, "10046", AOIFE) == ["utter_verification_locked"]


@pytest.mark.parametrize("email", [AOIFE, "x@example.com"], ids=["the right pair", "a wrong pair"])
async def test_whom_a_strangers_tries_keep_out_is_told_until_when(services: Services, email: str) -> None:
    for number in range(12):
        tried = {"order_number": "10046", "email": f"stranger{number}@example.com", "message_id": f"m{number}"}
        services.backoffice.access.verify(f"stranger-{number // 3}", **tried)
    player = Player(services)
    assert await asks_for(player, "10046", email) == ["utter_verification_closed"]
    assert player.messages[-1]["until"] == "13:00"
    assert player.slots["pending_offer"] == "person"


async def test_a_repeated_message_costs_no_second_try(services: Services) -> None:
    for _ in range(5):
        player = Player(services)
        await asks_for(player, "10046", "x@example.com", message_id="same")
    assert player.messages[0]["tries_left"] == "2"


@pytest.mark.parametrize("number", ["10047", "10999"])
async def test_a_verified_customer_hears_nothing_of_anothers_order(services: Services, number: str) -> None:
    player = Player(services)
    await asks_for(player, "10046", AOIFE)
    said = await player.says(f"and where is {number}", "order_status")
    assert said == ["utter_order_not_yours", "utter_ask_which_order"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("where is 10032 marta.esteves@example.org", "utter_order_delivered_before"),  # handed to the customer
        ("status of 10038 s.nolan@example.net", "utter_order_delivered_before"),  # nobody misses it
        ("where is 10038 s.nolan@example.net", "utter_order_delivered"),
        ("10038 still has not turned up s.nolan@example.net", "utter_order_delivered"),
        ("10023 niamh.osullivan@example.com please", "utter_order_part_return_announced"),
        ("where is 10012 aoife.brennan@example.com", "utter_order_refunded_before"),
    ],
)
async def test_a_delivered_order_is_told_with_what_came_back_and_where_to_look_only_if_it_is_missed(
    services: Services, words: str, said: str
) -> None:
    assert await Player(services).says(words, "order_status") == [said]


async def test_an_order_that_is_sent_back_whole_is_told_by_its_return(services: Services, post: MemoryPost) -> None:
    player = Player(services)
    await player.says(f"return the headphones of 10026, they are too tight. {AOIFE}", "return_item")
    await player.clicks("Yes")
    found = re.search(r"\b\d{6}\b", post.sent[-1].text)
    assert found
    await player.says(found[0], "inform")
    assert await player.says("where is 10026", "order_status") == ["utter_order_return_announced"]


@pytest.mark.parametrize(
    ("words", "said", "follows"),
    [
        ("give me my money back for 10024, it never came.", "never_came", "utter_ask_missing_parcel_form_wish"),
        ("my refund for 10024 has not arrived", "none_yet", "utter_ask_return_reason"),
    ],
)
async def test_the_money_for_what_never_came_is_no_return(
    services: Services, words: str, said: str, follows: str
) -> None:
    player = Player(services)
    assert await player.says(f"{words} emily.carter@example.org", "refund_status") == [f"utter_refund_{said}"]
    assert (await player.says("yes please", "affirm"))[0] == follows


async def test_why_a_refund_is_less_is_told_with_the_amounts(services: Services) -> None:
    player = Player(services)
    await player.says("my refund was short by a fiver why", "refund_status")
    assert await player.says(f"10012 {AOIFE}", "inform") == ["utter_refund_less_postage"]
    told = player.messages[-1]
    assert (told["refund"], told["goods"], told["postage"]) == ("€54.05 to your Visa card", "€59.00", "€4.95")
    assert await player.says("and did it arrive, 10012", "refund_status") == ["utter_order_refunded_before"]


def test_every_demo_order_fills_a_response_of_the_domain(services: Services) -> None:
    responses = read_domain()["responses"]
    access, orders = services.backoffice.access, services.backoffice.orders
    seen = set()
    for number, email in demo_orders():
        assert access.verify(number, order_number=number, email=email, message_id="m").verified
        order = orders.order_for(number, number)
        assert order is not None
        for today in (NOON.date(), NOON.date() + timedelta(days=90)):
            sentence = sentence_for(order, today)
            text = responses[sentence.response][0]["text"].format(**sentence.values)
            assert "{" not in text
            assert "None" not in text
        seen.add(order.lateness.next if order.lateness else order.status)
    known = {f"utter_order_{status.value}" for status in OrderStatus}
    known |= {f"utter_order_late_{step.value}" for step in LateStep}
    assert known <= responses.keys(), "a state without a sentence would fail the turn"
    assert len(seen) >= 14, "the demo company shows nearly every state"


def demo_orders() -> list[tuple[str, str]]:
    """Number and e-mail of each demo order, from the files the demo is seeded from."""
    files = sorted(Path("backoffice/demo").glob("orders-*.yaml"))
    orders = [order for path in files for order in yaml.safe_load(path.read_text("utf-8"))["orders"]]
    return [(str(order["number"]), order["customer"]) for order in orders]


@pytest.mark.parametrize("text", ["and when exactly", "ok whats the hold up", "why is it so late?"])
async def test_how_it_goes_on_is_asked_of_the_order_just_told(services: Services, text: str) -> None:
    player = Player(services)
    await asks_for(player, "10046", AOIFE)
    assert await player.says(text, "nlu_fallback") == ["utter_order_on_time_sent"]
    assert player.messages[0]["number"] == "10046"


async def test_when_is_no_longer_asked_of_an_order_after_something_else_was_told(
    services: Services, ladder: ScriptedLadder
) -> None:
    player = Player(services)
    await asks_for(player, "10046", AOIFE)
    ladder.reply = Answer("entry", "On Saturdays.", (Citation("known", "Workshop"),), relevance=0.9)
    await player.says("is there a coffee workshop", "ask_workshop")
    assert "utter_order_on_time_sent" not in await player.says("and when exactly", "nlu_fallback")
