"""What customers say beside a question: that they stop, that they have no answer, or a question about the question."""

import re

from contracts.questions import asks

_FEW_WORDS = 12
_STOPPING = re.compile(
    r"(?i)^\W*(?:(?:please|actually|no|nah|ok|okay|oh|ah|hm+|sorry|wait)\W+)*"
    r"(?:(?:i want to keep \w+\W+(?:so |please )*)?(?:cancel|call off) (?:that|this|the|my) return"
    r"|stop|never ?mind|forget (?:it|about it|that)|abort|leave it(?: be)?"
    r"|(?:i'?ll |i will |i'?d rather |let me )?(?:just )?keep (?:it|them|this|that))\b"
)
_CALLS_OFF = re.compile(
    r"(?i)^\W*(?:(?:please|pls|actually|no|ok|okay|oh|sorry|wait|just|can you|could you)\W+)*cancel"
    r"(?:\s+(?:it|that|this|all of it|everything"
    r"|(?:the|my|this) (?:whole thing|booking|appointment|workshop|quote|request)))?"
    r"\W*(?:(?:please|pls|again|then|now|thanks)\W*)*$"
)
_HAS_NONE = re.compile(
    r"(?i)\b(?:idk|dunno|no (?:idea|clue)|lost|deleted|threw|forgot(?:ten)?"
    r"|(?:don'?t|do not|didn'?t|did not|haven'?t) (?:even )?(?:know|have|got|remember|recall|keep)"
    r"|(?:can'?t|cannot|can not|couldn'?t) (?:find|remember|recall|see)"
    r"|(?:rather|prefer|want|like|going|comfortable) (?:to )?not?\b.{0,12}\b(?:giv|shar|tell|say|send)\w*"
    r"|(?:don'?t|do not) (?:want|wish|like) to (?:give|share|tell|say|send))\b"
)
_WHAT_IF = re.compile(r"(?i)\bwhat (?:if|happens (?:if|when))\b")
_TOLD_ALREADY = re.compile(r"(?i)\balready\b|\b(?:told|gave|sent|said)\b|\byou(?:'ve| have)\b")
_ABOUT_THE_QUESTION = re.compile(
    r"(?i)^\W*(?:(?:and|but|ok|okay|um|eh|sorry|wait|hang on)\W+)*"
    r"(?:(?:where|how) (?:do|can|would|could|should|will|am) (?:i|you|we) (?:\w+ )?(?:find|get|see|look|know|tell)\b"
    r"|where(?: is|'?s) (?:the|that|my) (?:\w+ )?(?:number|code)\b|(?:why|what)\b.*\b(?:need|want|ask\w*)\b"
    r"|why\b.*\b(?:you|that|it|this)\b|why\W*$"
    r"|what(?: is|'?s|s) (?:that|this|it|an? (?:\w+ )?number)\b|what (?:for|do you mean)\b"
    r"|(?:what|which) (?:\w+ )?(?:number|order|one|e-?mail|address|code)\b)"
)
"""About what was asked, not about the shop: "where do I find it", "why do you need that"."""

_WHY = re.compile(r"(?i)\bwhy\b|\bwhat for\b")


def left_to_answer(text: str) -> str | None:
    """What is asked after the words that stop: "forget it. how much is a new one"."""
    stopped = _STOPPING.search(text)
    rest = text[stopped.end() :].lstrip(" ,.;:!?-–…") if stopped else ""
    return rest if asks(rest) else None


def wants_to_stop(text: str) -> bool:
    """Whether the words end the journey, however they were understood."""
    return bool(_STOPPING.search(text))


def calls_off(text: str) -> bool:
    """Whether the words are "cancel it" and nothing else."""
    return bool(_CALLS_OFF.search(text))


def asks_about_the_question(text: str) -> bool:
    return _is_short(text) and bool(_ABOUT_THE_QUESTION.search(text))


def asks_why(text: str) -> bool:
    return _is_short(text) and bool(_WHY.search(text))


def has_none(text: str) -> bool:
    """Whether the customer cannot give what is asked for."""
    return _is_short(text) and bool(_HAS_NONE.search(text)) and not _WHAT_IF.search(text)


def told_already(text: str) -> bool:
    """Whether the customer thinks that it was said before."""
    return _is_short(text) and bool(_TOLD_ALREADY.search(text))


def _is_short(text: str) -> bool:
    return len(text.split()) <= _FEW_WORDS
