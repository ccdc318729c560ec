"""How a message's turn begins: in the transaction that keeps it, with nobody's lease lost or left lying."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from conftest import Clock, Running, running
from scripted_dialogue import ScriptedDialogue
from sqlalchemy import event, select

from desk.adapters.sql import entrance, work
from desk.adapters.sql.tables import conversations
from desk.gateway.model import Batch, Claim, Incoming
from desk.settings import DeskSettings

MOST_STATEMENTS = 14
"""Of a plain turn on PostgreSQL, where two of them notify; each costs about a tenth of a millisecond of processor."""


_LOOKS = ("conversations.due_at <=", "min(inbox.received_at)", "GROUP BY inbox.state", "GROUP BY outbox.state")
"""What worker and schedules ask every second or two is not this turn's."""


@contextmanager
def statements(gateway: Running) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not any(one in statement for one in _LOOKS):
            seen.append(statement)

    engine = gateway.desk.database.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


async def test_a_plain_turn_is_two_short_transactions(gateway: Running) -> None:
    talk = await gateway.begin()
    listener = gateway.desk.hub.listen(talk.id)
    with statements(gateway) as seen:
        await talk.say("hello")
        while not any(item.draft.speaker == "bot" for item in (await listener.get() or _ended()).items):
            pass
    mine = [one for one in seen if any(table in one for table in ("inbox", "items", "conversations", "pg_notify"))]
    assert len(mine) <= MOST_STATEMENTS, "\n".join(mine)


def _ended() -> Any:
    raise AssertionError("the listener was closed")


@pytest.fixture
def settings(settings: DeskSettings) -> DeskSettings:
    """Leases that no test waits for."""
    return settings.model_copy(update={"lease_seconds": 60})


async def test_what_a_cut_off_request_leased_is_claimed_again(gateway: Running) -> None:
    """The message is kept and leased to the worker here, but nobody told the worker."""
    talk = await gateway.begin()
    owner, now = gateway.desk.worker._owner, gateway.clock()
    claim = Claim(owner, now + timedelta(seconds=60))
    accepted = await gateway.desk.database.write(
        entrance.accept, talk.id, Incoming(str(uuid4()), text="hello"), now, resumable=timedelta(days=1), claim=claim
    )
    assert accepted.lease is not None
    await talk.until(lambda found: len(found) > 1, seconds=20)
    assert [one["text"] for one in await talk.items()] == ["hello", "You said: hello"]


async def test_only_the_first_of_two_messages_begins_its_turn(gateway: Running) -> None:
    talk = await gateway.begin()
    claim = Claim("somebody", gateway.clock() + timedelta(seconds=60))
    leases = []
    for said in ("one", "two"):
        accepted = await gateway.desk.database.write(
            entrance.accept,
            talk.id,
            Incoming(str(uuid4()), text=said),
            gateway.clock(),
            resumable=timedelta(days=1),
            claim=claim,
        )
        leases.append(accepted.lease)
    assert leases[0] is not None
    assert isinstance(leases[0].work, Batch)
    assert leases[0].work.text == "one"
    assert leases[1] is None


async def test_a_message_does_not_overtake_one_that_is_tried_again(gateway: Running) -> None:
    gateway.dialogue.failures = ["busy"]
    talk = await gateway.begin()
    await talk.say("one")
    async with asyncio.timeout(8):
        while gateway.dialogue.failures:  # noqa: ASYNC110 - the dialogue only counts
            await asyncio.sleep(0.005)
    await talk.say("two")
    await talk.answered(2)
    assert gateway.dialogue.asked == ["one", "one", "two"]


async def test_all_are_answered_when_more_write_than_have_a_place(
    settings: DeskSettings, dialogue: ScriptedDialogue, clock: Clock
) -> None:
    async with running(settings.model_copy(update={"parallel_turns": 2}), dialogue, clock) as gateway:
        dialogue.gate = asyncio.Event()
        talks = [await gateway.begin() for _ in range(7)]
        await asyncio.gather(*(talk.say("hello") for talk in talks))
        assert len(dialogue.asked) <= 2
        dialogue.gate.set()
        await asyncio.gather(*(talk.answered() for talk in talks))
        assert len(dialogue.asked) == 7


async def test_a_gateway_that_ends_gives_its_leases_back(
    settings: DeskSettings, dialogue: ScriptedDialogue, clock: Clock
) -> None:
    dialogue.gate = asyncio.Event()
    async with running(settings, dialogue, clock) as gateway:
        talk = await gateway.begin()
        await talk.say("hello")
        database = gateway.desk.database
        held = select(conversations.c.lease_owner).where(conversations.c.id == talk.id)
        assert await database.read(lambda connection: connection.execute(held).scalar_one()) is not None
        stopping = gateway.desk
    fresh = type(database)(settings.database_url, timeout_seconds=5)
    try:
        leases = await fresh.write(work.claim, "another", clock(), stopping.worker._parts.lease, 5)
        assert [lease.conversation_id for lease in leases] == [talk.id]
    finally:
        fresh.close()
