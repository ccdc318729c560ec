"""Corrected messages into training examples: checked, without personal data, with where they come from. Pure."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from privacy.model import NAMES, Kind
from privacy.personal_data import PersonalData

OUT_OF_SCOPE = "nlu_fallback"
LONGEST = 300
_FEWEST_LETTERS = 2
_SAMPLES: dict[Kind, str] = {
    "e-mail address": "customer@example.com",
    "telephone number": "+353 1 555 0100",
    "postal address": "1 Main Street, Galway",
}
"""What stands for personal data, so that the sentence keeps its form; of other kinds the name stands there."""
_LONG_NUMBER = re.compile(r"\d(?:[ -]?\d){4,}")
_DIGIT = re.compile(r"\d")
_KEPT_DIGITS = 2  # an order number begins with 10
_WORDS = re.compile(r"[^\w\s]|_")
_SPACES = re.compile(r"\s+")
_DIGITS = re.compile(r"\d+")
_BRACKETS = str.maketrans("[]{}", "()()")  # in training data these begin an annotation


@dataclass(frozen=True, slots=True)
class Correction:
    """What a message really meant, by a colleague's judgement.

    Attributes:
        said: the intent it was taken for.
        entities: ``{"entity", "value", "start", "end"}`` with offsets into ``text``.
    """

    number: int
    position: int
    conversation_id: str
    text: str = field(repr=False)
    said: str | None
    intent: str | None
    entities: Sequence[Mapping[str, Any]] | None
    by: str
    at: datetime

    @property
    def means(self) -> str:
        """The intent to train."""
        return self.intent or self.said or ""


@dataclass(frozen=True, slots=True)
class Example:
    """A line of training data; ``text`` is annotated in Rasa's way."""

    intent: str
    text: str
    source: Mapping[str, str]
    correction: Correction = field(repr=False)


@dataclass(frozen=True, slots=True)
class Refused:
    """A correction that does not become an example; ``known`` where it is one already."""

    correction: Correction
    why: str
    known: bool = False


@dataclass(frozen=True)
class Training:
    """What is trained already, and what may never be.

    Attributes:
        intents: names that the domain knows.
        known: normal form of each example with its intent.
        held_back: normal forms of the sentences that measure the model.
    """

    intents: frozenset[str]
    known: Mapping[str, str]
    held_back: frozenset[str]


def examples_from(
    corrections: Iterable[Correction], training: Training, personal_data: PersonalData
) -> tuple[list[Example], list[Refused]]:
    """Examples that may be trained, each wording once, and what is left out with the reason."""
    known = dict(training.known)
    taken, refused = [], []
    for correction in corrections:
        written = written_as_example(correction.text, correction.entities or (), personal_data)
        form = normal_form(without_annotations(written))
        if problem := _problem(correction, form, training):
            refused.append(Refused(correction, problem))
        elif (other := known.get(form)) is not None:
            same = other == correction.means
            why = (
                f"is an example of {other} already" if same else f"is an example of {other}: move or delete that first"
            )
            refused.append(Refused(correction, why, known=same))
        else:
            known[form] = correction.means
            taken.append(Example(correction.means, written, source_of(correction), correction))
    return taken, refused


def _problem(correction: Correction, form: str, training: Training) -> str | None:
    means = correction.means
    found = {
        "is a clicked button, not words": correction.text.startswith("/"),
        "is out of scope: such sentences are kept in intent_service/training_data, by hand": means == OUT_OF_SCOPE,
        f"has an intent that the domain does not know: {means or 'none'}": means not in training.intents,
        "has no words": sum(map(str.isalpha, form)) < _FEWEST_LETTERS,
        f"is longer than {LONGEST} characters: no example of how a thing is put": len(correction.text) > LONGEST,
        "is in the evaluation data, which is never trained on": form in training.held_back,
    }
    return next((why for why, holds in found.items() if holds), None)


def source_of(correction: Correction) -> dict[str, str]:
    """Where an example comes from; the conversation by a hash, as in a receipt of its erasure."""
    return {
        "source": "review",
        "conversation": hashlib.sha256(correction.conversation_id.encode()).hexdigest()[:16],
        "was": correction.said or "",
        "date": correction.at.date().isoformat(),
    }


def normal_form(text: str) -> str:
    """The same for sentences that differ in case, marks, spaces, kinds of quotes, or numbers only."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("’", "'").replace("'", "")
    return _SPACES.sub(" ", _DIGITS.sub("0", _WORDS.sub(" ", plain))).strip()


def without_annotations(example: str) -> str:
    """The sentence of a line of training data."""
    return _ANNOTATION.sub(lambda match: match[1], example)


_ANNOTATION = re.compile(r"\[([^\]]+?)\](?:\([^)]*?\)|\{[^}]*?\})")


def written_as_example(text: str, entities: Sequence[Mapping[str, Any]], personal_data: PersonalData) -> str:
    """One line without personal data, its entities annotated."""
    masks = list(_masks(text, personal_data))
    parts, place = [], 0
    for entity in _apart(entities, len(text)):
        start, end = _trimmed(text, entity["start"], entity["end"])
        parts.append(_plain(text, place, start, masks))
        parts.append(_annotated(_plain(text, start, end, masks), entity, personal_data))
        place = end
    parts.append(_plain(text, place, len(text), masks))
    return _SPACES.sub(" ", "".join(parts)).strip().lstrip("-").strip()


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without spaces at its ends."""
    inner = text[start:end]
    return start + len(inner) - len(inner.lstrip()), end - len(inner) + len(inner.rstrip())


def _annotated(shown: str, entity: Mapping[str, Any], personal_data: PersonalData) -> str:
    name, given = str(entity["entity"]), str(entity.get("value") or "")
    inner = _SPACES.sub(" ", shown)
    if not inner:
        return ""
    value = _plain(given, 0, len(given), list(_masks(given, personal_data)))
    if not value or value == inner:
        return f"[{inner}]({name})"
    return f"[{inner}]{json.dumps({'entity': name, 'value': value}, ensure_ascii=False)}"


def _masks(text: str, personal_data: PersonalData) -> Iterable[tuple[int, int, str]]:
    """What must not stand there, and what stands there instead, in order."""
    found = [(one.start, one.end, _SAMPLES.get(one.kind, NAMES[one.kind])) for one in personal_data.find(text)]
    for match in _LONG_NUMBER.finditer(text):
        if all(match.end() <= start or end <= match.start() for start, end, _ in found):
            found.append((match.start(), match.end(), _shape(match[0])))
    return sorted(found)


def _shape(number: str) -> str:
    """A number of the same form."""
    kept = 0

    def digit(match: re.Match[str]) -> str:
        nonlocal kept
        kept += 1
        return match[0] if kept <= _KEPT_DIGITS else "0"

    return _DIGIT.sub(digit, number)


def _plain(text: str, start: int, end: int, masks: Sequence[tuple[int, int, str]]) -> str:
    """A part of the text, masked; a mask that reaches in from before has been written there."""
    parts, place = [], start
    for first, last, instead in masks:
        if last <= start or first >= end:
            continue
        parts.append(text[place : max(place, first)].translate(_BRACKETS))
        if first >= start:
            parts.append(instead)
        place = min(end, last)
    parts.append(text[place:end].translate(_BRACKETS))
    return "".join(parts)


def _apart(entities: Sequence[Mapping[str, Any]], length: int) -> list[Mapping[str, Any]]:
    """Entities that have a place in the text, in order, none inside another."""
    placed = [one for one in entities if isinstance(one.get("start"), int) and isinstance(one.get("end"), int)]
    chosen: list[Mapping[str, Any]] = []
    for one in sorted(placed, key=lambda one: (one["start"], -one["end"])):
        if 0 <= one["start"] < one["end"] <= length and (not chosen or one["start"] >= chosen[-1]["end"]):
            chosen.append(one)
    return chosen
