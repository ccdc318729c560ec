"""Patterns of personal data: payment cards, bank accounts, e-mail addresses and telephone numbers of people."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from phonenumbers import Leniency, PhoneNumberFormat, PhoneNumberMatcher, format_number
from stdnum import iban, luhn

from retrieval.model import Entry

Kind = Literal["payment card number", "bank account number", "e-mail address", "telephone number"]

# 14 digits or more: 13 were given out last in the nineties, and article numbers have 13
_CARD = re.compile(r"(?<![\w.,/-])[2-6](?:[ -]?\d){13,18}(?![\w/]|[.,-]\d)")
_IBAN = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{2,4}){3,8}(?:[ -]?[A-Z0-9]{1,3})?(?!\w)")
_EMAIL = re.compile(r"[\w.+'-]{1,64}@((?:[\w-]{1,63}\.){1,8}[A-Za-z]{2,24})(?![\w-])")
_FEWEST_DIGITS = 7
_LONG_NUMBER = re.compile(r"(?<![\w.,])#?\d(?:[ -]?\d){4,}(?!\w|[.,]\d)")
_MASKS = {
    "payment card number": "[card]",
    "bank account number": "[account]",
    "e-mail address": "[e-mail]",
    "telephone number": "[phone]",
}


@dataclass(frozen=True, slots=True)
class Find:
    """One piece of personal data and where it stands in the text."""

    kind: Kind
    start: int
    end: int
    text: str

    @property
    def hint(self) -> str:
        """Enough to find it by, too little to be the thing itself."""
        return f"{self.text[:2]}…{self.text[-2:]}"


@dataclass(frozen=True, slots=True)
class PersonalData:
    """Finds personal data; what belongs to the company is none.

    ``domains`` are the company's own (subdomains included), ``numbers`` its telephone numbers as ``+353…``,
    ``region`` the country whose numbers are written without a country code.
    """

    domains: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    region: str = "IE"

    def find(self, text: str) -> list[Find]:
        """Everything found, in order, each character counted once."""
        found: list[Find] = []
        for source in (_cards(text), _accounts(text), self._emails(text), self._phones(text)):
            for new in source:
                if all(new.end <= old.start or old.end <= new.start for old in found):
                    found.append(new)
        return sorted(found, key=lambda find: find.start)

    def in_entry(self, entry: Entry) -> list[Find]:
        """What an entry would tell."""
        return [find for text in (entry.title, *entry.questions, entry.answer) for find in self.find(text)]

    def masked(self, text: str) -> str:
        """``text`` with personal data, and any number long enough to name an order, replaced by its kind."""
        for find in reversed(self.find(text)):
            text = text[: find.start] + _MASKS[find.kind] + text[find.end :]
        return _LONG_NUMBER.sub("[number]", text)

    def _emails(self, text: str) -> Iterator[Find]:
        for match in _EMAIL.finditer(text):
            domain = match[1].lower()
            if not any(domain == own or domain.endswith(f".{own}") for own in self.domains):
                yield Find("e-mail address", match.start(), match.end(), match[0])

    def _phones(self, text: str) -> Iterator[Find]:
        if sum(letter.isdigit() for letter in text) < _FEWEST_DIGITS:
            return
        for match in PhoneNumberMatcher(text, self.region, leniency=Leniency.POSSIBLE):
            # without + or 0 in front it is a quantity, an article number or a date
            dialled = match.raw_string.lstrip("(")[:1] in {"+", "0"}
            if dialled and format_number(match.number, PhoneNumberFormat.E164) not in self.numbers:
                yield Find("telephone number", match.start, match.end, match.raw_string)


def _cards(text: str) -> Iterator[Find]:
    for match in _CARD.finditer(text):
        if luhn.is_valid(re.sub(r"\D", "", match[0])):
            yield Find("payment card number", match.start(), match.end(), match[0])


def _accounts(text: str) -> Iterator[Find]:
    for match in _IBAN.finditer(text):
        words = re.split(r"(?<=[A-Z0-9])(?=[ -])", match[0])
        for count in range(len(words), 0, -1):  # the pattern may have taken in capitals that follow
            written = "".join(words[:count])
            if iban.is_valid(written):
                yield Find("bank account number", match.start(), match.start() + len(written), written)
                break
