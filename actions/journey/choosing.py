"""Which of a verified customer's orders the words mean: by article, by day, by place in the list."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta

import dateparser
from rapidfuzz import fuzz

from actions.order_words import SHOP_TIME
from backoffice.model.order_view import OrderView
from backoffice.parsing import parse_order_number

_MEANT = re.compile(r"(?i)\b(?:meant|mean|instead|rather|correction|should be|wait|sorry|but)\b(.*)", re.DOTALL)
_WORD = re.compile(r"[^\W\d_]{4,}")
_NEWEST = re.compile(
    r"(?i)\b(?:last|latest|newest|most recent|recent) (?:one|order|purchase)\b|\bthe (?:latest|newest)\b"
)
_DAY = re.compile(
    r"(?i)\b(?:(?:from|of|on|placed|ordered|bought)\s+)?((?:last |this )?(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    r"|yesterday|today|\d{1,2}(?:st|nd|rd|th)?(?: of)? [a-z]{3,9}|[a-z]{3,9} \d{1,2}(?:st|nd|rd|th)?)\b"
)
_POINTS_BACK = re.compile(r"(?i)\b(?:it|them|this|these|those)\b")
_LIKE = 80
_NOT_ARTICLES = frozenset({"order", "from", "with", "last", "this", "that", "have", "want", "cancel", "return"})


def number_meant(text: str) -> str | None:
    """The order number in the words; after "no wait, I meant" the one that follows."""
    corrected = _MEANT.search(text)
    return (parse_order_number(corrected[1]) if corrected else None) or parse_order_number(text)


def order_meant(text: str, orders: Sequence[OrderView], now: datetime) -> str | None:
    """The number of the one order that the words fit; ``None`` when they fit none, or several alike."""
    if not text or not orders:
        return None
    if _NEWEST.search(text):
        return orders[0].number
    if day := _day_in(text, now):
        return _only([order for order in orders if order.placed_at.astimezone(SHOP_TIME).date() == day])
    return _only([order for order in orders if any(names(line.name, text) for line in order.lines)])


def points_back(text: str) -> bool:
    """Whether the words mean what was spoken of a moment ago: "can I send it back"."""
    return bool(_POINTS_BACK.search(text))


def names(article: str, text: str) -> bool:
    """Whether the text speaks of the article, typing mistakes and plurals forgiven."""
    said = [word.casefold() for word in _WORD.findall(text)]
    meant = [word.casefold() for word in _WORD.findall(article)]
    return any(fuzz.ratio(word, name) >= _LIKE for word in said if word not in _NOT_ARTICLES for name in meant)


def _day_in(text: str, now: datetime) -> date | None:
    match = _DAY.search(text)
    if match is None:
        return None
    settings = {"PREFER_DATES_FROM": "past", "RELATIVE_BASE": now.astimezone(SHOP_TIME).replace(tzinfo=None)}
    found = dateparser.parse(match[1].removeprefix("last ").removeprefix("this "), languages=["en"], settings=settings)
    if found is None:
        return None
    day = found.date()
    return day - timedelta(days=365) if day > now.date() else day


def _only(orders: Sequence[OrderView]) -> str | None:
    return orders[0].number if len(orders) == 1 else None
