"""Finds personal data of all kinds in one text, and masks it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from privacy.accounts import cards, ibans
from privacy.contacts import emails, phones
from privacy.identity import national_ids
from privacy.model import EVERYWHERE, NAMES, Find, Kind
from privacy.passwords import passwords
from privacy.postal import addresses

_LONG_NUMBER = re.compile(r"(?<![\w.,])#?\d(?:[ -]?\d){4,}(?!\w|[.,]\d)")


@dataclass(frozen=True, slots=True)
class PersonalData:
    """Finds personal data; what belongs to the company is none.

    ``domains`` are the company's own (subdomains included), ``numbers`` its telephone numbers as ``+353…``,
    ``addresses`` the first lines of its own addresses, ``region`` the country whose numbers are written without a
    country code, ``kinds`` what is looked for.
    """

    domains: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    region: str = "IE"
    addresses: frozenset[str] = field(default=frozenset())
    kinds: frozenset[Kind] = EVERYWHERE

    def find(self, text: str) -> list[Find]:
        """Everything found, in order, each character counted once."""
        found: list[Find] = []
        for source in self._sources(text):
            for new in source:
                apart = all(new.end <= old.start or old.end <= new.start for old in found)
                if new.kind in self.kinds and apart:
                    found.append(new)
        return sorted(found, key=lambda find: find.start)

    def masked(self, text: str) -> str:
        """``text`` with personal data, and any number long enough to name an order, replaced by its kind."""
        return _LONG_NUMBER.sub("[number]", self.hidden(text))

    def hidden(self, text: str) -> str:
        """``text`` with personal data replaced by its kind; other numbers stay."""
        for find in reversed(self.find(text)):
            text = f"{text[: find.start]}[{NAMES[find.kind]}]{text[find.end :]}"
        return text

    def _sources(self, text: str) -> Iterator[Iterator[Find]]:
        """The surest kinds first: where two overlap, the first one counts."""
        yield cards(text)
        yield ibans(text)
        yield emails(text, self.domains)
        yield passwords(text)
        yield national_ids(text)
        yield phones(text, self.numbers, self.region)
        yield addresses(text, self.addresses)
