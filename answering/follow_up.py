"""Questions that lean on the one before: "and for headphones?".

Detected conservatively, by their form alone. Taking a whole question for a follow-up would mix two topics, so the
ladder searches for the words as they stand first, and for both together only where that told nothing.
"""

import re

from answering.normal_form import question_key

LEANS_AT_MOST = 9
"""Words of a question that may be about what was told before; who writes more says what it is about."""

_LONGEST = 8  # words; who writes more says what it is about
_LONGEST_FRAGMENT = 4
_LONGEST_WITH_PRONOUN = 6

_GREETED = r"^(?:(?:ok|okay|thanks|thank you|great|yes|no|hm+|oh)[\s,.!]+)*"
_OPENING = re.compile(
    _GREETED
    + r"(?:and|or|but|also|(?:what|how) about|what if|same (?:question )?(?:for|with|about)|is (?:it|that) the same)\b",
    re.IGNORECASE,
)
_LEADING = re.compile(_GREETED + r"(?:and|or|but|also)\b[\s,]*", re.IGNORECASE)
_FRAGMENT = re.compile(r"^(?:for|to|from|in|with|without|on|at|by|after|before|if)\b[^.!?]*\?$", re.IGNORECASE)
_POINTS_BACK = frozenset({"it", "that", "this", "they", "them", "those", "these", "one", "ones"})
_LIGHT = _POINTS_BACK | {
    *("a", "an", "the", "any", "and", "also", "for", "from", "in", "of", "on", "to", "too", "under", "with"),
    *("am", "are", "be", "been", "can", "could", "did", "do", "does", "have", "is", "was", "will", "would"),
    *("how", "what", "when", "where", "which", "why", "i", "me", "my", "you", "your", "then"),
    *("cost", "costs", "expensive", "extra", "free", "long", "much", "often", "possible", "quick", "sure"),
    *("take", "takes", "work", "works"),
}

_CONDITIONS = frozenset({"if", "when", "there", "not", "no", "some", "get", "we", "use", "used", "using", "after"})
_STEM = 5


def is_follow_up(text: str) -> bool:
    """Whether the words ask something only together with what was asked before."""
    words = question_key(text).split()
    if not words or len(words) > _LONGEST:
        return False
    if _OPENING.match(text.strip()):
        return True
    if len(words) <= _LONGEST_FRAGMENT and _FRAGMENT.match(text.strip()):
        return True
    return len(words) <= _LONGEST_WITH_PRONOUN and bool(_POINTS_BACK & set(words)) and set(words) <= _LIGHT


def leans(text: str) -> bool:
    """Whether a part of a message points at the part beside it: "and how much is it", "can I put it in the oven"."""
    words = question_key(text).split()
    return is_follow_up(text) or (len(words) <= _LONGEST and bool(_POINTS_BACK & set(words)))


def says_nothing_alone(text: str) -> bool:
    """Whether all that the words name is somewhere else: "how much is it"."""
    return set(question_key(text).split()) <= _LIGHT


def speaks_of(text: str, told: str) -> bool:
    """Whether an answer holds at least half of what a question names beside its light words."""
    named = [word for word in question_key(text).split() if word == "free" or word not in _LIGHT | _CONDITIONS]
    said = told.casefold()
    return 2 * sum(word[:_STEM] in said for word in named) >= len(named)


def joined(before: str, text: str) -> str:
    """One question for the search: what was asked before, and what is asked of it now."""
    return f"{before.strip()} {_LEADING.sub('', text.strip())}"
