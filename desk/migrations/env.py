"""How Alembic runs here: on a connection that ``adapters.sql.migrate`` has opened and will commit."""

from alembic import context

from desk.adapters.sql import (  # noqa: F401 - their tables join the others
    figures_tables,
    inbox_tables,
    knowledge_tables,
    phrase_tables,
    reviews_tables,
    staff_tables,
)
from desk.adapters.sql.migrate import VERSION_TABLE
from desk.adapters.sql.tables import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    render_as_batch=True,  # SQLite cannot alter most columns in place
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
