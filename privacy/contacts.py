"""E-mail addresses and telephone numbers of people."""

import re
from collections.abc import Iterator

from phonenumbers import Leniency, PhoneNumberFormat, PhoneNumberMatcher, format_number

from privacy.model import Find

_EMAIL = re.compile(r"[\w.+'-]{1,64}\s?[@＠]\s?(?P<domain>(?:[\w-]{1,63}\.){1,8}[A-Za-z]{2,24})(?![\w-])")
_ENDING = r"(?:com|net|org|info|ie|uk|eu|de|fr|es|it|nl|be|pl|se|example|test)"
_DOT = r" ?(?:\(dot\)|\[dot\]|\bdot\b) ?"
_SPELT_OUT = re.compile(
    rf"\b[\w.+-]{{1,64}}(?: ?[(\[]at[)\]] ?|(?P<plain> at ))"
    rf"(?P<domain>[\w-]{{1,63}}(?:(?:{_DOT}|\.)[\w-]{{1,63}}){{0,2}}"
    rf"(?:{_DOT}|(?(plain)(?!)|\.)){_ENDING})\b",
    re.IGNORECASE,
)
"""After a plain "at" the dot must be spelt, too: "bought at shop.com" is no address."""
_FEWEST_DIGITS = 7


def emails(text: str, own_domains: frozenset[str]) -> Iterator[Find]:
    """E-mail addresses outside the company's own domains, also spelt "ann at mail dot com"."""
    for pattern in (_EMAIL, _SPELT_OUT):
        for match in pattern.finditer(text):
            domain = match["domain"].lower()
            if not any(domain == own or domain.endswith(f".{own}") for own in own_domains):
                yield Find("e-mail address", match.start(), match.end(), match[0])


def phones(text: str, own_numbers: frozenset[str], region: str) -> Iterator[Find]:
    """Numbers that could be dialled from ``region``, but for the company's own."""
    if sum(letter.isdigit() for letter in text) < _FEWEST_DIGITS:
        return
    for match in PhoneNumberMatcher(text, region, leniency=Leniency.POSSIBLE):
        # without + or 0 in front it is a quantity, an article number or a date
        dialled = match.raw_string.lstrip("(")[:1] in {"+", "0"}
        if dialled and format_number(match.number, PhoneNumberFormat.E164) not in own_numbers:
            yield Find("telephone number", match.start, match.end, match.raw_string)
