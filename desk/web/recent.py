"""Moving windows in this process's memory.

``limits`` has a storage of its own for this; with each use it looks through every key, handing each to a thread.
"""

import time
from collections import deque
from collections.abc import Callable

_SWEEP_SECONDS = 30.0


class RecentUses:
    """What was used lately, by key; each check costs the same however many keys there are.

    Args:
        now: seconds of a clock that never goes back.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._uses: dict[tuple[str, ...], tuple[float, deque[float]]] = {}
        self._swept = now()

    def hit(self, key: tuple[str, ...], *, most: int, seconds: float) -> float:
        """Count one use, if it is one of at most ``most`` in ``seconds``.

        Returns:
            0 when it counts; else how many seconds until one more would.
        """
        now = self._now()
        self._sweep(now)
        if wait := self.wait(key, most=most, seconds=seconds):
            return wait
        _, uses = self._uses.setdefault(key, (seconds, deque()))
        uses.append(now)
        return 0.0

    def wait(self, key: tuple[str, ...], *, most: int, seconds: float) -> float:
        """How many seconds until one more use would count; 0 when it would now. Counts none."""
        now = self._now()
        _, uses = self._uses.get(key, (seconds, deque[float]()))
        while uses and uses[0] <= now - seconds:
            uses.popleft()
        return uses[0] + seconds - now if len(uses) >= most else 0.0

    def __len__(self) -> int:
        """How many keys are remembered."""
        return len(self._uses)

    def _sweep(self, now: float) -> None:
        if now - self._swept < _SWEEP_SECONDS:
            return
        self._swept = now
        for key in [key for key, (seconds, uses) in self._uses.items() if not uses or uses[-1] <= now - seconds]:
            del self._uses[key]
