"""What no generated answer may hold: promises, admissions, others' data, forbidden words, competitors, leaks."""

import functools
import re
from collections.abc import Iterator
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


@functools.lru_cache(maxsize=2)
def phrases(path: Path = SHIPPED) -> dict[str, tuple[re.Pattern[str], ...]]:
    """The lists of the file by kind."""
    file = yaml.safe_load(path.read_text("utf-8"))
    return {kind: tuple(re.compile(line, re.IGNORECASE) for line in file[kind]) for kind in _DETAILS}


def phrase_reasons(text: str, source: str) -> Iterator[Reason]:
    """One reason a kind, with the phrase that gave it; what the source says itself may be said."""
    held = source.casefold()
    for kind, patterns in phrases().items():
        found = (match[0] for pattern in patterns for match in pattern.finditer(text.replace("’", "'")))
        strange = next((phrase for phrase in found if phrase.casefold() not in held), None)
        if strange is not None:
            yield Reason(kind, f'"{strange}" {_DETAILS[kind]}.')
