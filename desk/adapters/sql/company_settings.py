"""What an admin decides for the whole company in the console."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from desk.adapters.sql.inbox_tables import company_settings


def read(connection: Connection, name: str, otherwise: Any) -> Any:
    """What was decided, ``otherwise`` while nothing was."""
    query = select(company_settings.c.value).where(company_settings.c.name == name)
    row = connection.execute(query).first()
    return row.value if row else otherwise


def write(connection: Connection, name: str, value: Any, by: str, now: datetime) -> None:
    """Decide it."""
    insert = postgresql_insert if connection.dialect.name == "postgresql" else sqlite_insert
    changed = {"value": value, "changed_by": by, "changed_at": now}
    statement = insert(company_settings).values(name=name, **changed)
    connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_=changed))
