"""Tables that make changes happen once and codes hold: what was done under a key, and the codes that were sent."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backoffice.adapters.sql.base import Base, UtcDateTime, choice, json_column
from backoffice.model.code import Purpose


class CommandRow(Base):
    """What came of a change, under its key: the same key again reads it instead of changing anything."""

    __tablename__ = "commands"

    conversation_id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    message_id: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    result: Mapped[dict[str, Any]] = mapped_column(json_column())


class CodeRow(Base):
    """A conversation's last code for one purpose; ``digest`` is a slow hash of it."""

    __tablename__ = "access_codes"
    __table_args__ = (CheckConstraint("tries_left >= 0", "tries"),)

    conversation_id: Mapped[str] = mapped_column(primary_key=True)
    purpose: Mapped[Purpose] = mapped_column(choice(Purpose), primary_key=True)
    digest: Mapped[str]
    customer_id: Mapped[str | None]
    target: Mapped[str | None]
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    tries_left: Mapped[int]
    proved_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
