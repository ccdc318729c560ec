"""One child process in a process group of its own, so that nothing of it is left behind."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

TAIL_LINES = 15
_TAIL_BYTES = 64_000
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
GRACE_SECONDS = 8.0
_AFTER_KILL_SECONDS = 2.0


class Child:
    """A running command whose output goes to a log file."""

    def __init__(self, process: asyncio.subprocess.Process, log: Path) -> None:
        self._process = process
        self.log = log

    @classmethod
    async def start(
        cls,
        command: Sequence[str],
        *,
        cwd: Path,
        env: Mapping[str, str],
        log: Path,
        append: bool = False,
        private: bool = False,
    ) -> Child:
        """Start ``command`` with its output in ``log``, begun anew unless ``append``.

        With ``private`` nobody else on this machine may read what it writes.

        Raises:
            OSError: the command cannot be started at all.
        """
        with _opened(log, append=append) as out:
            process = await asyncio.create_subprocess_exec(
                *command,
                cwd=cwd,
                env=dict(env),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=out,
                stderr=asyncio.subprocess.STDOUT,
                start_new_session=True,
                umask=0o077 if private else -1,
            )
        return cls(process, log)

    @property
    def pid(self) -> int:
        """Process id, and id of the group."""
        return self._process.pid

    async def wait(self) -> int:
        """Exit code; negative for a signal."""
        return await self._process.wait()

    @property
    def code(self) -> int | None:
        """Exit code, or None while it runs."""
        return self._process.returncode

    def kill(self) -> None:
        """SIGKILL to the whole group."""
        _signal_group(self.pid, signal.SIGKILL)

    async def end(self, *, grace: float = GRACE_SECONDS) -> None:
        """SIGTERM to the whole group, and SIGKILL for what is still there after ``grace`` seconds."""
        if not _signal_group(self.pid, signal.SIGTERM):
            await self.wait()
            return
        if not await self._gone_within(grace):
            self.kill()
            await self._gone_within(_AFTER_KILL_SECONDS)

    async def _gone_within(self, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self._process.returncode is not None and not _signal_group(self.pid, 0):
                return True
            await asyncio.sleep(0.05)
        return False


def _opened(log: Path, *, append: bool) -> BinaryIO:
    """The log, written at its end whatever that is: whoever empties a large one gets the space back."""
    log.parent.mkdir(parents=True, exist_ok=True)
    if not append:
        log.write_bytes(b"")
    return log.open("ab")


def tail(log: Path, lines: int = TAIL_LINES) -> list[str]:
    """The last lines of a log as a terminal would show them: of a progress bar its last state, no colours or blanks."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - _TAIL_BYTES))
            text = file.read().decode("utf-8", errors="replace")
    except OSError:
        return []
    shown = (_COLOUR.sub("", line).rstrip().rpartition("\r")[2] for line in text.split("\n"))
    return [line for line in shown if line.strip()][-lines:]


def _signal_group(group: int, number: int) -> bool:
    """Send a signal to a group; False when nobody is left in it (macOS says so by EPERM)."""
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True
