"""A circuit breaker: after several failures in a row the neighbour is left alone for a while."""

from collections.abc import Callable


class CircuitBreaker:
    """Closed at first; opens after ``failures`` in a row; lets one call try again after ``pause`` seconds."""

    def __init__(self, *, failures: int, pause: float, clock: Callable[[], float]) -> None:
        """Take the limits and a monotonic ``clock`` in seconds."""
        self._limit = failures
        self._pause = pause
        self._clock = clock
        self._failed = 0
        self._closed_again_at = 0.0

    def allows(self) -> bool:
        """Whether a call may be made now. A call that was let through to try counts until it reports."""
        if self._failed < self._limit:
            return True
        if self._clock() < self._closed_again_at:
            return False
        self._closed_again_at = self._clock() + self._pause  # only this caller tries
        return True

    def succeeded(self) -> None:
        """The neighbour answered."""
        self._failed = 0

    def failed(self) -> None:
        """The neighbour did not answer, or with an error of its own."""
        self._failed += 1
        if self._failed >= self._limit:
            self._closed_again_at = self._clock() + self._pause
