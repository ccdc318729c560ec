"""Tables of the journeys that hang on an order: claims."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from backoffice.adapters.sql.base import Base, UtcDateTime, choice, json_column
from backoffice.model.order_change import ClaimKind, Wish


class ClaimRow(Base):
    """Something was wrong with a delivery; a person decides. ``contents`` is a list of [line number, quantity]."""

    __tablename__ = "claims"

    number: Mapped[str] = mapped_column(primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"), index=True)
    kind: Mapped[ClaimKind] = mapped_column(choice(ClaimKind))
    wish: Mapped[Wish | None] = mapped_column(choice(Wish))
    contents: Mapped[list[list[int]]] = mapped_column(json_column())
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
