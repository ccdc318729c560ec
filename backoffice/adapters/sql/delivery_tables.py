"""The table of what was handed on to a help desk of another company."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from backoffice.adapters.sql.base import Base, UtcDateTime


class DeliveryRow(Base):
    """One ticket, note or contact address: when it is tried (again), and when the help desk took it.

    ``due_at`` is also the claim: who works on it moves it on first.
    """

    __tablename__ = "ticket_deliveries"

    kind: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True)
    ticket: Mapped[str] = mapped_column(index=True)
    tries: Mapped[int]
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    delivered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    remote_id: Mapped[str | None]
