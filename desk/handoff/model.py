"""A call for a person, as an action makes it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Priority = Literal["low", "normal", "high", "urgent"]
RANK: Mapping[Priority, int] = {"low": -1, "normal": 0, "high": 1, "urgent": 2}


@dataclass(frozen=True, slots=True)
class Handoff:
    """Why a person is needed and what is known so far."""

    message_id: str
    reason: str
    priority: Priority = "normal"
    team: str | None = None
    summary: str = field(default="", repr=False)
    collected: Mapping[str, Any] = field(default_factory=dict, repr=False)
    intents: Sequence[str] = ()
    sentiment: Sequence[float] = ()
    tried: Sequence[str] = ()
    last_words: str = field(default="", repr=False)
    ticket_number: str | None = None
