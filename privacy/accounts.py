"""Payment cards and bank accounts: python-stdnum checks the digits, the patterns only find where to look."""

import re
import unicodedata
from collections.abc import Iterator, Sequence

from stdnum import iban, luhn
from stdnum.iso7064 import mod_97_10

from privacy.model import Find

_BETWEEN = r"\s\u00ad\u200b-\u200f\u2010-\u2015\u2060\u2212\ufeff./-"
"""What stands between groups of digits: spaces and dashes of every kind, and what cannot be seen."""
_RUN = re.compile(rf"(?<![\w/-])(?<!\d[.,])\d(?:[{_BETWEEN}]{{0,3}}\d)+(?!\w)")
_GROUP = re.compile(r"\d+")
_CARD_DIGITS = range(14, 20)  # 13 were given out last in the nineties, and article numbers have 13
_SHORTEST_GROUP = 4
_IBAN = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?:[\s-]?[A-Z0-9]{2,4}){3,8}(?:[\s-]?[A-Z0-9]{1,3})?(?!\w)", re.IGNORECASE)
# First digits that the networks have given out, as closed ranges of the first six: what is outside is no card.
_ISSUED = (
    (222100, 272099), (300000, 305999), (309500, 309599), (340000, 349999), (352800, 358999), (360000, 369999),
    (370000, 399999), (400000, 509999), (510000, 559999), (560000, 589999), (600000, 699999), (810000, 817199),
)  # fmt: skip
# Countries that give out such numbers without being in the registry, with their length.
_UNREGISTERED = {
    "AO": 25, "BF": 28, "BJ": 28, "CF": 27, "CG": 27, "CI": 28, "CM": 27, "CV": 25, "DZ": 26, "GA": 27, "GQ": 27,
    "GW": 25, "HN": 28, "IR": 26, "KM": 27, "MA": 28, "MG": 27, "ML": 28, "MZ": 25, "NE": 28, "NI": 28, "SN": 28,
    "TD": 27, "TG": 28,
}  # fmt: skip


def is_card(text: str) -> bool:
    """Whether the digits of ``text`` are a payment card's: a network's first digits and a right check digit."""
    digits = "".join(str(unicodedata.digit(letter)) for letter in text if letter.isdigit())
    issued = digits and any(first <= int(digits[:6]) <= last for first, last in _ISSUED)
    return bool(issued) and luhn.is_valid(digits)


def is_iban(text: str) -> bool:
    """Whether ``text`` is an account number: by its country's structure, outside the registry by length and sum."""
    plain = re.sub(r"[\s-]", "", text).upper()
    if len(plain) == _UNREGISTERED.get(plain[:2]):
        return bool(mod_97_10.is_valid(plain[4:] + plain[:4]))
    return bool(iban.is_valid(plain))


def cards(text: str) -> Iterator[Find]:
    """Payment card numbers."""
    for run in _RUN.finditer(text):
        for start, end in _cards_in(text, run.span()):
            yield Find("payment card number", start, end, text[start:end])


def _cards_in(text: str, run: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """Where cards stand in a run of digits: all of it, or some of its groups, with a month or a code beside them."""
    if _may_be_card(text[slice(*run)]):
        yield run
        return
    groups = [group.span() for group in _GROUP.finditer(text, *run)]
    begun = run[0]
    for number, (start, _) in enumerate(groups):
        ends = (end for end in _ends(groups[number:]) if _may_be_card(text[start:end])) if start >= begun else ()
        if end := next(iter(ends), None):
            yield start, end
            begun = end


def _ends(groups: Sequence[tuple[int, int]]) -> Iterator[int]:
    """Where a card that begins with the first group may end, the nearest first: cards are written in large groups."""
    digits = 0
    for start, end in groups:
        digits += end - start
        if end - start < _SHORTEST_GROUP or digits > _CARD_DIGITS[-1]:
            return
        yield end


def _may_be_card(text: str) -> bool:
    return sum(letter.isdigit() for letter in text) in _CARD_DIGITS and is_card(text)


def ibans(text: str) -> Iterator[Find]:
    """Bank account numbers by their country's structure and check digits."""
    for match in _IBAN.finditer(text):
        words = re.split(r"(?<=[A-Za-z0-9])(?=[\s-])", match[0])
        for count in range(len(words), 0, -1):  # the pattern may have taken in words that follow
            written = "".join(words[:count])
            if is_iban(written):
                yield Find("bank account number", match.start(), match.start() + len(written), written)
                break
