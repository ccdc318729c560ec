"""Numbers with what they count: "5 working days" is neither "5 days" nor "5 euro"."""

import re
from dataclasses import dataclass

_WORDS = {
    "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8",
    "nine": "9", "ten": "10", "eleven": "11", "twelve": "12", "thirteen": "13", "fourteen": "14", "fifteen": "15",
    "sixteen": "16", "seventeen": "17", "eighteen": "18", "nineteen": "19",
    **{
        f"{tens}{one}": f"{ten}{number or 0}"
        for ten, tens in enumerate(("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"), 2)
        for number, one in enumerate(
            ("", "-one", "-two", "-three", "-four", "-five", "-six", "-seven", "-eight", "-nine")
        )
    },
    "a": "1", "an": "1", "half a": "0.5", "half an": "0.5", "a hundred": "100", "a dozen": "12",
}  # fmt: skip
_COUNTED = {"twice": ("2", "time"), "fortnight": ("2", "week"), "fortnights": ("2", "week")}
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
_OF_TIME = {
    "second": ("second", 1), "minute": ("second", 60), "hour": ("second", 3_600), "day": ("second", 86_400),
    "week": ("second", 604_800), "month": ("month", 1), "year": ("month", 12),
}  # fmt: skip
_SYMBOLS = r"%|°c|€|cm|mm|km|m²|m³|kg|ml|mb|w|v|hz|ghz|db\(a\)|bar|pa|k|g|l|m"
_WORD_UNITS = "|".join(sorted((re.escape(unit) for unit in _UNITS), key=len, reverse=True))
UNIT_WORDS = frozenset(word for unit in _UNITS for word in unit.split()) | frozenset(_SYMBOLS.split("|"))
_UNIT = rf"(?:\s?(?P<symbol>{_SYMBOLS})(?![\w])|[\s-](?:more |full |other |different )?(?P<unit>{_WORD_UNITS})(?!\w))"
_NUMBER = r"\d+(?:[.,:]\d+)*"
_FIGURE = re.compile(rf"(?P<euro>€\s?)?(?<![\w.])(?P<value>{_NUMBER})(?:{_UNIT})?", re.IGNORECASE)
_RANGE = re.compile(rf"(?<![\w.])(?P<low>{_NUMBER})\s?(?:–|-|to|bis)\s?(?={_NUMBER}(?:{_UNIT}))", re.IGNORECASE)
_WORD_VALUES = "|".join(sorted(_WORDS, key=len, reverse=True))
_SPELT = re.compile(rf"(?<![\w-])(?P<value>{_WORD_VALUES})[\s-](?P<rest>(?:{_WORD_UNITS}))(?!\w)", re.IGNORECASE)
_COUNTING = re.compile(rf"(?<!\w)(?:{'|'.join(_COUNTED)})(?!\w)(?! (?:the|as|what))", re.IGNORECASE)
_MORE_THAN_ONE = "|".join(word for word in _WORDS if _WORDS[word] not in {"1", "0.5"})
_ELLIPTIC = re.compile(
    rf"(?<![\w-])(?P<value>{_MORE_THAN_ONE})(?!-)"
    r"(?=\s*(?:[.,;:)]|$)|\s+(?:to|or|and|from)\b)",
    re.IGNORECASE,
)
"""A number in words that leaves out what it counts: "six months, keys for three"."""
_PLAIN_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_CLOCK = re.compile(r"\d{1,2}:\d\d")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value in its plainest form, and its unit, empty where it counts nothing known."""

    value: str
    unit: str = ""

    @property
    def measure(self) -> tuple[str, str]:
        """The same for equal stretches of time, such as 2 weeks and 14 days. Working days have none but their own."""
        if self.unit not in _OF_TIME or not _PLAIN_NUMBER.fullmatch(self.value):
            return self.unit, self.value
        unit, size = _OF_TIME[self.unit]
        return unit, f"{float(self.value) * size:g}"


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
    found |= {match.start(): Quantity(*_COUNTED[match[0].casefold()]) for match in _COUNTING.finditer(plain)}
    return sorted(found.items())


def strange_in(text: str, source: str) -> list[Quantity]:
    """The quantities of ``text`` that ``source`` does not hold. A number alone is satisfied by any unit."""
    held = quantities_in(source)
    measures = {quantity.measure for quantity in held}
    values = {quantity.value for quantity in held}
    unknown_units = {quantity.value for quantity in held if not quantity.unit}
    unknown_units |= {_WORDS[match["value"].casefold()] for match in _ELLIPTIC.finditer(source)}
    strange = [
        quantity
        for quantity in quantities_in(text)
        if quantity.measure not in measures
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
