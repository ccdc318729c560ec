"""Takes what is due, one conversation at a time each, and sees it through: Rasa's answer, another try, or the truth."""

import asyncio
import contextlib
import secrets
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import structlog

from desk.adapters.sql import silence, timeline, work
from desk.adapters.sql.database import Database
from desk.adapters.sql.owners import queued_draft
from desk.errors import LeaseLost, StoreUnavailable, TurnFailed
from desk.gateway.delivery import GiveUp, Patience, TryAgain, after_failure, pause_after
from desk.gateway.model import Batch, Claim, Conversation, Draft, Errand, Item, Lease, Speaker, State
from desk.gateway.ports import Dialogue, Listeners, Place
from desk.jobs import forever
from desk.metrics import Metrics
from desk.sentences import Sentences

logger = structlog.get_logger()

_IDLE_SECONDS = 1.0
_ERRAND_TRIES = 40
_LONG_PAUSE = timedelta(minutes=1)
_OWN_WORD = timedelta(seconds=2)
"""So much longer than the patience of its own turn a customer waits before ``break_silence`` says a word."""


@dataclass(frozen=True)
class WorkerParts:
    """What a worker works with."""

    database: Database
    dialogue: Dialogue
    listeners: Listeners
    sentences: Sentences
    metrics: Metrics
    patience: Patience
    lease: timedelta
    parallel: int
    bot_name: str
    now: Callable[[], datetime]


class Worker:
    """One gateway's worker; ``run`` goes on until cancelled, ``wake`` says that something came in."""

    def __init__(self, parts: WorkerParts) -> None:
        self._parts = parts
        self._owner = secrets.token_hex(8)
        self._wake = asyncio.Event()
        self._tasks: dict[str, asyncio.Task[bool]] = {}
        self._offered: Counter[str] = Counter()
        self._full = False  # the last look at what is due may have left something behind
        self._ending = False

    def wake(self) -> None:
        """Look for work now."""
        self._wake.set()

    @contextlib.contextmanager
    def place(self, conversation_id: str) -> Iterator[Place]:
        """A place for the turn of a message that is about to be kept; its work begins when the block ends."""
        place = Place(None)
        if not self._ending and not self._full:  # else what was left behind comes first
            if self._free() > 0:
                place.claim = Claim(self._owner, self._parts.now() + self._parts.lease)
            else:
                self._full = True
        self._offered[conversation_id] += 1
        try:
            yield place
        finally:
            self._offered[conversation_id] -= 1
            self._offered += Counter()  # drops what is zero
            if place.lease is not None:
                self._begin(conversation_id, self._see_through(place.lease))

    async def run(self) -> None:
        """Work until cancelled; running turns are left to whoever claims their conversations next."""
        self._ending = False
        jobs = {"heartbeat": self._heartbeat, "erasing": self._erasing}
        helpers = [
            asyncio.create_task(forever(name, job, self._parts.metrics, pause=_IDLE_SECONDS))
            for name, job in jobs.items()
        ]
        try:
            while True:
                self._wake.clear()
                await self._start_what_is_due()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(_IDLE_SECONDS):  # wait_for of Python 3.11 may swallow our end
                        await self._wake.wait()
        finally:
            self._ending = True
            for task in (*helpers, *self._tasks.values()):
                task.cancel()
            with contextlib.suppress(StoreUnavailable):
                await self._parts.database.write(work.release_all, self._owner)

    async def break_silence(self) -> None:
        """A word to everybody who waits behind what is not their own turn: no place, an errand, a lost lease."""
        now, patience = self._parts.now(), self._parts.patience.tell_after + _OWN_WORD
        for conversation_id in await self._parts.database.read(silence.left_in_silence, now - patience):
            told = await self._parts.database.write(silence.break_silence, conversation_id, self._late(), now)
            self._parts.metrics.told_late.inc(len(told))
            if told:
                self._parts.listeners.items(conversation_id, told)

    def _free(self) -> int:
        return self._parts.parallel - len(self._tasks.keys() | self._offered.keys())

    async def _start_what_is_due(self) -> None:
        free = self._free()
        self._full = free <= 0
        if self._full:
            return
        running = sorted(self._tasks.keys() | self._offered.keys())
        try:
            now = self._parts.now()
            leases = await self._parts.database.write(
                work.claim, self._owner, now, self._parts.lease, free, running=running
            )
        except StoreUnavailable as error:
            self._parts.metrics.store_failures.inc()
            logger.error("worker.claim_failed", error=str(error))  # noqa: TRY400 - a known failure, counted
            return
        self._full = len(leases) == free
        for lease in leases:
            self._begin(lease.conversation_id, self._see_through(lease))

    async def _erasing(self) -> None:
        """Beside the turns: no customer waits for these."""
        while True:
            await self._start_erasures()
            await asyncio.sleep(_IDLE_SECONDS)

    async def _start_erasures(self) -> None:
        try:
            erasures = await self._parts.database.write(work.claim_erasures, self._parts.now(), self._parts.lease)
        except StoreUnavailable:
            self._parts.metrics.store_failures.inc()
            return
        for conversation_id, errand in erasures:
            self._begin(f"erase {conversation_id}", self._erase(conversation_id, errand))

    def _begin(self, key: str, job: Coroutine[Any, Any, bool]) -> None:
        task = asyncio.create_task(job)
        self._tasks[key] = task
        task.add_done_callback(lambda done: self._ended(key, done))

    def _ended(self, key: str, task: asyncio.Task[bool]) -> None:
        if self._tasks.get(key) is task:  # a person may have cut it off, and newer work of the conversation begun
            del self._tasks[key]
        if task.cancelled():
            return
        if error := task.exception():
            self._parts.metrics.jobs_failed.labels("worker_task").inc()
            logger.error("worker.job_crashed", exc_info=error)
        elif self._full or task.result():
            self.wake()

    async def _heartbeat(self) -> None:
        while True:
            await asyncio.sleep(self._parts.lease.total_seconds() / 3)
            ids = list(self._tasks)
            if ids:
                with contextlib.suppress(StoreUnavailable):
                    until = self._parts.now() + self._parts.lease
                    await self._parts.database.write(work.renew, self._owner, ids, until)

    async def _see_through(self, lease: Lease) -> bool:
        """Do what the lease is for; whether the conversation has more that may begin at once."""
        due: datetime | None = None
        with structlog.contextvars.bound_contextvars(conversation_id=lease.conversation_id):
            try:
                if isinstance(lease.work, Batch):
                    due = await self._turn(lease, lease.work)
                elif isinstance(lease.work, Errand):
                    due = await self._human_part(lease, lease.work)
            except LeaseLost:
                self._parts.metrics.leases_lost.inc()
                logger.warning("worker.lease_lost")
            except StoreUnavailable as error:
                # The conversation is claimed again, and the same turn is answered from Rasa's tracker.
                self._parts.metrics.store_failures.inc()
                logger.error("worker.store_failed", error=str(error))  # noqa: TRY400 - a known failure, counted
        return due is not None and due <= self._parts.now()

    async def _turn(self, lease: Lease, batch: Batch) -> datetime | None:
        self._typing(lease, on=True)
        asked = asyncio.ensure_future(self._parts.dialogue.turn(lease.conversation_id, batch))
        try:
            messages = await self._answer_or_word(lease, batch, asked)
            return await self._answered(lease, batch, messages)
        except TurnFailed as failed:
            return await self._failed(lease, batch, failed.kind)
        except StoreUnavailable as error:
            self._parts.metrics.store_failures.inc()
            logger.error("turn.not_stored", error=str(error), message_id=batch.id)  # noqa: TRY400 - known, counted
            return await self._failed(lease, batch, "not_stored")  # fails as well while the data base is away
        except LeaseLost:
            raise
        except Exception:  # else the same message crashed the same way for ever
            self._parts.metrics.jobs_failed.labels("turn").inc()
            logger.exception("turn.crashed", message_id=batch.id)
            return await self._failed(lease, batch, "crashed")
        finally:
            asked.cancel()
            self._typing(lease, on=False)

    async def _answer_or_word(
        self, lease: Lease, batch: Batch, asked: "asyncio.Future[Sequence[Mapping[str, Any]]]"
    ) -> Sequence[Mapping[str, Any]]:
        """The answer; when the customer has waited long, first a word that it takes longer."""
        if not batch.told:
            left = self._parts.patience.tell_after - (self._parts.now() - batch.since)
            done, _ = await asyncio.wait({asked}, timeout=max(0.05, left.total_seconds()))
            if not done:
                await self._tell(lease, batch)
        return await asked

    async def _tell(self, lease: Lease, batch: Batch) -> None:
        with contextlib.suppress(StoreUnavailable):
            told = await self._parts.database.write(work.tell, lease, batch, self._late(), self._parts.now())
            self._published(lease, told)
            self._parts.metrics.told_late.inc(len(told))

    async def _answered(self, lease: Lease, batch: Batch, messages: Sequence[Mapping[str, Any]]) -> datetime | None:
        now = self._parts.now()
        drafts = [self._bot(message, batch) for message in messages]
        done = await self._parts.database.write(self._finish, lease, batch, drafts, now)
        channel = done.conversation.channel
        self._parts.metrics.turns.labels("answered").inc()
        self._parts.metrics.answer_seconds.labels(channel).observe((now - batch.since).total_seconds())
        self._published(lease, done.added, done.conversation)
        return done.due

    async def _failed(self, lease: Lease, batch: Batch, kind: str) -> datetime | None:
        self._parts.metrics.turns.labels(known_kind(kind)).inc()
        now = self._parts.now()
        decision = after_failure(batch, kind, now, self._parts.patience)
        logger.warning("turn.failed", kind=kind, attempts=batch.attempts, message_id=batch.id)
        if isinstance(decision, TryAgain):
            told = await self._parts.database.write(
                work.postpone_turn, lease, batch, kind=kind, decision=decision, late=self._late(), now=now
            )
            self._parts.metrics.told_late.inc(len(told))
            self._published(lease, told)
            return None
        apology = Draft(
            Speaker.SYSTEM, text=self._say("gave_up"), message=self._person_button(), answers=batch.message_ids
        )
        done = await self._parts.database.write(self._finish, lease, batch, [apology], now, error=kind)
        self._parts.metrics.dead_letters.labels("inbox", known_kind(kind)).inc()
        logger.error("turn.given_up", kind=kind, attempts=batch.attempts, message_id=batch.id)
        self._published(lease, done.added, done.conversation)
        return done.due

    async def _human_part(self, lease: Lease, errand: Errand) -> datetime | None:
        try:
            said = errand.body["said"]
            await self._parts.dialogue.write_human_part(lease.conversation_id, errand.id, said)
        except TurnFailed as failed:
            decision = self._errand_decision(errand, failed.kind)
            return await self._parts.database.write(work.finish_errand, lease, errand, failed.kind, decision)
        self._parts.metrics.errands.labels(errand.kind, "done").inc()
        return await self._parts.database.write(work.finish_errand, lease, errand, None, None)

    async def _erase(self, conversation_id: str, errand: Errand) -> bool:
        decision: TryAgain | GiveUp | None = None
        error: str | None = None
        try:
            await self._parts.dialogue.erase(conversation_id)
            self._parts.metrics.errands.labels("erase", "done").inc()
        except TurnFailed as failed:
            error, decision = failed.kind, self._errand_decision(errand, failed.kind)
        with contextlib.suppress(StoreUnavailable):
            await self._parts.database.write(work.close_errand, errand, error, decision)
        return False

    def _errand_decision(self, errand: Errand, kind: str) -> TryAgain | GiveUp:
        """An erasure was promised to the customer: it is never given up for a neighbour that is away."""
        self._parts.metrics.errands.labels(errand.kind, "failed").inc()
        long = errand.attempts >= _ERRAND_TRIES
        if kind == "validation" or (long and errand.kind != "erase"):
            self._parts.metrics.dead_letters.labels("outbox", known_kind(kind)).inc()
            return GiveUp()
        pause = _LONG_PAUSE if long else pause_after(errand.attempts)
        return TryAgain(self._parts.now() + pause, tell=False)

    def _finish(
        self,
        connection: Any,
        lease: Lease,
        batch: Batch,
        drafts: Sequence[Draft],
        now: datetime,
        *,
        error: str | None = None,
    ) -> work.Finished:
        """The end of a turn; one that called for a person is followed by the customer's place in the queue."""
        done = work.finish_turn(connection, lease, batch, drafts, now, error=error)
        if not done.called or done.conversation.state is not State.QUEUED:
            return done
        draft = queued_draft(done.conversation, self._parts.sentences)
        place = timeline.append(connection, lease.conversation_id, [draft], now)
        grown = replace(done.conversation, position=place[-1].position, updated_at=now)
        return replace(done, added=[*done.added, *place], conversation=grown)

    def _bot(self, message: Mapping[str, Any], batch: Batch) -> Draft:
        return Draft(
            Speaker.BOT,
            text=str(message.get("text") or ""),
            name=self._parts.bot_name,
            message=message,
            answers=batch.message_ids,
        )

    def _late(self) -> Draft:
        return Draft(Speaker.SYSTEM, text=self._say("late"), message=self._person_button())

    def _say(self, name: str) -> str:
        return self._parts.sentences.say(name)

    def _person_button(self) -> dict[str, Any]:
        return {"buttons": [self._parts.sentences.person_button()]}

    def _published(self, lease: Lease, added: Sequence[Item], conversation: Conversation | None = None) -> None:
        if added:
            self._parts.listeners.items(lease.conversation_id, added)
        if conversation is not None and conversation.state is not State.BOT:
            self._parts.listeners.conversation(conversation)

    def _typing(self, lease: Lease, *, on: bool) -> None:
        data = {"speaker": "bot", "name": self._parts.bot_name, "on": on}
        self._parts.listeners.signal(lease.conversation_id, "typing", data)


KINDS = frozenset(
    {
        "validation", "unauthorized", "not_ready", "busy", "paused", "turn_timeout", "action_timeout", "action_failed",
        "action_raised", "tracker_store", "action_limit", "no_reply", "turn_failed", "unreachable", "bad_answer",
        "not_stored", "crashed",
    }
)  # fmt: skip


def known_kind(kind: str) -> str:
    """The kind as a label; what this version does not know is one label."""
    return kind if kind in KINDS else "other"
