"""What the person at the terminal sees while a run goes on."""

from __future__ import annotations

import asyncio
import shutil
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, TextIO

from scripts.frontdesk.child import tail

_HEARTBEAT_SECONDS = 60.0
_LONGEST_DETAIL = 60


class _Begun(NamedTuple):
    at: float
    log: Path | None

    def how_far(self) -> str:
        """What a step itself says of its progress, in brackets."""
        last = tail(self.log, 1) if self.log else []
        words = last[0].strip() if last else ""
        return f" ({words})" if "%" in words and len(words) <= _LONGEST_DETAIL else ""


class Progress:
    """A line for each step begun and ended; on a terminal also one line that is redrawn while steps run."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out if out is not None else sys.stdout
        self._live = self._out.isatty()
        self._running: dict[str, _Begun] = {}
        self._drawn = 0
        self._last_heartbeat = time.monotonic()

    def begin(self, title: str, log: Path | None = None) -> None:
        """A step or the start of a process has begun; the last line of ``log`` says how far it is."""
        self._running[title] = _Begun(time.monotonic(), log)
        if not self._live:
            self.say(f"  ... {title}")

    def end(self, title: str, *, outcome: str = "ok") -> None:
        """It has ended; ``outcome`` is ``ok``, ``ready`` or ``FAILED``."""
        begun = self._running.pop(title, None)
        took = "" if begun is None else f"  {elapsed(time.monotonic() - begun.at)}"
        self.say(f"  {outcome:>6}  {title}{took}")

    def drop(self, title: str) -> None:
        """It was broken off because something else failed."""
        self._running.pop(title, None)

    def unchanged(self, titles: Sequence[str]) -> None:
        """Name what did not have to be done again."""
        if titles:
            self.say(f"  unchanged: {', '.join(titles)}")

    def say(self, line: str) -> None:
        """A line that stays."""
        self._erase()
        print(line, file=self._out, flush=True)

    async def animate(self) -> None:
        """Redraw the running line every second (terminal), or say every minute what is still going on."""
        while True:
            await asyncio.sleep(1.0)
            if self._live:
                self._draw("   ".join(self._state()))
            elif self._running and time.monotonic() - self._last_heartbeat >= _HEARTBEAT_SECONDS:
                self._last_heartbeat = time.monotonic()
                self.say(f"  ... still running: {', '.join(self._state())}")

    def _state(self) -> list[str]:
        now = time.monotonic()
        return [f"{title} {elapsed(now - begun.at)}{begun.how_far()}" for title, begun in self._running.items()]

    def _draw(self, line: str) -> None:
        self._erase()
        self._out.write(f"  {line}"[: shutil.get_terminal_size().columns - 1])
        self._out.flush()
        self._drawn = len(line)

    def _erase(self) -> None:
        if self._drawn:
            self._out.write("\r\033[K")
            self._drawn = 0


def elapsed(seconds: float) -> str:
    """``7 s`` or ``3 min 05 s``."""
    whole = round(seconds)
    return f"{whole} s" if whole < 60 else f"{whole // 60} min {whole % 60:02d} s"  # noqa: PLR2004 - a minute
