"""What an action reads of a customer's message."""

from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.turn import Turn


def turn_with(value: Any) -> Turn:
    message = {"text": "/inform", "entities": [{"entity": "order_number", "value": value}]}
    tracker = Tracker(
        "anna", {}, message, [], paused=False, followup_action=None, active_loop={}, latest_action_name=None
    )
    return Turn(tracker, CollectingDispatcher())


@pytest.mark.parametrize("value", ["10046", 10046])
def test_an_entity_is_a_text(value: Any) -> None:
    assert turn_with(value).entity("order_number") == "10046"


@pytest.mark.parametrize("value", [{"a": 1}, [["10046"]], True, None])
def test_an_entity_that_is_no_plain_value_is_none_at_all(value: Any) -> None:
    assert turn_with(value).entity("order_number") is None
