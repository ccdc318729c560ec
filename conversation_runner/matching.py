"""Does a reply say what the scenario asks for: one pattern against the text a customer sees."""

from __future__ import annotations

import re
from dataclasses import dataclass

_STRAIGHT = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\u00a0": " "})
"""Writers of answers may use typographic signs; nobody should have to type them into a scenario."""


@dataclass(frozen=True)
class Pattern:
    """A regular expression, or a literal when ``literal``; always case-insensitive, found anywhere."""

    text: str
    literal: bool = False

    def found_in(self, text: str) -> bool:
        """Whether the pattern occurs in ``text``, whatever the case, the quotes, dashes and line breaks."""
        expression = re.escape(_plain(self.text)) if self.literal else _straight(self.text)
        return re.search(expression, _plain(text), re.IGNORECASE) is not None

    def __str__(self) -> str:
        """The pattern as a person would write it in a report."""
        return f"“{self.text}”" if self.literal else f"/{self.text}/"


def problem_with(expression: str) -> str | None:
    """Why ``expression`` is no regular expression, or ``None`` when it is one."""
    try:
        re.compile(expression)
    except re.error as error:
        return f"is no regular expression ({error}); for literal text write {{contains: …}}"
    return None


def _straight(text: str) -> str:
    return text.translate(_STRAIGHT)


def _plain(text: str) -> str:
    return " ".join(_straight(text).split())
