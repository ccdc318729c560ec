"""The back office over each kind of storage: in memory, SQLite, PostgreSQL."""

import os
import re
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from typing import Any
from uuid import uuid4

import pytest
import uvicorn
from sqlalchemy import create_engine, delete, make_url, text
from sqlalchemy.exc import OperationalError
from starlette.types import ASGIApp, Receive, Scope, Send

from backoffice.adapters.sql.base import Base
from backoffice.adapters.sql.command_tables import CodeRow, CommandRow
from backoffice.adapters.sql.database import Database
from backoffice.adapters.sql.delivery_tables import DeliveryRow
from backoffice.adapters.sql.desk_tables import AttemptRow, AuditRow, GateRow, TicketRow, VerificationRow
from backoffice.adapters.sql.journey_tables import BookingRow, DeletionRow, LeadRow, SlotRow, TicketNoteRow
from backoffice.adapters.sql.migrate import migrate
from backoffice.adapters.sql.seed import seed
from backoffice.adapters.sql.shop_tables import ClaimRow
from backoffice.adapters.stopped_clock import StoppedClock
from backoffice.bootstrap import Backoffice, build_backoffice, build_memory_backoffice
from backoffice.demo_data import DemoData, load_demo
from backoffice.model.mail import Mail
from backoffice.settings import BackofficeSettings
from backoffice.working_days import WorkingDays
from tests.backoffice.shop_server import ReferenceShop

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)  # a Monday
JOURNEY = (DeliveryRow, BookingRow, SlotRow, LeadRow, DeletionRow, TicketNoteRow, ClaimRow)
LOCAL_SERVER = "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"
SHOP_TOKEN = "the-shop-and-the-desk-know-it"


class LetterBox:
    """A ``Post`` that tests wait at: letters come from the background."""

    def __init__(self) -> None:
        self._letters: SimpleQueue[Mail] = SimpleQueue()

    def send(self, mail: Mail) -> None:
        self._letters.put(mail)

    def next(self) -> Mail:
        return self._letters.get(timeout=5)

    def code(self) -> str:
        """The code in the next letter."""
        found = re.search(r"\b\d{6}\b", self.next().text)
        assert found
        return found[0]

    @property
    def empty(self) -> bool:
        return self._letters.empty()


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock(NOON)


@pytest.fixture(scope="session")
def calendar() -> WorkingDays:
    return WorkingDays()


@pytest.fixture(scope="session")
def demo(calendar: WorkingDays) -> DemoData:
    return load_demo(NOON, calendar)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory, demo: DemoData) -> Path:
    path = tmp_path_factory.mktemp("backoffice") / "template.db"
    database = Database(f"sqlite:///{path}", timeout_seconds=5)
    migrate(database)
    seed(database, demo, NOON)
    database.close()
    return path


@pytest.fixture(scope="session")
def postgresql_server(demo: DemoData) -> Iterator[str]:
    """The URL of a throw-away data base of this run, migrated, with the demo company in it."""
    server = make_url(os.environ.get("TEST_DATABASE_URL") or LOCAL_SERVER)
    admin = create_engine(server, isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 3})
    name = f"backoffice_test_{uuid4().hex[:12]}"
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
    seed(database, demo, NOON)
    database.close()
    yield url
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.server)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A data base of one's own with the demo company in it, once of each kind."""
    return _data_base(request, request.param, tmp_path)


@pytest.fixture
def shop_restored(database_url: str, demo: DemoData) -> Iterator[None]:
    """For tests that change customers or orders: PostgreSQL's data base is shared by the run."""
    yield
    database = Database(database_url, timeout_seconds=5)
    with database.engine.begin() as connection:
        for table in reversed(Base.metadata.sorted_tables):
            connection.execute(table.delete())
    seed(database, demo, NOON)
    database.close()


@pytest.fixture
def shop_restored_after(request: pytest.FixtureRequest, demo: DemoData) -> Iterator[None]:
    """Puts the run's PostgreSQL data base back after a test that changed the shop; SQLite has a copy each."""
    yield
    kind = getattr(request.node, "callspec", None)
    if kind is None or "postgresql" not in kind.params.values():
        return
    database = Database(request.getfixturevalue("postgresql_server"), timeout_seconds=5)
    with database.engine.begin() as connection:
        for table in reversed(Base.metadata.sorted_tables):
            connection.execute(table.delete())
    seed(database, demo, NOON)
    database.close()


def _data_base(request: pytest.FixtureRequest, kind: str, tmp_path: Path) -> str:
    """SQLite: a copy of the template. PostgreSQL: the run's data base, all but the shop emptied."""
    if kind == "sqlite":
        path = tmp_path / "backoffice.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        return f"sqlite:///{path}"
    url: str = request.getfixturevalue("postgresql_server")
    engine = create_engine(url)
    with engine.begin() as connection:
        for table in (GateRow, AttemptRow, VerificationRow, TicketRow, AuditRow, CommandRow, CodeRow, *JOURNEY):
            connection.execute(delete(table))
    engine.dispose()
    return url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url, timeout_seconds=5)
    yield database
    database.close()


class Listening:
    """One server for all tests, in front of what the present test serves."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.app:
            await self.app(scope, receive, send)


@pytest.fixture(scope="session")
def listening() -> Iterator[Listening]:
    """A server on a port of its own; starting one a test would take longer than the tests."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        front = Listening(f"http://127.0.0.1:{listener.getsockname()[1]}")
        config = uvicorn.Config(front, log_config=None, ws="none", lifespan="off", timeout_graceful_shutdown=0)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        yield front
        server.should_exit = True
        thread.join(timeout=5)


@pytest.fixture
def serve_shop(listening: Listening, clock: StoppedClock) -> Iterator[Callable[[str], dict[str, Any]]]:
    """Serves the reference shop over a data base; the settings that reach it."""
    opened: list[Database] = []

    def serve(url: str) -> dict[str, Any]:
        opened.append(Database(url, timeout_seconds=5))
        listening.app = ReferenceShop(opened[-1], token=SHOP_TOKEN, now=clock).app()
        return {"shop": "http", "shop_url": listening.url, "shop_token": SHOP_TOKEN}

    yield serve
    listening.app = None
    for database in opened:
        database.close()


@pytest.fixture
def build_own(database_url: str, clock: StoppedClock, post: LetterBox) -> Iterator[Callable[..., Backoffice]]:
    """Builds a back office on the test's data base; each call is like a new process."""
    built: list[Backoffice] = []

    def build_another(**more: Any) -> Backoffice:
        built.append(build_backoffice(_settings(database_url, **more), now=clock, post=post))
        return built[-1]

    yield build_another
    for one in built:
        one.close()


@pytest.fixture(params=["sql", "http"])
def build(
    request: pytest.FixtureRequest, database_url: str, build_own: Callable[..., Backoffice]
) -> Callable[[], Backoffice]:
    """The same, and once more with the orders of a shop over HTTP."""
    shop = request.getfixturevalue("serve_shop")(database_url) if request.param == "http" else {}
    return partial(build_own, **shop)


@pytest.fixture
def post() -> LetterBox:
    return LetterBox()


@pytest.fixture(params=["memory", "sqlite", "http", pytest.param("postgresql", marks=pytest.mark.server)])
def backoffice(request: pytest.FixtureRequest, clock: StoppedClock, tmp_path: Path) -> Iterator[Backoffice]:
    """The whole room with the demo company, once over each kind of storage; ``http``: orders of a shop over HTTP."""
    post = request.getfixturevalue("post")
    if request.param == "memory":
        built = build_memory_backoffice(now=clock, post=post)
    elif request.param == "http":
        url = _data_base(request, "sqlite", tmp_path)
        built = build_backoffice(_settings(url, **request.getfixturevalue("serve_shop")(url)), now=clock, post=post)
    else:
        built = build_backoffice(_settings(_data_base(request, request.param, tmp_path)), now=clock, post=post)
    yield built
    built.close()


def _settings(url: str, **more: Any) -> BackofficeSettings:
    return BackofficeSettings(database_url=url, **more)


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("BACKOFFICE_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def memory_backoffice(clock: StoppedClock) -> Backoffice:
    return build_memory_backoffice(now=clock)
