"""The int8 encoder: near to full precision, and what a text gets is its own, whatever stands beside it."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="PyTorch is not installed: requirements/train.txt")

from tokenizers import Tokenizer, models, pre_tokenizers, processors  # noqa: E402 - after the skip
from transformers import DistilBertConfig, DistilBertModel  # noqa: E402

from intent_service.adapters.onnx_encoder import OnnxEncoder  # noqa: E402
from intent_service.tokens import MAX_TOKENS, TextTokenizer  # noqa: E402
from intent_service.training.base_encoder import ensure_base_encoder  # noqa: E402
from intent_service.training.export import export_int8  # noqa: E402
from intent_service.training.finetune import pooled  # noqa: E402
from intent_service.training.quantise import fit_scale  # noqa: E402

pytestmark = pytest.mark.filterwarnings("default")

SAID = "where is my order the kettle leaks cancel it please refund when will parcel come i want a new one"
WORDS = tuple(SAID.split())


def some_texts(count: int, seed: int, longest: int = 30) -> list[str]:
    draw = random.Random(seed)
    return [" ".join(draw.choices(WORDS, k=draw.randint(1, longest))) for _ in range(count)]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, OnnxEncoder]:
    """An encoder of two layers with random weights, some channels of which are loud, and its int8 form."""
    folder = tmp_path_factory.mktemp("encoder")
    vocabulary = {word: place for place, word in enumerate(("[PAD]", "[UNK]", "[CLS]", "[SEP]", *WORDS))}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    tokenizer.save(str(folder / "tokenizer.json"))
    torch.manual_seed(1)
    config = DistilBertConfig(
        vocab_size=len(vocabulary), dim=48, n_layers=2, n_heads=4, hidden_dim=96, attn_implementation="eager"
    )
    encoder = DistilBertModel(config).eval()
    for name, parameter in encoder.named_parameters():
        if "layer_norm" in name.casefold() and name.endswith("weight"):
            parameter.data[3] *= 8
        elif name.endswith("lin.weight"):
            parameter.data *= 2
    export_int8(encoder, TextTokenizer(folder / "tokenizer.json"), some_texts(100, seed=9), folder / "encoder.onnx")
    return encoder, OnnxEncoder(folder, threads=1)


def test_int8_stays_near_to_full_precision(small: tuple[Any, OnnxEncoder]) -> None:
    encoder, served = small
    texts = some_texts(40, seed=1)
    (batch,) = [served.tokenizer.padded(served.tokenizer.encode(texts), range(len(texts)))]
    with torch.inference_mode():
        exact = pooled(encoder, torch.from_numpy(batch.input_ids), torch.from_numpy(batch.attention_mask)).numpy()
    assert (exact * served.embed(texts)).sum(axis=1).min() > 0.995


@pytest.mark.parametrize("seed", range(8))
def test_a_text_gets_the_same_vector_alone_and_in_any_company(small: tuple[Any, OnnxEncoder], seed: int) -> None:
    _, served = small
    company = some_texts(random.Random(seed).randint(2, 40), seed, longest=random.Random(seed).choice([3, 30, 250]))
    alone = np.concatenate([served.embed([text]) for text in company])
    assert np.abs(served.embed(company) - alone).max() < 1e-5
    sequences = served.tokenizer.encode(company)
    one_rectangle = served.encode(
        [served.tokenizer.padded(sequences, range(len(sequences)))], served.empty(len(company))
    )
    assert np.abs(one_rectangle - alone).max() < 1e-5


def test_the_longest_text_fits(small: tuple[Any, OnnxEncoder]) -> None:
    _, served = small
    assert np.linalg.norm(served.embed(["order " * 2 * MAX_TOKENS])) == pytest.approx(1, abs=1e-5)


def test_a_loud_channel_is_made_quiet() -> None:
    draw = np.random.default_rng(1)
    rows = draw.normal(size=(200, 16)).astype(np.float32)
    rows[:, 5] *= 100
    weights = draw.normal(size=(16, 8)).astype(np.float32)
    smooth, plain = (fit_scale(rows, weights, smooth=smooth) for smooth in (True, False))
    assert smooth.smoothing[5] > 3 * np.delete(smooth.smoothing, 5).max()
    assert plain.smoothing.tolist() == [1] * 16

    def error(rounded: Callable[[], np.ndarray]) -> float:
        return float(((rounded() - rows @ weights) ** 2).mean())

    def through(own: Any) -> np.ndarray:
        levels = np.clip(np.round(rows / own.smoothing / own.scale) + own.zero, 0, 255)
        return (levels - own.zero) * own.scale @ (weights * own.smoothing[:, None])

    assert error(lambda: through(smooth)) < error(lambda: through(plain)) / 4


def test_an_encoder_quantised_another_way_is_exported_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[Path] = []

    def export(folder: Path, _: object) -> Path:
        written.append(folder)
        return folder

    monkeypatch.setattr("intent_service.training.base_encoder.write_whole", export)
    monkeypatch.setattr("intent_service.training.base_encoder.read_manifest", lambda *_, **__: {"format": 1})
    assert ensure_base_encoder(tmp_path) == tmp_path / "encoder"
    assert written == [tmp_path / "encoder"]
