"""Actions over a real back office (SQLite, the demo company) and a ladder that answers what a test says."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.bootstrap import Services
from actions.handoff.desk_else_ticket import DeskElseTicket
from actions.handoff.tickets import TicketHandoffs
from actions.turn import DeskAction
from answering.model import Answer, Question
from backoffice.adapters.mail import MemoryPost
from backoffice.adapters.sql.database import Database
from backoffice.adapters.sql.migrate import migrate
from backoffice.adapters.sql.seed import seed
from backoffice.bootstrap import assemble, build_database
from backoffice.demo_data import load_demo
from backoffice.settings import BackofficeSettings
from backoffice.working_days import WorkingDays
from privacy.personal_data import PersonalData
from retrieval.gaps.record import GapRecord

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@dataclass
class ScriptedLadder:
    """Answers every question with ``reply`` and remembers what it was asked."""

    reply: Answer = field(default_factory=lambda: Answer("none"))
    asked: list[Question] = field(default_factory=list)
    nearest: Answer | None = None
    entries: dict[str, Answer] = field(default_factory=dict)
    asked_of: list[tuple[str, ...]] = field(default_factory=list)

    async def answer(self, question: Question) -> Answer:
        self.asked.append(question)
        return self.reply

    async def entry(
        self, entry_id: str, *, audience: frozenset[str] = frozenset({"public"}), locale: str = "en"
    ) -> Answer | None:
        del audience, locale
        return self.entries.get(entry_id) or (self.reply if entry_id == "known" else None)

    async def sentence(self, question: Question, told: Sequence[str]) -> Answer | None:
        self.asked_of.append((question.text, *told))
        return self.nearest

    async def close(self) -> None:
        """Nothing to close."""


@dataclass
class Said:
    """What an action uttered and which events it returned."""

    messages: list[dict[str, Any]]
    events: list[dict[str, Any]]

    @property
    def responses(self) -> list[str]:
        return [message["response"] for message in self.messages]

    @property
    def slots(self) -> dict[str, Any]:
        return {event["name"]: event["value"] for event in self.events if event["event"] == "slot"}

    @property
    def followed_by(self) -> str | None:
        return next((event["name"] for event in self.events if event["event"] == "followup"), None)


Run = Callable[..., Any]


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("actions") / "demo.db"
    database = Database(f"sqlite:///{path}", timeout_seconds=5)
    migrate(database)
    seed(database, load_demo(NOON, WorkingDays()), NOON)
    database.close()
    return path


@pytest.fixture
def ladder() -> ScriptedLadder:
    return ScriptedLadder()


@pytest.fixture
def post() -> MemoryPost:
    """Where the letters with one-time codes go."""
    return MemoryPost()


@dataclass
class Clock:
    """Noon, until a test moves it."""

    at: datetime = NOON

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def services(
    seeded: Path, tmp_path: Path, ladder: ScriptedLadder, post: MemoryPost, clock: Clock
) -> Iterator[Services]:
    copy = shutil.copy(seeded, tmp_path / "demo.db")
    settings = BackofficeSettings(database_url=f"sqlite:///{copy}")
    database = build_database(settings)
    backoffice = assemble(settings, database, post=post, now=clock, close=database.close)
    gaps = GapRecord(tmp_path / "gaps.db", PersonalData(), days=90, most=100, now=lambda: NOON)
    handoffs = DeskElseTicket(None, TicketHandoffs(backoffice.tickets))
    yield Services(
        ladder=ladder,
        backoffice=backoffice,
        handoffs=handoffs,
        personal_data=PersonalData(),
        gaps=gaps,
        now=clock,
    )
    backoffice.close()


@pytest.fixture
def run(services: Services) -> Run:
    """Run an action on one customer message; slots and the active form are given by name."""

    async def run_action(
        action: type[DeskAction],
        text: str = "",
        *,
        intent: str = "nlu_fallback",
        entities: dict[str, str] | None = None,
        form: str | None = None,
        message_id: str = "m1",
        nlu_status: str = "ok",
        before: Sequence[dict[str, Any]] = (),
        services: Services = services,
        sentiment: float = 0.0,
        intent_ranking: Sequence[dict[str, Any]] = (),
        sender: str = "anna",
        **slots: Any,
    ) -> Said:
        message = {
            "text": text,
            "intent": {"name": intent, "confidence": 0.9},
            "entities": [{"entity": name, "value": value} for name, value in (entities or {}).items()],
            "message_id": message_id,
            "nlu_status": nlu_status,
            "sentiment": sentiment,
            "intent_ranking": list(intent_ranking),
        }
        events = [*before, {"event": "user", "text": text, "parse_data": message}]
        loop = {"name": form} if form else {}
        tracker = Tracker(sender, slots, message, events, paused=False, followup_action=None, active_loop=loop,
                          latest_action_name="action_listen")  # fmt: skip
        dispatcher = CollectingDispatcher()
        returned = await action(services).run(dispatcher, tracker, {})
        return Said(dispatcher.messages, returned)

    return run_action
