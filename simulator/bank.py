"""Reading the bank: YAML files beside this module, written apart from the training data and the evaluation sets."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError

from simulator.errors import BadBank
from simulator.model import Answer, Goal, Mood, Phrases, Question, Tactic
from simulator.typos import with_typos

FOLDER = Path(__file__).parent / "bank"
_PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Bank:
    """All sentences."""

    goals: Mapping[str, Goal]
    answers: tuple[Answer, ...]
    moods: Mapping[str, Mood]
    questions: tuple[Question, ...]
    phrases: Phrases
    tactics: tuple[Tactic, ...]

    def answer_to(self, slot: str) -> Answer | None:
        """What is said to a slot's question."""
        return next((answer for answer in self.answers if answer.fits(slot)), None)

    @property
    def sentences(self) -> Iterator[str]:
        """Everything a customer may say, places unfilled."""
        for goal in self.goals.values():
            yield from goal.openings
        for answer in self.answers:
            yield from (*answer.say, *answer.wrong, *answer.slips, *answer.mends)
        for mood in self.moods.values():
            yield from mood.outbursts
        yield from (question.ask for question in self.questions)
        for group in self.phrases.model_dump().values():
            yield from group
        for tactic in self.tactics:
            yield from tactic.lines


def read_bank(folder: Path = FOLDER) -> Bank:
    """Read and check every file.

    Raises:
        BadBank: says which file and what is wrong in it.
    """
    goals: dict[str, Goal] = {}
    for path in sorted((folder / "goals").glob("*.yaml")):
        goals |= _read(path, dict[str, Goal])
    for name, goal in goals.items():
        if goal.needs and goal.needs not in goals:
            raise BadBank(f"{name} needs {goal.needs}, which is no goal.")
    return Bank(
        goals=goals,
        answers=_read(folder / "answers.yaml", tuple[Answer, ...]),
        moods=_read(folder / "moods.yaml", dict[str, Mood]),
        questions=_read(folder / "questions.yaml", tuple[Question, ...]),
        phrases=_read(folder / "phrases.yaml", Phrases),
        tactics=_read(folder / "tactics.yaml", tuple[Tactic, ...]),
    )


def _read(path: Path, shape: Any) -> Any:
    try:
        return TypeAdapter(shape).validate_python(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise BadBank(f"{path}: {error}") from error


def fillable(sentences: Sequence[str], facts: Mapping[str, str]) -> list[str]:
    """The sentences whose places can all be filled."""
    return [one for one in sentences if all(place in facts for place in _PLACE.findall(one))]


def spoken(template: str, facts: Mapping[str, str], mood: Mood, source: random.Random) -> str:
    """A sentence as somebody in this mood types it."""
    text = with_typos(template, source, rate=mood.typos)
    if mood.bare:
        text = text.rstrip(".!").lower()
    if source.random() < mood.shouting:
        text = _PLACE.sub(lambda place: place[0].lower(), text.upper())
    return _PLACE.sub(lambda place: facts.get(place[1], place[0]), text)
