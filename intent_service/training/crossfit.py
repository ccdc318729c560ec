"""What the recipe says of sentences it was not trained on, and of intents it has never seen.

The data is cut into parts by sentence and by intent. For each fold the recipe is trained without one part of
the sentences and without all sentences of some intents. The held-back sentences of known intents show how
sure the model may be; the sentences of unknown intents stand in for what customers write that is none of
them. Half of the background sentences are trained on, the other half shows what that is worth.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch

from intent_service.model import Matrix
from intent_service.scoring import Evidence, Owners, evidence, label_space
from intent_service.tokens import TextTokenizer
from intent_service.training.background import Background
from intent_service.training.checkpoint import Checkpoint
from intent_service.training.cutting import JudgedMessages, all_texts, cut_messages
from intent_service.training.finetune import Lesson, Progress, embed, fine_tune
from intent_service.training.recipe import Recipe

HELD_BACK_SENTENCES = 0.2
HELD_BACK_INTENTS = 0.2


@dataclass(frozen=True, slots=True)
class HeldBack:
    """One fold's evidence.

    Attributes:
        inside: Evidence of held-back sentences of the fold's own intents.
        targets: Their label indices within the fold.
        outside: Evidence of sentences whose intents the fold has never seen.
        background: Evidence of sentences that no bot of this kind is for.
        rows: Places of the inside sentences in the whole data.
        labels: The fold's labels as indices of all labels.
        cut: Messages made of held-back sentences, to learn where a message may be cut.
    """

    inside: Evidence
    targets: Owners
    outside: Evidence
    background: Evidence
    rows: tuple[int, ...]
    labels: tuple[int, ...]
    cut: JudgedMessages = field(default_factory=JudgedMessages)


@dataclass(frozen=True, slots=True)
class _Split:
    train: list[int]
    inside: list[int]
    outside: list[int]


def cross_fit(
    start: torch.nn.Module,
    tokenizer: TextTokenizer,
    texts: Sequence[str],
    labels: Sequence[int],
    *,
    names: Sequence[str],
    embed_base: Callable[[Sequence[str]], Matrix],
    background: Background,
    recipe: Recipe,
    seed: int,
    progress: Progress,
    resume: Path | None = None,
) -> list[HeldBack]:
    """Train the recipe once a fold and hear it on what that fold held back.

    Interrupted fits go on from the checkpoints in the folder ``resume``.
    """
    folds, base = [], embed_base(texts)
    for fold, split in enumerate(_splits(labels, recipe.folds, seed)):
        kept = sorted({labels[row] for row in split.train})
        place = {label: index for index, label in enumerate(kept)}
        owners = [place[labels[row]] for row in split.train]
        lesson = Lesson([texts[row] for row in split.train], owners, background.even.texts)
        tuned = fine_tune(
            start, tokenizer, lesson, recipe, seed=seed + fold + 1, progress=_of_all(progress, fold, recipe.folds),
            checkpoint=Checkpoint(resume / f"fold-{fold}.pt") if resume else None,
        )  # fmt: skip
        held = [texts[row] for row in split.inside + split.outside]
        known = embed(tuned.encoder, tokenizer, [texts[row] for row in split.train])
        unseen = embed(tuned.encoder, tokenizer, [*held, *background.odd.texts])
        own_names = tuple(names[label] for label in kept)
        space = label_space(own_names, tuned.head, known, base[split.train], np.asarray(owners))
        count = len(split.inside)
        targets = [place[labels[row]] for row in split.inside]
        messages = cut_messages(held[:count], targets, own_names, seed + fold)
        written = all_texts(messages)
        seen = evidence(space, embed(tuned.encoder, tokenizer, written), embed_base(written)) if written else None
        folds.append(
            HeldBack(
                inside=evidence(space, unseen[:count], base[split.inside]),
                targets=np.asarray(targets),
                outside=evidence(space, unseen[count : len(held)], base[split.outside]),
                background=evidence(space, unseen[len(held) :], background.odd.base),
                rows=tuple(split.inside),
                labels=tuple(kept),
                cut=JudgedMessages(tuple(messages), seen),
            )
        )
    return folds


def _of_all(progress: Progress, fold: int, folds: int) -> Progress:
    def shifted(done: int, total: int) -> None:
        progress(fold * total + done, folds * total)

    return shifted


def _splits(labels: Sequence[int], folds: int, seed: int) -> list[_Split]:
    rng = random.Random(seed)
    intents = sorted(set(labels))
    rng.shuffle(intents)
    by_intent = {intent: [row for row, label in enumerate(labels) if label == intent] for intent in intents}
    for rows in by_intent.values():
        rng.shuffle(rows)
    out = max(1, min(len(intents) - 2, round(HELD_BACK_INTENTS * len(intents))))
    splits = []
    for fold in range(folds):
        left_out = {intents[(fold * out + step) % len(intents)] for step in range(out)}
        train, inside, outside = [], [], []
        for intent, rows in by_intent.items():
            if intent in left_out:
                outside += rows
                continue
            held = max(1, min(len(rows) - 1, round(HELD_BACK_SENTENCES * len(rows))))
            first = fold * held
            chosen = {rows[(first + step) % len(rows)] for step in range(held)}
            inside += sorted(chosen)
            train += [row for row in rows if row not in chosen]
        splits.append(_Split(sorted(train), sorted(inside), sorted(outside)))
    return splits
