"""Whether a piece of a message has the form of a whole question or order: "do you have gift wrap?"."""

import re

FEWEST_WORDS = 4
"""A shorter question mostly leans on what stands beside it."""

_POINTS_BACK = frozenset(
    {"it", "its", "it's", "they", "them", "their", "that", "this", "those", "these", "there", "then"}
    | {"one", "ones", "he", "him", "she", "her", "same", "so"}
)
_WORD = re.compile(r"[\w']+")
_ASKS = re.compile(
    r"(?:(?:and|also|so|ok|hi|hello|hey)\W+)*(?:(?:can|could|do|does|did|is|are|will|would|may|should|have|has) "
    r"(?:i|you|u|we|the|your|my|there|any|a)\b|(?:what|which|when|where|who|why|how)(?:'?s|'?re)?\b)",
    re.IGNORECASE,
)


def asks_by_itself(text: str) -> bool:
    """True where the words ask something whole: they begin as a question and lean on nothing said before."""
    words = [word.casefold() for word in _WORD.findall(text.replace("’", "'"))]
    return len(words) >= FEWEST_WORDS and bool(_ASKS.match(text.strip())) and not _POINTS_BACK & set(words)
