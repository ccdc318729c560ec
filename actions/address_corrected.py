"""A correction of an address that is known already: the number, the street, the town or the post code that changes."""

import re
from collections.abc import Mapping
from typing import Any

from actions.postal_address import STREET_WORD, postal_code_in

_WRONG = re.compile(
    r"(?i)\b(?:not|isn'?t|instead of|rather than)\s+(?:at\s+|in\s+|on\s+)?(?:number\s+)?"
    r"(.+?)(?=\s*(?:[,;.]|\bbut\b|\bit'?s\b|$))"
)
"""What is said to be wrong: "not Shop Street"."""

_LEAD_IN = re.compile(
    r"(?i)^(?:\W|\b(?:no|nope|oh|ah|wait|hold on|sorry|actually|well|oops|yes|please|but|rather|correction|"
    r"i mean(?:t)?|it'?s|that'?s|it is|should (?:be|read|say)|it|make it|is|in|at|the|my|to|change|with)\b)+"
)
_THE_TOWN = re.compile(r"(?i)^(?:town|city|place)\b(?:\W|\b(?:is|should be|to)\b)*")
_THE_STREET = re.compile(
    r"(?i)^(?:(?:street|road)(?: name)?\s+(?:is|should be|to)|(?:new |right |correct )?address(?: is)?)\b\W*"
)
_THE_CODE = re.compile(
    r"(?i)\b(?:the |my )?(?:post ?(?:al )?code|eir ?code|zip(?: code)?)\b(?:\W|\b(?:is|should be|to)\b)*"
)
_HOUSE_NUMBER = r"\d{1,4}[a-z]?"
_ONLY_NUMBER = re.compile(
    rf"(?i)^(?:(?:house |street |door )?(?:number|no\.?|nr\.?)\W*(?:is\s+)?)?({_HOUSE_NUMBER})\W*$"
)
_STREET_WITH_NUMBER = re.compile(rf"(?i)^(?:number\s+)?({_HOUSE_NUMBER}\s+[^\W\d_].*)$")
_STREET_NAME = re.compile(rf"(?i)^[^\d,]*\b{STREET_WORD}\.?$")
_NUMBER_IN_IT = re.compile(rf"(?i)\b{_HOUSE_NUMBER}\b")
_MOST_WORDS = 6

Postal = Mapping[str, str | None]


def corrected_address(known: Postal, text: str) -> dict[str, Any] | None:
    """The known address with what the words change, or ``None`` where they change nothing for certain.

    Args:
        known: ``street``, ``city``, ``country`` and ``postal_code``.
        text: What the customer wrote, without any number of an order.
    """
    wrong = [match[1].strip() for match in _WRONG.finditer(text)]
    changed = dict(known)
    rest = _WRONG.sub(" ", text)
    if found := postal_code_in(rest, country=known["country"] or ""):
        changed["postal_code"], rest = found
    rest = _LEAD_IN.sub("", _THE_CODE.sub(" ", rest)).strip(" ,.;!")
    if rest:
        part = _street(known["street"] or "", rest, wrong) or _town(known["city"] or "", rest, wrong)
        if part is None:
            return changed if found and len(rest.split()) <= 1 else None
        changed |= part
    return changed if changed != known else None


def _street(known: str, rest: str, wrong: list[str]) -> dict[str, str] | None:
    """The street with another number, another name or both; a town may follow after a comma."""
    street, _, town = (part.strip() for part in _THE_STREET.sub("", rest).partition(","))
    beside = {"city": _named(town)} if town else {}
    if len(street.split()) > _MOST_WORDS or re.search(r"\d", town):
        return None
    if number := _ONLY_NUMBER.match(street):
        renumbered = _renumbered(known, number[1], wrong)
        return {"street": renumbered} | beside if renumbered else None
    if whole := _STREET_WITH_NUMBER.match(street):
        return {"street": _named(whole[1])} | beside
    if _STREET_NAME.match(street):
        numbers = _NUMBER_IN_IT.findall(known)
        if len(numbers) != 1:
            return None
        before = known.startswith(numbers[0])
        return {"street": f"{numbers[0]} {_named(street)}" if before else f"{_named(street)} {numbers[0]}"} | beside
    return None


def _renumbered(known: str, number: str, wrong: list[str]) -> str | None:
    """Another house number; of several numbers in the street's line the one that was said to be wrong."""
    held = _NUMBER_IN_IT.findall(known)
    old = next((one for one in held if one in wrong), held[0] if len(held) == 1 else None)
    return re.sub(rf"\b{old}\b", number, known, count=1) if old else None


def _town(known: str, rest: str, wrong: list[str]) -> dict[str, str] | None:
    """Another town: said to be one, or in place of the one that was wrong."""
    named = _THE_TOWN.sub("", rest)
    meant = named != rest or known.casefold() in (one.casefold() for one in wrong)
    return {"city": _named(named)} if meant and named and not re.search(r"\d", named) else None


def _named(words: str) -> str:
    return words.title() if words == words.lower() else words
