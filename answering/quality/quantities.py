"""Numbers with what they count: "5 working days" is neither "5 days" nor "5 euro"."""

import re
from dataclasses import dataclass

_WORDS = {
    "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8",
    "nine": "9", "ten": "10", "eleven": "11", "twelve": "12", "fifteen": "15", "twenty": "20", "thirty": "30",
    "a": "1", "an": "1", "half a": "0.5",
}  # fmt: skip
_UNITS = {
    "working days": "working day", "working day": "working day", "business days": "working day",
    "business day": "working day", "euro": "€", "euros": "€", "eur": "€", "percent": "%", "per cent": "%",
    "litre": "l", "litres": "l", "liter": "l", "liters": "l", "metre": "m", "metres": "m", "meter": "m", "meters": "m",
    "grams": "g", "gram": "g", "kilo": "kg", "kilos": "kg", "degrees": "°c", "watts": "w", "watt": "w",
    "characters": "character", "persons": "person", "people": "person", "mins": "minute", "min": "minute",
    "secs": "second", "hrs": "hour", "hour's": "hour",
}  # fmt: skip
_PLAIN = (
    "day hour minute second week month year time piece bag drop card code parcel item digit character person adult try"
)
_UNITS |= {f"{name}s": name for name in _PLAIN.split()} | {name: name for name in _PLAIN.split()}
DURATIONS = frozenset({"second", "minute", "hour", "day", "working day", "week", "month", "year"})
_SYMBOLS = r"%|°c|€|cm|mm|km|m²|m³|kg|ml|mb|w|v|hz|ghz|db\(a\)|bar|pa|k|g|l|m"
_WORD_UNITS = "|".join(sorted((re.escape(unit) for unit in _UNITS), key=len, reverse=True))
UNIT_WORDS = frozenset(word for unit in _UNITS for word in unit.split()) | frozenset(_SYMBOLS.split("|"))
_UNIT = rf"(?:\s?(?P<symbol>{_SYMBOLS})(?![\w])|[\s-](?:more |full |other |different )?(?P<unit>{_WORD_UNITS})(?!\w))"
_NUMBER = r"\d+(?:[.,:]\d+)*"
_FIGURE = re.compile(rf"(?P<euro>€\s?)?(?<![\w.])(?P<value>{_NUMBER})(?:{_UNIT})?", re.IGNORECASE)
_RANGE = re.compile(rf"(?<![\w.])(?P<low>{_NUMBER})\s?(?:–|-|to|bis)\s?(?={_NUMBER}(?:{_UNIT}))", re.IGNORECASE)
_SPELT = re.compile(rf"(?<!\w)(?P<value>{'|'.join(_WORDS)}) (?P<rest>(?:{_WORD_UNITS}))(?!\w)", re.IGNORECASE)
_CLOCK = re.compile(r"\d{1,2}:\d\d")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value in its plainest form, and its unit, empty where it counts nothing known."""

    value: str
    unit: str = ""


def quantities_in(text: str) -> set[Quantity]:
    """Every quantity of ``text``; both ends of a range."""
    return {quantity for _, quantity in placed_in(text)}


def placed_in(text: str) -> list[tuple[int, Quantity]]:
    """Every quantity of ``text`` with the place of its first character; both ends of a range."""
    plain = text.replace("\u00a0", " ").replace("−", "-")
    found = {match.start("value"): Quantity(_value(match["value"]), _unit(match)) for match in _FIGURE.finditer(plain)}
    for match in _RANGE.finditer(plain):
        end = _FIGURE.match(plain, match.end())
        if end:
            found[match.start("low")] = Quantity(_value(match["low"]), _unit(end))
    found |= {
        match.start("value"): Quantity(_WORDS[match["value"].casefold()], _UNITS[match["rest"].casefold()])
        for match in _SPELT.finditer(plain)
    }
    return sorted(found.items())


def strange_in(text: str, source: str) -> list[Quantity]:
    """The quantities of ``text`` that ``source`` does not hold. A number alone is satisfied by any unit."""
    held = quantities_in(source)
    values = {quantity.value for quantity in held}
    unknown_units = {quantity.value for quantity in held if not quantity.unit}
    strange = [
        quantity
        for quantity in quantities_in(text)
        if quantity not in held
        and not (quantity.value in unknown_units or (not quantity.unit and quantity.value in values))
        and not _is_free(quantity, text)
    ]
    return sorted(strange, key=lambda quantity: (quantity.value, quantity.unit))


def _is_free(quantity: Quantity, text: str) -> bool:
    """Whether it may be said of anything: "a day", "one item", but not "1 year" where the source has "3 years"."""
    if quantity.value != "1" or not quantity.unit:
        return False
    return quantity.unit not in DURATIONS or not re.search(r"(?<![\w.,])(?:1|one)[\s-]", text, re.IGNORECASE)


def _unit(match: re.Match[str]) -> str:
    if match["euro"]:
        return "€"
    if match["symbol"]:
        return match["symbol"].casefold()
    if _CLOCK.fullmatch(match["value"]):
        return "o'clock"
    return _UNITS[match["unit"].casefold()] if match["unit"] else ""


def _value(written: str) -> str:
    """``1,450`` as 1450, ``35.00`` as 35, a time of day as it stands."""
    if _CLOCK.fullmatch(written):
        return written.lstrip("0").rjust(4, "0")
    plain = re.sub(r"[,](?=\d{3}(?!\d))", "", written).replace(",", ".")
    try:
        return f"{float(plain):g}"
    except ValueError:
        return written
