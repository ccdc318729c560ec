"""Afterwards: what the data bases say became of every message."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from benchmarks.chaos.customers import Customer


def waiting(desk: str) -> int:
    """Messages that are not answered yet."""
    engine = sa.create_engine(desk)
    with engine.connect() as connection:
        count = connection.execute(sa.text("SELECT count(*) FROM inbox WHERE state = 'waiting'")).scalar_one()
    engine.dispose()
    return int(count)


def judge(customers: Sequence[Customer], desk: str, tracker: str) -> Counter[str]:
    """Lost, doubled, out of order, unanswered, others', and what is only told: late words, apologies."""
    found: Counter[str] = Counter(
        dict.fromkeys(("lost", "doubled", "out of order", "unanswered", "others'", "gaps", "apologies", "told late"), 0)
    )
    timelines = _timelines(desk)
    turns = _turns(tracker)
    for customer in customers:
        items = timelines.get(customer.id, [])
        found["messages"] += len(customer.sent)
        _count_kept(customer, items, found)
        _count_answers(items, found)
        found["doubled"] += sum(count - 1 for count in turns[customer.id].values())
        others = re.compile(r"K(\d{4})")
        said = " ".join(item["text"] for item in items if item["speaker"] != "customer")
        found["others'"] += sum(int(mark) != customer.number for mark in others.findall(said))
        found["others'"] += sum(f"{order}" in said for order in ("10046",) if customer.number % 4 != 2)  # noqa: PLR2004
    return found


def _count_kept(customer: Customer, items: Sequence[dict[str, Any]], found: Counter[str]) -> None:
    kept = Counter(item["client_id"] for item in items if item["speaker"] == "customer")
    found["lost"] += sum(kept[client_id] == 0 for client_id in customer.sent)
    found["doubled"] += sum(count - 1 for count in kept.values())
    order = [item["client_id"] for item in items if item["speaker"] == "customer"]
    found["out of order"] += order != [one for one in customer.sent if kept[one]]
    found["gaps"] += [item["position"] for item in items] != list(range(1, len(items) + 1))


def _count_answers(items: Sequence[dict[str, Any]], found: Counter[str]) -> None:
    """Each customer's message is answered by one turn, and turns come in the order of what they answer."""
    position = {item["id"]: item["position"] for item in items}
    groups: dict[str, set[str]] = defaultdict(set)
    firsts = []
    for item in items:
        if item["speaker"] == "system":
            found["apologies"] += bool(item["answers"])
            found["told late"] += not item["answers"] and not item["event"]
        for message_id in item["answers"]:
            groups[message_id].add(item["at"])
        if item["answers"]:
            firsts.append(position[item["answers"][0]])
    asked = [item["id"] for item in items if item["speaker"] == "customer"]
    found["unanswered"] += sum(message_id not in groups for message_id in asked)
    found["doubled"] += sum(len(groups[message_id]) > 1 for message_id in asked)
    found["out of order"] += firsts != sorted(firsts)


def _timelines(url: str) -> dict[str, list[dict[str, Any]]]:
    engine = sa.create_engine(url)
    query = (
        "SELECT conversation_id, position, id, speaker, client_id, text, answers, event, at FROM items ORDER BY 1, 2"
    )
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    with engine.connect() as connection:
        for row in connection.execute(sa.text(query)).mappings():
            answers = row["answers"]
            one = {**row, "answers": json.loads(answers) if isinstance(answers, str) else answers}
            found[row["conversation_id"]].append({**one, "at": str(row["at"])})
    engine.dispose()
    return found


def _turns(url: str) -> dict[str, Counter[str]]:
    """How often each message stands in Rasa's tracker."""
    engine = sa.create_engine(url)
    found: dict[str, Counter[str]] = defaultdict(Counter)
    with engine.connect() as connection:
        rows: Iterable[Any] = connection.execute(sa.text("SELECT sender_id, data FROM events WHERE type_name = 'user'"))
        for sender, data in rows:
            found[sender][json.loads(data)["message_id"]] += 1
    engine.dispose()
    return found
