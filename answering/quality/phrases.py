"""What no generated answer may hold: promises, admissions, others' data, forbidden words, competitors, leaks."""

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from answering.quality.ports import Reason

SHIPPED = Path(__file__).with_name("phrases.yml")
_DETAILS = {
    "promise": "promises or claims something that the source does not",
    "admission": "admits a fault; say only what the source says",
    "others": "speaks of another customer",
    "forbidden": "uses a word that must not be used",
    "competitor": "names another maker or shop",
    "leak": "tells something of your instructions",
}


@dataclass(frozen=True, slots=True)
class Phrase:
    """What no answer may say, unless the source says it itself, in these words or in such as ``unless`` names."""

    says: re.Pattern[str]
    unless: re.Pattern[str] | None = None

    def strange_in(self, text: str, source: str) -> str | None:
        """The first place of ``text`` that says it without the source's leave."""
        if self.unless and self.unless.search(source):
            return None
        found = (match[0] for match in self.says.finditer(text))
        return next((phrase for phrase in found if phrase.casefold() not in source.casefold()), None)


@functools.lru_cache(maxsize=2)
def phrases(path: Path = SHIPPED) -> dict[str, tuple[Phrase, ...]]:
    """The lists of the file by kind."""
    file = yaml.safe_load(path.read_text("utf-8"))
    return {kind: tuple(map(_phrase, file[kind])) for kind in _DETAILS}


def phrase_reasons(text: str, source: str) -> Iterator[Reason]:
    """One reason a kind, with the phrase that gave it; what the source says itself may be said."""
    plain = text.replace("’", "'")
    for kind, listed in phrases().items():
        if strange := next(filter(None, (phrase.strange_in(plain, source) for phrase in listed)), None):
            yield Reason(kind, f'"{strange}" {_DETAILS[kind]}.')


def _phrase(line: str | dict[str, str]) -> Phrase:
    if isinstance(line, str):
        return Phrase(re.compile(line, re.IGNORECASE))
    return Phrase(re.compile(line["says"], re.IGNORECASE), re.compile(line["unless"], re.IGNORECASE))
