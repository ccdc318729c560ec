"""Days and times: found by what looks like one, read by dateparser."""

import re
import warnings
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache

from intent_service.entities.model import Span

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_COUNT = r"(?:\d{1,3}|a|an|one|two|three|four|five|six|seven|eight|nine|ten|a couple of|a few)"
_UNIT = r"(?:minutes?|hours?|days?|weeks?|months?|years?)"
_CLOCK = r"(?:(?:at |@ ?)?\d{1,2}(?:[:.]\d{2})? ?(?:am|pm|o'?clock)|at \d{1,2}(?:[:.]\d{2})?|\d{1,2}:\d{2})"
_DAY = (
    rf"(?:\d{{4}}-\d{{2}}-\d{{2}}|\d{{1,2}}[/.]\d{{1,2}}[/.]\d{{2,4}}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)? (?:of )?{_MONTH}(?:,? \d{{4}})?"
    rf"|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?(?:,? \d{{4}})?"
    rf"|(?:last |next |this |on )?{_WEEKDAY}|the day (?:after tomorrow|before yesterday)"
    rf"|today|tonight|tomorrow|yesterday|{_COUNT} {_UNIT} ago|in {_COUNT} {_UNIT}"
    rf"|(?:last|next|this) (?:week(?:end)?|month|year))"
)
_PART = r"(?: (?:morning|afternoon|evening|night|lunchtime))"
_DATE = re.compile(rf"\b(?:{_DAY}{_PART}?(?:,? {_CLOCK})?)(?!\w)", re.IGNORECASE)

_PAST = re.compile(
    r"\b(?:last|ago|since|yesterday|ordered|bought|paid|purchased|delivered|arrived|received|came|got|was|were|did)\b",
    re.IGNORECASE,
)
_SPOKEN = {"a couple of": "2", "a few": "3", "tonight": "today", "lunchtime": "12:00"}
_PART_HOURS = {"morning": "09:00", "afternoon": "14:00", "evening": "18:00", "night": "20:00", "lunchtime": "12:00"}


def dates(text: str, *, now: datetime) -> Iterator[Span]:
    """Days as ``2026-11-23``, moments as ``2026-11-23T15:00``.

    A weekday or a day without a year is the coming one, or the one just gone when the message looks back
    ("ordered on Monday"). The day comes before the month, as in Ireland.

    Args:
        text: The message.
        now: Local time that "tomorrow" is counted from.
    """
    for match in _DATE.finditer(text):
        value = _read(match[0].casefold(), now, past=bool(_PAST.search(text)))
        if value:
            start = match.start() + (3 if match[0].casefold().startswith("on ") else 0)
            yield Span("date", value, start, match.end(), "dateparser")


def _read(written: str, now: datetime, *, past: bool) -> str:
    words = written.removeprefix("on ")
    hour = next((clock for part, clock in _PART_HOURS.items() if words.endswith(" " + part)), "")
    if hour:
        words = words.rsplit(" ", 1)[0]
    for spoken, plain in _SPOKEN.items():
        words = words.replace(spoken, plain)
    if words in {"this weekend", "next weekend", "last weekend"}:
        words = words.replace("weekend", "saturday")
    moment = _parsed(words, now.replace(microsecond=0, tzinfo=None), past=past)
    if moment is None:
        return ""
    if hour:
        return f"{moment:%Y-%m-%d}T{hour}"
    timed = re.search(_CLOCK, words) or re.search(r"(?:minutes?|hours?)", words)
    return f"{moment:%Y-%m-%dT%H:%M}" if timed else f"{moment:%Y-%m-%d}"


@lru_cache(maxsize=512)
def _parsed(words: str, now: datetime, *, past: bool) -> datetime | None:
    import dateparser  # noqa: PLC0415 - a third of a second that messages without a date need not wait for

    direction = "past" if past else "future"
    bare = re.sub(r"^(?:last|next|this) (?=\w+day)", "", words)
    if bare != words:  # dateparser knows weekdays but not "last Monday"
        direction = "past" if words.startswith("last ") else "future"
    elif words == "this week":
        return now
    elif words.startswith(("next ", "last ", "this ")):
        bare = {"next": "in 1 ", "last": "1 ", "this": "in 0 "}[words[:4]] + words[5:]
        bare += " ago" if words.startswith("last ") else ""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of its own future use of strptime
        return dateparser.parse(
            bare,
            languages=["en"],
            settings={
                "RELATIVE_BASE": now,
                "PREFER_DATES_FROM": direction,
                "DATE_ORDER": "DMY",
                "RETURN_AS_TIMEZONE_AWARE": False,
            },
        )
