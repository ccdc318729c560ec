"""How far a training run is and how long it still takes: a bar in a terminal, a line now and then in a log."""

import sys
import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

_NAMES = {
    "encoder": "preparing the encoder",
    "calibration": "training to calibrate",
    "training": "training",
    "export": "exporting",
}
_SECONDS_BETWEEN_LINES = 10.0


class ProgressReport:
    """A context manager that is called with phase, steps done and steps in all."""

    def __init__(self) -> None:
        console = Console(stderr=True)
        self._bar = (
            Progress(TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn(), console=console)
            if console.is_terminal
            else None
        )
        self._tasks: dict[str, TaskID] = {}
        self._started: dict[str, float] = {}
        self._said = 0.0

    def __enter__(self) -> Self:
        if self._bar:
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar:
            self._bar.stop()

    def __call__(self, phase: str, done: int, total: int) -> None:
        """``done`` of ``total`` steps of the phase are over."""
        if self._bar:
            if phase not in self._tasks:
                self._tasks[phase] = self._bar.add_task(_NAMES[phase], total=total)
            self._bar.update(self._tasks[phase], completed=done)
            return
        now = time.monotonic()
        started = self._started.setdefault(phase, now)
        if done == total or now - self._said >= _SECONDS_BETWEEN_LINES:
            self._said = now
            left = (now - started) / done * (total - done) if done else 0.0
            more = f", about {left:.0f} s left" if done < total else ""
            print(f"{_NAMES[phase]}: {done / total:.0%}{more}", file=sys.stderr, flush=True)
