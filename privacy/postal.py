"""Postal addresses as people write them in Europe, and the post codes that name a single door.

No library does this without a language model or a gazetteer of gigabytes; streets announce themselves by their type.
"""

import re
from collections.abc import Iterator

from privacy.model import Find

_NAME = r"(?:[A-ZÀ-Þ][\w'’.-]*|[Tt]he|[Oo]f|de|la|del|St\.?)"
_TYPE = (
    r"(?i:street|str\.?|st\.?|road|rd\.?|avenue|ave\.?|lane|ln\.?|drive|dr\.?|court|ct\.?|close|crescent|cres\.?|terrace"
    r"|place|pl\.?|square|sq\.?|quay|row|grove|gardens?|gdns\.?|park|way|walk|hill|view|heights|mews|green|parade|boulevard"
    r"|blvd\.?|estate|manor|rise|vale|bóthar|sráid)"
)
_TOWN = rf"(?:,? (?:apt\.?|apartment|flat|unit|floor) ?\w+|, ?{_NAME}(?: {_NAME}){{0,2}}(?: \d{{1,2}}(?!\d))?)"
_POSTCODE = (
    r"(?:[AC-FHKNPRTV-Y]\d[\dW] ?[0-9AC-FHKNPRTV-Y]{4}"  # Eircode
    r"|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}"  # United Kingdom
    r"|(?:[A-Z]{1,2}-)?\d{4,5}(?: ?[A-Z]{2})? [A-ZÀ-Þ][\w'’-]+)"  # the continent: code and town
)
_ENGLISH = rf"(?:(?:flat|apt\.?|apartment|unit) ?\w+,? )?\d{{1,4}}[A-Za-z]?,? {_NAME}(?: {_NAME}){{0,3}} {_TYPE}(?!\w)"
_GERMANIC = (
    r"[A-ZÀ-Þ][\wÀ-ÿß'’-]*(?:straße|strasse|str\.|gasse|weg|platz|allee|ring|damm|ufer|laan|straat|gracht|plein|kade|dreef"
    r"|vej|gade|gatan|vägen|gata|veien|katu|tie) \d{1,4} ?[A-Za-z]?(?!\w)"
)
_HOUSE = rf"{_NAME}(?: {_NAME}){{0,2}} (?:Cottage|House|Lodge|Farm|Hall), {_NAME}(?: {_NAME}){{0,2}} {_TYPE}(?!\w)"
_ROMANCE = (
    r"(?:\d{1,4}(?: ?bis| ?ter)?,? (?:rue|avenue|boulevard|bd\.?|place|allée|chemin|impasse|quai|cours) "
    r"(?:(?:de|du|des|la|le|les|l'|d'|saint|sainte) ?){0,3}[A-ZÀ-Þ][\w'’À-ÿ-]*(?: [A-ZÀ-Þ][\w'’À-ÿ-]*){0,2}"
    r"|(?:[Cc](?:alle|/)|[Aa](?:venida|vda\.?)|[Pp](?:laza|aseo|iazza)|[Vv]iale?|[Cc]orso|[Rr]ua|[Uu]l(?:\.|ica)) "
    r"(?:(?:de|del|della|di|da|do|dos|la|el|los|las) ){0,2}"
    r"[A-ZÀ-Þ][\w'’À-ÿ-]*(?: [A-ZÀ-Þ][\w'’À-ÿ-]*){0,2},? \d{1,4}(?!\w))"
)
_ADDRESS = re.compile(
    rf"(?<!\w)(?:{_ENGLISH}|{_HOUSE}|{_GERMANIC}|{_ROMANCE})(?:{_TOWN}){{0,3}}(?:,? ?{_POSTCODE}(?!\w))?"
)
_LOWER = re.compile(
    r"(?<!\w)\d{1,4}[a-z]? (?:[a-z'’]{3,} ){1,2}"
    r"(?:street|road|avenue|lane|drive|crescent|terrace|close|grove|gardens)(?!\w)"
    r"(?:, [a-z]+)?"
    r"|(?<!\w)[a-zà-ÿ-]{2,}(?:straße|strasse|straat|gracht|laan|gasse) \d{1,4}[a-z]?(?!\w)(?:, (?:\d{4,5} )?[a-z]+)?"
)
"""In small letters only the plain types count: "2 days in a row", "10 items this way" are none."""
_ALONE = re.compile(
    r"(?<![\w-])(?:[AC-FHKNPRTV-Y]\d[\dW] ?(?=[0-9AC-FHKNPRTV-Y]{0,3}\d)[0-9AC-FHKNPRTV-Y]{4}"
    r"|[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2})(?![\w-])"
)
"""An Eircode names one door, a British post code about fifteen."""


def addresses(text: str, own: frozenset[str]) -> Iterator[Find]:
    """Postal addresses but for the company's own (``own``: their first lines, in small letters)."""
    for pattern in (_ADDRESS, _LOWER, _ALONE):
        for match in pattern.finditer(text):
            if not any(match[0].casefold().startswith(ours) for ours in own):
                yield Find("postal address", match.start(), match.end(), match[0])
