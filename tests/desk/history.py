"""Conversations written into the tables by hand, a line an item, for figures that are computed by hand."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from desk.adapters.sql.tables import conversations, handoffs, items

MONDAY = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)


@dataclass
class Talk:
    """One conversation; each item is ``(seconds after it began, who, text or rung or event)``.

    Who: ``c`` the customer, ``b`` the bot (what follows is the rung of its answer to the words before), ``a`` Niamh,
    ``s`` the desk (an event).
    """

    id: str
    said: Sequence[tuple[float, str, str]]
    day: int = 0
    rating: int | None = None
    customer: str | None = None
    reason: str | None = None
    state: str = "bot"
    channel: str = "web"
    contact: str | None = None
    more: dict[str, Any] = field(default_factory=dict)

    def write(self, connection: Connection) -> None:
        """Put it into the tables."""
        began = MONDAY + timedelta(days=self.day)
        last = began + timedelta(seconds=max((at for at, _, _ in self.said), default=0))
        person = self.state == "agent"
        connection.execute(
            conversations.insert().values(
                id=self.id, channel=self.channel, state=self.state, version=1, position=len(self.said), priority=0,
                customer_id=self.customer, rating_score=self.rating, contact_email=self.contact,
                agent_id="s_niamh" if person else None, agent_name="Niamh" if person else None,
                read_by_customer=0, read_by_agent=0, fence=0,
                **{"created_at": began, "updated_at": last, **self.more},
            )
        )  # fmt: skip
        rows = self._rows(began)
        if rows:
            connection.execute(items.insert(), rows)
        called = next((row["at"] for row in rows if row["event"] == "handoff_queued"), None)
        if self.reason:
            connection.execute(
                handoffs.insert().values(
                    id=f"h_{self.id}", conversation_id=self.id, message_id="m", reason=self.reason, priority="normal",
                    team=None, details={}, announced=True, at=called or last,
                )
            )  # fmt: skip

    def _rows(self, began: datetime) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = []
        asked: list[str] = []
        speakers = {"c": "customer", "b": "bot", "a": "agent", "s": "system"}
        for position, (seconds, who, what) in enumerate(self.said, start=1):
            name = f"{self.id}_{position}"
            rung = what if who == "b" and what != "hello" else None
            rows.append(
                {
                    "conversation_id": self.id, "position": position, "id": name, "speaker": speakers[who],
                    "name": "Niamh" if who == "a" else None, "client_id": None, "text": what,
                    "message": {"custom": {"rung": rung}} if rung else {}, "attachments": [],
                    "answers": list(asked) if who == "b" else [], "event": what if who == "s" else None,
                    "at": began + timedelta(seconds=seconds),
                }
            )  # fmt: skip
            if who == "c":
                asked.append(name)
            elif who == "b":
                asked.clear()
        return rows
