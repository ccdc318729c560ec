"""How Alembic runs here: on a connection that ``adapters.sql.migrate`` has opened and will commit."""

from alembic import context

from backoffice.adapters.sql import command_tables, desk_tables, journey_tables, shop_tables  # noqa: F401 - their tables must be known
from backoffice.adapters.sql.base import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=True,  # SQLite cannot alter most columns in place
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
