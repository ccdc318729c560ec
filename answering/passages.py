"""A short follow-up answered by the one sentence of the entry told before that answers it.

"and the price?" finds nothing by itself, and with the question before it the entry that the customer has just read.
What is wanted then is one of its sentences.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace

from answering.follow_up import LEANS_AT_MOST
from answering.quality.markers import sentences_of
from answering.quality.quantities import DURATIONS, quantities_in
from answering.quality.words import content_words, share_in, stems_of
from retrieval.errors import EmbedderError
from retrieval.ports import Embedder

_MOST_SENTENCES = 40
_LEAD = re.compile(
    r"(?i)^\W*(?:(?:and|so|but|ok|okay|or|also|hm+|oh|thanks|thx|cool|great|(?:what|how) about|what if)\b\W*)+"
)
_CLAUSE_END = re.compile(r"[;:]\s|, (?:and|but|or)\s| – ")
_SHORTEST_CLAUSE = 3
_A_MERE_YES = 2  # words: "Yes." says something together with the sentence after it alone

_TIME = re.compile(
    r"(?i)\b(?:january|february|march|april|may|june|july|august|september|october|november|december|"
    r"mondays?|tuesdays?|wednesdays?|thursdays?|fridays?|saturdays?|sundays?|days?|daily|today|once|immediately|always)\b"
    r"|\d{1,2}[:.]\d\d"
)
_WANTS_MONEY = re.compile(r"(?i)\bhow much\b|\b(?:prices?|costs?|charged?|fees?|expensive)\b")
_WANTS_TIME = re.compile(
    r"(?i)\bhow (?:long|soon|fast|often|quick(?:ly)?|many (?:\w+ )?(?:days|weeks|months|hours|years))\b"
    r"|\bwhen\b|\bwhat time\b"
)
_WANTS_NUMBER = re.compile(r"(?i)\bhow (?:many|big|large|heavy|tall|wide|loud)\b")
_MONEY = re.compile(r"(?i)[€$£]|\b(?:free|costs?|charged?|at no)\b")

_OF_A_FIGURE, _WITHOUT_IT, _OF_WORDS = 0.15, -0.25, 0.1
"""What a sentence gains or loses beside its nearness: the kind of figure asked for, and the share of the words."""


@dataclass(frozen=True, slots=True)
class Signs:
    """What speaks for a sentence: cosine, share of the words, a figure as asked for or none, its lead on the next."""

    near: float
    covered: float
    fits: bool
    misfits: bool
    lead: float = 0.0

    @property
    def score(self) -> float:
        """What sentences of one entry are ordered by."""
        figure = _OF_A_FIGURE * self.fits + _WITHOUT_IT * self.misfits
        return self.near + _OF_WORDS * self.covered + figure


WEIGHTS = (-1.7, 3.21, 1.53, 0.04, -1.76, 4.03)
"""Of a constant and of each sign in turn; `make eval-follow-ups ARGS=--fit` fits them."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence with the probability that it answers."""

    text: str
    signs: Signs

    @property
    def relevance(self) -> float:
        constant, *weights = WEIGHTS
        signs = zip(weights, astuple(self.signs), strict=True)
        return 1 / (1 + math.exp(-constant - sum(weight * sign for weight, sign in signs)))


class Passages:
    """Finds the sentence. Without vectors it finds none."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    async def best(self, asked: str, answer: str) -> Passage | None:
        """The sentence of ``answer`` that most likely answers ``asked``; None for long words, or without vectors."""
        bare = _LEAD.sub("", asked).strip() or asked
        sentences = _sentences(answer)[:_MOST_SENTENCES]
        if len(asked.split()) > LEANS_AT_MOST or len(sentences) <= 1:
            return None
        clauses = [[sentence, *_clauses(sentence)] for sentence in sentences]
        try:
            found = await self._embedder.embed([asked, bare, *(clause for group in clauses for clause in group)])
        except EmbedderError:
            return None
        words = content_words(bare)
        near = iter((found.vectors[2:] @ found.vectors[:2].T).max(axis=1))
        signs = [
            _signs(bare, words, sentence, max(float(next(near)) for _ in group))
            for sentence, group in zip(sentences, clauses, strict=True)
        ]
        first, second = sorted(range(len(signs)), key=lambda number: -signs[number].score)[:2]
        lead = signs[first].score - signs[second].score
        return Passage(sentences[first], replace(signs[first], lead=lead))

    async def close(self) -> None:
        """Let go of connections."""
        await self._embedder.close()


def _sentences(answer: str) -> list[str]:
    found: list[str] = []
    for sentence in sentences_of(answer):
        if found and len(found[-1].split()) <= _A_MERE_YES:
            found[-1] += f" {sentence}"
        else:
            found.append(sentence)
    return found


def _clauses(sentence: str) -> list[str]:
    found = [part for part in _CLAUSE_END.split(sentence) if len(part.split()) >= _SHORTEST_CLAUSE]
    return found if len(found) > 1 else []


def _signs(asked: str, words: Sequence[str], sentence: str, near: float) -> Signs:
    """``words`` are those of the question that carry meaning; where there are none, none is covered."""
    wanted = _holds_what_is_wanted(asked, sentence)
    covered = share_in(words, stems_of(sentence)) if words else 0.0
    return Signs(near, covered, bool(wanted) and all(wanted), not all(wanted))


def _holds_what_is_wanted(asked: str, sentence: str) -> Sequence[bool]:
    """For each kind of figure that is asked for whether the sentence has one."""
    figures = quantities_in(sentence)
    timed = _TIME.search(sentence) is not None or any(one.unit in DURATIONS | {"time"} for one in figures)
    kinds = (
        (_WANTS_MONEY, _MONEY.search(sentence) is not None),
        (_WANTS_TIME, timed),
        (_WANTS_NUMBER, bool(figures)),
    )
    return [held for asks, held in kinds if asks.search(asked)]
