"""Entities' words from lookups, synonyms, patterns and annotations.

Rasa's synonym sections do not say whose they are: a synonym belongs to the entity whose lookup holds its
canonical value or one of its variants, or whose annotation uses it.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from intent_service.nlu_data.model import Gazetteer


def _lists() -> dict[str, list[str]]:
    return defaultdict(list)


@dataclass
class RawVocabulary:
    """The sections as they stand in the files, before synonyms have found their entity."""

    lookups: dict[str, list[str]] = field(default_factory=_lists)
    synonyms: dict[str, list[str]] = field(default_factory=_lists)
    patterns: dict[str, list[str]] = field(default_factory=_lists)
    annotated: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))

    def add(self, kind: str, title: str, text: str) -> None:
        """Take one line of a lookup, synonym or regex section."""
        sections = {"lookup": self.lookups, "synonym": self.synonyms, "regex": self.patterns}
        if text:
            sections[kind][title].append(text)

    def annotate(self, entity: str, text: str, value: str) -> None:
        """Remember that ``text`` was annotated as ``entity`` with another ``value``."""
        self.annotated[entity][text] = value


def gazetteer_from(raw: RawVocabulary) -> Gazetteer:
    """Sort the synonyms to their entities; those that belong to none are left out."""
    owner = {value.casefold(): entity for entity, values in raw.lookups.items() for value in values}
    for entity, pairs in raw.annotated.items():
        for text, value in pairs.items():
            owner.setdefault(value.casefold(), entity)
            owner.setdefault(text.casefold(), entity)
    synonyms: dict[str, dict[str, str]] = defaultdict(dict)
    for canonical, variants in raw.synonyms.items():
        entity = next((owner[word.casefold()] for word in (canonical, *variants) if word.casefold() in owner), "")
        if entity:
            synonyms[entity].update(dict.fromkeys(variants, canonical))
    for entity, pairs in raw.annotated.items():
        for text, value in pairs.items():
            synonyms[entity].setdefault(text, value)
    return Gazetteer(
        lookups={entity: tuple(dict.fromkeys(values)) for entity, values in sorted(raw.lookups.items())},
        synonyms={entity: dict(sorted(pairs.items())) for entity, pairs in sorted(synonyms.items())},
        patterns={entity: tuple(values) for entity, values in sorted(raw.patterns.items())},
    )
