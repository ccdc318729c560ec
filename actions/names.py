"""The name somebody gives, found in their words."""

import re

from actions.journey.model import Heard

_INTRODUCTION = re.compile(
    r"(?i)^\W*(?:(?:hi|hello|yes|ok|sure)\W+)?(?:(?:my |the )?name(?:'?s| is)?(?: is)?|i'?m|i am|it'?s|this is|"
    r"for|under|put(?: it)?(?: under| on)?|call me)\s+"
)
_NAME = re.compile(r"[^\W\d_][^\d_@?!:;/<>(){}\[\]\"]{1,59}")
_MOST_WORDS = 5
_ANSWERS = frozenset({"inform", "nlu_fallback", "correct_detail"})
_NO_NAMES = re.compile(r"(?i)^(?:yes|no|nope|what|why|how|i don'?t|skip|stop|none|nothing|later|never)\b")


def name_in(heard: Heard) -> str | None:
    """A name in an answer of a few words; a question or a refusal is none."""
    if heard.intent not in _ANSWERS:
        return None
    said = _INTRODUCTION.sub("", heard.text.strip()).strip(" .,!")
    if not _NAME.fullmatch(said) or _NO_NAMES.match(said) or len(said.split()) > _MOST_WORDS:
        return None
    return said.title() if said.islower() or said.isupper() else said
