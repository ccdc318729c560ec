"""Bringing the tables to the code's version, and asking whether they are."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection

import backoffice
from backoffice.adapters.sql import (  # noqa: F401 - known tables
    command_tables,
    delivery_tables,
    desk_tables,
    journey_tables,
    shop_tables,
)
from backoffice.adapters.sql.base import Base
from backoffice.adapters.sql.database import Database, translated
from backoffice.errors import BackofficeNotMigrated


def migrate(database: Database) -> str:
    """Bring the tables to the newest version, in one transaction, and return that version's name.

    Raises:
        BackofficeUnavailable: The data base cannot be reached or refused; nothing was changed.
    """
    config = _config()
    with translated(), database.engine.execution_options(writes=True).begin() as connection:
        _alone(connection)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return _head()


def create_tables(database: Database) -> None:
    """All tables at once, without their history: for a data base in memory.

    Raises:
        BackofficeUnavailable: The data base refused.
    """
    with translated(), database.engine.execution_options(writes=True).begin() as connection:
        Base.metadata.create_all(connection)


def check(database: Database) -> None:
    """Make sure that the data base answers and its tables are the code's.

    Raises:
        BackofficeNotMigrated: The tables are missing or of another version.
        BackofficeUnavailable: The data base does not answer.
    """
    with translated(), database.engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    if found != _head():
        raise BackofficeNotMigrated(
            f"the back office's tables are at {found or 'nothing'}, the code needs {_head()}: "
            "run `python -m backoffice migrate`"
        )


def _alone(connection: Connection) -> None:
    """Two processes that start together migrate one after the other; SQLite's write lock does it by itself."""
    if connection.dialect.name == "postgresql":
        for statement in ("SET LOCAL statement_timeout = 0", "SET LOCAL lock_timeout = '60s'"):
            connection.exec_driver_sql(statement)  # a migration may take longer than a customer waits
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7302110046)")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(backoffice.__file__).parent / "migrations"))
    return config


def _head() -> str:
    head = ScriptDirectory.from_config(_config()).get_current_head()
    if head is None:
        raise BackofficeNotMigrated("the package has no migrations")
    return head
