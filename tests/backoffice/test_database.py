"""The data base: its version, its promises about time and money, and what a caller sees when it fails."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Never
from uuid import uuid4

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, inspect, make_url, select, text
from sqlalchemy.exc import StatementError

from backoffice.adapters.sql.audit import record
from backoffice.adapters.sql.base import Base
from backoffice.adapters.sql.database import Database
from backoffice.adapters.sql.desk_tables import AuditRow
from backoffice.adapters.sql.migrate import _alone, _config, check, migrate
from backoffice.adapters.stopped_clock import StoppedClock
from backoffice.bootstrap import Backoffice, build_backoffice
from backoffice.errors import BackofficeError, BackofficeNotMigrated, BackofficeUnavailable
from backoffice.settings import BackofficeSettings

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.server)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'deep' / 'er' / 'empty.db'}"
        return
    server = make_url(request.getfixturevalue("postgresql_server"))
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    name = f"backoffice_test_{uuid4().hex[:12]}"
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield server.set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture
def empty(empty_url: str) -> Iterator[Database]:
    database = Database(empty_url, timeout_seconds=5)
    yield database
    database.close()


def test_tables_after_migration_are_the_models(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_migrating_again_does_nothing(database: Database) -> None:
    assert migrate(database) == migrate(database)
    check(database)


def test_two_processes_that_start_together_migrate_once(empty_url: str, empty: Database) -> None:
    command_line = [sys.executable, "-m", "backoffice", "migrate"]
    environment = {"BACKOFFICE_DATABASE_URL": empty_url}
    both = [subprocess.Popen(command_line, cwd=ROOT, env=environment) for _ in range(2)]

    assert [process.wait(timeout=120) for process in both] == [0, 0]
    check(empty)


@pytest.mark.server
def test_migrations_wait_for_one_another(postgresql_server: str) -> None:
    """SQLite's write lock does this by itself; PostgreSQL would let two processes make the same table."""
    waiting = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
    database = Database(postgresql_server, timeout_seconds=20)
    with ThreadPoolExecutor(1) as other, database.engine.connect() as holder:
        _alone(holder)
        migrating = other.submit(migrate, database)
        while not migrating.done() and not holder.scalar(waiting):
            holder.execute(text("SELECT pg_sleep(0.05)"))
        done_early = migrating.done()
        holder.rollback()
        migrating.result(timeout=30)
    database.close()

    assert not done_early


def test_migrations_go_down_to_nothing_and_up_again(empty: Database) -> None:
    migrate(empty)
    with empty.engine.execution_options(writes=True).begin() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    assert set(inspect(empty.engine).get_table_names()) <= {"alembic_version"}

    migrate(empty)
    check(empty)


def test_a_data_base_without_tables_says_what_to_do(empty_url: str) -> None:
    backoffice = build_backoffice(BackofficeSettings(database_url=empty_url))

    with pytest.raises(BackofficeNotMigrated, match="python -m backoffice migrate"):
        backoffice.check()
    with pytest.raises(BackofficeUnavailable) as error:
        backoffice.access.verified_customer("secret")
    assert "secret" not in f"{error.value} {error.value.__cause__}"
    backoffice.close()


def test_a_migration_that_fails_leaves_nothing(empty: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def upgrade_then_fail(config: Any, _revision: Any) -> Never:
        config.attributes["connection"].execute(text("CREATE TABLE half (id INTEGER)"))
        raise ValueError("power cut")

    monkeypatch.setattr("backoffice.adapters.sql.migrate.command.upgrade", upgrade_then_fail)
    with pytest.raises(ValueError, match="power cut"):
        migrate(empty)
    assert inspect(empty.engine).get_table_names() == []


def test_moments_come_back_as_aware_utc(database: Database) -> None:
    summer = datetime(2026, 7, 1, 12, 0, tzinfo=timezone(timedelta(hours=2)))
    with database.writing() as session:
        record(session, "x", at=summer, actor="system", subject=("test", "moment"))
    with database.reading() as session:
        at = session.scalars(select(AuditRow.at).where(AuditRow.subject == "moment")).one()

    assert at == summer
    assert at.tzinfo is UTC


def test_a_moment_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(BackofficeUnavailable) as refused, database.writing() as session:
        record(session, "x", at=datetime(2026, 7, 1), actor="system", subject=("test", "x"))  # noqa: DTZ001
    assert isinstance(refused.value.__cause__, StatementError)


def test_what_is_raised_inside_a_transaction_undoes_it(database: Database) -> None:
    def write_then_fail() -> Never:
        with database.writing() as session:
            record(session, "x", at=NOW, actor="system", subject=("test", "half"))
            session.flush()
            raise ValueError("power cut")

    with pytest.raises(ValueError, match="power cut"):
        write_then_fail()
    with database.reading() as session:
        assert session.scalars(select(AuditRow).where(AuditRow.subject == "half")).all() == []


def test_sqlite_waits_keeps_a_log_and_checks_references(sqlite_template: Path) -> None:
    database = Database(f"sqlite:///{sqlite_template}", timeout_seconds=7)
    with database.engine.connect() as connection:
        told = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "busy_timeout", "foreign_keys")
        ]
    database.close()

    assert told == ["wal", 7000, 1]


CALLS: dict[str, Callable[[Backoffice], object]] = {
    "check": lambda backoffice: backoffice.check(),
    "verify": lambda backoffice: backoffice.access.verify(
        "c", order_number="10046", email="secret@example.com", message_id="m"
    ),
    "orders": lambda backoffice: backoffice.orders.orders_of("c"),
    "ticket": lambda backoffice: backoffice.tickets.open_ticket(
        idempotency_key="k", conversation_id="c", reason="r", summary="secret"
    ),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
@pytest.mark.parametrize(
    "url", ["postgresql+psycopg://nobody@127.0.0.1:29999/nothing", "sqlite:///{tmp}/not_a_database.db"]
)
def test_an_unreachable_data_base_is_one_error_without_what_was_said(
    url: str, call: Callable[[Backoffice], object], tmp_path: Path
) -> None:
    (tmp_path / "not_a_database.db").write_text("hello " * 500)
    url = url.replace("{tmp}", str(tmp_path))
    backoffice = build_backoffice(BackofficeSettings(database_url=url, database_timeout_seconds=1))

    with pytest.raises(BackofficeUnavailable) as error:
        call(backoffice)
    assert "secret" not in f"{error.value} {error.value.__cause__}"
    backoffice.close()


@pytest.mark.parametrize("url", ["no url", "sqlite:////proc/nothing/backoffice.db"])
def test_a_data_base_that_cannot_be_named_stops_the_start(url: str) -> None:
    with pytest.raises(BackofficeUnavailable) as error:
        build_backoffice(BackofficeSettings(database_url=url))
    assert error.value.__cause__ is not None


def test_a_locked_data_base_is_told_after_the_set_time_and_then_works_again(
    sqlite_template: Path, tmp_path: Path, clock: StoppedClock
) -> None:
    path = tmp_path / "locked.db"
    path.write_bytes(sqlite_template.read_bytes())
    backoffice = build_backoffice(
        BackofficeSettings(database_url=f"sqlite:///{path}", database_timeout_seconds=0.2), now=clock
    )
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(BackofficeUnavailable):
            backoffice.access.verify("c1", order_number="10046", email="x@example.com", message_id="m1")
        assert backoffice.orders.orders_of("c1") == ()  # reading goes on
    finally:
        holder.rollback()
        holder.close()

    again = backoffice.access.verify("c1", order_number="10046", email="x@example.com", message_id="m1")
    assert again.tries_left == 2
    backoffice.close()


@pytest.mark.server
def test_a_restarted_server_is_not_noticed(postgresql_server: str) -> None:
    backoffice = build_backoffice(BackofficeSettings(database_url=postgresql_server))
    backoffice.check()
    admin = create_engine(postgresql_server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )

    assert backoffice.access.verified_customer("c1") is None
    backoffice.close()
    admin.dispose()


def test_all_errors_have_one_base() -> None:
    assert issubclass(BackofficeNotMigrated, BackofficeUnavailable)
    assert issubclass(BackofficeUnavailable, BackofficeError)
