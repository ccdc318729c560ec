"""Model folders: written whole, refused with one sentence when they are not what was trained."""

import json
from pathlib import Path
from typing import Any

import pytest

from intent_service.artefact import (
    current_version,
    make_current,
    read_manifest,
    version_folder,
    versions,
    write_whole,
)
from intent_service.errors import ModelUnusable


def fill(folder: Path) -> dict[str, Any]:
    (folder / "encoder.onnx").write_bytes(b"weights")
    (folder / "labels.json").write_text('["a"]', encoding="utf-8")
    return {"version": folder.name}


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return write_whole(tmp_path / "intent" / "v1", fill)


REQUIRED = ("encoder.onnx", "labels.json")


def test_what_was_written_is_accepted(model: Path) -> None:
    assert set(read_manifest(model, required=REQUIRED)["files"]) == set(REQUIRED)


def test_a_run_that_dies_leaves_no_version(tmp_path: Path) -> None:
    def dies(folder: Path) -> dict[str, Any]:
        fill(folder)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_whole(tmp_path / "intent" / "v1", dies)
    assert versions(tmp_path) == ()


def test_what_a_killed_run_left_is_removed_and_a_running_one_is_let_be(tmp_path: Path) -> None:
    left = tmp_path / "intent" / ".v0.partial"
    left.mkdir(parents=True)
    (left / "tokenizer.json").write_text("{}", encoding="utf-8")

    def meanwhile(folder: Path) -> dict[str, Any]:
        write_whole(tmp_path / "intent" / "v2", fill)
        return fill(folder)

    write_whole(tmp_path / "intent" / "v1", meanwhile)
    assert sorted(item.name for item in (tmp_path / "intent").iterdir()) == ["v1", "v2"]


def alter(model: Path) -> None:
    (model / "encoder.onnx").write_bytes(b"weighty")


def remove(model: Path) -> None:
    (model / "labels.json").unlink()


def no_manifest(model: Path) -> None:
    (model / "manifest.json").unlink()


def broken_manifest(model: Path) -> None:
    (model / "manifest.json").write_text("{", encoding="utf-8")


def other_format(model: Path) -> None:
    manifest = json.loads((model / "manifest.json").read_text(encoding="utf-8"))
    (model / "manifest.json").write_text(json.dumps({**manifest, "format": 99}), encoding="utf-8")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (alter, "encoder.onnx in .* is not the one that was trained"),
        (remove, "lacks labels.json"),
        (no_manifest, "has no manifest.json"),
        (broken_manifest, "cannot be read"),
        (other_format, "not of format"),
    ],
)
def test_a_wrong_folder_is_refused_with_a_sentence(model: Path, spoil: Any, said: str) -> None:
    spoil(model)
    with pytest.raises(ModelUnusable, match=said) as refused:
        read_manifest(model, required=REQUIRED)
    assert "\n" not in str(refused.value)


def test_a_missing_folder_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(ModelUnusable, match="intent_service train"):
        read_manifest(tmp_path / "nothing", required=())
    with pytest.raises(ModelUnusable, match="intent_service train"):
        current_version(tmp_path)


def test_current_is_exchanged_and_the_one_before_stays(tmp_path: Path) -> None:
    for version in ("v1", "v2"):
        write_whole(tmp_path / "intent" / version, fill)
        make_current(tmp_path, version)
    assert current_version(tmp_path) == "v2"
    assert versions(tmp_path) == ("v1", "v2")
    assert sorted(item.name for item in (tmp_path / "intent").iterdir()) == ["current", "v1", "v2"]


@pytest.mark.parametrize("version", ["", "..", "../intent/v1", "v9", ".v1.partial", "/etc"])
def test_a_version_is_a_plain_name_of_something_there(model: Path, version: str) -> None:
    with pytest.raises(ModelUnusable, match="no model version"):
        version_folder(model.parent.parent, version)
