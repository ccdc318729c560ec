"""What can go wrong on somebody's machine, each as one sentence that says what happened and what to do."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path


class RunError(Exception):
    """The run cannot go on; the text is meant for the person at the terminal.

    Attributes:
        log: the file with the whole story, when there is one.
        tail: its last lines, worth showing at once.
    """

    def __init__(self, sentence: str, *, log: Path | None = None, tail: Sequence[str] = ()) -> None:
        super().__init__(sentence)
        self.log = log
        self.tail = tuple(tail)


class Interrupted(RunError):
    """Somebody pressed Ctrl-C or sent SIGTERM."""


_NO_SPACE = re.compile(r"No space left on device|os error 28|Disk quota exceeded|disk is full", re.IGNORECASE)
_NO_PYTHON_310 = re.compile(
    r"No interpreter found for.*3\.10|failed to (?:download|fetch).*python-build", re.IGNORECASE
)
_NO_PACKAGE = re.compile(
    r"Failed to fetch|Failed to download|error sending request|dns error|Could not find a version"
    r"|No matching distribution|Temporary failure in name resolution|was not found in the package registry"
    r"|client error \(Connect\)|Connection (?:refused|timed out)|NewConnectionError|there are no versions of",
    re.IGNORECASE,
)
_NO_VENV = re.compile(r"ensurepip", re.IGNORECASE)
_KILLED = -9


def explain(title: str, *, code: int, tail: Sequence[str], fetches: bool = False) -> str:
    """One sentence for a step that ended with ``code``, judged by the last lines of its log.

    Args:
        title: what the step was doing, as shown to the person.
        code: its exit code; negative for a signal.
        tail: the last lines of its log.
        fetches: whether the step downloads packages, so that a refused connection means the network.
    """
    text = "\n".join(tail)
    if _NO_SPACE.search(text):
        return f"The disk is full ({title}): free about 6 GB and run the same command again; what is done stays done."
    if fetches and _NO_VENV.search(text):
        return (
            "This Python can make no virtual environment: install the package that lets it "
            "(`sudo apt install python3-venv` on Debian and Ubuntu) and run the same command again."
        )
    if fetches and _NO_PYTHON_310.search(text):
        return (
            "Rasa needs Python 3.10, and none was found here nor could one be downloaded: install it "
            "(`pyenv install 3.10` or `brew install python@3.10`) and run the same command again."
        )
    if fetches and _NO_PACKAGE.search(text):
        return (
            f"A package could not be fetched ({title}): check the network, proxy or package mirror "
            "and run the same command again; what is done stays done."
        )
    if code == _KILLED:
        return f"{title} was killed, most likely for lack of memory: close other programs and run it again."
    return f"{title} failed (exit code {code}): the lines above say why; mend it and run the same command again."
