"""One Frontdesk at a time: advisory locks, and a note of what is running for `make stop` and `make shell`."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

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
        note = {
            "driver": _Identity.of(os.getpid()),
            "processes": {name: _Identity.of(pid) for name, pid in pids.items()},
        }
        self._path.write_text(json.dumps(note) + "\n", encoding="utf-8")

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
        driver, processes = _Identity(*note["driver"]), note["processes"]
        if driver.lives():
            os.kill(driver.pid, signal.SIGTERM)
            driver.wait_for_end()
            return sorted(processes)
        left = {name: _Identity(*identity) for name, identity in processes.items()}
        ended = sorted(name for name, process in left.items() if process.lives())
        for name in ended:
            left[name].end_group()
        self.remove()
        return ended


class _Identity(NamedTuple):
    """A process id with the time at which that process began: ids are used again."""

    pid: int
    begun: str

    @classmethod
    def of(cls, pid: int) -> _Identity:
        return cls(pid, _begun(pid))

    def lives(self) -> bool:
        return bool(self.begun) and _begun(self.pid) == self.begun

    def wait_for_end(self) -> None:
        deadline = time.monotonic() + _STOP_SECONDS
        while self.lives() and time.monotonic() < deadline:
            time.sleep(0.1)

    def end_group(self) -> None:
        with suppress(OSError):
            os.killpg(self.pid, signal.SIGTERM)
            self.wait_for_end()
            os.killpg(self.pid, signal.SIGKILL)  # whoever of the group did not listen


def _begun(pid: int) -> str:
    """When the process began, in whatever words the system has for it; nothing for one that has ended."""
    listed = Path(f"/proc/{pid}/stat")
    if Path("/proc/self").exists():
        try:
            state, *rest = listed.read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:
            return ""
        return "" if state == "Z" else rest[18]
    found = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return found.stdout.strip()
