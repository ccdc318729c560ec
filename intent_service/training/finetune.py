"""Fine-tune the encoder with one vector a label, compared by cosine."""

import copy
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch.nn import functional

from intent_service.model import Matrix
from intent_service.tokens import Batch, TextTokenizer
from intent_service.training.noise import noisy
from intent_service.training.recipe import Recipe

Progress = Callable[[int, int], None]
"""Called with the steps done and the steps in all."""


@dataclass(frozen=True)
class Tuned:
    """A fine-tuned encoder and its label vectors (C unit rows)."""

    encoder: torch.nn.Module
    head: Matrix


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
    texts: Sequence[str],
    labels: Sequence[int],
    recipe: Recipe,
    *,
    seed: int,
    progress: Progress,
) -> Tuned:
    """Train a copy of the start encoder on sentences and their label indices (0 … C-1, none missing).

    The label vectors start at the mean embedding of their sentences, so the first step already knows
    something; the word embeddings are frozen, because few sentences hold few of the words.
    """
    torch.manual_seed(seed)
    rng = random.Random(seed)
    head = torch.nn.Parameter(_class_means(embed(start, tokenizer, texts), labels).to(device()))
    encoder = copy.deepcopy(start).to(device())
    encoder.embeddings.requires_grad_(requires_grad=False)
    optimiser, schedule = _optimiser(encoder, head, recipe, steps=recipe.epochs * _steps(len(texts), recipe))
    total, done = recipe.epochs * _steps(len(texts), recipe), 0
    for _ in range(recipe.epochs):
        written = [noisy(text, rng) if rng.random() < recipe.noise else text for text in texts]
        sequences = tokenizer.encode(written)
        for rows in shuffled_by_length([len(ids) for ids in sequences], recipe.batch_size, rng):
            encoder.train()
            batch = tokenizer.padded(sequences, rows)
            targets = torch.tensor([labels[row] for row in rows], device=head.device)
            cosines = _forward(encoder, batch) @ functional.normalize(head, dim=-1).T
            loss = functional.cross_entropy(recipe.scale * cosines, targets, label_smoothing=recipe.label_smoothing)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(encoder.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            optimiser.zero_grad(set_to_none=True)
            done += 1
            progress(done, total)
    return Tuned(encoder.eval().cpu(), functional.normalize(head.detach(), dim=-1).cpu().numpy())


def _class_means(embeddings: Matrix, labels: Sequence[int]) -> torch.Tensor:
    owners = np.asarray(labels)
    return torch.from_numpy(np.stack([embeddings[owners == i].mean(axis=0) for i in range(owners.max() + 1)]))


def _steps(examples: int, recipe: Recipe) -> int:
    return -(-examples // recipe.batch_size)


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
