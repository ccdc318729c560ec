"""A text cut into statements that can be laid beside each other: clauses with their words and their sign."""

import functools
import re
from dataclasses import dataclass
from pathlib import Path

from answering.quality.words import content_words
from retrieval.words import stem_of, surface_words_of

_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
_CLAUSE = re.compile(
    r"[;:()]|,(?!\d)|[.!?](?=\s|$)|\s(?=(?:but|and|so|unless|until|except|if|when|while|after|before)\s)"
)
_NEGATION = re.compile(
    r"\b(?:not|no|never|without|nothing|nobody|none|cannot|neither|nor|nowhere|except|instead of|rather than"
    r"|no longer|unless|until)\b|n['’]t\b",
    re.IGNORECASE,
)
_DOUBLED = re.compile(r"\bneither\b(.*?)\bnor\b|\bnot only\b|\bnot sure\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause: its words, the stems that carry meaning, and whether it is negated.

    ``stems`` name a word and its opposite alike; ``negated`` counts both negations and opposites. ``sentence`` is the
    number of the sentence it stands in.
    """

    text: str
    stems: frozenset[str]
    negated: bool
    sentence: int


def clauses_of(text: str) -> list[Clause]:
    """The clauses of ``text`` that say something."""
    return [
        clause
        for number, sentence in enumerate(filter(None, _SENTENCE.split(text)))
        for part in _CLAUSE.split(sentence)
        if part and (clause := _clause(part, number)).stems
    ]


def _clause(text: str, sentence: int) -> Clause:
    turned = opposites()
    words = surface_words_of(text)
    meant = content_words(text)
    stems = {turned.get(word, stem_of(word)) for word in meant}
    signs = len(_NEGATION.findall(_DOUBLED.sub(r"not \1", text))) + sum(word in turned for word in words)
    return Clause(text.strip(), frozenset(stems), signs % 2 == 1, sentence)


@functools.lru_cache(maxsize=1)
def opposites() -> dict[str, str]:
    """Each word that turns another one round, with that one's stem."""
    lines = Path(__file__).with_name("opposites.txt").read_text("utf-8").splitlines()
    pairs = (line.split(":") for line in lines if line and not line.startswith("#"))
    return {word: stem_of(plain.strip()) for turning, plain in pairs for word in turning.split()}
