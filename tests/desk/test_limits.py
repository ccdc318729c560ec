"""Limits in one process's memory, and whose requests they count together."""

import socket
import time

import pytest

from desk.errors import TooMany
from desk.metrics import build_metrics
from desk.web.addresses import network_of
from desk.web.limits import Limiter
from desk.web.recent import RecentUses


class Seconds:
    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


def test_the_window_moves_and_says_how_long_to_wait() -> None:
    clock = Seconds()
    uses = RecentUses(clock)
    assert uses.hit(("a",), most=2, seconds=10) == 0
    clock.at += 4
    assert uses.hit(("a",), most=2, seconds=10) == 0
    assert uses.hit(("a",), most=2, seconds=10) == 6
    assert uses.hit(("b",), most=2, seconds=10) == 0
    clock.at += 6
    assert uses.hit(("a",), most=2, seconds=10) == 0
    assert uses.hit(("a",), most=2, seconds=10) == 4


def test_how_long_to_wait_can_be_asked_without_using() -> None:
    clock = Seconds()
    uses = RecentUses(clock)
    for _ in range(3):
        assert uses.wait(("a",), most=1, seconds=10) == 0
    assert len(uses) == 0
    assert uses.hit(("a",), most=1, seconds=10) == 0
    clock.at += 4
    assert uses.wait(("a",), most=1, seconds=10) == 6
    clock.at += 6
    assert uses.wait(("a",), most=1, seconds=10) == 0


def test_refused_uses_do_not_lengthen_the_wait() -> None:
    clock = Seconds()
    uses = RecentUses(clock)
    uses.hit(("a",), most=1, seconds=10)
    for _ in range(50):
        clock.at += 0.1
        assert uses.hit(("a",), most=1, seconds=10) > 0
    clock.at = 110.0
    assert uses.hit(("a",), most=1, seconds=10) == 0


def test_keys_that_are_over_are_forgotten() -> None:
    clock = Seconds()
    uses = RecentUses(clock)
    for n in range(1000):
        uses.hit((str(n),), most=5, seconds=1)
    clock.at += 60
    uses.hit(("new",), most=5, seconds=1)
    assert len(uses) == 1


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("unknown", "unknown"),
        ("", ""),
    ],
)
def test_one_customers_addresses_are_counted_together(address: str, counted: str) -> None:
    assert network_of(address) == counted


async def test_a_redis_that_hangs_holds_up_one_customer_for_a_moment_and_limits_go_on() -> None:
    with socket.create_server(("127.0.0.1", 0)) as hanging:  # takes connections and says nothing
        url = f"redis://127.0.0.1:{hanging.getsockname()[1]}/0"
        metrics = build_metrics()
        limiter = Limiter({"messages": "3/minute"}, redis_url=url, metrics=metrics)
        begun = time.monotonic()
        for _ in range(3):
            await limiter.check("messages", "c_1")
        with pytest.raises(TooMany):
            await limiter.check("messages", "c_1")
        assert time.monotonic() - begun < 2.5
        assert metrics.limits_unavailable._value.get() == 4
        await limiter.close()
