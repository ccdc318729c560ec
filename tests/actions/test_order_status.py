"""Order status: told to its customer, and nothing to anybody else."""

from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from actions.bootstrap import Services
from actions.order_status import ActionShowOrderStatus
from actions.order_words import sentence_for
from backoffice.model.order_view import LateStep, OrderStatus
from tests.actions.conftest import NOON, Run

AOIFE = "aoife.brennan@example.com"


async def test_the_right_pair_is_told_the_status(run: Run) -> None:
    said = await run(ActionShowOrderStatus, order_number="10046", email=AOIFE)
    assert said.responses == ["utter_order_in_transit"]
    assert said.slots["order_number"] is None, "a filled slot would not be asked again next time"


@pytest.mark.parametrize(
    ("number", "email"), [("10046", "cian.murphy@example.org"), ("10999", AOIFE), ("10999", "nobody@example.com")]
)
async def test_whichever_was_wrong_the_words_are_the_same(run: Run, number: str, email: str) -> None:
    said = await run(ActionShowOrderStatus, order_number=number, email=email)
    wrong = await run(ActionShowOrderStatus, order_number="10888", email="x@example.com", message_id="m2")
    assert said.responses == wrong.responses == ["utter_verification_failed"]
    assert said.slots["requested_slot"] == "order_number"


async def test_the_third_wrong_try_locks_and_offers_a_person(run: Run) -> None:
    for number in range(3):
        said = await run(ActionShowOrderStatus, order_number="10046", email="x@example.com", message_id=f"m{number}")
    assert said.responses == ["utter_verification_locked"]
    right_at_last = await run(ActionShowOrderStatus, order_number="10046", email=AOIFE, message_id="m9")
    assert right_at_last.responses == ["utter_verification_locked"]


async def test_a_repeated_message_costs_no_second_try(run: Run) -> None:
    for _ in range(5):
        said = await run(ActionShowOrderStatus, order_number="10046", email="x@example.com", message_id="same")
    assert said.messages[0]["tries_left"] == "2"


async def test_a_verified_customer_hears_nothing_of_anothers_order(run: Run) -> None:
    await run(ActionShowOrderStatus, order_number="10046", email=AOIFE)
    others = await run(ActionShowOrderStatus, order_number="10047", message_id="m2")
    nobodys = await run(ActionShowOrderStatus, order_number="10999", message_id="m3")
    assert others.responses == nobodys.responses == ["utter_order_not_yours"]


def test_every_demo_order_fills_a_response_of_the_domain(services: Services) -> None:
    responses = yaml.safe_load(Path("domain.yml").read_text("utf-8"))["responses"]
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
