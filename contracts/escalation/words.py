"""What a message's words say: crisis, lawyers and press, abuse, a topic that is none of ours."""

from __future__ import annotations

import configparser
import functools
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

SHIPPED = Path(__file__).with_name("words.ini")

_TOPICS = "off_topic_"
_NOTHING = re.compile(r"(?!)")
_SPREAD = re.compile(r"\b(?:\w[.\-*_ ]){3,}\w\b")
"""Letters with something between them: "f.u.c.k"."""


@dataclass(frozen=True)
class Pattern:
    """What is looked for, and what takes a finding back where the two overlap."""

    find: re.Pattern[str]
    never: re.Pattern[str]

    def says(self, text: str) -> bool:
        """Whether the text says it outside anything that only looks like it."""
        excused = [match.span() for match in self.never.finditer(text)]
        return any(
            all(match.end() <= start or end <= match.start() for start, end in excused)
            for match in self.find.finditer(text)
        )


@dataclass(frozen=True)
class Words:
    """The word lists, ready to use."""

    patterns: dict[str, Pattern]

    def crisis(self, text: str) -> str | None:
        """``self_harm``, ``emergency`` or None."""
        return next((kind for kind in ("self_harm", "emergency") if self._says(kind, text)), None)

    def alarming(self, text: str) -> bool:
        """Whether lawyers, the press or an authority are meant."""
        return self._says("legal_or_press", text)

    def abusive(self, text: str) -> bool:
        """Whether somebody is insulted or threatened. Swearing at a thing is not abuse."""
        return self._says("abuse", text)

    def asks_for_person(self, text: str) -> bool:
        """Whether a person is asked for, by the words alone."""
        return self._says("asks_for_person", text)

    def off_topic(self, text: str) -> str | None:
        """The topic the company gives no advice on (``medical``, ``legal`` …), or None."""
        topics = (name for name in self.patterns if name.startswith(_TOPICS))
        return next((name.removeprefix(_TOPICS) for name in topics if self._says(name, text)), None)

    def _says(self, name: str, text: str) -> bool:
        plain = unicodedata.normalize("NFKC", text).replace("’", "'").casefold()
        together = _SPREAD.sub(lambda match: re.sub(r"[.\-*_ ]", "", match[0]), plain)
        return self.patterns[name].says(plain) or (together != plain and self.patterns[name].says(together))


@functools.lru_cache(maxsize=4)
def load(path: Path = SHIPPED) -> Words:
    """Read the lists.

    Raises:
        KeyError: a list is missing.
        re.error: a line is no regular expression.
    """
    file = configparser.ConfigParser(interpolation=None)
    file.read_string(path.read_text("utf-8"))
    return Words({name: Pattern(_any(part["find"]), _any(part["never"])) for name, part in file.items() if part})


def _any(lines: str) -> re.Pattern[str]:
    alternatives = [line.strip() for line in lines.splitlines() if line.strip()]
    return re.compile(rf"(?<!\w)(?:{'|'.join(alternatives)})(?!\w)") if alternatives else _NOTHING
