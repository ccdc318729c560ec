"""Orders named by what is in them, whatever the classifier makes of an article's name."""

from typing import Any

import pytest

from actions.fallback import ActionFallback
from actions.flows import ActionStartFlow
from actions.journey.model import LAST_ORDER
from actions.questions import ActionAnswerQuestion
from tests.actions.conftest import Run, ScriptedLadder

AOIFE = "aoife.brennan@example.com"


@pytest.fixture
def verified(services: Any) -> None:
    access = services.backoffice.access
    assert access.verify("checker", order_number="10046", email=AOIFE, message_id="m").verified


@pytest.mark.usefixtures("verified")
@pytest.mark.parametrize("text", ["and the headphones order?", "what about the other headphones parcel"])
async def test_naming_another_order_asks_the_same_of_it(run: Run, text: str) -> None:
    slots = {LAST_ORDER: "10046", "last_journey": "order_status"}
    for action, intent in ((ActionAnswerQuestion, "ask_delivery"), (ActionStartFlow, "cancel_order")):
        said = await run(action, text, intent=intent, sender="checker", **slots)
        assert said.followed_by == "action_fallback"
    said = await run(ActionFallback, text, intent="ask_delivery", sender="checker", **slots)
    assert said.followed_by == "order_status_form"


@pytest.mark.usefixtures("verified")
@pytest.mark.parametrize("text", ["and cancel the headphones order", "can I wash the headphones order bag"])
async def test_more_than_a_name_is_taken_for_what_it_says(run: Run, text: str) -> None:
    slots = {LAST_ORDER: "10046", "last_journey": "order_status"}
    said = await run(ActionStartFlow, text, intent="cancel_order", sender="checker", **slots)
    assert said.followed_by == "cancel_order_form"


@pytest.mark.parametrize(
    "text",
    ["where is my humidifier", "wheres my new speaker?", "Where are my headphones now", "when will my things arrive"],
)
async def test_where_their_article_is_is_an_orders_status(run: Run, text: str) -> None:
    assert (await run(ActionAnswerQuestion, text, intent="product_support")).followed_by == "action_fallback"
    assert (await run(ActionFallback, text, intent="product_support")).followed_by == "order_status_form"


@pytest.mark.parametrize(
    "text",
    [
        "where is the filter in my humidifier",
        "where is my warranty card",
        "where can I buy the humidifier",
        "when is my warranty over",
    ],
)
async def test_where_something_else_is_is_asked_of_the_knowledge(run: Run, ladder: ScriptedLadder, text: str) -> None:
    await run(ActionAnswerQuestion, text, intent="product_support")
    assert ladder.asked
