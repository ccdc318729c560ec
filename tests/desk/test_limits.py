"""Limits in one process's memory."""

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
