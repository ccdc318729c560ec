"""Which way a quantity bounds: "up to 3" is neither "3 or more" nor plain "3"."""

import functools
import re
from collections.abc import Mapping

from answering.quality.quantities import Quantity, placed_in

_FILLER = (
    r"(?:(?:the|a|an|about|around|roughly|nearly|exactly|another|full|at|on|of|age|aged|value|order|price|amount)\s+){0,3}"
    r"(?:\d{1,2}\s+[a-z]+\s+)?$"
)
"""What may stand between a bounding word and its number; a day and month before a year, too."""
_UPPER_BEFORE = re.compile(
    r"\b(?:up to|at most|below|under|within|until|till|by|before|(?:no|not|never) (?:more|later|longer) than|less than"
    r"|fewer than|maximum|latest)\s+" + _FILLER,
    re.IGNORECASE,
)
_LOWER_BEFORE = re.compile(
    r"\b(?:from|at least|above|over|more than|longer than|later than|minimum|after|since|as of|starting|beyond"
    r"|exceeds?|not before|earliest)\s+" + _FILLER,
    re.IGNORECASE,
)
_NEVER_LESS = re.compile(r"\b(?:no|not|never) (?:less|fewer|under|below|earlier) (?:than )?" + _FILLER, re.IGNORECASE)
_AHEAD = re.compile(r"^\W*(?:\w+\s+){0,2}(?:before|beforehand|ahead|prior to|in advance|early)\b", re.IGNORECASE)
"""Of a time that is left, "no later than 30 days before" says the same as "at least 30 days before"."""
_UNTIL = re.compile(r"\b(?:until|till|by|(?:no|not) later than|latest)\s+" + _FILLER, re.IGNORECASE)
_UNCLEAR_AHEAD = re.compile(r"\b(?:from|up to|as of|starting)\s+" + _FILLER, re.IGNORECASE)
_RANGE_BEHIND = re.compile(r"^\s*(?:\w+\s+)?(?:to|and|until|till|-|–)\s*€?\d", re.IGNORECASE)
_UPPER_BEHIND = re.compile(r"^\W*(?:\w+\s+){0,2}(?:or less|or fewer|at most|at the latest|maximum)", re.IGNORECASE)
_LOWER_BEHIND = re.compile(
    r"^\W*(?:\w+\s+){0,2}(?:or more|and more|or above|and above|or later|onwards?|at least|minimum|on\W*$)",
    re.IGNORECASE,
)
_BEFORE = re.compile(r"[.;:!?,(](?=\s)")
_BEHIND = re.compile(r"[.;:!?,]")
_VALUE = re.compile(r"^[\d.,:]+\S*")


def turned_bounds(sentence: str, source: str) -> list[str]:
    """The values that the source bounds from the other side only: "below €50" where it says "from €50"."""
    held = _bounds_in(source)
    return [
        quantity.value
        for quantity, ours in _bounds_in(sentence).items()
        if (theirs := held.get(quantity)) and not ours & theirs and "" not in ours and theirs - {""}
    ]


@functools.lru_cache(maxsize=64)
def _bounds_in(text: str) -> Mapping[Quantity, frozenset[str]]:
    """For each quantity of ``text`` the ways in which it is bounded: "upper", "lower", or empty."""
    found: dict[Quantity, frozenset[str]] = {}
    for start, quantity in placed_in(text):
        before = _BEFORE.split(text[:start].replace("€", ""))[-1]
        behind = _BEHIND.split(_VALUE.sub("", text[start:]))[0]
        found[quantity] = found.get(quantity, frozenset()) | {_bound(before, behind)}
    return found


def _bound(before: str, behind: str) -> str:
    if _RANGE_BEHIND.match(behind):
        return ""
    if _NEVER_LESS.search(before):
        return "lower"
    until = _UNTIL.search(before)
    if _AHEAD.match(behind) and (until or _UNCLEAR_AHEAD.search(before)):
        return "lower" if until else ""
    if _UPPER_BEFORE.search(before):
        return "upper"
    if _LOWER_BEFORE.search(before) or _LOWER_BEHIND.match(behind):
        return "lower"
    return "upper" if _UPPER_BEHIND.match(behind) else ""
