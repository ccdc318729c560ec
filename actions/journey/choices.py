"""Fields whose value is one of a few: by button, or by what customers say for it."""

import re
from collections.abc import Callable, Mapping

from actions.journey.model import Case, Heard

CHOICE = "choice"
"""The entity in such a button: ``/inform{"choice": "faulty"}``."""


def one_of(patterns: Mapping[str, str]) -> Callable[[Heard, Case], str | None]:
    """A parser: the first value whose pattern is in the words, or that the button carries."""
    compiled = {value: re.compile(rf"(?i)\b(?:{pattern})") for value, pattern in patterns.items()}

    def parse(heard: Heard, _: Case) -> str | None:
        chosen = heard.entities.get(CHOICE)
        if chosen in compiled:
            return chosen
        return next((value for value, pattern in compiled.items() if pattern.search(heard.text)), None)

    return parse
