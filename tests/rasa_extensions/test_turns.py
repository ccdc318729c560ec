"""A turn is whole or did not happen: Rasa's own processor with a neighbour that fails."""

from __future__ import annotations

from typing import Any

from aiohttp import web
from neighbours import Neighbour
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.shared.core.events import ActionExecuted, UserUttered

APOLOGY = "Sorry, that did not work."


async def say(processor: Any, text: str, *, message_id: str = "m1") -> list[dict[str, Any]]:
    channel = CollectingOutputChannel()
    await processor.handle_message(UserMessage(text, channel, "anna", input_channel="rest", message_id=message_id))
    return channel.messages


async def tracker(processor: Any) -> Any:
    return await processor.tracker_store.retrieve_full_tracker("anna")


async def broken(_: web.Request) -> web.Response:
    return web.json_response({"error": "boom"}, status=500)


async def test_text_and_data_of_an_answer_stay_one_message(processor: Any) -> None:
    assert await say(processor, "ask") == [{"recipient_id": "anna", "text": "Done.", "custom": {"kind": "answer"}}]


async def test_a_failed_action_is_said_and_leaves_no_trace(processor: Any, actions: Neighbour) -> None:
    actions.handler = broken
    assert [message["text"] for message in await say(processor, "ask")] == [APOLOGY]
    stored = await tracker(processor)
    assert not stored or not any(isinstance(event, UserUttered) for event in stored.events)


async def test_the_same_message_runs_again_after_a_failure(processor: Any, actions: Neighbour) -> None:
    works, actions.handler = actions.handler, broken
    await say(processor, "ask")
    actions.handler = works
    assert [message["text"] for message in await say(processor, "ask")] == ["Done."]


async def test_nobody_reads_half_a_turn(processor: Any, actions: Neighbour) -> None:
    actions.handler = broken
    assert [message["text"] for message in await say(processor, "tell")] == [APOLOGY]


async def test_a_form_whose_activation_fails_is_not_submitted(processor: Any, actions: Neighbour) -> None:
    async def only_validation_fails(request: web.Request) -> web.Response:
        if (await request.json())["next_action"].startswith("validate_"):
            return await broken(request)
        return web.json_response({"events": [], "responses": []})

    actions.handler = only_validation_fails
    await say(processor, "start")
    assert "action_done" not in [call["next_action"] for call in actions.calls]


async def test_an_action_server_that_is_gone_is_said(processor: Any) -> None:
    processor.action_endpoint.url = "http://127.0.0.1:9/webhook"
    assert [message["text"] for message in await say(processor, "ask")] == [APOLOGY]


async def test_a_tracker_store_that_cannot_be_read_never_makes_the_customer_a_stranger(processor: Any) -> None:
    await say(processor, "start")

    async def lost(*_: Any, **__: Any) -> None:
        raise OSError("disk")

    store = processor.tracker_store._tracker_store
    reads, store.retrieve = store.retrieve, lost
    assert [message["text"] for message in await say(processor, "XL", message_id="m2")] == [APOLOGY]
    store.retrieve = reads
    assert (await tracker(processor)).active_loop_name == "size_form"


async def test_a_dead_intent_service_costs_no_reply(processor: Any, intents: Neighbour) -> None:
    intents.stop()
    await say(processor, "ask")
    stored = await tracker(processor)
    heard = next(event for event in stored.events if isinstance(event, UserUttered))
    assert heard.parse_data["nlu_status"] == "down"
    assert heard.intent_name == "nlu_fallback"


async def test_sentiment_and_urgency_reach_the_tracker(processor: Any) -> None:
    await say(processor, "ask something")
    heard = next(event for event in (await tracker(processor)).events if isinstance(event, UserUttered))
    assert (heard.parse_data["sentiment"], heard.parse_data["urgency"]) == (-0.4, "medium")


async def test_a_turn_without_failure_is_stored_once(processor: Any) -> None:
    await say(processor, "ask")
    events = (await tracker(processor)).events
    assert [event.action_name for event in events if isinstance(event, ActionExecuted)][-2:] == [
        "action_answer",
        "action_listen",
    ]
