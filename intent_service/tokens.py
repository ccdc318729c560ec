"""Texts into token ids, the same way in training and in serving."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

MAX_TOKENS = 192
"""Longer texts keep their beginning and, more of it, their end, where long stories put the request."""

KEPT_AT_START = 64

MOST_TOKENS = 192
"""Tokens in one forward pass, padding included: what so few leave behind stays in a core's cache for the next step.

Measured on batches of 32 messages: 1,024 take a fifth more processor time than 128 to 256, 64 take 3 % more.
"""

PADDING_ALLOWED = 1.5
"""A batch may hold at most this many times its real tokens before it is split by length.

Padding costs in the attention only (``training/encoder_graph.py``): 1.1 to 1.5 take the same time within 3 %.
"""

Ids = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Batch:
    """Texts of similar length as one padded rectangle; ``rows`` are their places in the caller's list."""

    rows: tuple[int, ...]
    input_ids: Ids
    attention_mask: Ids


class TextTokenizer:
    """A ``tokenizers`` tokenizer file with this room's way of shortening and padding.

    Args:
        file: A ``tokenizer.json``.
        max_tokens: Longest sequence, special tokens included.
    """

    def __init__(self, file: Path, *, max_tokens: int = MAX_TOKENS) -> None:
        self._tokenizer = Tokenizer.from_file(str(file))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._max_tokens = max_tokens
        self._pad_id = self._tokenizer.token_to_id("[PAD]") or 0

    def encode(self, texts: Sequence[str]) -> list[list[int]]:
        """Token ids of each text with its special tokens, shortened in the middle if it is too long."""
        return [self._shortened(encoding.ids) for encoding in self._tokenizer.encode_batch_fast(list(texts))]

    def knows(self, word: str) -> bool:
        """Whether a word has a token of its own."""
        return self._tokenizer.token_to_id(word.casefold()) is not None

    def _shortened(self, ids: list[int]) -> list[int]:
        if len(ids) <= self._max_tokens:
            return ids
        return ids[:KEPT_AT_START] + ids[-(self._max_tokens - KEPT_AT_START) :]

    def batches(self, sequences: Sequence[list[int]], *, largest: int = 32) -> Iterator[Batch]:
        """Group sequences by length, so that little of a batch is padding."""
        order = sorted(range(len(sequences)), key=lambda row: len(sequences[row]))
        start = 0
        while start < len(order):
            end, real = start, 0
            while end < len(order) and end - start < largest:
                longer = len(sequences[order[end]])
                area = (end - start + 1) * longer
                if area > min(PADDING_ALLOWED * (real + longer), max(MOST_TOKENS, longer)):
                    break
                real += longer
                end += 1
            yield self.padded(sequences, order[start:end])
            start = end

    def padded(self, sequences: Sequence[list[int]], rows: Sequence[int]) -> Batch:
        """The named sequences as one rectangle."""
        width = max(len(sequences[row]) for row in rows)
        input_ids = np.full((len(rows), width), self._pad_id, dtype=np.int64)
        attention_mask = np.zeros((len(rows), width), dtype=np.int64)
        for place, row in enumerate(rows):
            ids = sequences[row]
            input_ids[place, : len(ids)] = ids
            attention_mask[place, : len(ids)] = 1
        return Batch(tuple(rows), input_ids, attention_mask)
