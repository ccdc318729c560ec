"""What an operator relies on at night: nothing that fails is kept from the customer, and no schedule ends for good."""

import asyncio
import errno
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from conftest import Clock, running
from scripted_dialogue import ScriptedDialogue
from sqlalchemy import create_engine, make_url

from desk.adapters.sql import owners, work
from desk.adapters.sql.database import Database
from desk.bootstrap import Desk, _left_alone
from desk.errors import StoreUnavailable
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


async def test_ready_says_when_the_data_base_can_only_be_read(
    settings: DeskSettings, dialogue: ScriptedDialogue, clock: Clock
) -> None:
    quick = settings.model_copy(update={"database_timeout_seconds": 0.5})
    async with running(quick, dialogue, clock) as gateway:
        assert (await gateway.http.get("/ready")).status_code == 200
        with only_read(settings.database_url):
            gateway.desk.database.engine.dispose()
            await asyncio.sleep(1.1)  # an answer holds for a second
            refused = await gateway.http.get("/ready")
            assert refused.status_code == 503, refused.text
            assert refused.json()["error"]["message"].startswith("the data base")
        gateway.desk.database.engine.dispose()
        await asyncio.sleep(1.1)
        assert (await gateway.http.get("/ready")).status_code == 200


@contextmanager
def only_read(url: str) -> Iterator[None]:
    """Another writer holds SQLite's lock; PostgreSQL's new sessions may only read."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    if "postgresql" in url:
        name = engine.url.database
        begin = f"ALTER DATABASE {name} SET default_transaction_read_only = on"
        end = f"SET default_transaction_read_only = off; ALTER DATABASE {name} RESET default_transaction_read_only"
    else:
        begin, end = "BEGIN IMMEDIATE", "ROLLBACK"
    with engine.connect() as connection:
        connection.exec_driver_sql(begin)
        try:
            yield
        finally:
            for statement in end.split("; "):
                connection.exec_driver_sql(statement)
    engine.dispose()


async def test_a_file_that_the_disk_does_not_take_is_refused_for_now_and_leaves_nothing(
    settings: DeskSettings, dialogue: ScriptedDialogue, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, _: bytes) -> int:
        path.touch()
        raise OSError(errno.ENOSPC, "No space left on device")

    async with running(settings, dialogue, clock) as gateway:
        talk = await gateway.begin()
        monkeypatch.setattr(Path, "write_bytes", full)
        answer = await talk.call("POST", "/attachments", files={"file": ("a.txt", b"words")})
        assert (answer.status_code, answer.json()["error"]["type"]) == (503, "unavailable")
        assert files_in(settings) == []


async def test_files_that_no_conversation_has_are_swept_away(
    settings: DeskSettings, dialogue: ScriptedDialogue, clock: Clock
) -> None:
    async with running(settings, dialogue, clock) as gateway:
        talk = await gateway.begin()
        kept = (await talk.call("POST", "/attachments", files={"file": ("a.txt", b"words")})).json()["id"]
        forgotten = gateway.desk.files.path_of("a_0123456789abcdef01234567")
        forgotten.parent.mkdir(exist_ok=True)
        forgotten.write_text("of a conversation that was erased just before the machine went down")
        await gateway.desk.retention.sweep()
        assert len(files_in(settings)) == 2  # it may be an upload under way
        clock.forward(days=10)
        await gateway.desk.retention.sweep()
        assert files_in(settings) == [kept]


def files_in(settings: DeskSettings) -> list[str]:
    return [path.name for path in settings.attachments_dir.rglob("*") if path.is_file()]


async def test_an_erasure_is_never_given_up_for_a_rasa_that_is_away(
    settings: DeskSettings, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desk.gateway.worker._ERRAND_TRIES", 1)
    away = Away()
    async with running(settings, away, clock) as gateway:
        talk = await gateway.begin()
        await talk.say("hello")
        await talk.call("DELETE")
        metrics = gateway.desk.metrics
        async with asyncio.timeout(8):
            while metrics.errands.labels("erase", "failed")._value.get() < 2:
                clock.forward(minutes=2)
                await asyncio.sleep(0.2)
        counts = await gateway.desk.database.read(work.waiting_counts)
        assert (counts["outbox_dead"], counts["outbox_waiting"]) == (0, 2)


@pytest.mark.server
async def test_nobody_waits_for_a_postgresql_that_is_frozen(postgresql_server: str) -> None:
    url, ways = make_url(postgresql_server), set[asyncio.StreamWriter]()
    frozen = asyncio.Event()

    async def pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while data := await reader.read(65536):
                if not frozen.is_set():
                    writer.write(data)

    async def through(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(url.host, url.port or 5432)
        ways.update((writer, back))
        await asyncio.gather(pipe(reader, back), pipe(there, writer))

    async with await asyncio.start_server(through, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        address = url.set(host="127.0.0.1", port=port).render_as_string(hide_password=False)
        database = Database(address, timeout_seconds=0.3)
        await database.read(work.waiting_counts)
        frozen.set()
        try:
            async with asyncio.timeout(5):
                with pytest.raises(StoreUnavailable):
                    await database.read(work.waiting_counts)
        finally:
            for way in ways:  # else the thread waits on
                way.close()


async def test_agents_keep_their_conversations_over_an_outage_in_which_no_console_could_give_a_sign(
    clock: Clock,
) -> None:
    class Office:
        """An inbox, and the data base below it."""

        released, away = 0, False

        async def release_left_alone(self) -> None:
            self.released += 1

        async def read(self, _: Any) -> None:
            if self.away:
                raise StoreUnavailable

    office = Office()
    settings = SimpleNamespace(agent_grace_seconds=120)
    desk = SimpleNamespace(now=clock, inbox=office, database=office, settings=settings)
    release = _left_alone(cast("Desk", desk))

    async def rounds(seconds: int) -> int:
        before = office.released
        for _ in range(seconds // 2):
            clock.forward(seconds=2)
            with suppress(StoreUnavailable):
                await release()
        return office.released - before

    assert await rounds(110) == 0  # after a start
    assert await rounds(60) > 0
    clock.forward(seconds=300)  # the machine slept
    assert await rounds(110) == 0
    assert await rounds(60) > 0
    office.away = True
    await rounds(300)
    office.away = False
    assert await rounds(110) == 0
    assert await rounds(60) > 0
