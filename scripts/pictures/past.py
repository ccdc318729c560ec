"""Eight weeks of invented conversations, so that the figures have something to show. The figures make facts of them."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from desk.adapters.sql.database import Database
from desk.adapters.sql.tables import conversations, handoffs, items

_DAYS = 56
_COLLEAGUES = ("Niamh Doyle", "Omar Haddad", "Ruth Lindqvist")
_REASONS = ("asked_for_person", "asked_for_person", "angry", "not_helped", "payment")
_SCORES = (5, 5, 5, 5, 4, 4, 4, 3, 2)
_QUESTIONS = (
    "Where is my order?",
    "How long do I have to send something back?",
    "Can I still change the address?",
    "When does my refund come?",
    "Does the kettle fit an Irish plug?",
)
_ODD = ("Can you engrave a name on the kettle?", "Do you rent out espresso machines?", "Is there a shop in Sligo?")
_RATED, _CALLED, _MISSED, _PAUSE = 0.4, 0.16, 0.06, timedelta(seconds=25)


def write_past(database_url: str, *, seed: int = 7) -> None:
    """Put them into the gateway's tables, as ended a while ago."""
    database = Database(database_url, timeout_seconds=30)
    with database.engine.begin() as connection:
        _write(connection, random.Random(seed), datetime.now(UTC))
    database.close()


def settle_past(database_url: str) -> None:
    """Date their last change back, too, once they were counted: what changed just now is counted at every look."""
    database = Database(database_url, timeout_seconds=30)
    past = conversations.c.id.startswith("past_")
    with database.engine.begin() as connection:
        connection.execute(conversations.update().where(past).values(updated_at=conversations.c.closed_at))
    database.close()


def _write(connection: Connection, chance: random.Random, now: datetime) -> None:
    for day in range(_DAYS, 0, -1):
        morning = (now - timedelta(days=day)).replace(hour=9, minute=0)
        busy = 0.4 if morning.weekday() == 6 else 1.0  # noqa: PLR2004 - Sunday
        for number in range(int(chance.gauss(34 - day / 5, 4) * busy)):
            began = morning + timedelta(minutes=chance.uniform(0, 600))
            talk = _Talk(f"past_{day}_{number}", began, now)
            _write_one(connection, chance, talk, later=1 - day / _DAYS)


def _write_one(connection: Connection, chance: random.Random, talk: _Talk, *, later: float) -> None:
    """``later`` goes from 0 to 1: the bot has learnt something meanwhile."""
    colleague = chance.choice(_COLLEAGUES) if chance.random() < _CALLED - 0.05 * later else None
    for _ in range(chance.randint(1, 4)):
        missed = chance.random() < _MISSED - 0.03 * later
        rung = chance.choice(("did_you_mean", "did_you_mean", "none")) if missed else "entry"
        talk.add("customer", chance.choice(_ODD if missed else _QUESTIONS), seconds=chance.uniform(5, 60))
        talk.add("bot", "I looked that up.", seconds=chance.uniform(0.4, 1.4), message={"custom": {"rung": rung}})
    if colleague:
        talk.add("system", "", seconds=1, event="handoff_queued")
        talk.add("agent", "Hello, I have looked it up.", seconds=chance.uniform(40, 200), name=colleague)
    score = chance.choice(_SCORES) if chance.random() < _RATED else None
    connection.execute(conversations.insert(), [talk.row(score)])
    connection.execute(items.insert(), talk.items)
    if colleague:
        call = {
            "id": f"{talk.name}_call", "conversation_id": talk.name, "message_id": "m",
            "reason": chance.choice(_REASONS), "priority": "normal", "details": {}, "announced": True, "at": talk.at,
        }  # fmt: skip
        connection.execute(handoffs.insert(), [call])


class _Talk:
    def __init__(self, name: str, began: datetime, written: datetime) -> None:
        self.name, self._began, self.at = name, began, began
        self._written = written
        self.items: list[dict[str, Any]] = []

    def add(self, speaker: str, text: str, *, seconds: float, **more: Any) -> None:
        """Said ``seconds`` after what was said before."""
        self.at += timedelta(seconds=seconds)
        position = len(self.items) + 1
        asked = [self.items[-1]["id"]] if speaker == "bot" else []
        self.items.append(
            {
                "conversation_id": self.name, "position": position, "id": f"{self.name}_{position}",
                "speaker": speaker, "name": None, "client_id": None, "text": text, "message": {},
                "attachments": [], "answers": asked, "event": None, "at": self.at, **more,
            }
        )  # fmt: skip

    def row(self, score: int | None) -> dict[str, Any]:
        """The conversation, ended."""
        return {
            "id": self.name, "channel": "web", "state": "closed", "version": 1, "position": len(self.items),
            "priority": 0, "rating_score": score, "read_by_customer": 0, "read_by_agent": len(self.items),
            "fence": 0, "created_at": self._began, "closed_at": self.at + _PAUSE,
            "updated_at": self._written,  # the figures read what changed since they read last
        }  # fmt: skip
