"""The appending store writes what the stock store would have written, once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from rasa_extensions.tracker_store import AppendingSQLTrackerStore

ROOM = "test_tracker_store"


@pytest.fixture(params=["sqlite", "postgresql"])
def where(request: Any, tmp_path: Any) -> Iterator[dict[str, Any]]:
    """Settings of a store, as ``endpoints.yml`` would give them."""
    if request.param == "sqlite":
        yield {"dialect": "sqlite", "db": str(tmp_path / "tracker.db")}
        return
    address = os.environ.get("TEST_DATABASE_URL")
    if not address:
        pytest.skip("TEST_DATABASE_URL names no PostgreSQL")
    url = sa.engine.make_url(address).set(drivername="postgresql+psycopg2")
    name = f"{ROOM}_{uuid4().hex[:8]}"
    server = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    yield {"host": url.set(database=name).render_as_string(hide_password=False)}
    with server.connect() as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def domain() -> Domain:
    return Domain.from_dict({"intents": ["greet"], "slots": {"number": {"type": "text", "mappings": []}}})


def turn(text: str) -> list[Any]:
    parsed = {"intent": {"name": "greet", "confidence": 0.9}, "entities": []}
    return [UserUttered(text, parsed["intent"], [], parsed), SlotSet("number", text), ActionExecuted("action_listen")]


async def talk(store: SQLTrackerStore, sender: str, *texts: str) -> None:
    """Turns as Rasa's processor makes them: retrieved, changed, saved (a new conversation is saved twice)."""
    for text in texts:
        tracker = await store.retrieve(sender)
        if tracker is None:
            tracker = await store.create_tracker(sender)
            tracker.update_with_events([ActionExecuted("action_session_start"), SessionStarted()], store.domain)
            await store.save(tracker)
        tracker.update_with_events(turn(text), store.domain)
        await store.save(tracker)


def words(tracker: DialogueStateTracker | None) -> list[str]:
    return [event.text for event in tracker.events if isinstance(event, UserUttered)] if tracker else []


async def test_the_stock_store_reads_the_same_conversation(where: dict[str, Any], domain: Domain) -> None:
    own = AppendingSQLTrackerStore(domain, **where)
    await talk(own, "ann", "one", "two", "three")
    stock = SQLTrackerStore(domain, **where)
    theirs, ours = await stock.retrieve("ann"), await own.retrieve("ann")
    assert words(theirs) == ["one", "two", "three"]
    assert [event.as_dict() for event in theirs.events] == [event.as_dict() for event in ours.events]
    assert ours.get_slot("number") == "three"


async def test_both_stores_may_take_turns(where: dict[str, Any], domain: Domain) -> None:
    own, stock = AppendingSQLTrackerStore(domain, **where), SQLTrackerStore(domain, **where)
    for number in range(3):
        await talk(own, "ann", f"own {number}")
        await talk(stock, "ann", f"stock {number}")
    assert words(await own.retrieve("ann")) == [f"{who} {n}" for n in range(3) for who in ("own", "stock")]


async def test_a_new_session_starts_a_new_reading_and_the_old_one_is_kept(
    where: dict[str, Any], domain: Domain
) -> None:
    store = AppendingSQLTrackerStore(domain, **where)
    await talk(store, "ann", "before")
    tracker = await store.retrieve("ann")
    tracker.update_with_events([ActionExecuted("action_session_start"), SessionStarted()], domain)
    await store.save(tracker)
    await talk(store, "ann", "after")
    assert words(await store.retrieve("ann")) == ["after"]
    assert words(await store.retrieve_full_tracker("ann")) == ["before", "after"]
    assert await store.retrieve("ben") is None


async def test_a_tracker_that_was_built_elsewhere_repeats_nothing(where: dict[str, Any], domain: Domain) -> None:
    store = AppendingSQLTrackerStore(domain, **where)
    await talk(store, "ann", "one")
    known = await store.retrieve("ann")
    rebuilt = DialogueStateTracker.from_events("ann", [*known.events, *turn("two")], domain.slots)
    await store.save(rebuilt)
    assert words(await store.retrieve("ann")) == ["one", "two"]


async def test_a_turn_that_cannot_be_written_whole_is_not_written(where: dict[str, Any], domain: Domain) -> None:
    store = AppendingSQLTrackerStore(domain, **where)
    await talk(store, "ann", "one")
    tracker = await store.retrieve("ann")
    tracker.update_with_events(turn("two"), domain)
    broken = SlotSet("number", "x")
    broken.as_dict = lambda: {"event": "slot", "timestamp": "not a number", "value": object()}  # type: ignore[method-assign]
    tracker.events.append(broken)
    with pytest.raises(TypeError):
        await store.save(tracker)
    assert words(await store.retrieve("ann")) == ["one"]
