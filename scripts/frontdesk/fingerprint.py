"""Whether a step's last result still holds: a hash over its command and the content of what it reads."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

from scripts.frontdesk.steps import Step

_NOT_CONTENT = {"__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache"}


def fingerprint(step: Step, root: Path) -> str:
    """SHA-256 over the step's command, salt, and each input file's name and content."""
    digest = hashlib.sha256()
    # The root differs between two clones of the same content; the result does not.
    command = [part.replace(str(root), "<root>") for part in step.command]
    digest.update(json.dumps([command, step.salt]).encode())
    for path in _files(step, root):
        digest.update(f"\0{path.relative_to(root).as_posix()}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def is_current(step: Step, root: Path) -> bool:
    """Whether the step ran well with exactly these inputs and its outputs are still there."""
    if step.stamp is None or not all(path.exists() for path in step.outputs):
        return False
    try:
        kept = json.loads(step.stamp.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(kept, dict) and kept.get("fingerprint") == fingerprint(step, root)


def keep(step: Step, value: str) -> None:
    """Remember that the step ran well on inputs with this fingerprint."""
    if step.stamp is not None:
        step.stamp.parent.mkdir(parents=True, exist_ok=True)
        step.stamp.write_text(json.dumps({"fingerprint": value}) + "\n", encoding="utf-8")


def forget(step: Step) -> None:
    """The step is about to run: until it has ended well, no earlier run counts."""
    if step.stamp is not None:
        step.stamp.unlink(missing_ok=True)


def _files(step: Step, root: Path) -> Iterator[Path]:
    found: set[Path] = set()
    for pattern in step.inputs:
        for match in root.glob(pattern):
            found.update(match.rglob("*") if match.is_dir() else [match])
    yield from sorted(path for path in found if path.is_file() and not _NOT_CONTENT.intersection(path.parts))
