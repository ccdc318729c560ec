"""Made-up conversations for ``bench.py``: the same number is always the same conversation."""

import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from desk.adapters.sql.review_rows import Fresh
from desk.reviews.events import turns_of
from desk.reviews.model import DeskSide, ReviewFilter, Turn

_DAYS = 365
_MOST_TURNS = 12
_CHANNELS, _CHANNEL_WEIGHTS = ("web", "rest", "shell", "email"), (80, 15, 1, 4)
_RUNGS, _RUNG_WEIGHTS = ("entry", "generated", "did_you_mean", "approved", "none"), (60, 15, 15, 2, 8)
_REASONS = ("asked_for_person", "very_negative", "failed_attempts", "urgent_complaint", "abuse")
_MODELS = tuple(f"model-{n}" for n in range(8))
_TAGS = ("gap", "voucher", "bug", "tone", "train")
_ENTITIES = ("order_number", "email", "product", "date", "amount", "country")
_SLOTS = ("order_number", "email", "requested_slot", "ticket_number", "last_journey", "wish")
_FEW_WORDS = ("parcel", "kettle", "refund", "password", "invoice", "galway", "broken")


class Maker:
    """Makes conversations of the sentences in ``data``, and questions about them."""

    def __init__(self, data: Path, now: datetime) -> None:
        self._now = now
        self._sentences = _sentences_by_intent(data)
        self._intents = sorted(self._sentences)
        self._weights = [1 / (n + 1) for n in range(len(self._intents))]  # few are frequent, as in life

    def name(self, number: int) -> str:
        """The conversation's id."""
        return f"c_{number:024x}"

    def moment(self, number: int) -> datetime:
        """When it began: the higher the number, the earlier on average."""
        return self._now - timedelta(minutes=_DAYS * 1440 * random.Random(number).random())

    def fresh(self, number: int) -> Fresh:
        """As the reader would have read it."""
        turns = self.turns(number)
        return Fresh(self.name(number), turns, turns[-1].first_event_id + 5, 0.0)

    def turns(self, number: int) -> list[Turn]:
        """What was said, by way of Rasa's events."""
        chance = random.Random(number)
        at = (self._now - timedelta(minutes=_DAYS * 1440 * chance.random())).timestamp()
        model, events = chance.choice(_MODELS), []
        for turn in range(min(_MOST_TURNS, 1 + int(chance.expovariate(1 / 5)))):
            events += self._events(chance, at + turn * 40, model)
        return turns_of((number * 1000 + n, event) for n, event in enumerate(events))

    def side(self, number: int) -> DeskSide:
        """What the desk would know of it."""
        chance = random.Random(number + 1_000_000_000)
        channel = chance.choices(_CHANNELS, _CHANNEL_WEIGHTS)[0]
        rating = chance.choice((1, 2, 3, 4, 5)) if _happens(chance, 0.2) else None
        reason = chance.choice(_REASONS) if _happens(chance, 0.15) else None
        return DeskSide(channel, rating, reason, with_person=False)

    def judged(self, number: int) -> dict[str, Any]:
        """What reviewers left on it."""
        chance = random.Random(number + 2_000_000_000)
        state = "reviewed" if _happens(chance, 0.1) else "later" if _happens(chance, 0.01) else "unread"
        tags = [chance.choice(_TAGS)] if _happens(chance, 0.02) else []
        return {"state": state, "flagged": _happens(chance, 0.01), "tags": tags}

    def filters(self, turn: int) -> Mapping[str, ReviewFilter]:
        """One of each kind of question; another ``turn`` asks for other values."""
        chance = random.Random(turn)
        common, rare = self._intents[turn % 5], self._intents[-1 - turn % 10]
        week = self._now - timedelta(days=7 * (1 + turn % 20))
        word = chance.choice(_FEW_WORDS)
        return {
            "everything": ReviewFilter(),
            "a week": ReviewFilter(since=week, until=week + timedelta(days=7)),
            "channel": ReviewFilter(channel="email"),
            "length": ReviewFilter(turns_min=8, turns_max=9),
            "a frequent intent": ReviewFilter(intent=common),
            "a rare intent": ReviewFilter(intent=rare),
            "an intent that was doubtful": ReviewFilter(intent=common, confidence_max=0.5),
            "doubtful": ReviewFilter(confidence_max=0.35),
            "a band of confidence": ReviewFilter(confidence_min=0.4, confidence_max=0.45),
            "entity": ReviewFilter(entity=chance.choice(_ENTITIES)),
            "slot": ReviewFilter(slot=chance.choice(_SLOTS)),
            "action": ReviewFilter(action=f"action_{rare}"),
            "rung": ReviewFilter(rung=chance.choice(_RUNGS)),
            "unhappy": ReviewFilter(sentiment_max=-0.8),
            "fallback": ReviewFilter(fallback=True),
            "handoff": ReviewFilter(handoff_reason=chance.choice(_REASONS)),
            "badly rated": ReviewFilter(rating_max=1),
            "outcome": ReviewFilter(outcome="left"),
            "model": ReviewFilter(model=chance.choice(_MODELS)),
            "tag": ReviewFilter(tag=chance.choice(_TAGS)),
            "state": ReviewFilter(state="later"),
            "flagged": ReviewFilter(flagged=True),
            "a word": ReviewFilter(q=word),
            "a beginning": ReviewFilter(q=word[:3]),
            "two words": ReviewFilter(q=f"my {word}"),
            "a phrase": ReviewFilter(q=f'"my {word}"'),
            "a word that nobody said": ReviewFilter(q="xylophone"),
            "what nobody did": ReviewFilter(intent=common, outcome="bot", rating_max=1, handoff_reason="abuse"),
            "five together": ReviewFilter(
                intent=common, rung="entry", outcome="left", since=self._now - timedelta(days=90), fallback=True
            ),
            "words and names": ReviewFilter(q=word, action=f"action_{common}", sentiment_max=-0.3, state="unread"),
            "all of it": ReviewFilter(
                since=self._now - timedelta(days=200),
                channel="web",
                turns_min=2,
                intent=common,
                entity="order_number",
                slot="email",
                rung="entry",
                confidence_min=0.3,
                confidence_max=0.9,
                sentiment_max=0.4,
                fallback=True,
                model=_MODELS[0],
                state="unread",
                q=word,
            ),
        }

    def _events(self, chance: random.Random, at: float, model: str) -> list[dict[str, Any]]:
        intent = chance.choices(self._intents, self._weights)[0]
        other = chance.choice(self._intents)
        confidence = 1 - chance.random() ** 3 * 0.8
        words = chance.choice(self._sentences[intent])
        if _happens(chance, 0.3):
            words += f" {chance.choice(_FEW_WORDS)}"
        missed = _happens(chance, 0.06)
        rung = chance.choices(_RUNGS, _RUNG_WEIGHTS)[0]
        entity, slot = chance.choice(_ENTITIES), chance.choice(_SLOTS)
        metadata = {"model_id": model, "assistant_id": "frontdesk"}
        parsed = {
            "intent": {"name": "nlu_fallback" if missed else intent, "confidence": confidence},
            "intent_ranking": [
                {"name": intent, "confidence": confidence},
                *({"name": other, "confidence": (1 - confidence) / (n + 2)} for n in range(4)),
            ],
            "entities": [{"entity": entity, "value": "10046", "start": 0, "end": 5}] if _happens(chance, 0.4) else [],
            "scope": {"in_scope": not missed, "score": chance.random(), "threshold": 0.26},
            "sentiment": max(-1.0, min(1.0, chance.gauss(-0.05, 0.35))),
            "urgency": "low",
        }
        custom = {
            "kind": "answer",
            "rung": rung,
            "relevance": 0.9,
            "citations": [{"entry_id": "x", "title": "An entry"}],
        }
        events: list[dict[str, Any]] = [
            {"event": "user", "text": words, "parse_data": parsed, "input_channel": "desk", "message_id": f"m_{at}"},
            {"event": "action", "name": f"action_{intent}", "policy": "RulePolicy"},
            *([{"event": "slot", "name": slot, "value": "10046"}] if _happens(chance, 0.5) else []),
            {"event": "bot", "text": "An answer that says something about it. " * 3, "data": {"custom": custom}},
            {"event": "action", "name": "action_listen", "policy": "RulePolicy"},
        ]
        return [{"timestamp": at, "metadata": metadata, **event} for event in events]


def _happens(chance: random.Random, share: float) -> bool:
    return chance.random() < share


def _sentences_by_intent(data: Path) -> dict[str, Sequence[str]]:
    found: dict[str, list[str]] = {}
    for file in sorted(data.rglob("*.yml")):
        for section in yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["nlu"]:
            if isinstance(section.get("examples"), str) and "intent" in section:
                lines = [line.strip()[1:].strip() for line in section["examples"].splitlines() if line.strip()]
                found.setdefault(section["intent"], []).extend(lines)
    return {intent: lines for intent, lines in found.items() if lines}
