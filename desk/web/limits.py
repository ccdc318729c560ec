"""How much one address, one conversation and everybody together may ask for; counted in Redis when there is one."""

import time
from typing import Any

import structlog
from limits import RateLimitItem, parse_many
from limits.aio.storage import RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter

from desk.errors import TooMany
from desk.metrics import Metrics
from desk.web.recent import RecentUses
from retrieval.adapters.breaker import CircuitBreaker

_LEFT_ALONE_SECONDS = 5.0

logger = structlog.get_logger()


class Limiter:
    """Checks named limits.

    Args:
        rules: each limit's name with its notation, for example ``10/10second; 60/5minute``.
        redis_url: where several gateways count together; empty for this process's memory.
        metrics: counts checks that Redis did not answer; they are made in memory instead.
    """

    def __init__(self, rules: dict[str, str], *, redis_url: str, metrics: Metrics) -> None:
        self._rules = {name: parse_many(notation) for name, notation in rules.items()}
        self._metrics = metrics
        self._memory = RecentUses()
        self._redis = _redis(redis_url) if redis_url else None
        self._shared = MovingWindowRateLimiter(self._redis) if self._redis else None
        self._breaker = CircuitBreaker(failures=1, pause=_LEFT_ALONE_SECONDS, clock=time.monotonic)

    async def check(self, name: str, key: str) -> None:
        """Count one use.

        Raises:
            TooMany: it is one too many.
        """
        for rule in self._rules[name]:
            await self._hit(rule, name, key)

    async def demand_room(self, name: str, key: str) -> None:
        """Count nothing: for what is only counted when it fails.

        Raises:
            TooMany: one more use would be one too many.
        """
        for rule in self._rules[name]:
            await self._hit(rule, name, key, counts=False)

    async def close(self) -> None:
        """Give Redis' connections back."""
        if self._redis is not None:
            bridge: Any = self._redis.bridge  # its kind for redis-py has the client; the base says nothing of it
            await bridge.storage.aclose()

    async def _hit(self, rule: RateLimitItem, name: str, key: str, *, counts: bool = True) -> None:
        wait = await self._there(self._shared, rule, name, key, counts=counts) if self._shared else None
        if wait is None:
            wait = self._here(rule, name, key, counts=counts)
        if wait:
            raise TooMany(max(1, round(wait)))

    async def _there(
        self, limiter: MovingWindowRateLimiter, rule: RateLimitItem, name: str, key: str, *, counts: bool
    ) -> float | None:
        """How long to wait as Redis counts; None where it does not answer. Then nobody waits for it for a while."""
        if not self._breaker.allows():
            self._metrics.limits_unavailable.inc()
            return None
        try:
            wait = await self._wait(limiter, rule, name, key, counts=counts)
        except Exception as error:  # noqa: BLE001 - whatever Redis' client raises, customers are not refused for it
            self._breaker.failed()
            self._metrics.limits_unavailable.inc()
            logger.warning("limits.unavailable", error=type(error).__name__)
            return None
        self._breaker.succeeded()
        return wait

    def _here(self, rule: RateLimitItem, name: str, key: str, *, counts: bool) -> float:
        ask = self._memory.hit if counts else self._memory.wait
        return ask((name, key, str(rule)), most=rule.amount, seconds=rule.get_expiry())

    @staticmethod
    async def _wait(
        limiter: MovingWindowRateLimiter, rule: RateLimitItem, name: str, key: str, *, counts: bool
    ) -> float:
        ask = limiter.hit if counts else limiter.test
        if await ask(rule, name, key):
            return 0.0
        window = await limiter.get_window_stats(rule, name, key)
        return max(1.0, window.reset_time - time.time())


def _redis(url: str) -> RedisStorage:
    return RedisStorage(f"async+{url}", implementation="redispy", socket_timeout=1, socket_connect_timeout=1)
