"""Working days: Monday to Friday, less the company's public holidays."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import holidays


class WorkingDays:
    """The company's calendar: its public holidays, and its zone for what day a moment belongs to."""

    def __init__(self, *, country: str = "IE", timezone: str = "Europe/Dublin") -> None:
        self._holidays = holidays.country_holidays(country)
        self.zone = ZoneInfo(timezone)

    def day_of(self, moment: datetime) -> date:
        """The calendar day at the company."""
        return moment.astimezone(self.zone).date()

    def is_working_day(self, day: date) -> bool:
        return self._holidays.is_working_day(day)

    def is_holiday(self, day: date) -> bool:
        """Whether it is a public holiday, on whatever day of the week."""
        return day in self._holidays

    def after(self, day: date, count: int) -> date:
        """The ``count``-th working day after ``day``, before it when negative; ``day`` itself for 0."""
        step = timedelta(days=1 if count > 0 else -1)
        remaining = abs(count)
        while remaining:
            day += step
            remaining -= self.is_working_day(day)
        return day

    def between(self, day: date, later: date) -> int:
        """How many working days lie after ``day`` up to and including ``later``; 0 when there are none."""
        days = (later - day).days
        return sum(self.is_working_day(day + timedelta(days=passed)) for passed in range(1, days + 1))
