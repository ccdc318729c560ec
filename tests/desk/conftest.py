"""The gateway over each data base, with a scripted dialogue, spoken to over HTTP in this process."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import OperationalError

from desk.adapters.accounts import NoAccounts
from desk.adapters.sql.database import Database
from desk.adapters.sql.migrate import migrate
from desk.adapters.sql.tables import metadata
from desk.bootstrap import Desk, build_app, build_desk
from desk.inbox.help_ports import Answering
from desk.inbox.ports import Customers
from desk.settings import DeskSettings

sys.path.append(str(Path(__file__).parent))

from review_desk import Remembering, Reviewing, TrackerStore, build_review_app
from scripted_dialogue import ScriptedDialogue

LOCAL_SERVER = "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"
WORKDAY = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
SECRET = "a-secret-of-the-tests-0123456789"
IDENTITY_SECRET = "an-identity-secret-of-the-tests-0123456789"


class Clock:
    """The real clock's pace from a chosen moment, and as far ahead as a test moves it."""

    def __init__(self) -> None:
        self._ahead = WORKDAY - datetime.now(UTC)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def forward(self, **by: float) -> None:
        self._ahead += timedelta(**by)

    def to(self, moment: datetime) -> None:
        self._ahead = moment - datetime.now(UTC)


@dataclass
class Talk:
    """One customer's conversation."""

    http: httpx.AsyncClient
    id: str
    token: str
    opening: dict[str, Any] = field(default_factory=dict)

    def url(self, path: str = "") -> str:
        return f"/v1/conversations/{self.id}{path}"

    async def call(self, method: str, path: str = "", **given: Any) -> httpx.Response:
        headers = {"authorization": f"Bearer {self.token}", **given.pop("headers", {})}
        return await self.http.request(method, self.url(path), headers=headers, **given)

    async def say(self, said: str, **more: Any) -> dict[str, Any]:
        body = {"client_id": str(uuid4()), "text": said, **more}
        answer = await self.call("POST", "/messages", json=body)
        assert answer.status_code == 202, answer.text
        item: dict[str, Any] = answer.json()["item"]
        return item

    async def click(self, payload: str, title: str) -> dict[str, Any]:
        body = {"client_id": str(uuid4()), "payload": payload, "title": title}
        item: dict[str, Any] = (await self.call("POST", "/messages", json=body)).json()["item"]
        return item

    async def items(self) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = (await self.call("GET", "/timeline", params={"limit": 200})).json()["items"]
        return items

    async def heard(self) -> list[str]:
        """What the customer reads that they did not write."""
        return [item["text"] for item in await self.items() if item["speaker"] != "customer"]

    async def state(self) -> dict[str, Any]:
        found: dict[str, Any] = (await self.call("GET")).json()
        return found

    async def until(self, there: Callable[[list[dict[str, Any]]], bool], seconds: float = 8) -> list[dict[str, Any]]:
        """The items as soon as they are as they should be."""
        async with asyncio.timeout(seconds):
            while not there(found := await self.items()):  # noqa: ASYNC110 - seen as a customer sees it
                await asyncio.sleep(0.02)
        return found

    async def answered(self, times: int = 1) -> list[dict[str, Any]]:
        return await self.until(lambda found: sum(one["speaker"] == "bot" for one in found) >= times)


class TicketsOnly(NoAccounts):
    """Knows nobody but whom a test has ``proved``, and numbers every letter that is asked for."""

    def __init__(self) -> None:
        self.letters: list[tuple[str, str, str]] = []
        self.proved: dict[str, str] = {}

    async def proved_customer(self, conversation_id: str) -> str | None:
        return self.proved.get(conversation_id)

    async def ask_for_letter(self, conversation_id: str, email: str, transcript: str) -> str | None:
        self.letters.append((conversation_id, email, transcript))
        return "T-000001"


@dataclass
class Running:
    """A gateway in this process."""

    desk: Desk
    http: httpx.AsyncClient
    dialogue: ScriptedDialogue
    clock: Clock
    accounts: TicketsOnly
    app: FastAPI

    async def begin(self, **body: Any) -> Talk:
        answer = await self.http.post("/v1/conversations", json=body)
        assert answer.status_code == 201, answer.text
        told = answer.json()
        return Talk(self.http, told["conversation"]["id"], told["token"], told["conversation"])

    async def internal(self, path: str, **body: Any) -> httpx.Response:
        return await self.http.post(f"/internal/{path}", json=body, headers={"x-frontdesk-secret": SECRET})

    async def agent(self, act: str, conversation_id: str, **body: Any) -> httpx.Response:
        if act != "return":
            body = {"agent_id": "niamh", "agent_name": "Niamh", **body}
        return await self.internal(f"agent/{conversation_id}/{act}", **body)


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith("DESK_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("RETRIEVAL_INDEX_DIR", str(tmp_path / "index"))  # nobody edits this machine's own


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The URL of a throw-away data base of this run, migrated."""
    server = make_url(os.environ.get("TEST_DATABASE_URL") or LOCAL_SERVER)
    admin = create_engine(server, isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 3})
    name = f"desk_test_{uuid4().hex[:12]}"
    try:
        with admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
            connection.execute(text(f"ALTER DATABASE {name} SET synchronous_commit = off"))
    except OperationalError:
        if os.environ.get("TEST_DATABASE_URL"):
            raise
        pytest.skip("no PostgreSQL: TEST_DATABASE_URL is not set and none answers on 127.0.0.1:5432")
    url = server.set(database=name).render_as_string(hide_password=False)
    database = Database(url, timeout_seconds=5)
    migrate(database)
    database.close()
    yield url
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.server)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty data base, once of each kind."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'desk.db'}"
        database = Database(url, timeout_seconds=5)
        migrate(database)
        database.close()
        return url
    found: str = request.getfixturevalue("postgresql_server")
    engine = create_engine(found)
    with engine.begin() as connection:
        connection.execute(text(f"TRUNCATE {', '.join(table.name for table in metadata.sorted_tables)} CASCADE"))
    engine.dispose()
    return found


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def dialogue() -> ScriptedDialogue:
    return ScriptedDialogue()


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> DeskSettings:
    return DeskSettings(
        database_url=database_url,
        secret=SECRET,
        identity_secrets=IDENTITY_SECRET,
        attachments_dir=tmp_path / "files",
        requests_per_address="100000/minute",
        conversations_per_address="10000/minute",
        messages_per_conversation="1000/second",
        lease_seconds=1.5,
        tell_after_seconds=3,
    )


Start = Callable[..., Awaitable[Running]]


@asynccontextmanager
async def running(
    settings: DeskSettings,
    dialogue: ScriptedDialogue,
    clock: Clock,
    *,
    customers: Customers | None = None,
    answering: Answering | None = None,
) -> AsyncIterator[Running]:
    accounts = TicketsOnly()
    desk = build_desk(
        settings, dialogue=dialogue, accounts=accounts, customers=customers, answering=answering, now=clock
    )
    app = build_app(desk)
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app=app, client=("192.0.2.1", 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://desk") as http:
            yield Running(desk, http, dialogue, clock, accounts, app)


@pytest.fixture
async def gateway(settings: DeskSettings, dialogue: ScriptedDialogue, clock: Clock) -> AsyncIterator[Running]:
    async with running(settings, dialogue, clock) as started:
        yield started


@pytest.fixture
async def reviewing(
    settings: DeskSettings, database_url: str, dialogue: ScriptedDialogue, clock: Clock, tmp_path: Path
) -> AsyncIterator[Reviewing]:
    """Transcript review beside Rasa's tracker store, which shares the PostgreSQL or has a file of its own."""
    url = database_url if "postgresql" in database_url else f"sqlite:///{tmp_path / 'tracker.db'}"
    store = TrackerStore(url)
    desk = build_desk(settings.model_copy(update={"tracker_url": SecretStr(url)}), dialogue=dialogue, now=clock)
    reader, audit = desk.reviews.reader, Remembering()
    assert reader is not None
    reader.pause = 0
    transport = httpx.ASGITransport(app=build_review_app(desk, audit))
    async with httpx.AsyncClient(transport=transport, base_url="http://desk") as http:
        yield Reviewing(desk, http, store, reader, dialogue, audit)
    await desk.close()
    store.engine.dispose()
