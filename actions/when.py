"""Days and times as customers write them, read in the shop's time zone."""

import re
from datetime import date, datetime, time, timedelta

import dateparser
from rapidfuzz import fuzz, process

from actions.order_words import SHOP_TIME

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}"
_WEEKDAY = r"(?:mon|tue(?:s)?|wed(?:s|nes)?|thu(?:r|rs)?|fri|sat(?:ur)?|sun)(?:day)?"
_NUMBER = r"(?:\d{1,3}|a|an|one|two|three|four|five|six|seven|eight|nine|ten|twelve)"
_DAY = re.compile(
    rf"(?ix)\b(?:\d{{4}}-\d{{2}}-\d{{2}}"
    rf"|day\ after\ tomorrow|tomor+ow|tmrw|tmr|today|tonight|yesterday"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?(?:\s+of)?\s+{_MONTH}\b(?:\s+\d{{4}})?"
    rf"|{_MONTH}\b\s+\d{{1,2}}(?:st|nd|rd|th)?\b(?:,?\s+\d{{4}})?"
    rf"|\d{{1,2}}[./](?:0?[1-9]|1[0-2])\b(?:[./]\d{{2,4}})?(?!\s?(?:am|pm))"
    rf"|(?:the\s+|on\s+)?\d{{1,2}}(?:st|nd|rd|th)\b(?!\s*(?:one|option|choice|time|slot|floor|street|st\b|avenue|order|box|try))"
    rf"|in\s+{_NUMBER}\s+(?:day|week|month)s?"
    rf"|(?:last\s+)?{_WEEKDAY}\b)"
)
_NOT_THIS = re.compile(r"(?i)\b(?:not|instead of|rather than)\s+(?:on\s+)?(?:next\s+|this\s+)?$")
_FROM = re.compile(r"(?i)\bfrom\s+(?:next\s+|this\s+)?$")
"""Before a day: it is not the one that is meant, or no longer where another follows ("from Friday to Monday")."""

_NEXT_BEFORE = re.compile(r"(?i)\bnext\s+(?:week\s+(?:on\s+)?)?$")
_NEXT_AFTER = re.compile(r"(?i)^\s*(?:(?:of\s+)?next\s+week|week)\b")
"""Around a weekday: that of the week after this one, which begins on Monday."""

_ONE_DAY = re.compile(r"(?i)^\W*(?:(?:on|is|it'?s|a|the)\s+)*\W*$")
"""Between a weekday and a date that are the same day: "Saturday, the 5th of December"."""

_OF_THE_MONTH = re.compile(r"(?i)(?:the\s+|on\s+)?(\d{1,2})(?:st|nd|rd|th)")
_WEATHER = r"\b(?:weather|sunny|sunshine|rain(?:s|y|ing)?|snow(?:s|y|ing)?|freezing|so (?:hot|cold))\b"
_AROUND_WEATHER = (re.compile(rf"(?i){_WEATHER}[^,.;!?]*$"), re.compile(rf"(?i)^[^,.;!?]*{_WEATHER}"))
"""Around "today": talk about how it is outside chooses no day."""

_SENTENCE = re.compile(r"(?<=[.!?;:])\s+")
_SPAN = re.compile(rf"(?i)\b(?:for\s+)?({_NUMBER})\s+(day|week|month)s?\b")
_MONTH_ALONE = re.compile(
    rf"(?i)\b(?:until|till?|til|to|in)\s+(?:the\s+)?(end\s+of\s+|mid[\s-]+)?({_MONTH})\b(?!\s+\d)"
)
_LONGEST_TO_A_31ST = 62
_WRITTEN_OUT = {"tmrw": "tomorrow", "tmr": "tomorrow", "tomorow": "tomorrow", "tonight": "today"}
_TIME = re.compile(
    r"(?ix)(?<![\d.:/-])(?:(half|quarter)\s+(?:past\s+)?)?(\d{1,2})(?:[:.h](\d{2}))?(?![\d./-])\s?(a\.?m|p\.?m|o'?\s?clock)?"
    r"(?!\s*(?:people|persons|of|st\b|nd\b|rd\b|th\b|days?|weeks?|months?|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))"
)
_HOURS = {word: hour for hour, word in enumerate(
    ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"), start=1
)}  # fmt: skip
_HOUR_WORD = re.compile(rf"(?i)\b(at|half|around|about|by)\s+({'|'.join(_HOURS)})\b")
_SMALL = {"a": 1, "an": 1, **_HOURS}
OPENS_AT = 8
"""Hours before this are meant for the afternoon: nobody books at three in the morning."""


_NAMES = (
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "tomorrow", "yesterday",
    "january", "february", "august", "september", "october", "november", "december",
)  # fmt: skip
_MISSPELT_AT_LEAST = 85
_WORD = re.compile(r"[^\W\d_]{5,}")


def _spelt_right(text: str) -> str:
    """Days and months with a letter too few, too many or exchanged, as they are written."""

    def mended(match: re.Match[str]) -> str:
        near = process.extractOne(match[0].casefold(), _NAMES, scorer=fuzz.ratio, score_cutoff=_MISSPELT_AT_LEAST)
        return near[0] if near else match[0]

    return _WORD.sub(mended, text)


def today(now: datetime) -> date:
    return now.astimezone(SHOP_TIME).date()


def day_in(text: str, now: datetime) -> date | None:
    """The day the words name, the coming one where they leave it open; past days only where they say so.

    Of several sentences the last one with a day counts: what is wanted comes after the story that led to it. "Next
    Friday" is the one of next week; whoever means tomorrow says so.
    """
    match = _day_named(_spelt_right(text))
    if match is None:
        return None
    words = match[0].casefold()
    if re.fullmatch(_WEEKDAY, words) and _of_next_week(match):
        return _in_next_week(words, now)
    if of_month := _OF_THE_MONTH.fullmatch(words):
        return _next_of_month(int(of_month[1]), today(now))
    settings = {
        "PREFER_DATES_FROM": "future",
        "RELATIVE_BASE": now.astimezone(SHOP_TIME).replace(tzinfo=None),
        "DATE_ORDER": "DMY",
    }
    order = "YMD" if re.match(r"\d{4}-", words) else "DMY"
    found = dateparser.parse(
        _WRITTEN_OUT.get(words, words), languages=["en"], settings=settings | {"DATE_ORDER": order}
    )
    return found.date() if found else None


def _day_named(text: str) -> re.Match[str] | None:
    for sentence in reversed(_SENTENCE.split(text)):
        named = [match for match in _DAY.finditer(sentence) if _is_meant(match)]
        if named:
            first = next((match for match in named if not _FROM.search(sentence[: match.start()])), named[0])
            return _with_its_date(first, named)
    return None


def _is_meant(match: re.Match[str]) -> bool:
    before, after = match.string[: match.start()], match.string[match.end() :]
    said_of_weather = _AROUND_WEATHER[0].search(before) or _AROUND_WEATHER[1].search(after)
    only_told = match[0].casefold() in {"today", "tonight"} and said_of_weather
    return not only_told and not _NOT_THIS.search(before)


def _with_its_date(weekday: re.Match[str], named: list[re.Match[str]]) -> re.Match[str]:
    """The date beside a weekday, which says more: "Saturday 5 December" is not the next Saturday."""
    if not re.fullmatch(_WEEKDAY, weekday[0], re.IGNORECASE):
        return weekday
    after = (match for match in named if match.start() >= weekday.end() and re.search(r"\d", match[0]))
    date_named = next(after, None)
    return date_named if date_named and _ONE_DAY.search(weekday.string[weekday.end() : date_named.start()]) else weekday


def _next_of_month(number: int, on: date) -> date | None:
    """The next day of the month with this number, from today on; none for "the 32nd"."""
    ahead = (on + timedelta(days=days) for days in range(_LONGEST_TO_A_31ST))
    return next((one for one in ahead if one.day == number), None)


def _of_next_week(match: re.Match[str]) -> bool:
    before, after = match.string[: match.start()], match.string[match.end() :]
    return bool(_NEXT_BEFORE.search(before) or _NEXT_AFTER.search(after))


def _in_next_week(weekday: str, now: datetime) -> date:
    monday = today(now) + timedelta(days=7 - today(now).weekday())
    return monday + timedelta(days=next(day for day, name in enumerate(_NAMES) if name.startswith(weekday[:3])))


def day_after(text: str, now: datetime) -> date | None:
    """The day until which: a day, or the end of a time ("for two months", "until mid January")."""
    if span := _SPAN.search(text):
        return _later(today(now), _count(span[1]), span[2].casefold())
    if month := _MONTH_ALONE.search(_spelt_right(text)):
        return _in_month(month[1] or "", month[2], now)
    return day_in(text, now)


def time_in(text: str, *, whole: bool = False) -> time | None:
    """The time of day the words name; ``whole``: a bare number is one, too ("3")."""
    lowered = text.casefold()
    if re.search(r"\b(?:noon|midday)\b", lowered):
        return time(12)
    if whole and lowered.strip(" .!") in _HOURS:
        lowered = str(_HOURS[lowered.strip(" .!")])
    lowered = _HOUR_WORD.sub(lambda found: f"{found[1]} {_HOURS[found[2]]}", lowered)
    for match in _TIME.finditer(lowered):
        part, hour, minute, mark = match.groups()
        said = bool(part or minute or mark or re.search(r"\b(?:at|around|about|by)\s+$", lowered[: match.start()]))
        if said or whole:
            return _clock(int(hour), _minutes(part, minute), mark or "")
    return None


def _minutes(part: str | None, minute: str | None) -> int:
    return {"half": 30, "quarter": 15}[part] if part else int(minute or 0)


def _clock(hour: int, minute: int, mark: str) -> time | None:
    afternoon = mark.startswith("p") or (not mark.startswith("a") and 0 < hour < OPENS_AT)
    hour = hour % 12 + 12 if afternoon and hour <= 12 else hour  # noqa: PLR2004
    return time(hour, minute) if hour < 24 and minute < 60 else None  # noqa: PLR2004


def _count(word: str) -> int:
    return int(word) if word.isdigit() else _SMALL[word.casefold()]


def _later(day: date, count: int, unit: str) -> date:
    if unit == "month":
        found = dateparser.parse(f"in {count} months", languages=["en"], settings=_based_on(day))
        return found.date() if found else day
    return day + timedelta(days=count * (7 if unit == "week" else 1))


def _in_month(part: str, month: str, now: datetime) -> date | None:
    found = dateparser.parse(f"1 {month}", languages=["en"], settings=_based_on(today(now)))
    if found is None:
        return None
    if part.strip().casefold().startswith("end"):
        return (found.date() + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return found.date().replace(day=15) if part else found.date()


def _based_on(day: date) -> dict[str, object]:
    return {"PREFER_DATES_FROM": "future", "RELATIVE_BASE": datetime.combine(day, time(12))}
