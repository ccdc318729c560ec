"""A clock for tests, here and above this room."""

from datetime import datetime, timedelta


class StoppedClock:
    """Stands still until it is moved; pass it where ``now`` is asked for."""

    def __init__(self, time: datetime) -> None:
        self.time = time

    def __call__(self) -> datetime:
        return self.time

    def move(self, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> None:
        self.time += timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
