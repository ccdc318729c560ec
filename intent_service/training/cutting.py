"""Teach a model which pieces of a message are requests of their own.

Two kinds of messages are made of a fold's held-back sentences: pairs of sentences with different intents joined
the way customers join requests, where both pieces count; and single sentences that could be cut, where a piece
counts only if it has the sentence's own intent.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LogisticRegression

from intent_service.model import Reading
from intent_service.request_head import RequestHead, piece_features
from intent_service.scoring import Calibration, Evidence, judge
from intent_service.segmentation import SOCIAL_INTENTS, pieces

JOINTS = (" and ", ", and ", " and also ", ". ", ". Also, ", "? And ", ", also ", " but ", ". And ", "\n", " plus ")
PAIRS = 400
LONGEST_PART = 14
"""Words of a sentence that is joined with another: who asks two things is brief."""

FEWEST_ROWS = 40
"""With fewer pieces of either kind the default head is kept."""


@dataclass(frozen=True, slots=True)
class CutMessage:
    """A message, its pieces and the label index (within the fold) that each piece must have to count."""

    text: str
    parts: tuple[str, ...]
    wanted: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class JudgedMessages:
    """Messages and the evidence of all their texts: each message, followed by its parts."""

    messages: tuple[CutMessage, ...] = ()
    seen: Evidence | None = None


def cut_messages(texts: Sequence[str], labels: Sequence[int], names: Sequence[str], seed: int) -> list[CutMessage]:
    """Pairs and singles made of sentences with their label indices; social intents take no part."""
    rng = random.Random(seed)
    usable = [(text, label) for text, label in zip(texts, labels, strict=True) if names[label] not in SOCIAL_INTENTS]
    found = []
    for text, label in usable:
        parts = _parts(text)
        if len(parts) > 1:
            found.append(CutMessage(text, parts, (label,) * len(parts)))
    brief = [(t, label) for t, label in usable if len(_parts(t)) == 1 and len(t.split()) <= LONGEST_PART]
    for _ in range(PAIRS if len({label for _, label in brief}) > 1 else 0):
        (one, first), (other, second) = rng.sample(brief, 2)
        joint = rng.choice(JOINTS)
        whole = one.rstrip(" .!?") + joint + (other if joint[-2:] in {". ", "\n"} else other[:1].lower() + other[1:])
        parts = _parts(whole)
        if first != second and len(parts) == 2:  # noqa: PLR2004 - a pair
            found.append(CutMessage(whole, parts, (first, second)))
    return found


def _parts(text: str) -> tuple[str, ...]:
    return tuple(text[piece.start : piece.end] for piece in pieces(text))


def all_texts(messages: Sequence[CutMessage]) -> list[str]:
    """Every text to be embedded: each message, followed by its parts."""
    return [text for message in messages for text in (message.text, *message.parts)]


def fit_requests(folds: Sequence[JudgedMessages], calibration: Calibration) -> RequestHead:
    """Fit the head on the judged messages of all folds; both kinds of pieces weigh the same."""
    rows, counts = [], []
    for fold in folds:
        if fold.seen is None:
            continue
        chances, scope = judge(fold.seen, calibration)
        at = 0
        for message in fold.messages:
            read = [
                Reading(chances[at + step], float(scope[at + step]), 0.0, "low")
                for step in range(len(message.parts) + 1)
            ]
            at += len(read)
            alike = len(set(message.wanted)) == 1
            for part, piece, wanted in zip(message.parts, read[1:], message.wanted, strict=True):
                right = int(piece.probabilities.argmax()) == wanted
                if right or alike:  # a misread part of a pair teaches nothing
                    rows.append(piece_features(part, piece, read[0]))
                    counts.append(right)
    if min(sum(counts), len(counts) - sum(counts)) < FEWEST_ROWS:
        return RequestHead()
    fit = LogisticRegression(C=1.0, fit_intercept=False, class_weight="balanced", max_iter=1000)
    fit.fit(np.stack(rows), np.array(counts))
    return RequestHead(tuple(map(float, fit.coef_[0])))
