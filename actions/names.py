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
_PARTS = re.compile(r"[,;\n]|\band my e-?mail\b|\be-?mail(?: is)?\b:?")
_EMAIL = re.compile(r"\S+@\S+")
_OTHER_FACTS = re.compile(
    r"(?i)\b(?:of us|people|persons?|guests?|adults|seats?|places?|please|just me|only me|"
    r"one|two|three|four|five|six)\b"
)
"""Words of an answer to something else than the name."""

_SOCIAL = frozenset({"greet", "goodbye", "thank", "praise", "how_are_you"})
_SAID = frozenset(
    {"hi", "hello", "hey", "hiya", "bye", "goodbye", "thanks", "thank", "cheers", "ta", "ok", "okay", "later", "good"}
    | {"how", "you", "love", "great", "nice", "morning", "evening", "see", "yo"}
)


def _short_and_social(heard: Heard) -> bool:
    """Whether a word or two were taken for a greeting that hold none: "maeve" is nobody's goodbye."""
    words = heard.text.casefold().split()
    return heard.intent in _SOCIAL and len(words) <= 3 and not _SAID & {word.strip(".,!?") for word in words}  # noqa: PLR2004


def name_in(heard: Heard) -> str | None:
    """A name in an answer of a few words, alone or beside an address or a number; a question or a refusal is none."""
    if heard.intent not in _ANSWERS and not _short_and_social(heard):
        return None
    return _name(heard.text) or name_beside(heard)


def name_beside(heard: Heard) -> str | None:
    """A name among other facts, set apart by commas: "two of us, Siobhan Kelly, siobhan.k@example.com"."""
    parts = [part for part in _PARTS.split(_EMAIL.sub("", heard.text)) if part.strip()]
    told_more = len(parts) > 1 or _EMAIL.search(heard.text)
    names = (_name(part) for part in parts) if told_more else iter(())
    return next((name for name in names if name), None)


def _name(words: str) -> str | None:
    said = _INTRODUCTION.sub("", words.strip()).strip(" .,!")
    if (
        not _NAME.fullmatch(said)
        or _NO_NAMES.match(said)
        or len(said.split()) > _MOST_WORDS
        or _OTHER_FACTS.search(said)
    ):
        return None
    return said.title() if said.islower() or said.isupper() else said
