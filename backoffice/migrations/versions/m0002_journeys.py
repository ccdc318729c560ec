"""Changes that happen once, codes, and the journeys' tables."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    _access_codes()
    _commands()
    _verifications()


def downgrade() -> None:
    with op.batch_alter_table("verifications", schema=None) as batch_op:
        batch_op.drop_column("confirmed_until")

    op.drop_table("commands")
    op.drop_table("access_codes")


def _access_codes() -> None:
    op.create_table(
        "access_codes",
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(32), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=True),
        sa.Column("target", sa.String(), nullable=True),
        sa.Column("sent_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("tries_left", sa.Integer(), nullable=False),
        sa.Column("proved_until", MOMENT, nullable=True),
        sa.CheckConstraint("tries_left >= 0", name=op.f("ck_access_codes_tries")),
        sa.PrimaryKeyConstraint("conversation_id", "purpose", name=op.f("pk_access_codes")),
    )


def _commands() -> None:
    op.create_table(
        "commands",
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("result", JSON, nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", "kind", "key", name=op.f("pk_commands")),
    )


def _verifications() -> None:
    with op.batch_alter_table("verifications", schema=None) as batch_op:
        batch_op.add_column(sa.Column("confirmed_until", MOMENT, nullable=True))
