"""The engine around its encoders: what is computed side by side ends in the caller's order."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import pytest

from intent_service.adapters.onnx_engine import OnnxEngine
from intent_service.model import Matrix
from intent_service.tokens import Batch


class Lengths:
    """An encoder with its tokenizer: a text's vector is its length; two texts make a batch."""

    tokenizer = property(lambda self: self)

    def encode(self, given: Any, rows: Matrix | None = None) -> Any:
        if rows is None:
            return [[len(text)] for text in given]
        return self._written(given, rows)

    def batches(self, sequences: Sequence[list[int]]) -> Iterator[Batch]:
        for start in range(0, len(sequences), 2):
            places = tuple(range(start, min(start + 2, len(sequences))))
            ids = np.array([sequences[place] for place in places], dtype=np.int64)
            yield Batch(places, ids, np.ones_like(ids))

    def empty(self, texts: int) -> Matrix:
        return np.full((texts, 1), np.nan, dtype=np.float32)

    @staticmethod
    def _written(batches: Iterable[Batch], rows: Matrix) -> Matrix:
        for batch in batches:
            rows[list(batch.rows)] = batch.input_ids
        return rows


@pytest.mark.parametrize("texts", [1, 2, 3, 4, 5, 9])
def test_every_text_gets_its_own_vector_whichever_thread_made_it(texts: int) -> None:
    unused: Any = None
    encoder: Any = Lengths()
    engine = OnnxEngine(
        unused, tuned=encoder, base=encoder, space=unused, calibration=unused, tone=unused, one_tokenizer=True
    )
    written = ["x" * (7 * place % 11 + 1) for place in range(texts)]
    assert engine.embed(written)[:, 0].tolist() == [len(text) for text in written]
