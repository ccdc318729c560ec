"""How one customer puts things: wording, mood, typos, and the facts they know."""

from __future__ import annotations

from collections.abc import Sequence

from simulator.bank import Bank, fillable, spoken
from simulator.plan import Visit


class Voice:
    """``facts`` grows with what the bot tells, such as a ticket's number."""

    def __init__(self, visit: Visit, bank: Bank) -> None:
        self.facts = dict(visit.facts)
        self.source = visit.source
        self.mood = bank.moods[visit.mood]
        self._said: set[str] = set()

    def chance(self, share: float) -> bool:
        """True in this share of all cases."""
        return self.source.random() < share

    def knows(self, sentences: Sequence[str]) -> bool:
        """Whether any of the sentences can be said with what is known."""
        return bool(fillable(sentences, self.facts))

    def wording(self, sentences: Sequence[str]) -> str:
        """One of the sentences, if possible one that was not said yet."""
        able = fillable(sentences, self.facts)
        fresh = [one for one in able if one not in self._said] or able
        chosen = self.source.choice(fresh)
        self._said.add(chosen)
        return self.typed(chosen)

    def typed(self, template: str) -> str:
        """A sentence as it leaves the keyboard."""
        return spoken(template, self.facts, self.mood, self.source)

    def around(self, text: str) -> str:
        """A first sentence with what this mood puts around it."""
        return f"{self.source.choice(self.mood.before)}{text}{self.source.choice(self.mood.after)}".strip()

    def pattern(self, pattern: str) -> str:
        """A button's pattern with the facts in it."""
        for name, value in self.facts.items():
            pattern = pattern.replace(f"{{{name}}}", value)
        return pattern
