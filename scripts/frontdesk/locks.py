"""One Frontdesk at a time: advisory locks, and a note of what is running for `make stop` and `make shell`."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from scripts.frontdesk.problems import RunError
from scripts.frontdesk.progress import Progress

_STOP_SECONDS = 20.0


@contextmanager
def held(path: Path, *, otherwise: str) -> Iterator[None]:
    """Hold the lock at ``path``; the system lets go of it when this process ends, however it ends.

    Raises:
        RunError: somebody else holds it, with the sentence ``otherwise``.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise RunError(otherwise) from None
        yield


@contextmanager
def turn_to_build(path: Path, progress: Progress) -> Iterator[None]:
    """Wait until no other command of this checkout builds, then hold the lock."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            progress.say("  waiting for another Frontdesk command that is building here ...")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


class RunningNote:
    """``stack.json``: the driver's process id and its children's, while a stack runs."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, pids: Mapping[str, int]) -> None:
        """Note this process and its children."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.write_text(json.dumps({"driver": os.getpid(), "processes": dict(pids)}) + "\n", encoding="utf-8")

    def remove(self) -> None:
        """Nothing runs any more."""
        self._path.unlink(missing_ok=True)

    def stop(self) -> list[str]:
        """End the driver, which ends its children; or the children of a driver that is gone.

        Returns:
            The names of what was ended.
        """
        try:
            note = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return []
        if _is_ours(note["driver"]):
            os.kill(note["driver"], signal.SIGTERM)
            _wait_for_end(note["driver"])
            return sorted(note["processes"])
        ended = [name for name, pid in note["processes"].items() if _is_ours(pid) and _end_group(pid)]
        self.remove()
        return sorted(ended)


def _is_ours(pid: int) -> bool:
    """Whether the process still is one of Frontdesk's: ids are used again after a restart of the machine."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        if Path("/proc/self").exists():
            return False
        return _alive(pid)  # macOS has no /proc; the lock file beside the note is as good a witness
    return any(word in command for word in (b"scripts.frontdesk", b"intent_service", b"actions", b"rasa"))


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True


def _wait_for_end(pid: int) -> None:
    deadline = time.monotonic() + _STOP_SECONDS
    while _alive(pid) and time.monotonic() < deadline:
        time.sleep(0.1)


def _end_group(pid: int) -> bool:
    with suppress(OSError):
        os.killpg(pid, signal.SIGTERM)
        _wait_for_end(pid)
        os.killpg(pid, signal.SIGKILL)
    return True
