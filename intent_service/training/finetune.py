"""Fine-tune the encoder with one vector a label, compared by cosine."""

import copy
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch.nn import functional

from intent_service.model import Matrix
from intent_service.tokens import Batch, TextTokenizer
from intent_service.training.checkpoint import Checkpoint, Fit
from intent_service.training.noise import noisy
from intent_service.training.recipe import Recipe

Progress = Callable[[int, int], None]
"""Called with the steps done and the steps in all."""


@dataclass(frozen=True)
class Tuned:
    """A fine-tuned encoder and its label vectors (C unit rows)."""

    encoder: torch.nn.Module
    head: Matrix


@dataclass(frozen=True)
class Lesson:
    """What to learn: sentences with label indices (0 … C-1, none missing), and strangers with none."""

    texts: Sequence[str]
    labels: Sequence[int]
    strangers: Sequence[str] = ()


def device() -> torch.device:
    """A GPU when there is one."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def reduced_precision() -> bool:
    """Whether this machine multiplies bfloat16 in hardware (measured: 2.5 times as many sentences a second)."""
    if torch.cuda.is_available():
        return bool(torch.cuda.is_bf16_supported())
    return bool(torch.cpu._is_avx512_bf16_supported())  # noqa: SLF001 - torch has no public question for it


def pooled(encoder: torch.nn.Module, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
    """Mean of the token states as a unit vector, B × d."""
    states = encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state.float()
    weights = attention_mask.unsqueeze(-1).to(states.dtype)
    return functional.normalize((states * weights).sum(1) / weights.sum(1), dim=-1)


def embed(encoder: torch.nn.Module, tokenizer: TextTokenizer, texts: Sequence[str]) -> Matrix:
    """Unit embeddings of many texts, N × d, in their order."""
    encoder.eval()
    sequences = tokenizer.encode(texts)
    rows = np.zeros((len(texts), encoder.config.dim), dtype=np.float32)
    with torch.inference_mode():
        for batch in tokenizer.batches(sequences, largest=64):
            rows[list(batch.rows)] = _forward(encoder, batch).cpu().numpy()
    return rows


def _forward(encoder: torch.nn.Module, batch: Batch) -> torch.Tensor:
    place = next(encoder.parameters()).device
    with torch.autocast(place.type, dtype=torch.bfloat16, enabled=reduced_precision()):
        return pooled(
            encoder,
            torch.from_numpy(batch.input_ids).to(place),
            torch.from_numpy(batch.attention_mask).to(place),
        )


def fine_tune(
    start: torch.nn.Module,
    tokenizer: TextTokenizer,
    lesson: Lesson,
    recipe: Recipe,
    *,
    seed: int,
    progress: Progress,
    checkpoint: Checkpoint | None = None,
) -> Tuned:
    """Train a copy of the start encoder, from where ``checkpoint`` left off if it did.

    The label vectors start at the mean embedding of their sentences, so the first step already knows
    something; the word embeddings are frozen, because few sentences hold few of the words.
    """
    torch.manual_seed(seed)
    rng = random.Random(seed)
    head = torch.nn.Parameter(_class_means(embed(start, tokenizer, lesson.texts), lesson.labels).to(device()))
    encoder = copy.deepcopy(start).to(device())
    encoder.embeddings.requires_grad_(requires_grad=False)
    steps = -(-len(lesson.texts) // recipe.batch_size)
    total = recipe.epochs * steps
    optimiser, schedule = _optimiser(encoder, head, recipe, steps=total)
    fit = Fit(encoder, head, optimiser, schedule, rng)
    first = checkpoint.restore(fit) if checkpoint else 0
    done = first * steps
    for epoch in range(first, recipe.epochs):
        for batch, targets in _batches(lesson, tokenizer, recipe, rng):
            encoder.train()
            scores = recipe.scale * _forward(encoder, batch) @ functional.normalize(head, dim=-1).T
            _loss(scores, targets.to(head.device), recipe).backward()
            torch.nn.utils.clip_grad_norm_(encoder.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            optimiser.zero_grad(set_to_none=True)
            done += 1
            progress(done, total)
        if checkpoint:
            checkpoint.keep(fit, epochs=epoch + 1, last=epoch + 1 == recipe.epochs)
    return Tuned(encoder.eval().cpu(), functional.normalize(head.detach(), dim=-1).cpu().numpy())


def _batches(
    lesson: Lesson, tokenizer: TextTokenizer, recipe: Recipe, rng: random.Random
) -> Iterator[tuple[Batch, torch.Tensor]]:
    """One epoch: batches of freshly noised sentences, strangers last, and the labels of the others."""

    def written(text: str) -> str:
        return noisy(text, rng) if rng.random() < recipe.noise else text

    sequences = tokenizer.encode([written(text) for text in lesson.texts])
    for rows in shuffled_by_length([len(ids) for ids in sequences], recipe.batch_size, rng):
        strangers = rng.sample(lesson.strangers, min(recipe.strangers, len(lesson.strangers)))
        chosen = [sequences[row] for row in rows]
        chosen += tokenizer.encode([written(text) for text in strangers]) if strangers else []
        yield tokenizer.padded(chosen, range(len(chosen))), torch.tensor([lesson.labels[row] for row in rows])


def _loss(scores: torch.Tensor, targets: torch.Tensor, recipe: Recipe) -> torch.Tensor:
    """Cross entropy of the labelled rows; the strangers after them should favour no label."""
    known, strange = scores[: len(targets)], scores[len(targets) :]
    loss = functional.cross_entropy(known, targets, label_smoothing=recipe.label_smoothing)
    if len(strange):
        loss = loss - recipe.stranger_weight * functional.log_softmax(strange, dim=-1).mean()
    return loss


def _class_means(embeddings: Matrix, labels: Sequence[int]) -> torch.Tensor:
    owners = np.asarray(labels)
    return torch.from_numpy(np.stack([embeddings[owners == i].mean(axis=0) for i in range(owners.max() + 1)]))


def _optimiser(
    encoder: torch.nn.Module, head: torch.nn.Parameter, recipe: Recipe, *, steps: int
) -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LRScheduler]:
    weights = [parameter for parameter in encoder.parameters() if parameter.requires_grad]
    optimiser = torch.optim.AdamW(
        [
            {"params": weights, "lr": recipe.learning_rate, "weight_decay": recipe.weight_decay},
            {"params": [head], "lr": recipe.learning_rate * recipe.head_factor, "weight_decay": 0.0},
        ],
        fused=True,
    )
    warm = max(1, steps // 10)
    return optimiser, torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / warm, (steps - step) / max(1, steps - warm))
    )


def shuffled_by_length(lengths: Sequence[int], batch_size: int, rng: random.Random) -> list[list[int]]:
    """Batches of rows of like length, in random order; who meets whom differs from epoch to epoch."""
    order = sorted(range(len(lengths)), key=lambda row: lengths[row] + rng.uniform(-2, 2))
    batches = [order[start : start + batch_size] for start in range(0, len(order), batch_size)]
    rng.shuffle(batches)
    return batches
