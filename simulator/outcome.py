"""Whether a goal is reached: by what the back office has on record, by what the bot said, by the source it named."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from conversation_runner.turn import Turn, citations_in
from simulator.ledger import Change
from simulator.model import Goal


def reached(goal: Goal, facts: Mapping[str, str], turns: Sequence[Turn], changes: Sequence[Change]) -> bool:
    """Any of the goal's proofs is enough."""
    if any(change.action in goal.done for change in changes):
        return True
    if any(entry in citations_in(turn) for turn in turns for entry in goal.cites):
        return True
    texts = [message.text for turn in turns for message in turn.messages]
    return any(_found(pattern, facts, text) for pattern in goal.told for text in texts)


def _found(pattern: str, facts: Mapping[str, str], text: str) -> bool:
    for name, value in facts.items():
        pattern = pattern.replace(f"{{{name}}}", re.escape(value))
    return re.search(pattern, text, re.IGNORECASE | re.DOTALL) is not None
