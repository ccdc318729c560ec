"""Moments written relative to now, so that the demo is fresh on whatever day it is seeded."""

import re
from datetime import date, datetime, time, timedelta

from backoffice.working_days import WorkingDays

_SHORT = re.compile(r"-(\d+)([hm])")
_DAY = re.compile(r"(?:(?P<sign>[+-])(?P<count>\d+)(?P<unit>d|wd)|(?P<word>today|last thursday))")
_THURSDAY = 3


def relative_day(written: str, today: date, calendar: WorkingDays) -> date:
    """The day that "-3d", "+2wd" (working days), "today" or "last thursday" names.

    Raises:
        ValueError: It is written in no known way.
    """
    match = _DAY.fullmatch(written.strip())
    if match is None:
        raise ValueError(f"no relative day: {written!r}")
    if match["word"] == "today":
        return today
    if match["word"]:
        return today - timedelta(days=(today.weekday() - _THURSDAY - 1) % 7 + 1)
    count = int(match["sign"] + match["count"])
    return calendar.after(today, count) if match["unit"] == "wd" else today + timedelta(days=count)


def relative_moment(written: str, now: datetime, calendar: WorkingDays) -> datetime:
    """The moment that "-45m", "-3h" or a relative day with a local time ("-1wd 14:30") names.

    "today -3h" is that long ago, but on no earlier day: shortly after midnight it is midnight.

    Raises:
        ValueError: It is written in no known way.
    """
    day, _, hour = written.strip().rpartition(" ")
    if short := _SHORT.fullmatch(hour):
        moment = now - timedelta(minutes=int(short[1]) * (60 if short[2] == "h" else 1))
        if not day:
            return moment
        midnight = datetime.combine(relative_day(day, calendar.day_of(now), calendar), time.min, calendar.zone)
        return max(moment, midnight.astimezone(now.tzinfo))
    local = datetime.combine(relative_day(day, calendar.day_of(now), calendar), time.fromisoformat(hour), calendar.zone)
    return local.astimezone(now.tzinfo)
