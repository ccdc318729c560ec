"""A customer's messages: kept, answered in order, once; and the truth when they cannot be answered."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest
from conftest import WORKDAY, Running, running

from desk.adapters.sql import work
from desk.errors import LeaseLost
from desk.gateway.model import Batch, Draft, MessageId, Speaker

LATE = "takes longer"
GAVE_UP = "couldn't answer"


async def test_a_message_is_answered(gateway: Running) -> None:
    talk = await gateway.begin()
    await talk.say("hello")
    found = await talk.answered()
    assert [(item["position"], item["speaker"], item["text"]) for item in found] == [
        (1, "customer", "hello"),
        (2, "bot", "You said: hello"),
    ]


async def test_the_same_client_id_is_the_same_message(gateway: Running) -> None:
    talk = await gateway.begin()
    body = {"client_id": str(uuid4()), "text": "once"}
    answers = [await talk.call("POST", "/messages", json=body) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [202, 200, 200]
    assert len({answer.json()["item"]["id"] for answer in answers}) == 1
    await talk.answered()
    assert gateway.dialogue.asked == ["once"]


async def test_what_is_sent_while_the_bot_thinks_is_answered_together_in_order(gateway: Running) -> None:
    talk = await gateway.begin()
    gateway.dialogue.gate = asyncio.Event()
    await talk.say("hi")
    await _asked(gateway, 1)
    for words in ("where is my order", "10046"):
        await talk.say(words)
    gateway.dialogue.gate.set()
    await talk.answered(2)
    assert gateway.dialogue.asked == ["hi", "where is my order\n10046"]


async def test_a_click_is_a_turn_of_its_own(gateway: Running) -> None:
    talk = await gateway.begin()
    gateway.dialogue.gate = asyncio.Event()
    await talk.say("hi")
    await _asked(gateway, 1)
    await talk.say("hm")
    await talk.click("/stop", "Stop")
    await talk.say("bye")
    gateway.dialogue.gate.set()
    found = await talk.answered(4)
    said = [item["text"] for item in found if item["speaker"] == "bot"]
    assert said == [f"You said: {words}" for words in ("hi", "hm", "/stop", "bye")]


async def test_a_click_is_kept_in_the_words_in_which_it_was_offered(gateway: Running) -> None:
    yes = {"title": "Yes, please", "payload": '/affirm{"plan": "p1"}'}
    card = {"title": "Kettle", "buttons": [{"title": "Return it", "payload": "/return_item"}]}

    async def offers(_: str, batch: Any) -> list[dict[str, Any]]:
        return [{"text": f"{batch.id}?", "buttons": [yes], "custom": {"cards": [card]}}]

    gateway.dialogue.reply = offers
    talk = await gateway.begin()
    await talk.say("cancel it")
    await talk.answered()
    assert (await talk.click(yes["payload"], "No, leave it"))["text"] == "Yes, please"
    assert (await talk.click("/return_item", "Keep it"))["text"] == "Return it"
    assert (await talk.click("/request_human", "Nobody"))["text"] == "Talk to a person"  # the company's suggestion
    assert (await talk.click('/affirm{"plan": "p2"}', "No, leave it"))["text"] == '/affirm{"plan": "p2"}'


async def test_answers_to_a_forms_question_stay_apart(gateway: Running) -> None:
    talk = await gateway.begin()

    async def asks(_: str, batch: Any) -> list[dict[str, Any]]:
        return [{"text": f"Which date, {batch.text}?", "custom": {"input": {"kind": "date"}}}]

    gateway.dialogue.reply = asks
    await talk.say("one")
    await talk.answered()
    gateway.dialogue.gate = asyncio.Event()
    await asyncio.gather(talk.say("two"), talk.say("three"))
    gateway.dialogue.gate.set()
    await talk.answered(3)
    assert all("\n" not in asked for asked in gateway.dialogue.asked)


@pytest.mark.parametrize("kind", ["unreachable", "action_failed", "turn_timeout", "busy"])
async def test_a_neighbour_that_comes_back_costs_no_answer(gateway: Running, kind: str) -> None:
    gateway.dialogue.failures = [kind, kind]
    talk = await gateway.begin()
    await talk.say("hello")
    await talk.answered()
    assert await talk.heard() == ["You said: hello"]


async def test_a_customer_who_waits_is_told_and_the_late_answer_arrives(gateway: Running) -> None:
    gateway.dialogue.gate = asyncio.Event()
    talk = await gateway.begin()
    await talk.say("hello")
    await _asked(gateway, 1)
    gateway.clock.forward(seconds=60)
    gateway.dialogue.failures = []
    told = await talk.until(lambda found: len(found) == 2, seconds=12)
    assert LATE in told[1]["text"]
    assert told[1]["buttons"][0]["payload"] == "/request_human"
    gateway.dialogue.gate.set()
    assert (await talk.answered())[-1]["text"] == "You said: hello"


@pytest.mark.parametrize("failures", [("turn_failed",) * 3, ("action_raised",) * 4])
async def test_what_can_never_be_answered_is_said_and_does_not_hold_up_the_next(
    gateway: Running, failures: tuple[str, ...]
) -> None:
    gateway.dialogue.failures = list(failures)
    talk = await gateway.begin()
    await talk.say("poison")
    await talk.until(lambda found: any(GAVE_UP in (item["text"] or "") for item in found))
    await talk.say("hello")
    await talk.until(lambda found: found[-1]["text"] == "You said: hello")
    assert "You said: poison" not in await talk.heard()


async def test_an_outage_ends_in_the_truth(gateway: Running) -> None:
    gateway.dialogue.failures = ["unreachable"] * 50
    talk = await gateway.begin()
    await talk.say("hello")
    await _asked(gateway, 1)
    gateway.clock.forward(seconds=20)
    await talk.until(lambda found: any(LATE in one["text"] for one in found))
    gateway.clock.forward(seconds=400)
    await talk.until(lambda found: any(GAVE_UP in one["text"] for one in found))
    assert len(await talk.heard()) == 2


async def test_while_nothing_can_be_answered_a_person_still_can_be_asked_for(gateway: Running) -> None:
    gateway.dialogue.failures = ["unreachable"] * 50
    talk = await gateway.begin()
    await talk.say("hello")
    await _asked(gateway, 1)
    gateway.clock.forward(seconds=20)
    await talk.until(lambda found: any(LATE in one["text"] for one in found))
    await talk.click("/request_human", "Talk to a person")
    assert (await talk.state())["state"] == "queued"


async def test_a_killed_gateway_loses_and_doubles_nothing(gateway: Running, settings: Any) -> None:
    """The second gateway takes over when the first one's lease runs out; the turn is joined, not run again."""
    talk = await gateway.begin()
    gateway.dialogue.gate = asyncio.Event()
    await talk.say("hello")
    await _asked(gateway, 1)
    for task in gateway.desk.worker._tasks.values():
        task.cancel()  # as if killed in the middle of the turn
    gateway.dialogue.gate.set()
    async with running(settings, gateway.dialogue, gateway.clock) as second:
        talk.http = second.http
        found = await talk.answered()
    assert [item["text"] for item in found] == ["hello", "You said: hello"]
    assert len(gateway.dialogue.turns) == 1


async def test_two_gateways_share_the_work_and_no_turn_runs_twice(gateway: Running, settings: Any) -> None:
    async with running(settings, gateway.dialogue, gateway.clock) as second:
        talks = [await gateway.begin() for _ in range(10)]
        for n in range(3):
            for at, talk in enumerate(talks):
                talk.http = (gateway if (at + n) % 2 else second).http
                await talk.say(f"message {n}")
        for talk in talks:
            found = await talk.until(_all_answered)
            assert [item["position"] for item in found] == list(range(1, len(found) + 1))
    asked = [line for asked in gateway.dialogue.asked for line in asked.split("\n")]
    assert sorted(asked) == sorted([f"message {n}" for n in range(3)] * 10)


async def test_a_stale_worker_cannot_write(gateway: Running) -> None:
    gateway.dialogue.failures = ["unreachable"] * 20
    talk = await gateway.begin()
    await talk.say("hello")
    await _asked(gateway, 1)
    old = work.Lease(talk.id, 0, None)  # type: ignore[arg-type]
    with pytest.raises(LeaseLost):
        await gateway.desk.database.write(
            work.tell, old, _batch(), Draft(Speaker.SYSTEM, text="from the past"), gateway.clock()
        )
    assert "from the past" not in await talk.heard()


async def test_a_file_alone_is_kept_and_said_so(gateway: Running) -> None:
    talk = await gateway.begin()
    png = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64
    sent = await talk.call("POST", "/attachments", files={"file": ("cat.png", png, "text/html")})
    assert sent.status_code == 201
    body = {"client_id": str(uuid4()), "attachments": [sent.json()["id"]]}
    item = (await talk.call("POST", "/messages", json=body)).json()["item"]
    assert item["attachments"][0]["type"] == "image/png"
    await talk.until(lambda found: any("kept your file" in one["text"] for one in found))


def _all_answered(found: list[dict[str, Any]]) -> bool:
    said = {item["text"] for item in found if item["speaker"] == "customer"}
    told = "\n".join(item["text"] for item in found if item["speaker"] == "bot")
    return len(said) == 3 and all(words in told for words in said)


def _batch() -> Any:
    return Batch(MessageId("m"), ["m"], "", None, {}, 1, WORKDAY, told=False)


async def _asked(gateway: Running, times: int) -> None:
    async with asyncio.timeout(5):
        while len(gateway.dialogue.asked) < times:  # noqa: ASYNC110 - the dialogue only counts
            await asyncio.sleep(0.01)
