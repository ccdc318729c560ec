"""``[1]``: how a draft names its sources."""

import re

_MARKER = re.compile(r"[ \t]*\[(\d{1,2}(?:\s*,\s*\d{1,2})*)\]")
_SENTENCE_END = re.compile(r"(?<=[.!?])(?:[\"'”’)]*)((?:\s*\[[\d,\s]+\])*)(?:\s+|$)")
_LINE_START = re.compile(r"^(?:[-*•]|\d{1,2}[.)])\s+")
_ABBREVIATION = re.compile(r"(?:\b(?:e\.g|i\.e|approx|incl|no|nr|vs|etc|st|mr|mrs|ms|dr)|\b[A-Z])\.$", re.IGNORECASE)


def cited_in(text: str) -> tuple[int, ...]:
    """The numbers of the sources that ``text`` names, each once."""
    return tuple(dict.fromkeys(int(number) for match in _MARKER.finditer(text) for number in match[1].split(",")))


def without_markers(text: str) -> str:
    """``text`` as the customer reads it."""
    return _MARKER.sub("", text).strip()


def sentences_of(text: str) -> list[str]:
    """The sentences of ``text``, each with its markers, whether these stand before or after the full stop.

    A line of a list is a sentence. A heading or a line that ends in a colon belongs to what follows it.
    """
    found: list[str] = []
    carried = ""
    for line in filter(None, (_LINE_START.sub("", line.strip()) for line in text.splitlines())):
        if line.endswith(":"):
            carried = f"{carried}{line} "
            continue
        found += _split(carried + line)
        carried = ""
    return [*found, carried.strip()] if carried else found


def _split(line: str) -> list[str]:
    found: list[str] = []
    start = 0
    for match in _SENTENCE_END.finditer(line):
        if _ABBREVIATION.search(line[start : match.start()]):
            continue
        found.append(line[start : match.end()].strip())
        start = match.end()
    rest = line[start:].strip()
    return [*found, rest] if rest else found
