"""What was handed on to a help desk of another company."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "ticket_deliveries",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("ticket", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("delivered_at", MOMENT, nullable=True),
        sa.Column("remote_id", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("kind", "subject", name=op.f("pk_ticket_deliveries")),
    )
    with op.batch_alter_table("ticket_deliveries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ticket_deliveries_ticket"), ["ticket"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("ticket_deliveries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ticket_deliveries_ticket"))
    op.drop_table("ticket_deliveries")
