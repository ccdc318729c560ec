"""Bringing the tables to the code's version, and asking whether they are."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

import desk
from desk.adapters.sql.database import Database, translated
from desk.errors import StoreNotMigrated

VERSION_TABLE = "desk_version"
"""A table of our own, that nobody takes for the back office's."""


def migrate(database: Database) -> str:
    """Bring the tables to the newest version, in one transaction, and return that version's name.

    Raises:
        StoreUnavailable: the data base cannot be reached or refused; nothing was changed.
    """
    config = _config()
    with translated(), database.engine.execution_options(writes=True).begin() as connection:
        _alone(connection)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return _head()


def check(connection: Connection) -> None:
    """Make sure that the tables are the code's.

    Raises:
        StoreNotMigrated: they are missing or of another version.
    """
    context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
    found = context.get_current_revision()
    if found != _head():
        raise StoreNotMigrated(
            f"the gateway's tables are at {found or 'nothing'}, the code needs {_head()}: run `python -m desk migrate`"
        )


def _alone(connection: Connection) -> None:
    """Two processes that start together migrate one after the other; SQLite's write lock does it by itself."""
    if connection.dialect.name == "postgresql":
        for statement in ("SET LOCAL statement_timeout = 0", "SET LOCAL lock_timeout = '60s'"):
            connection.exec_driver_sql(statement)
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7302110047)")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(desk.__file__).parent / "migrations"))
    return config


def _head() -> str:
    head = ScriptDirectory.from_config(_config()).get_current_head()
    if head is None:
        raise StoreNotMigrated("the package has no migrations")
    return head
