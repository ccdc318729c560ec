"""The engine that serves: a trained folder and the untouched encoder, both int8 in ONNX Runtime."""

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from intent_service.adapters.onnx_encoder import OnnxEncoder, available_cores
from intent_service.artefact import (
    ENCODER_FILES,
    MODEL_FILES,
    digest,
    encoder_folder,
    read_manifest,
    version_folder,
)
from intent_service.errors import ModelUnusable
from intent_service.model import Matrix, ModelInfo, Reading
from intent_service.scoring import (
    Calibration,
    Evidence,
    LabelSpace,
    base_neighbours,
    columns_by_label,
    evidence_beside,
    judge,
)
from intent_service.tokens import Batch, TextTokenizer
from intent_service.tone import ToneHeads, read_tone


@dataclass(frozen=True, slots=True)
class TokenisedTexts:
    """Texts with their batches for both encoders (one list twice when they share a tokenizer)."""

    texts: tuple[str, ...]
    tuned: list[Batch]
    base: list[Batch]

    def __len__(self) -> int:
        return len(self.texts)


@dataclass(frozen=True, slots=True)
class EncodedTexts:
    """Texts with their unit vectors in the untouched encoder (n × d) and what both encoders' witnesses say."""

    texts: tuple[str, ...]
    base: Matrix
    seen: Evidence

    def __len__(self) -> int:
        return len(self.texts)


class OnnxEngine:
    """See ``ports.Engine``. Built by ``load_engine``."""

    def __init__(
        self,
        info: ModelInfo,
        *,
        tuned: OnnxEncoder,
        base: OnnxEncoder,
        space: LabelSpace,
        calibration: Calibration,
        tone: ToneHeads,
        one_tokenizer: bool,
    ) -> None:
        self._info = info
        self._tuned, self._base = tuned, base
        self._space, self._calibration, self._tone = space, calibration, tone
        self._one_tokenizer = one_tokenizer
        # two threads on one short text wait for each other more than they share; two encoders do not
        self._beside = ThreadPoolExecutor(1, thread_name_prefix="base-encoder")

    @property
    def info(self) -> ModelInfo:
        """What is loaded."""
        return self._info

    def preprocess(self, texts: Sequence[str]) -> TokenisedTexts:
        """Texts to batches of token ids."""
        tuned = _batches(self._tuned.tokenizer, texts)
        base = tuned if self._one_tokenizer else _batches(self._base.tokenizer, texts)
        return TokenisedTexts(tuple(texts), tuned, base)

    def infer(self, prepared: TokenisedTexts) -> EncodedTexts:
        """Token ids to unit vectors in both spaces and their neighbours there, the two encoders side by side."""
        beside = self._beside.submit(self._heard_by_base, prepared.base, len(prepared))
        tuned = self._tuned.encode(prepared.tuned, self._tuned.empty(len(prepared)))
        seen = evidence_beside(self._space, tuned, lambda: beside.result()[1])
        return EncodedTexts(prepared.texts, beside.result()[0], seen)

    def _heard_by_base(self, batches: list[Batch], texts: int) -> tuple[Matrix, Matrix]:
        base = self._base.encode(batches, self._base.empty(texts))
        return base, base_neighbours(self._space, base)

    def postprocess(self, encoded: EncodedTexts) -> list[Reading]:
        """Vectors to calibrated readings."""
        chances, scope = judge(encoded.seen, self._calibration)
        sentiment, urgency = read_tone(self._tone, encoded.base, encoded.texts)
        rows = zip(chances, scope, sentiment, urgency, strict=True)
        return [Reading(row, float(s), float(mood), level) for row, s, mood, level in rows]

    def knows_word(self, word: str) -> bool:
        """Whether the tokenizer has this word whole: then it is a word, not a slip."""
        return self._base.tokenizer.knows(word)

    def embed(self, texts: Sequence[str]) -> Matrix:
        """Unit vectors of the untouched encoder; of many texts every other batch is computed beside."""
        batches, rows = _batches(self._base.tokenizer, texts), self._base.empty(len(texts))
        if len(batches) == 1:
            return self._base.encode(batches, rows)
        beside = self._beside.submit(self._base.encode, batches[1::2], rows)  # their rows are others
        self._base.encode(batches[::2], rows)
        return beside.result()


def _batches(tokenizer: TextTokenizer, texts: Sequence[str]) -> list[Batch]:
    return list(tokenizer.batches(tokenizer.encode(texts)))


def load_engine(models: Path, version: str, *, threads: int = 0) -> OnnxEngine:
    """Load a version and the encoder beside it, after checking every file of both.

    Args:
        models: Holds ``intent/`` and ``encoder/``.
        version: Which version.
        threads: Threads of each of the two encoders; 0 shares the cores between them, at most 4 each.

    Raises:
        ModelUnusable: one of the folders is wrong, or they do not belong together.
    """
    folder, encoder = version_folder(models, version), encoder_folder(models)
    manifest = read_manifest(folder, required=MODEL_FILES)
    base_manifest = read_manifest(encoder, required=ENCODER_FILES)
    if manifest["base_encoder"] != base_manifest["files"]["encoder.onnx"]:
        raise ModelUnusable(f"The model {version} was trained beside another sentence encoder than {encoder}.")
    threads = threads or max(1, min(4, available_cores() // 2))
    return OnnxEngine(
        _info(manifest),
        tuned=OnnxEncoder(folder, threads=threads),
        base=OnnxEncoder(encoder, threads=threads),
        space=read_space(folder),
        calibration=read_calibration(folder),
        tone=_read_tone(folder),
        one_tokenizer=digest(folder / "tokenizer.json") == digest(encoder / "tokenizer.json"),
    )


def _info(manifest: dict[str, object]) -> ModelInfo:
    data = manifest["data"]
    return ModelInfo(
        version=str(manifest["version"]),
        labels=tuple(manifest["labels"]),  # type: ignore[arg-type]
        scope_threshold=float(manifest["scope_threshold"]),  # type: ignore[arg-type]
        engine="onnx",
        created=str(manifest["created"]),
        data_fingerprint=str(data["fingerprint"]),  # type: ignore[index]
        examples=int(data["examples"]),  # type: ignore[index]
        metrics=dict(manifest["metrics"]),  # type: ignore[call-overload]
    )


def read_space(folder: Path) -> LabelSpace:
    """The label space of a model folder."""
    labels = tuple(json.loads((folder / "labels.json").read_text(encoding="utf-8")))
    with np.load(folder / "space.npz") as arrays:
        wide = {name: arrays[name].astype(np.float32) for name in ("head", "tuned", "base", "whitening", "means")}
        owners = arrays["owners"].astype(np.int64)
        return LabelSpace(labels=labels, owners=owners, columns=columns_by_label(owners, len(labels)), **wide)


def read_calibration(folder: Path) -> Calibration:
    """The calibration of a model folder."""
    fields = json.loads((folder / "calibration.json").read_text(encoding="utf-8"))
    return Calibration(
        fusion=tuple(fields["fusion"]),
        scope_weights=tuple(fields["scope_weights"]),
        scope_means=tuple(fields["scope_means"]),
        scope_scales=tuple(fields["scope_scales"]),
        scope_bias=fields["scope_bias"],
        scope_threshold=fields["scope_threshold"],
    )


def _read_tone(folder: Path) -> ToneHeads:
    with np.load(folder / "tone.npz") as arrays:
        return ToneHeads(arrays["mood"], arrays["intensity"], arrays["urgency"])
