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
    _appointment_slots()
    _bookings()
    _bookings_more()
    _commands()
    _deletion_requests()
    _leads()
    _subscriptions()
    _subscriptions_more()
    _ticket_notes()
    _ticket_notes_more()
    _claims()
    _claims_more()
    _verifications()
    _amounts()
    _return_numbers()


def downgrade() -> None:
    _drop_amounts()
    with op.batch_alter_table("verifications", schema=None) as batch_op:
        batch_op.drop_column("confirmed_until")

    with op.batch_alter_table("claims", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_claims_order_id"))

    op.drop_table("claims")
    with op.batch_alter_table("ticket_notes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ticket_notes_ticket"))

    op.drop_table("ticket_notes")
    with op.batch_alter_table("subscriptions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_subscriptions_customer_id"))

    op.drop_table("subscriptions")
    op.drop_table("leads")
    op.drop_table("deletion_requests")
    op.drop_table("commands")
    with op.batch_alter_table("bookings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bookings_conversation_id"))

    op.drop_table("bookings")
    op.drop_table("appointment_slots")
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


def _appointment_slots() -> None:
    op.create_table(
        "appointment_slots",
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.CheckConstraint("taken >= 0 AND taken <= capacity", name=op.f("ck_appointment_slots_taken")),
        sa.PrimaryKeyConstraint("kind", "starts_at", name=op.f("pk_appointment_slots")),
    )


def _bookings() -> None:
    op.create_table(
        "bookings",
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("booked_at", MOMENT, nullable=False),
        sa.Column("cancelled_at", MOMENT, nullable=True),
        sa.CheckConstraint("persons > 0", name=op.f("ck_bookings_persons")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_bookings")),
    )


def _bookings_more() -> None:
    with op.batch_alter_table("bookings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bookings_conversation_id"), ["conversation_id"], unique=False)


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


def _deletion_requests() -> None:
    op.create_table(
        "deletion_requests",
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("done_by", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("customer_id", name=op.f("pk_deletion_requests")),
    )


def _leads() -> None:
    op.create_table(
        "leads",
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("company", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("wants", sa.String(), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_leads")),
    )


def _subscriptions() -> None:
    op.create_table(
        "subscriptions",
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sku", sa.String(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("interval_weeks", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("next_shipment", sa.Date(), nullable=True),
        sa.Column("paused_until", sa.Date(), nullable=True),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_subscriptions")),
    )


def _subscriptions_more() -> None:
    with op.batch_alter_table("subscriptions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_subscriptions_customer_id"), ["customer_id"], unique=False)


def _ticket_notes() -> None:
    op.create_table(
        "ticket_notes",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("ticket", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_notes")),
    )


def _ticket_notes_more() -> None:
    with op.batch_alter_table("ticket_notes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ticket_notes_ticket"), ["ticket"], unique=False)


def _claims() -> None:
    op.create_table(
        "claims",
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("wish", sa.String(32), nullable=True),
        sa.Column("contents", JSON, nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_claims_order_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_claims")),
    )


def _claims_more() -> None:
    with op.batch_alter_table("claims", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_claims_order_id"), ["order_id"], unique=False)


def _verifications() -> None:
    with op.batch_alter_table("verifications", schema=None) as batch_op:
        batch_op.add_column(sa.Column("confirmed_until", MOMENT, nullable=True))


def _amounts() -> None:
    """What was paid and given back, counted from what is there, so that the data base can refuse too much.

    Plain ALTER TABLE on SQLite, too: a batch would drop and rebuild ``orders``, and every line with it.
    """
    op.execute("ALTER TABLE orders ADD COLUMN paid_minor INTEGER NOT NULL DEFAULT 0")
    op.execute(
        "ALTER TABLE orders ADD COLUMN refunded_minor INTEGER NOT NULL DEFAULT 0 CONSTRAINT ck_orders_refunded "
        "CHECK (refunded_minor >= 0 AND refunded_minor <= paid_minor)"
    )
    op.execute(
        "UPDATE orders SET paid_minor = delivery_cost_minor + (SELECT COALESCE(SUM(quantity * unit_price_minor), 0) "
        "FROM order_lines WHERE order_lines.order_id = orders.id) WHERE paid_at IS NOT NULL"
    )
    op.execute(
        "UPDATE orders SET refunded_minor = (SELECT COALESCE(SUM(amount_minor), 0) "
        "FROM refunds WHERE refunds.order_id = orders.id)"
    )


def _return_numbers() -> None:
    op.execute("ALTER TABLE returns ADD COLUMN number VARCHAR")
    op.execute("ALTER TABLE returns ADD COLUMN expected_minor INTEGER")
    op.create_index("ix_returns_number", "returns", ["number"], unique=True)


def _drop_amounts() -> None:
    op.drop_index("ix_returns_number", "returns")
    for table, column in (
        ("returns", "expected_minor"),
        ("returns", "number"),
        ("orders", "refunded_minor"),
        ("orders", "paid_minor"),
    ):
        op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
