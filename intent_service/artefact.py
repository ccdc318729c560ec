"""Model folders on disk: written whole, checked before use, one of them current.

models/encoder/                   the untouched sentence encoder: encoder.onnx tokenizer.json manifest.json
models/intent/<version>/          a trained model (files below), its manifest, its card
models/intent/current             one line: the version to serve
"""

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from intent_service.errors import ModelUnusable

FORMAT = 1
"""Raised when a newer service cannot read an older folder; such a folder is refused, not guessed at."""

MANIFEST = "manifest.json"
ENCODER_FILES = ("encoder.onnx", "tokenizer.json")
MODEL_FILES = (
    *ENCODER_FILES,
    "labels.json",
    "calibration.json",
    "space.npz",
    "tone.npz",
    "requests.json",
    "entities.json",
    "words.json",
)


def encoder_folder(models: Path) -> Path:
    """Where the untouched sentence encoder lies."""
    return models / "encoder"


def intent_folder(models: Path) -> Path:
    """Where the trained versions lie."""
    return models / "intent"


def digest(file: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def write_whole(folder: Path, fill: Callable[[Path], dict[str, Any]]) -> Path:
    """Let ``fill`` write into a hidden folder, add the manifest with the digests, then give it its name.

    Args:
        folder: The final name; a folder that is already there is replaced.
        fill: Writes the files and returns the manifest's own entries.

    What runs that were killed left beside it is removed.
    """
    _remove_abandoned(folder.parent)
    partial = folder.with_name(f".{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    with _locked(partial):
        manifest = fill(partial)
        files = {file.name: digest(file) for file in sorted(partial.iterdir()) if file.name != MANIFEST}
        text = json.dumps({"format": FORMAT, **manifest, "files": files}, indent=2, ensure_ascii=False)
        (partial / MANIFEST).write_text(text + "\n", encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        partial.rename(folder)
    return folder


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold a folder; the lock ends with the process, so that what a killed one left can be told from what is in work.

    Raises:
        BlockingIOError: another run holds it.
    """
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(handle)


def _remove_abandoned(parent: Path) -> None:
    for left in parent.glob(".*.partial"):
        try:
            with _locked(left):
                shutil.rmtree(left, ignore_errors=True)
        except OSError:  # it is in work, or another run was quicker
            continue


def read_manifest(folder: Path, *, required: tuple[str, ...]) -> dict[str, Any]:
    """Check a folder against its manifest.

    Args:
        folder: A model folder.
        required: Files without which it cannot work.

    Raises:
        ModelUnusable: the folder is missing, partial, altered, or of another format; one sentence says which.
    """
    if not folder.is_dir():
        raise ModelUnusable(f"There is no model in {folder}; train one with: python -m intent_service train")
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ModelUnusable(f"The model in {folder} has no manifest.json, so it was not written whole.") from error
    except (OSError, ValueError) as error:
        raise ModelUnusable(f"The manifest.json of {folder} cannot be read.") from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise ModelUnusable(f"The model in {folder} is not of format {FORMAT}; train it again.")
    files = manifest.get("files", {})
    for name in required:
        if name not in files or not (folder / name).is_file():
            raise ModelUnusable(f"The model in {folder} lacks {name}.")
    for name, expected in files.items():
        if not (folder / name).is_file() or digest(folder / name) != expected:
            raise ModelUnusable(f"The file {name} in {folder} is not the one that was trained.")
    return manifest


def current_version(models: Path) -> str:
    """The version that ``current`` names.

    Raises:
        ModelUnusable: nothing was trained yet.
    """
    try:
        version = (intent_folder(models) / "current").read_text(encoding="utf-8").strip()
    except FileNotFoundError as error:
        message = f"No model is current in {intent_folder(models)}; train one with: python -m intent_service train"
        raise ModelUnusable(message) from error
    return version


def version_folder(models: Path, version: str) -> Path:
    """The folder of a version.

    Raises:
        ModelUnusable: the name is not a plain folder name, or there is no such folder.
    """
    folder = intent_folder(models) / version
    if not version or Path(version).name != version or version.startswith(".") or not folder.is_dir():
        raise ModelUnusable(
            f"There is no model version {version!r}; there are: {', '.join(versions(models)) or 'none'}"
        )
    return folder


def versions(models: Path) -> tuple[str, ...]:
    """All versions, oldest first."""
    folder = intent_folder(models)
    if not folder.is_dir():
        return ()
    return tuple(sorted(item.name for item in folder.iterdir() if (item / MANIFEST).is_file()))


def make_current(models: Path, version: str) -> None:
    """Point ``current`` at a version in one step, so that a reader sees the old name or the new one."""
    pointer = intent_folder(models) / "current"
    draft = pointer.with_name(f".current.{os.getpid()}")
    draft.write_text(version + "\n", encoding="utf-8")
    draft.replace(pointer)
