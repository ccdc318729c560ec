"""A whole desk whose every step is chosen: two workers, three agents, a customer, and a Rasa that answers when told.

The product's own services and workers run on an event loop whose clock only moves when the race moves it, over a data
base that is asked in place. So one seed is one order of events, each transaction and each late answer in it.
"""

import asyncio
import random
import secrets
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

from pydantic import SecretStr
from sqlalchemy import Connection, delete

from desk.accounts.model import Account, Role, Staff
from desk.adapters.sql import staff_rows, timeline
from desk.adapters.sql.database import Database
from desk.adapters.sql.inbox_tables import staff_presence
from desk.adapters.sql.staff_tables import staff_accounts
from desk.attachments.service import AttachmentDesk
from desk.company import OpeningHours, read_company
from desk.errors import NotFound, Refusal, TurnFailed
from desk.gateway.delivery import Patience
from desk.gateway.hub import Hub
from desk.gateway.model import Batch, Incoming, NewConversation
from desk.gateway.ports import Place
from desk.gateway.service import DeskParts, Gateway, Windows
from desk.gateway.worker import Worker, WorkerParts
from desk.handoff.model import Handoff
from desk.handoff.service import HandoffDesk
from desk.inbox.assignment import Assignment
from desk.inbox.model import Details, Summary
from desk.inbox.ports import NoCustomers
from desk.inbox.presence import Presence
from desk.inbox.service import InboxDesk, InboxParts
from desk.metrics import Metrics, build_metrics
from desk.retention.service import Retention
from desk.sentences import Sentences
from desk.settings import DeskSettings

MORNING = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
LEASE, GRACE, QUEUE, TELL = timedelta(seconds=30), timedelta(seconds=120), timedelta(minutes=10), timedelta(seconds=8)
AGENTS = [
    Staff(name.lower(), name, f"{name.lower()}@shop.example", frozenset({Role.AGENT}), f"s-{name}")
    for name in ("Niamh", "Omar", "Pia")
]
_SETTLED_AFTER = 15


class SteppedLoop(asyncio.SelectorEventLoop):
    """Its clock stands still until ``forward``."""

    def __init__(self) -> None:
        super().__init__()
        self._at = 1000.0

    def time(self) -> float:
        return self._at

    def forward(self, seconds: float) -> None:
        self._at += seconds


class InPlace(Database):
    """Transactions in the calling thread: nothing happens between two steps."""

    async def read(self, work: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        return self._run(self.engine, work, *args, **kwargs)

    async def write(self, work: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        return self._run(self.engine.execution_options(writes=True), work, *args, **kwargs)


@dataclass
class Asked:
    """Something that Rasa works on."""

    conversation_id: str
    key: str
    message_ids: Sequence[str]
    said: Sequence[Mapping[str, Any]]
    done: "asyncio.Future[Sequence[Mapping[str, Any]]]"


@dataclass
class Rasa:
    """A ``Dialogue`` with a tracker: one thing at a time a conversation, each turn and part once."""

    working: dict[str, Asked] = field(default_factory=dict)
    turns: dict[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    parts: set[str] = field(default_factory=set)
    remembered: Counter[str] = field(default_factory=Counter)
    tracker: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    slow: bool = False
    under_way: "list[asyncio.Future[None]]" = field(default_factory=list)

    async def turn(self, conversation_id: str, batch: Batch) -> Sequence[Mapping[str, Any]]:
        await self._arrive()
        if batch.id in self.turns:
            return self.turns[batch.id]
        return await self._join(conversation_id, batch.id, batch.message_ids, ())

    async def write_human_part(self, conversation_id: str, part_id: str, said: Sequence[Mapping[str, Any]]) -> None:
        await self._arrive()
        if part_id not in self.parts:
            await self._join(conversation_id, part_id, (), said)

    async def erase(self, conversation_id: str) -> int:
        """Waits for nobody here: where the conversation is locked, the errand is tried again."""
        if conversation_id in self.working:
            raise TurnFailed("busy")
        return len(self.tracker.pop(conversation_id, set()))

    async def _arrive(self) -> None:
        """A request may be long on its way, and go on when who sent it has died."""
        if self.slow:
            arrived = asyncio.get_running_loop().create_future()
            self.under_way.append(arrived)
            await asyncio.shield(arrived)

    def arrive(self) -> None:
        """Whatever is on its way is there."""
        for one in self.under_way:
            one.set_result(None)
        self.under_way.clear()

    async def _join(
        self, conversation_id: str, key: str, message_ids: Sequence[str], said: Sequence[Mapping[str, Any]]
    ) -> Sequence[Mapping[str, Any]]:
        running = self.working.get(conversation_id)
        if running is None:
            done = asyncio.get_running_loop().create_future()
            running = self.working[conversation_id] = Asked(conversation_id, key, message_ids, said, done)
        elif running.key != key:
            raise TurnFailed("busy")
        return await asyncio.shield(running.done)  # who asked may die, Rasa goes on

    def finish(self, asked: Asked, *, failed: str | None, kept: bool) -> None:
        """The end of it: remembered or not, told or lost on the way."""
        del self.working[asked.conversation_id]
        answer = [{"text": f"bot:{asked.key}"}]
        if kept:
            self._remember(asked, answer)
            self.tracker[asked.conversation_id].add(asked.key)
        if failed is None:
            asked.done.set_result(answer)
        else:
            asked.done.set_exception(TurnFailed(failed))
            asked.done.exception()  # whoever asked may be gone

    def _remember(self, asked: Asked, answer: Sequence[Mapping[str, Any]]) -> None:
        if asked.message_ids:
            self.turns[asked.key] = answer
            self.remembered.update(asked.message_ids)
            return
        self.parts.add(asked.key)
        known = {one["message_id"] for one in asked.said if {one["message_id"], one.get("turn")} & self.turns.keys()}
        self.remembered.update(one["message_id"] for one in asked.said if one["message_id"] not in known | {None})


@dataclass
class Customer:
    """One conversation and what was surely sent in it."""

    id: str
    token: str
    sent: list[str] = field(default_factory=list)
    erased: bool = False


class HonestWorker(Worker):
    """Keeps what a worker in production only logs."""

    crashes: list[BaseException]

    def _ended(self, key: str, task: "asyncio.Task[bool]") -> None:
        if not task.cancelled() and (error := task.exception()):
            self.crashes.append(error)
        super()._ended(key, task)


class QuickInbox(InboxDesk):
    """Without what lists show and no change of owner reads: it would be half the work of a race."""

    async def summary(self, conversation_id: str) -> Summary:
        found = await self._desk.database.read(timeline.find, conversation_id)
        if found is None:
            raise NotFound
        return Summary(found, Details(), title="", last=None, unread=0, waiting_since=None, mood=None, rating=None)


@cache
def furniture() -> tuple[Sentences, OpeningHours, Metrics]:
    """What all races share and none changes."""
    settings = DeskSettings(secret=SecretStr("a-secret-of-the-races-0123456789"))
    return Sentences.read(settings.sentences), read_company(settings.company).hours, build_metrics()


class Race:
    """The desk, and the hands on it."""

    def __init__(self, database: Database, seed: int, loop: SteppedLoop) -> None:
        self.random, self.database, self._loop = random.Random(seed), database, loop
        self.rasa, self._at = Rasa(), MORNING
        self._sentences, hours, self._metrics = furniture()
        self._hub = Hub(per_conversation=5, overall=50)
        windows = Windows(token=timedelta(days=9), resumable=timedelta(days=3), queue=QUEUE)
        parts = DeskParts(
            database=database, hub=self._hub, sentences=self._sentences, hours=hours, metrics=self._metrics,
            windows=windows, turns=self, now=self.now,
        )  # fmt: skip
        self.gateway, self.handoffs = Gateway(parts), HandoffDesk(parts)
        files = AttachmentDesk(database, Path("no-files-here"), 5, self.now)
        never = timedelta(days=900)
        self.retention = Retention(
            database=database, files=files, metrics=self._metrics, wake=lambda: None, now=self.now,
            kept=never, kept_closed=never,
        )  # fmt: skip
        presence = Presence(self.now)
        self.inbox = QuickInbox(
            InboxParts(desk=parts, customers=NoCustomers(), presence=presence, grace=GRACE, company="Alderwick")
        )
        self.assignment = Assignment(parts, self.inbox)
        self.crashes: list[BaseException] = []
        self.workers: list[Worker] = [self._worker(), self._worker()]
        self.customers: list[Customer] = []
        self.seen: dict[tuple[str, str], int] = {}
        self.written: dict[str, list[str]] = defaultdict(list)
        self.read_up_to: dict[tuple[str, str], int] = defaultdict(int)
        self.present = {agent.id for agent in AGENTS if self.random.random() < 0.8}  # others were never seen
        self.log: list[str] = []

    def now(self) -> datetime:
        return self._at

    async def begin(self, customers: int) -> None:
        await self.database.write(_forget_agents)
        await self.database.write(_employ)
        await self.assignment.switch(AGENTS[0], on=True)
        for _ in range(customers):
            token, conversation = await self.gateway.begin(NewConversation("web"))
            self.customers.append(Customer(conversation.id, token))
        await self.signs_of_life()

    async def forward(self, by: timedelta) -> None:
        self._at += by
        self._loop.forward(by.total_seconds())
        await self.signs_of_life()

    async def signs_of_life(self) -> None:
        for agent in AGENTS:
            if agent.id in self.present:
                await self.inbox.alive(agent)

    async def settle(self) -> None:
        """Let everything happen that can happen now."""
        for _ in range(_SETTLED_AFTER):
            await asyncio.sleep(0)

    async def poll(self, worker: int) -> None:
        await self.workers[worker]._start_what_is_due()

    async def poll_erasures(self, worker: int) -> None:
        await self.workers[worker]._start_erasures()

    @property
    def there(self) -> list[Customer]:
        """Those that were not erased."""
        return [customer for customer in self.customers if not customer.erased]

    def crash(self, worker: int) -> None:
        for task in self.workers[worker]._tasks.values():
            task.cancel()
        self.workers[worker] = self._worker()

    @contextmanager
    def place(self, conversation_id: str) -> Iterator[Place]:
        """At either worker or, as when all places are taken, nowhere; sometimes its request is cut off after all."""
        draw = self.random.random()
        with self.random.choice(self.workers).place(conversation_id) as place:
            if draw < 0.3:
                place.claim = None
            yield place
            if draw > 0.9:
                place.lease = None

    def wake(self) -> None:
        """Workers look when the race lets them."""

    def tasks(self) -> list["asyncio.Task[bool]"]:
        return [task for worker in self.workers for task in worker._tasks.values()]

    async def says(self, customer: Customer, client_id: str | None = None) -> None:
        chosen = client_id or str(uuid4())
        await self.gateway.send(customer.token, customer.id, Incoming(chosen, text=f"words {chosen}"))
        if chosen not in customer.sent:
            customer.sent.append(chosen)

    async def calls_for_person(self, asked: Asked) -> None:
        """An action of the running turn calls, as the action server does."""
        with_reason = Handoff(message_id=asked.key, reason="complaint", priority="high")
        try:
            await self.handoffs.call(asked.conversation_id, with_reason)
        except Refusal:
            self.log.append("  refused")

    def saw(self, agent: Staff, customer: Customer, version: int) -> None:
        """The agent's screen is up to date."""
        self.seen[agent.id, customer.id] = version
        self.read_up_to[agent.id, customer.id] = len(self.written[customer.id])

    def version(self, agent: Staff, customer: Customer) -> int | None:
        """What the agent's screen shows, or no version at all as from the command line."""
        return self.seen.get((agent.id, customer.id)) if self.random.random() < 0.7 else None

    def _worker(self) -> Worker:
        made = HonestWorker(
            WorkerParts(
                database=self.database, dialogue=self.rasa, listeners=self._hub, sentences=self._sentences,
                metrics=self._metrics, patience=Patience(TELL, timedelta(seconds=180)), lease=LEASE, parallel=8,
                bot_name="bot", now=self.now,
            )
        )  # fmt: skip
        made.crashes = self.crashes
        return made


def _forget_agents(connection: Connection) -> None:
    connection.execute(delete(staff_presence))


def _employ(connection: Connection) -> None:
    """Accounts for the agents, one of them with room for a single conversation."""
    connection.execute(delete(staff_accounts))
    for room, agent in enumerate(AGENTS, start=1):
        account = Account(agent.id, agent.email, agent.name, agent.roles, capacity=room)
        staff_rows.create(connection, account, None, MORNING)


def client_id() -> str:
    return secrets.token_hex(8)
