"""Countries as customers write them."""

import re
from functools import cache

from babel import Locale
from rapidfuzz import fuzz, process

_ALSO = {
    "uk": "GB", "u.k": "GB", "england": "GB", "scotland": "GB", "wales": "GB", "britain": "GB", "great britain": "GB",
    "northern ireland": "GB", "usa": "US", "u.s.a": "US", "the states": "US", "america": "US", "holland": "NL",
    "republic of ireland": "IE", "eire": "IE", "czech republic": "CZ", "canaries": "IC", "tenerife": "IC",
    "gran canaria": "IC", "lanzarote": "IC", "fuerteventura": "IC", "uae": "AE", "korea": "KR", "russia": "RU",
    "turkey": "TR", "mallorca": "ES", "majorca": "ES", "sicily": "IT", "crete": "GR",
}  # fmt: skip
SPANISH_ISLANDS = {"IC": ("ES", "35001"), "EA": ("ES", "51001")}
"""Unicode's own codes for the Canary Islands, Ceuta and Melilla."""

_THE = ("United", "Netherlands", "Isle", "Bahamas", "Gambia", "Maldives", "Philippines", "Comoros", "Seychelles")
_NEAR = 88


@cache
def country_names() -> dict[str, str]:
    """English names and short forms of countries, in lower case, to their ISO codes."""
    territories = Locale("en").territories
    named = {str(name).casefold(): code for code, name in territories.items() if len(code) == 2}  # noqa: PLR2004
    return named | {str(name).casefold(): name_code for name, name_code in _ALSO.items()}


def country_in(text: str) -> str | None:
    """The ISO code of the country that the words name, small typing mistakes forgiven."""
    names, lowered = country_names(), text.casefold()
    exact = [name for name in names if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", lowered)]
    if exact:
        return names[max(exact, key=len)]
    if re.search(r"\bUS\b|\bU\.S\.", text):
        return "US"
    words = [word for word in re.findall(r"[^\W\d_]+", lowered) if len(word) > 4]  # noqa: PLR2004 # "mail", "Mali"
    for word in words:
        if found := process.extractOne(word, list(names), scorer=fuzz.ratio, score_cutoff=_NEAR):
            return names[str(found[0])]
    return None


def place_words(code: str) -> str:
    """The country's name as it stands in a sentence."""
    name = str(Locale("en").territories.get(code, code))
    with_article = name.startswith(_THE) or name.endswith(("Islands", "Republic"))
    return f"the {name}" if with_article else name
