"""``thresholds.ini`` as one frozen value."""

from __future__ import annotations

import configparser
import functools
from dataclasses import dataclass
from pathlib import Path

from contracts.escalation.model import Reason, Route

SHIPPED = Path(__file__).with_name("thresholds.ini")


@dataclass(frozen=True)
class Thresholds:
    """See the comments in the file."""

    very_negative: float
    negative: float
    negative_in_a_row: int
    complaint_confidence: float
    failed_attempts: int
    unresolved_turns: int
    warn_at: int
    offer_supervisor_at: int
    abuse_hands_over_at: int
    low_confidence: float
    low_relevance: float
    least_words: int
    refund_limit_minor: int
    dependency_failures: int
    routing: dict[Reason, Route]
    failed: tuple[str, ...]
    open: tuple[str, ...]
    down: tuple[str, ...]
    aside: tuple[str, ...]
    asks_for_person: frozenset[str]
    complains: frozenset[str]
    did_not_help: frozenset[str]
    content: frozenset[str]
    small_talk: frozenset[str]
    wants_money: frozenset[str]


@functools.lru_cache(maxsize=4)
def load(path: Path = SHIPPED) -> Thresholds:
    """Read the file.

    Raises:
        KeyError: a section, a value or a reason's route is missing.
        ValueError: a value is no number, or a route names no priority and team.
    """
    file = configparser.ConfigParser()
    file.read_string(path.read_text("utf-8"))

    def names(section: str, key: str) -> tuple[str, ...]:
        return tuple(file[section][key].split())

    return Thresholds(
        very_negative=float(file["moods"]["very_negative"]),
        negative=float(file["moods"]["negative"]),
        negative_in_a_row=int(file["moods"]["negative_in_a_row"]),
        complaint_confidence=float(file["complaints"]["least_confidence"]),
        failed_attempts=int(file["attempts"]["failed"]),
        unresolved_turns=int(file["attempts"]["unresolved_turns"]),
        warn_at=int(file["abuse"]["warn"]),
        offer_supervisor_at=int(file["abuse"]["offer_supervisor"]),
        abuse_hands_over_at=int(file["abuse"]["hand_over"]),
        low_confidence=float(file["understanding"]["low_confidence"]),
        low_relevance=float(file["understanding"]["low_relevance"]),
        least_words=int(file["understanding"]["least_words"]),
        refund_limit_minor=int(file["refunds"]["limit_minor"]),
        dependency_failures=int(file["dependencies"]["failures_in_a_row"]),
        routing={reason: _route(file["routing"][reason.value]) for reason in Reason},
        failed=names("replies", "failed"),
        open=names("replies", "open"),
        down=names("replies", "down"),
        aside=names("replies", "aside"),
        asks_for_person=frozenset(names("intents", "asks_for_person")),
        complains=frozenset(names("intents", "complains")),
        did_not_help=frozenset(names("intents", "did_not_help")),
        content=frozenset(names("intents", "content")),
        small_talk=frozenset(names("intents", "small_talk")),
        wants_money=frozenset(names("intents", "wants_money")),
    )


def _route(text: str) -> Route:
    priority, team = (part.strip() for part in text.split(","))
    if priority not in ("low", "normal", "high", "urgent"):
        raise ValueError(f"{priority} is no priority")
    return Route(priority, team)
