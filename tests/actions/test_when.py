"""Days as customers write them. Today is Thursday 26 November 2026."""

from datetime import UTC, date, datetime

import pytest

from actions.when import day_in

THURSDAY = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
SATURDAY_WEEK = date(2026, 12, 5)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("saturday 5 december", SATURDAY_WEEK),
        ("sat 5 dec", SATURDAY_WEEK),
        ("Saturday, the 5th of December please", SATURDAY_WEEK),
        ("saturday the 5th", SATURDAY_WEEK),
        ("December 5th, a Saturday", SATURDAY_WEEK),
        ("saturday", date(2026, 11, 28)),
        ("not saturday, friday 4 december", date(2026, 12, 4)),
        ("the 2nd", date(2026, 12, 2)),
        ("the 12th", date(2026, 12, 12)),
        ("on 27th", date(2026, 11, 27)),
        ("the 26th", date(2026, 11, 26)),
        ("the 31st", date(2026, 12, 31)),
        ("the 32nd", None),
        ("the 2nd one", None),
        ("today", date(2026, 11, 26)),
        ("nice weather today", None),
        ("today its raining again", None),
        ("nice weather today, can I come tomorrow", date(2026, 11, 27)),
    ],
)
def test_the_day_that_the_words_name(text: str, day: date | None) -> None:
    assert day_in(text, THURSDAY) == day
