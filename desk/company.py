"""The company as its website shows it: name, greeting, and when people are there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import holidays
import yaml

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_LOOK_AHEAD_DAYS = 14


@dataclass(frozen=True, slots=True)
class Opening:
    """Whether people are there now, their hours in words, and when they come next."""

    open: bool
    text: str
    opens_at: datetime | None


class OpeningHours:
    """Hours of each weekday in the company's zone, less its public holidays."""

    def __init__(
        self, hours: Mapping[int, tuple[time, time]], *, zone: ZoneInfo, text: str, country: str | None = None
    ) -> None:
        self._hours, self._zone, self._text = hours, zone, text
        self._holidays = holidays.country_holidays(country) if country else {}

    @property
    def zone(self) -> ZoneInfo:
        """Whose days the hours are."""
        return self._zone

    def at(self, moment: datetime) -> Opening:
        """The opening at a moment; ``opens_at`` only while closed."""
        local = moment.astimezone(self._zone)
        for ahead in range(_LOOK_AHEAD_DAYS):
            span = self._span(local.date() + timedelta(days=ahead))
            if span is None or span[1] <= local:
                continue
            if span[0] <= local:
                return Opening(open=True, text=self._text, opens_at=None)
            return Opening(open=False, text=self._text, opens_at=span[0].astimezone(moment.tzinfo))
        return Opening(open=False, text=self._text, opens_at=None)

    def _span(self, day: date) -> tuple[datetime, datetime] | None:
        hours = self._hours.get(day.weekday())
        if hours is None or day in self._holidays:
            return None
        return datetime.combine(day, hours[0], self._zone), datetime.combine(day, hours[1], self._zone)


@dataclass(frozen=True, slots=True)
class Company:
    """What ``GET /v1/config`` tells of it."""

    name: str
    bot_name: str
    greeting: str
    suggestions: Sequence[Mapping[str, str]]
    hours: OpeningHours


def read_company(path: Path) -> Company:
    """From a YAML file like ``company.yml``."""
    told = yaml.safe_load(path.read_text(encoding="utf-8"))
    opening = told["opening"]
    hours = {
        _DAYS.index(day): (time.fromisoformat(begins), time.fromisoformat(ends))
        for day, (begins, ends) in opening["hours"].items()
    }
    return Company(
        name=told["company"],
        bot_name=told["bot_name"],
        greeting=told["greeting"],
        suggestions=told["suggestions"],
        hours=OpeningHours(
            hours, zone=ZoneInfo(opening["timezone"]), text=opening["text"], country=opening.get("holidays")
        ),
    )
