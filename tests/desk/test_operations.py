"""What an operator relies on at night: nothing that fails is kept from the customer, and no schedule ends for good."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from conftest import Clock, running
from scripted_dialogue import ScriptedDialogue

from desk.adapters.sql import owners, work
from desk.gateway.model import Batch
from desk.settings import DeskSettings

LATE = "This takes longer"
GAVE_UP = "couldn't answer that"


class Away(ScriptedDialogue):
    """Rasa cannot be reached, for nothing."""

    async def turn(self, conversation_id: str, batch: Batch) -> Sequence[Mapping[str, Any]]:
        self.failures = ["unreachable"]
        return await super().turn(conversation_id, batch)

    async def write_human_part(self, conversation_id: str, part_id: str, said: Sequence[Mapping[str, Any]]) -> None:
        self.failures = ["unreachable"]
        await super().write_human_part(conversation_id, part_id, said)

    async def erase(self, conversation_id: str) -> int:
        self.failures = ["unreachable"]
        return await super().erase(conversation_id)


def said(items: list[dict[str, Any]], words: str) -> int:
    return sum(words in one["text"] for one in items)


async def test_who_writes_behind_a_human_part_that_cannot_be_written_is_told_that_it_takes_longer(
    settings: DeskSettings, clock: Clock
) -> None:
    async with running(settings, Away(), clock) as gateway:
        talk = await gateway.begin()
        await gateway.agent("reply", talk.id, text="I am here", client_id="r1")
        await gateway.agent("return", talk.id)
        await talk.say("and what about my order?")
        clock.forward(seconds=10)
        await talk.until(lambda items: said(items, LATE) > 0)
        await talk.say("hello?")
        clock.forward(seconds=10)
        await asyncio.sleep(2.5)  # a round of the schedule, which must not say it again
        assert said(await talk.items(), LATE) == 1


async def test_who_waits_for_a_place_is_told_that_it_takes_longer(
    settings: DeskSettings, dialogue: ScriptedDialogue, clock: Clock
) -> None:
    dialogue.gate = asyncio.Event()
    async with running(settings.model_copy(update={"parallel_turns": 1}), dialogue, clock) as gateway:
        first, second = await gateway.begin(), await gateway.begin()
        await first.say("hello")
        await second.say("hello")
        clock.forward(seconds=10)
        await second.until(lambda items: said(items, LATE) == 1)
        dialogue.gate.set()
        await second.answered()
        assert said(await second.items(), LATE) == 1


async def test_an_answer_that_crashes_the_worker_each_time_is_given_up_and_the_next_message_answered(
    settings: DeskSettings, dialogue: ScriptedDialogue, clock: Clock
) -> None:
    async def broken(_: str, batch: Batch) -> Sequence[Mapping[str, Any]]:
        if batch.text == "hello":
            raise RuntimeError("nobody thought of this")
        return [{"text": "yes"}]

    dialogue.reply = broken
    async with running(settings, dialogue, clock) as gateway:
        talk = await gateway.begin()
        await talk.say("hello")
        await talk.until(lambda items: said(items, GAVE_UP) == 1, seconds=15)
        await talk.say("and now?")
        await talk.answered()
        assert gateway.desk.metrics.jobs_failed.labels("turn")._value.get() == 3


async def test_an_answer_that_cannot_be_stored_is_given_up(
    settings: DeskSettings, dialogue: ScriptedDialogue, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL takes no NUL; SQLite gets the same from a text that is no text."""
    text = "\x00" if "postgresql" in settings.database_url else "\ud800"

    async def unstorable(_: str, batch: Batch) -> Sequence[Mapping[str, Any]]:
        return [{"text": text if batch.text == "hello" else "yes"}]

    dialogue.reply = unstorable
    monkeypatch.setattr("desk.gateway.delivery._PAUSES", (0.05,))
    async with running(settings, dialogue, clock) as gateway:
        talk = await gateway.begin()
        await talk.say("hello")
        await talk.until(lambda items: said(items, GAVE_UP) == 1, seconds=20)
        await talk.say("and now?")
        await talk.answered()


async def test_a_schedule_goes_on_after_a_round_that_crashed(
    settings: DeskSettings, dialogue: ScriptedDialogue, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise RuntimeError("nobody thought of this")

    async with running(settings, dialogue, clock) as gateway:
        talk = await gateway.begin()
        with monkeypatch.context() as patched:
            patched.setattr(work, "claim", broken)
            patched.setattr(owners, "late_in_queue", broken)
            async with asyncio.timeout(8):
                for job in ("worker", "waits"):
                    while not gateway.desk.metrics.jobs_failed.labels(job)._value.get():  # noqa: ASYNC110 - only counted
                        await asyncio.sleep(0.02)
        await gateway.internal("handoffs", conversation_id=talk.id, message_id="m1", reason="complaint")
        clock.forward(minutes=11)
        await talk.until(lambda items: said(items, "none of my colleagues") == 1)
        gateway.dialogue.failures = ["busy"]  # what is tried again is found by the worker, not begun by the request
        await talk.say("hello")
        await talk.answered()
