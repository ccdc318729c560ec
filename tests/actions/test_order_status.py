"""Order status: told to its customer, and nothing to anybody else."""

from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from actions.bootstrap import Services
from actions.order_words import sentence_for
from backoffice.model.order_view import LateStep, OrderStatus
from tests.actions.conftest import NOON
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
