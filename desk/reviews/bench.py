"""``make bench-reviews``: 100,000 conversations, and how long the console's lists take over them.

A part goes the way of real ones, from Rasa's events; the rest is put into the tables directly, by the same code that
makes rows of turns. Sentences are those of ``data/nlu``, so that words are as frequent as in real ones.
"""

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import Connection, text

from desk.adapters.sql import review_detail, review_lists, review_rows, review_terms, review_turn_rows, review_words
from desk.adapters.sql.database import Database
from desk.adapters.sql.migrate import migrate
from desk.adapters.sql.reviews_tables import review_facets, review_turns, reviews
from desk.reviews.bench_conversations import Maker
from desk.reviews.model import ReviewFilter, Sort
from desk.reviews.summary import summary_of
from desk.reviews.wire import detail_json, row_json

AIMS_MS = {"sqlite": 800, "postgresql": 300}
MEASUREMENTS = Path("var/measurements")
_AT_ONCE = 500
_READ_AT_ONCE = 20
_NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)

Ask = Callable[[], Awaitable[object]]


def main() -> int:
    """Measure, print one line of JSON a data base, and say by the exit code whether the aims were met."""
    parser = argparse.ArgumentParser(prog="make bench-reviews", description=__doc__)
    parser.add_argument("--conversations", type=int, default=100_000)
    parser.add_argument("--from-events", type=int, default=5_000, help="how many of them from Rasa's events")
    parser.add_argument("--filled", action="store_true", help="--postgresql was filled before: only ask")
    parser.add_argument("--rounds", type=int, default=10, help="how often each question is asked")
    parser.add_argument("--postgresql", help="URL of an empty data base; without it SQLite alone is measured")
    parser.add_argument("--data", type=Path, default=Path("data/nlu"))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-reviews-") as folder:
        urls = [] if options.filled else [f"sqlite:///{folder}/desk.db"]
        urls += [options.postgresql] if options.postgresql else []
        results = [asyncio.run(_measured(url, options)) for url in urls]
    for result in results:
        line = json.dumps(result, ensure_ascii=False)
        MEASUREMENTS.mkdir(parents=True, exist_ok=True)
        (MEASUREMENTS / f"{result['target']}-{result['data_base']}.json").write_text(line + "\n", encoding="utf-8")
        print(line)
    return 0 if all(result["p95_ms"] <= result["aim_ms"] for result in results) else 1


async def _measured(url: str, options: argparse.Namespace) -> dict[str, Any]:
    database = Database(url, timeout_seconds=60)
    migrate(database)
    maker = Maker(options.data, _NOW)
    rate = None if options.filled else await _fill(database, maker, options)
    times = await _ask_all(database, maker, options.rounds)
    database.close()
    every = [one for some in times.values() for one in some]
    kind = database.engine.dialect.name
    by_kind = sorted(((name, _p95(some)) for name, some in times.items()), key=lambda one: -one[1])
    return {
        "target": "bench-reviews",
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "data_base": kind,
        "conversations": options.conversations,
        "asked": len(every),
        "p50_ms": round(float(np.percentile(every, 50)), 1),
        "p95_ms": _p95(every),
        "aim_ms": AIMS_MS[kind],
        "slowest": dict(by_kind[:8]),
        "read_a_second": rate,
    }


async def _fill(database: Database, maker: Maker, options: argparse.Namespace) -> float:
    """How many conversations a second were taken from events."""
    begun = time.perf_counter()
    from_events = min(options.from_events, options.conversations)
    rate = await _read(database, maker, from_events)
    for start in range(from_events, options.conversations, _AT_ONCE):
        await database.write(_put, maker, range(start, min(options.conversations, start + _AT_ONCE)))
    await asyncio.to_thread(_tidy, database)
    seconds = time.perf_counter() - begun
    _say(f"{database.engine.dialect.name}: {options.conversations} conversations in {seconds:.0f} s")
    return round(rate, 1)


async def _read(database: Database, maker: Maker, count: int) -> float:
    """The way of real conversations; how many a second."""
    begun = time.perf_counter()
    for start in range(0, count, _READ_AT_ONCE):
        some = [maker.fresh(n) for n in range(start, min(count, start + _READ_AT_ONCE))]
        await database.write(review_rows.store, some, datetime.now(UTC))
    return count / max(time.perf_counter() - begun, 0.001)


def _put(connection: Connection, maker: Maker, numbers: Sequence[int]) -> None:
    made = [(n, maker.turns(n)) for n in numbers]
    now = datetime.now(UTC)
    summaries = [(n, turns, summary_of(maker.name(n), turns, maker.side(n), now=now)) for n, turns in made]
    ids = review_terms.ids_of(connection, {term for _, _, one in summaries for term in one.terms})
    columns: list[dict[str, Any]] = []
    for n, turns, summary in summaries:
        last = {"last_event_id": turns[-1].first_event_id, "last_event_at": 0.0}
        columns.append(review_rows.columns_of(summary) | last | maker.judged(n))
    insert = reviews.insert().returning(reviews.c.number, sort_by_parameter_order=True)
    keys = list(connection.execute(insert, columns).scalars())
    rows, facets = [], []
    for key, (_, turns, summary) in zip(keys, summaries, strict=True):
        rows += [review_turn_rows.row_of(key, turn) for turn in turns]
        facets += [{"term_id": ids[term], "number": key} for term in summary.terms]
        review_words.put_words(connection, key, summary.words)
    connection.execute(review_turns.insert(), rows)
    connection.execute(review_facets.insert(), facets)
    _tag(connection, maker, dict(zip(numbers, keys, strict=True)))


def _tag(connection: Connection, maker: Maker, keys: dict[int, int]) -> None:
    tagged = [(review_terms.TAG, tag, key) for n, key in keys.items() for tag in maker.judged(n)["tags"]]
    ids = review_terms.ids_of(connection, {(kind, tag) for kind, tag, _ in tagged})
    if tagged:
        rows = [{"term_id": ids[kind, tag], "number": key} for kind, tag, key in tagged]
        connection.execute(review_facets.insert(), rows)


def _tidy(database: Database) -> None:
    """What PostgreSQL does by itself after a while (autovacuum), and what SQLite's planner is told."""
    if database.is_sqlite:
        with database.engine.begin() as connection:
            connection.execute(text("ANALYZE"))
        return
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SET statement_timeout = 0"))
        connection.execute(text("VACUUM ANALYZE"))


async def _ask_all(database: Database, maker: Maker, rounds: int) -> dict[str, list[float]]:
    times: dict[str, list[float]] = {}
    for turn in range(rounds):
        for name, ask in _questions(database, maker, turn):
            begun = time.perf_counter()
            await ask()
            times.setdefault(name, []).append((time.perf_counter() - begun) * 1000)
    return times


def _questions(database: Database, maker: Maker, turn: int) -> Iterator[tuple[str, Ask]]:
    for name, wanted in maker.filters(turn).items():
        yield name, _listing(database, wanted, "newest")
        if turn == 0:
            yield f"{name}, by worth", _listing(database, wanted, "worth")
    yield "everything, by worth", _listing(database, ReviewFilter(), "worth")
    yield "everything, a later page", _listing(database, ReviewFilter(until=maker.moment(turn)), "newest")
    yield "facets", lambda: database.read(review_lists.facets)
    yield "next", lambda: database.read(review_lists.next_worth, None)
    yield "next after", lambda: database.read(review_lists.next_worth, maker.name(turn * 97))
    yield "one conversation", lambda: database.read(_detail, maker.name(turn * 131))


def _listing(database: Database, wanted: ReviewFilter, sort: Sort) -> Ask:
    return lambda: database.read(_list, wanted, sort)


def _list(connection: Connection, wanted: ReviewFilter, sort: Sort) -> tuple[list[dict[str, Any]], int]:
    rows = review_lists.page(connection, wanted, sort=sort, after=None, limit=50)
    return [row_json(row) for row in rows], review_lists.count(connection, wanted)


def _detail(connection: Connection, name: str) -> dict[str, Any]:
    return detail_json(review_detail.detail(connection, name))


def _p95(times: Sequence[float]) -> float:
    return round(float(np.percentile(times, 95)), 1)


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
