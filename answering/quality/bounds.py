"""Which way a quantity bounds: "up to 3" is neither "3 or more" nor plain "3"."""

import functools
import re
from collections.abc import Mapping

from answering.quality.quantities import placed_in

_UPPER_BEFORE = re.compile(
    r"\b(?:up to|at most|below|under|within|until|till|by|before|(?:no|not) (?:more|later) than|less than|fewer than"
    r"|maximum|latest)\s+(?:\w+\s+){0,2}$",
    re.IGNORECASE,
)
_LOWER_BEFORE = re.compile(
    r"\b(?:from|at least|above|over|more than|longer than|later than|minimum|after|since|as of|starting|beyond"
    r"|exceeds?|no less than|not before|earliest)\s+(?:\w+\s+){0,2}$",
    re.IGNORECASE,
)
_UPPER_BEHIND = re.compile(r"^\W*(?:\w+\s+){0,2}(?:or less|or fewer|at most|at the latest|maximum)", re.IGNORECASE)
_LOWER_BEHIND = re.compile(
    r"^\W*(?:\w+\s+){0,2}(?:or more|and more|or above|and above|or later|onwards?|at least|minimum|on\b(?!\s+\w+day))",
    re.IGNORECASE,
)
_BEFORE = re.compile(r"[.;:!?,(](?=\s)")
_BEHIND = re.compile(r"[.;:!?,]")
_VALUE = re.compile(r"^[\d.,:]+\S*")


def turned_bounds(sentence: str, source: str) -> list[str]:
    """The values that the source bounds from the other side only: "below €50" where it says "from €50"."""
    held = _bounds_in(source)
    return [
        value
        for value, ours in _bounds_in(sentence).items()
        if (theirs := held.get(value)) and not ours & theirs and "" not in ours and theirs - {""}
    ]


@functools.lru_cache(maxsize=64)
def _bounds_in(text: str) -> Mapping[str, frozenset[str]]:
    """For each value of ``text`` the ways in which it is bounded: "upper", "lower", or empty."""
    found: dict[str, frozenset[str]] = {}
    for start, quantity in placed_in(text):
        before = _BEFORE.split(text[:start].replace("€", ""))[-1]
        behind = _BEHIND.split(_VALUE.sub("", text[start:]))[0]
        found[quantity.value] = found.get(quantity.value, frozenset()) | {_bound(before, behind)}
    return found


def _bound(before: str, behind: str) -> str:
    if _UPPER_BEFORE.search(before):
        return "upper"
    if _LOWER_BEFORE.search(before) or _LOWER_BEHIND.match(behind):
        return "lower"
    return "upper" if _UPPER_BEHIND.match(behind) else ""
