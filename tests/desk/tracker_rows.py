"""A tracker store as Rasa writes it."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Engine, Float, Integer, MetaData, String, Table, Text, create_engine

GOLDEN = Path(__file__).parent / "golden" / "tracker_rows.jsonl"

# As stock Rasa makes it (rasa.core.tracker_store.SQLTrackerStore.SQLEvent).
EVENTS = Table(
    "events",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("sender_id", String(255), nullable=False, index=True),
    Column("type_name", String(255), nullable=False),
    Column("timestamp", Float),
    Column("intent_name", String(255)),
    Column("action_name", String(255)),
    Column("data", Text),
)


class TrackerStore:
    """Rasa's side of the tracker store."""

    def __init__(self, url: str) -> None:
        self.engine: Engine = create_engine(url)
        EVENTS.metadata.drop_all(self.engine)
        EVENTS.metadata.create_all(self.engine)

    def write(self, rows: Iterable[Mapping[str, Any]]) -> None:
        given = [dict(row) for row in rows]
        with self.engine.begin() as connection:
            connection.execute(EVENTS.insert(), given)

    def write_golden(self) -> None:
        """Rows that a running Rasa 3.6 wrote: five conversations of the desk channel, one of REST, one of its shell."""
        names = [column.name for column in EVENTS.columns]
        lines = GOLDEN.read_text(encoding="utf-8").splitlines()
        rows = [dict(zip(names, json.loads(line), strict=True)) for line in lines]
        self.write([{name: value for name, value in row.items() if name != "id"} for row in rows])

    def erase(self, sender: str) -> None:
        with self.engine.begin() as connection:
            connection.execute(EVENTS.delete().where(EVENTS.c.sender_id == sender))


def row(sender: str, at: float, event: Mapping[str, Any]) -> dict[str, Any]:
    """A row as the tracker store writes it."""
    data = {"timestamp": at, "metadata": {"model_id": "model-1", "assistant_id": "frontdesk"}, **event}
    return {"sender_id": sender, "type_name": event["event"], "timestamp": at, "data": json.dumps(data)}
