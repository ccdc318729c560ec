"""To a person and back: one owner at a time, nothing said twice, nobody left in the queue."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from conftest import Running, Talk
from scripted_dialogue import echo
from sqlalchemy import Connection, select

from desk.adapters.sql.tables import handoffs
from desk.errors import NotPossible, StaleVersion
from desk.gateway.model import State
from desk.handoff.ownership import Ownership

SUNDAY = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)


def events(items: list[dict[str, Any]]) -> list[str]:
    return [item["event"] for item in items if item["event"]]


async def queued(gateway: Running) -> Talk:
    talk = await gateway.begin()
    assert (await talk.call("POST", "/person", json={})).json()["state"] == "queued"
    return talk


async def test_a_customer_waits_is_served_and_returns(gateway: Running) -> None:
    talk = await queued(gateway)
    await talk.say("my kettle is broken")
    await gateway.agent("take", talk.id)
    await gateway.agent("reply", talk.id, text="I'll send a new one.")
    assert (await talk.state())["agent"] == {"name": "Niamh"}
    await gateway.agent("return", talk.id)
    await talk.say("thanks")
    found = await talk.answered()
    assert events(found) == ["handoff_queued", "agent_joined", "agent_left", "back_to_bot"]
    assert gateway.dialogue.asked == ["thanks"]
    assert [(one["speaker"], one["text"]) for one in gateway.dialogue.human_parts[0]] == [
        ("customer", "my kettle is broken"),
        ("agent", "I'll send a new one."),
    ]


async def test_the_human_part_is_written_before_the_next_turn_even_when_rasa_is_away(gateway: Running) -> None:
    talk = await queued(gateway)
    await gateway.agent("reply", talk.id, text="Hello.")
    gateway.dialogue.failures = ["unreachable", "unreachable"]
    await gateway.agent("return", talk.id)
    await talk.say("and now?")
    await talk.answered()
    assert len(gateway.dialogue.human_parts) == 1
    assert gateway.dialogue.asked == ["and now?"]


async def test_the_place_in_the_queue_follows_the_bots_own_words(gateway: Running) -> None:
    talk = await gateway.begin()

    async def calls(conversation_id: str, batch: Any) -> list[dict[str, Any]]:
        body = {"conversation_id": conversation_id, "message_id": batch.id, "reason": "asked_for_person"}
        answers = [await gateway.internal("handoffs", **body) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [201, 201]
        assert answers[0].json() == answers[1].json()
        return [{"text": "I'm getting a colleague."}]

    gateway.dialogue.reply = calls
    await talk.say("get me a human")
    found = await talk.until(lambda all_of: "handoff_queued" in events(all_of))
    assert [item["speaker"] for item in found] == ["customer", "bot", "system"]
    assert "number 1" in found[-1]["text"]


async def test_what_waits_for_the_bot_is_for_the_person_once_one_is_called(gateway: Running) -> None:
    talk = await gateway.begin()
    gateway.dialogue.gate = asyncio.Event()

    async def calls(conversation_id: str, batch: Any) -> list[dict[str, Any]]:
        body = {"conversation_id": conversation_id, "message_id": batch.id, "reason": "asked_for_person"}
        await gateway.internal("handoffs", **body)
        return [{"text": "I'm getting a colleague."}]

    gateway.dialogue.reply = calls
    await talk.say("a person please")
    async with asyncio.timeout(5):
        while not gateway.dialogue.asked:  # noqa: ASYNC110 - the dialogue only counts
            await asyncio.sleep(0.01)
    await talk.say("it is about 10046")
    gateway.dialogue.gate.set()
    await talk.until(lambda found: "handoff_queued" in events(found))
    await gateway.agent("reply", talk.id, text="I see it.")
    gateway.dialogue.reply = echo
    await gateway.agent("return", talk.id)
    await talk.say("bye")
    await talk.answered(2)
    assert gateway.dialogue.asked == ["a person please", "bye"]
    assert [one["text"] for one in gateway.dialogue.human_parts[0]] == ["it is about 10046", "I see it."]


async def test_who_stops_waiting_is_answered_by_the_bot(gateway: Running) -> None:
    talk = await queued(gateway)
    await talk.say("still there?")
    assert (await talk.call("DELETE", "/person")).json()["state"] == "bot"
    await talk.answered()
    assert "You said: still there?" in await talk.heard()


async def test_when_nobody_comes_the_customer_is_told_and_chooses(gateway: Running) -> None:
    talk = await queued(gateway)
    gateway.clock.forward(minutes=11)
    found = await talk.until(lambda all_of: "back_to_bot" in events(all_of))
    assert found[-1]["input"] == {"kind": "email"}
    assert found[-1]["buttons"][0]["payload"] == "/request_human"
    assert (await talk.state())["state"] == "bot"
    for _ in range(2):
        assert (await talk.call("POST", "/contact", json={"email": "anna@example.com"})).status_code == 204
    told = [text for text in await talk.heard() if "T-000001" in text and "anna@example.com" in text]
    assert len(told) == 1


async def test_out_of_hours_the_bot_stays_and_says_when_people_are_there(gateway: Running) -> None:
    gateway.clock.to(SUNDAY)
    talk = await gateway.begin()
    told = (await talk.call("POST", "/person", json={})).json()
    assert (told["state"], told["opening"]["open"]) == ("bot", False)
    assert told["opening"]["opens_at"] == "2026-11-30T09:00:00Z"
    assert "Monday to Friday" in (await talk.heard())[0]
    answer = await gateway.internal("handoffs", conversation_id=talk.id, message_id="m", reason="complaint")
    assert answer.json()["state"] == "bot"


async def test_out_of_hours_a_call_is_recorded_once_and_no_place_is_told(gateway: Running) -> None:
    gateway.clock.to(SUNDAY)
    talk = await gateway.begin()

    async def calls(conversation_id: str, batch: Any) -> list[dict[str, Any]]:
        body = {"conversation_id": conversation_id, "message_id": batch.id, "reason": "complaint", "priority": "high"}
        for _ in range(2):
            assert (await gateway.internal("handoffs", **body)).json()["state"] == "bot"
        return [{"text": "Your ticket is T-100001."}]

    gateway.dialogue.reply = calls
    await talk.say("I want to complain")
    assert events(await talk.answered()) == []
    await talk.call("POST", "/person", json={})
    assert await gateway.desk.database.read(_reasons, talk.id) == ["asked_for_person", "complaint"]
    assert (await talk.state())["state"] == "bot"


def _reasons(connection: Connection, conversation_id: str) -> list[str]:
    query = select(handoffs.c.reason).where(handoffs.c.conversation_id == conversation_id).order_by(handoffs.c.reason)
    return list(connection.execute(query).scalars())


async def test_places_in_the_queue_go_by_urgency_then_by_time(gateway: Running) -> None:
    first, second = await queued(gateway), await queued(gateway)
    urgent = await gateway.begin()
    await gateway.internal("handoffs", conversation_id=urgent.id, message_id="m", reason="complaint", priority="urgent")
    places = [(await talk.state())["queue"]["position"] for talk in (urgent, first, second)]
    assert places == [1, 2, 3]


async def test_a_write_with_an_old_version_is_refused(gateway: Running) -> None:
    talk = await queued(gateway)
    version = (await gateway.agent("take", talk.id)).json()["version"]
    other = {"agent_id": "sean", "agent_name": "Seán"}
    refused = await gateway.agent("take", talk.id, version=version - 1, **other)
    assert (refused.status_code, refused.json()["error"]["type"]) == (409, "stale_version")
    assert (await gateway.agent("reply", talk.id, text="Hello.", **other)).json()["agent"] == "Seán"


async def test_the_same_reply_again_is_said_once(gateway: Running) -> None:
    talk = await queued(gateway)
    for _ in range(2):
        await gateway.agent("reply", talk.id, text="Hello.", client_id="r1")
    assert (await talk.heard()).count("Hello.") == 1


async def test_of_many_who_take_it_at_once_one_owns_it(gateway: Running) -> None:
    talk = await queued(gateway)
    seen = 2  # begun, queued
    takes = [gateway.agent("take", talk.id, agent_id=f"a{n}", agent_name=f"Agent {n}", version=seen) for n in range(6)]
    statuses = [answer.status_code for answer in await asyncio.gather(*takes)]
    assert sorted(statuses) == [200, 409, 409, 409, 409, 409]


async def test_a_strange_conversation_and_a_wrong_secret_are_refused(gateway: Running) -> None:
    body = {"conversation_id": "c_unknown", "message_id": "m", "reason": "complaint"}
    unknown = await gateway.internal("handoffs", **body)
    assert (unknown.status_code, unknown.json()["error"]["type"]) == (404, "unknown_conversation")
    guessed = await gateway.http.post("/internal/handoffs", json=body, headers={"x-frontdesk-secret": "guess"})
    assert guessed.status_code == 401


async def test_nobody_is_called_into_a_teaching_talk(gateway: Running) -> None:
    body = {"conversation_id": "teach-000000000000000000000000", "message_id": "m", "reason": "complaint"}
    told = await gateway.internal("handoffs", **body)
    assert (told.status_code, told.json()["state"]) == (201, "queued")


async def test_an_ended_conversation_opens_again_within_its_time(gateway: Running) -> None:
    talk = await gateway.begin()
    await talk.say("hello")
    await talk.answered()
    assert (await talk.call("POST", "/end", json={})).json()["state"] == "closed"
    await talk.say("one more thing")
    await talk.answered(2)
    assert (await talk.state())["state"] == "bot"
    gateway.clock.forward(days=5)
    late = await talk.call(
        "POST", "/messages", json={"client_id": "6f1ff0c5-0d11-4f0e-9a52-0f8a0d6f0f4e", "text": "hi"}
    )
    assert (late.status_code, late.json()["error"]["type"]) == (409, "conversation_closed")


@pytest.mark.parametrize("state", list(State))
def test_only_the_drawn_ways_lead_from_one_owner_to_another(state: State) -> None:
    ways = {"queued": "bot", "not_waiting": "queued", "returned": "agent", "reopened": "closed"}
    for name, source in ways.items():
        owner = Ownership(state, 7, "niamh", "Niamh")
        if state == source:
            assert getattr(owner, name)().version == 8
        else:
            with pytest.raises(NotPossible):
                getattr(owner, name)()
    with pytest.raises(StaleVersion):
        Ownership(state, 7).expect(6)
