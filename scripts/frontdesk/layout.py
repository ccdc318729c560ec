"""Where things are, and the driver's own settings from the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from scripts.frontdesk.ports import setting_of
from scripts.frontdesk.problems import RunError

DEFAULT_PORTS = {"intent_service": 8001, "actions": 5055, "rasa": 5005, "llm": 8090}


@dataclass(frozen=True)
class Layout:
    """Folders, interpreters and ports of one Frontdesk.

    Attributes:
        root: the checkout.
        var: run-time data of this stack: data bases, index, logs, secrets.
        ports: port of each process by name.
        local_llm: a small language model of this machine writes answers.
    """

    root: Path
    var: Path
    ports: Mapping[str, int]
    local_llm: bool = False

    @classmethod
    def from_environment(cls, root: Path, environ: Mapping[str, str]) -> Layout:
        """Read ``FRONTDESK_VAR``, ``FRONTDESK_<PROCESS>_PORT`` and ``LLM``.

        Raises:
            RunError: a port is not a number between 1 and 65535, or ``LLM`` names nothing known.
        """
        ports = {name: _port(setting_of(name), default, environ) for name, default in DEFAULT_PORTS.items()}
        local = environ.get("LLM", "")
        if local not in {"", "local"}:
            raise RunError(f"LLM is {local!r}: leave it out, or say LLM=local (other models: ANSWERING_LLM).")
        return cls(root, root / environ.get("FRONTDESK_VAR", "var"), ports, local_llm=bool(local))

    @property
    def main_python(self) -> Path:
        """Interpreter of everything outside Rasa."""
        return self.root / ".venv" / "bin" / "python"

    @property
    def llm_python(self) -> Path:
        """Interpreter of the local language model's server."""
        return self.root / ".venv-llm" / "bin" / "python"

    @property
    def rasa_python(self) -> Path:
        """Interpreter of Rasa."""
        return self.root / ".venv-rasa" / "bin" / "python"

    @property
    def logs(self) -> Path:
        """One log a step or process, begun anew at each run."""
        return self.var / "log"

    @property
    def shared_state(self) -> Path:
        """Stamps of what all stacks of this checkout share: environments and models."""
        return self.root / "var" / "state"

    def address(self, process: str) -> str:
        """Base address of a process."""
        return f"http://127.0.0.1:{self.ports[process]}"


def read_dotenv(path: Path) -> dict[str, str]:
    """``NAME=value`` lines of a file; quotes around a value are dropped, comments and blank lines skipped."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return {}
    pairs = (line.partition("=") for line in lines if "=" in line and not line.lstrip().startswith("#"))
    return {name.strip(): value.strip().strip("'\"") for name, _, value in pairs}


def environment(root: Path) -> dict[str, str]:
    """The process environment over the checkout's ``.env``, less what belongs to the caller's own Python."""
    own = {"PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV", "__PYVENV_LAUNCHER__"}
    return {**read_dotenv(root / ".env"), **{k: v for k, v in os.environ.items() if k not in own}}


def _port(variable: str, default: int, environ: Mapping[str, str]) -> int:
    text = environ.get(variable, str(default))
    if not text.isdecimal() or not 0 < int(text) < 65536:  # noqa: PLR2004 - the range of ports
        raise RunError(f"{variable} is {text!r}: set it to a port number between 1 and 65535, or leave it out.")
    return int(text)
