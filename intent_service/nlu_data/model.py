"""Training data as the trainer sees it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from contracts.training_data import fingerprint_of

STRANGER_INTENTS = frozenset({"nlu_fallback", "out_of_scope"})
"""Examples under these names are what customers write that is none of the bot's business: never a label."""


@dataclass(frozen=True, slots=True)
class Example:
    """One sentence of one intent and where it stands."""

    text: str
    intent: str
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """What the data says about entities.

    ``lookups`` maps an entity to its canonical values; ``synonyms`` maps an entity to {variant: canonical};
    ``patterns`` maps an entity to regular expressions.
    """

    lookups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    synonyms: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    patterns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TrainingData:
    """Everything read from one data folder or file."""

    examples: tuple[Example, ...]
    gazetteer: Gazetteer = field(default_factory=Gazetteer)

    @property
    def labelled(self) -> tuple[Example, ...]:
        """The examples of intents that the model tells apart."""
        return tuple(example for example in self.examples if example.intent not in STRANGER_INTENTS)

    @property
    def strangers(self) -> tuple[str, ...]:
        """The data's own out-of-scope sentences."""
        return tuple(example.text for example in self.examples if example.intent in STRANGER_INTENTS)

    @property
    def intents(self) -> tuple[str, ...]:
        """Intent names in alphabetical order: the order of the model's labels."""
        return tuple(sorted({example.intent for example in self.labelled}))

    def fingerprint(self) -> str:
        """SHA-256 over all sentences and intents, independent of their order and of file names."""
        return fingerprint_of((example.intent, example.text) for example in self.examples)
