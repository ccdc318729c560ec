"""The escalation policy inside Rasa's own processor: it beats an open form, and leaves everything else alone."""

from __future__ import annotations

from typing import Any

from neighbours import Neighbour
from test_turns import say, tracker


def actions_asked(actions: Neighbour) -> list[str]:
    return [call["next_action"] for call in actions.calls]


async def test_it_interrupts_a_form_and_ends_the_turn(processor: Any, actions: Neighbour) -> None:
    await say(processor, "start", message_id="m1")
    actions.calls.clear()
    messages = await say(processor, "tell my solicitor hears of this", message_id="m2")
    assert actions_asked(actions) == ["action_request_handoff"]
    assert [message["text"] for message in messages] == ["Done."], "and the form does not ask again behind it"


async def test_abuse_in_a_form_is_warned_and_the_form_goes_on_afterwards(processor: Any, actions: Neighbour) -> None:
    await say(processor, "start", message_id="m1")
    actions.calls.clear()
    await say(processor, "tell you useless idiots", message_id="m2")
    assert actions_asked(actions) == ["action_warn_abuse"]
    assert (await tracker(processor)).active_loop_name == "size_form"
    await say(processor, "XL", message_id="m3")
    assert "action_done" in actions_asked(actions)


async def test_an_ordinary_message_takes_its_ordinary_way(processor: Any, actions: Neighbour) -> None:
    await say(processor, "ask about the french press", message_id="m1")
    assert actions_asked(actions) == ["action_answer"]
