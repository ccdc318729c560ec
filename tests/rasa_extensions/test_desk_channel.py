"""The gateway's door into Rasa, over HTTP, with Rasa's own processor and a real tracker store behind it."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from uuid import uuid4

import aiohttp
import pytest
import sqlalchemy as sa
from aiohttp import web
from neighbours import Neighbour
from rasa.core.agent import Agent
from rasa.core.channels.channel import register
from rasa.core.tracker_store import FailSafeTrackerStore
from rasa.shared.core.events import BotUttered, UserUttered
from sanic import Sanic

from contracts.secrets import SECRET_HEADER
from rasa_extensions.conversation_lock import ConversationLock
from rasa_extensions.desk_channel import DeskChannel
from rasa_extensions.tracker_store import AppendingSQLTrackerStore

SECRET = "the-secret"
Post = Callable[..., Awaitable[tuple[int, dict[str, Any]]]]


async def broken(_: web.Request) -> web.Response:
    return web.json_response({"error": "boom"}, status=500)


async def starting(_: web.Request) -> web.Response:
    return web.json_response({"error": "not ready"}, status=503)


@pytest.fixture
def agent(processor: Any, tmp_path: Any) -> Agent:
    store = AppendingSQLTrackerStore(domain=processor.domain, dialect="sqlite", db=str(tmp_path / "desk.db"))
    processor.tracker_store = FailSafeTrackerStore(store)
    agent = Agent(domain=processor.domain, lock_store=processor.lock_store)
    agent.processor, agent.tracker_store = processor, processor.tracker_store
    return agent


@pytest.fixture
async def post(agent: Agent, monkeypatch: Any) -> AsyncIterator[Post]:
    monkeypatch.setenv("DESK_SECRET", SECRET)
    monkeypatch.setenv("FRONTDESK_TURN_TIMEOUT_S", "1.5")
    app = Sanic(f"desk_{uuid4().hex[:8]}")
    monkeypatch.setattr(Sanic, "test_mode", True)  # sanic 21 rewrites its own classes, else only once a process
    app.ctx.agent = agent
    register([DeskChannel()], app, route="/webhooks/")
    listener = socket.create_server(("127.0.0.1", 0))
    server = await app.create_server(sock=listener, return_asyncio_server=True, access_log=False)
    await server.startup()
    port = listener.getsockname()[1]
    async with aiohttp.ClientSession(headers={SECRET_HEADER: SECRET}) as session:

        async def send(path: str = "turn", **body: Any) -> tuple[int, dict[str, Any]]:
            body = {"conversation_id": "anna", **body}
            async with session.post(f"http://127.0.0.1:{port}/webhooks/desk/{path}", json=body) as answer:
                return answer.status, await answer.json()

        send.session, send.port = session, port  # type: ignore[attr-defined]
        yield send
    server.close()
    await server.wait_closed()


async def heard(agent: Agent) -> list[str]:
    tracker = await agent.tracker_store.retrieve_full_tracker("anna")
    return [event.message_id for event in (tracker.events if tracker else []) if isinstance(event, UserUttered)]


def slow(actions: Neighbour, gate: asyncio.Event) -> None:
    works, loop = actions.handler, asyncio.get_running_loop()

    async def handler(request: web.Request) -> web.StreamResponse:
        await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(gate.wait(), loop))
        return await works(request)

    actions.handler = handler


async def called(actions: Neighbour, times: int) -> None:
    while len(actions.calls) < times:  # noqa: ASYNC110 - the neighbour lives in another thread
        await asyncio.sleep(0.01)


async def test_a_turn_is_answered_whole(post: Post) -> None:
    status, body = await post(message_id="m1", text="ask")
    assert (status, body) == (
        200,
        {"messages": [{"text": "Done.", "custom": {"kind": "answer"}}], "replayed": False},
    )


async def test_the_same_id_later_is_answered_from_the_tracker(post: Post, agent: Agent, actions: Neighbour) -> None:
    first = await post(message_id="m1", text="ask")
    calls = len(actions.calls)
    await post(message_id="m2", text="tell")
    status, body = await post(message_id="m1", text="ask")
    assert (status, body) == (200, {**first[1], "replayed": True})
    assert [call["next_action"] for call in actions.calls[calls:]] == ["action_twice"]
    assert await heard(agent) == ["m1", "m2"]


async def test_the_same_id_meanwhile_joins_the_turn_that_runs(post: Post, agent: Agent, actions: Neighbour) -> None:
    slow(actions, gate := asyncio.Event())
    both = asyncio.gather(post(message_id="m1", text="ask"), post(message_id="m1", text="ask"))
    await called(actions, 1)
    gate.set()
    one, other = await both
    assert one == other
    assert one[0] == 200
    assert await heard(agent) == ["m1"]


async def test_a_turn_that_takes_too_long_goes_on_and_is_found(post: Post, agent: Agent, actions: Neighbour) -> None:
    slow(actions, gate := asyncio.Event())
    status, body = await post(message_id="m1", text="ask")
    assert (status, body["error"]["type"]) == (504, "turn_timeout")
    gate.set()
    status, body = await post(message_id="m1", text="ask")
    assert (status, [message["text"] for message in body["messages"]]) == (200, ["Done."])
    assert await heard(agent) == ["m1"]


async def test_turns_of_different_conversations_run_at_the_same_time(post: Post, actions: Neighbour) -> None:
    slow(actions, gate := asyncio.Event())
    turns = [asyncio.ensure_future(post(conversation_id=f"c{n}", message_id="m", text="ask")) for n in range(5)]
    await called(actions, 5)
    gate.set()
    assert {status for status, _ in await asyncio.gather(*turns)} == {200}


async def test_a_failed_turn_is_a_typed_error_and_its_retry_runs_it(
    post: Post, agent: Agent, actions: Neighbour
) -> None:
    works, actions.handler = actions.handler, broken
    status, body = await post(message_id="m1", text="tell")
    assert (status, body["error"]["type"]) == (500, "action_raised")
    actions.handler = starting
    status, body = await post(message_id="m1", text="tell")
    assert (status, body["error"]["type"]) == (502, "action_failed")
    actions.handler = works
    status, body = await post(message_id="m1", text="tell")
    assert [message["text"] for message in body["messages"]] == ["First half.", "Done."]
    assert await heard(agent) == ["m1"]


async def test_silence_is_an_error(post: Post, actions: Neighbour) -> None:
    async def silent(_: web.Request) -> web.Response:
        return web.json_response({"events": [], "responses": []})

    actions.handler = silent
    for _ in range(2):  # the second time from the tracker
        status, body = await post(message_id="m1", text="ask")
        assert (status, body["error"]["type"]) == (500, "no_reply")


async def test_only_a_payload_may_name_an_intent(post: Post, agent: Agent) -> None:
    await post(message_id="m1", text="/tell")
    await post(message_id="m2", payload="/tell")
    await post(message_id="m3", payload="/restart")
    tracker = await agent.tracker_store.retrieve_full_tracker("anna")
    assert [event.text for event in tracker.events if isinstance(event, UserUttered)] == ["tell", "/tell", "restart"]


@pytest.mark.parametrize("body", [{}, {"message_id": "m"}, {"message_id": "a b", "text": "x"},
    {"message_id": "m", "text": 3}, {"message_id": "m", "text": "\x00 "}, {"message_id": "m", "text": "x" * 4001},
    {"message_id": "m", "text": "x", "metadata": []}])  # fmt: skip
async def test_a_wrong_body_is_refused(post: Post, body: dict[str, Any]) -> None:
    status, answer = await post(**body)
    assert (status, answer["error"]["type"]) == (422, "validation")


async def test_without_the_secret_nothing_is_done(post: Any, agent: Agent) -> None:
    body = {"conversation_id": "anna", "message_id": "m", "text": "ask"}
    for path in ("turn", "human-part", "erase"):
        url = f"http://127.0.0.1:{post.port}/webhooks/desk/{path}"
        async with post.session.post(url, json=body, headers={SECRET_HEADER: "guess"}) as answer:
            assert answer.status == 401
    assert await heard(agent) == []


async def test_what_a_person_said_is_written_once_and_the_bot_goes_on(post: Post, agent: Agent) -> None:
    _, first = await post(message_id="m1", text="start")  # a form is open when the person comes
    said = [
        {"speaker": "customer", "text": "are you there?", "message_id": "m2"},
        {"speaker": "agent", "text": "Yes, it is on its way.", "name": "Niamh"},
    ]
    assert await post("human-part", part_id="p1", said=said) == (200, {"written": True})
    assert await post("human-part", part_id="p1", said=said) == (200, {"written": False})
    tracker = await agent.tracker_store.retrieve_full_tracker("anna")
    assert tracker.active_loop_name is None
    spoken = [event.text for event in tracker.events if isinstance(event, BotUttered)]
    assert spoken[-2:] == ["Which size?", "Yes, it is on its way."]
    status, body = await post(message_id="m3", text="ask")
    assert (status, [message["text"] for message in body["messages"]]) == (200, ["Done."])
    status, body = await post(message_id="m1", text="start")
    assert body == {**first, "replayed": True}  # not what the person said


async def test_a_turn_that_a_person_cut_off_is_not_remembered_twice(post: Post, agent: Agent) -> None:
    await post(message_id="m1", text="ask")  # two messages asked together; its answer was never told
    said = [
        {"speaker": "customer", "text": "ask", "message_id": "m1", "turn": "m1"},
        {"speaker": "customer", "text": "now", "message_id": "m2", "turn": "m1"},
        {"speaker": "customer", "text": "are you there?", "message_id": "m3", "turn": None},
        {"speaker": "agent", "text": "Yes.", "name": "Niamh", "message_id": "m4"},
        {"speaker": "note", "text": "wants a call", "name": "Niamh", "message_id": None},
    ]
    assert await post("human-part", part_id="p1", said=said) == (200, {"written": True})
    assert await heard(agent) == ["m1", "m3"]


async def test_a_colleagues_answer_leaves_an_open_form_open(post: Post, agent: Agent) -> None:
    await post(message_id="m1", text="start")
    said = [{"speaker": "answer", "text": "Niamh says: yes.", "name": None, "message_id": "m2"}]
    assert await post("human-part", part_id="p1", said=said) == (200, {"written": True})
    tracker = await agent.tracker_store.retrieve_full_tracker("anna")
    assert tracker.active_loop_name is not None
    assert [event.text for event in tracker.events if isinstance(event, BotUttered)][-1] == "Niamh says: yes."


async def test_an_erased_conversation_is_gone(post: Post, agent: Agent) -> None:
    await post(message_id="m1", text="ask")
    status, body = await post("erase")
    assert status == 200
    assert body["events"] > 0
    assert await heard(agent) == []


async def test_one_process_at_a_time_has_a_conversation() -> None:
    address = os.environ.get("TEST_DATABASE_URL")
    if not address:
        pytest.skip("TEST_DATABASE_URL names no PostgreSQL")
    url = sa.engine.make_url(address).set(drivername="postgresql+psycopg2")
    one, other = ConversationLock(sa.create_engine(url)), ConversationLock(sa.create_engine(url))
    assert one.acquire("anna")
    assert one.acquire("anna")
    assert not other.acquire("anna")
    assert other.acquire("ben")
    one.release("anna")
    assert not other.acquire("anna")  # held twice
    one.release("anna")
    assert other.acquire("anna")
    one._connection and one._connection.close()
    other._connection.invalidate()  # its process died
    assert ConversationLock(sa.create_engine(url)).acquire("anna")
