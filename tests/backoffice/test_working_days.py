"""Working days at the company."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backoffice.working_days import WorkingDays

IRELAND = WorkingDays()
days = st.dates(date(2024, 1, 1), date(2034, 12, 31))


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2026, 11, 23), True),
        (date(2026, 11, 22), False),
        (date(2026, 12, 25), False),
        (date(2026, 3, 17), False),
        (date(2026, 2, 2), False),  # St Brigid's Day
        (date(2026, 7, 3), True),
    ],
)
def test_weekends_and_irish_holidays_are_free(day: date, *, working: bool) -> None:
    assert IRELAND.is_working_day(day) is working


def test_other_countries_have_other_holidays() -> None:
    assert not WorkingDays(country="DE").is_working_day(date(2026, 10, 3))
    assert WorkingDays(country="DE").is_working_day(date(2026, 3, 17))


@settings(deadline=None)
@given(days, st.integers(1, 30))
def test_counting_forward_and_back_meet(day: date, count: int) -> None:
    later = IRELAND.after(day, count)

    assert IRELAND.is_working_day(later)
    assert IRELAND.between(day, later) == count
    assert IRELAND.after(later, -count) <= day or not IRELAND.is_working_day(day)


@settings(deadline=None)
@given(days)
def test_no_days_are_no_days(day: date) -> None:
    assert IRELAND.after(day, 0) == day
    assert IRELAND.between(day, day) == 0
    assert IRELAND.between(day, IRELAND.after(day, -3)) == 0
