"""Small words that say how far a sentence reaches: all, some, and the conditions it stands under."""

import functools
import re
from collections.abc import Set as AbstractSet

from answering.quality.quantities import placed_in
from answering.quality.words import content_words
from retrieval.words import stem_of

_ALL = re.compile(
    r"\b(?:all|every|each|both|any|always|whole|everything|everybody|anything|anyone|anywhere|wherever|whenever"
    r"|everywhere|ever|entire|completely|fully|in any case|regardless)\b",
    re.IGNORECASE,
)
_SOME = re.compile(
    r"\b(?:some|most|usually|often|one of|either|part of|several|sometimes|normally|may|might|mostly|probably|certain"
    r"|a few|can happen|about|around)\b",
    re.IGNORECASE,
)
_CONDITIONS = tuple(
    (name, re.compile(rf"\b(?:{words})\b", re.IGNORECASE))
    for name, words in {
        "even if": r"(?:even|also) (?:if|when|while|after|before|with|without|though)|whether or not|regardless"
        r"|no matter|although",
        "unless": r"unless|except|without|apart from|other than",
        "until": r"until|till|before|by the time|sooner",
        "after": r"after|once|as soon as|since|from|only when",
        "if": r"if|when|whenever|in case|as long as|provided|where|for|with|while|during",
    }.items()
)  # an expression counts for the first name that takes it
_CONDITIONAL = re.compile(
    r"\b(?:if|unless|until|when|whenever|while|after|before|once|as long as|provided|even|except|without|during|only"
    r"|in case|as soon as)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?:;])\s+|\n+")
_END = re.compile(r"[,;:.!?]\s|\bbut\b|\band\b")
_REACH = 7
_SAME = 0.5  # share of a condition's words that makes it the same one
_Conditions = tuple[tuple[str, frozenset[str]], ...]


def scope_of(sentence: str, nearest: str, source: str, stems: AbstractSet[str]) -> dict[str, float]:
    """How the sentence reaches further, or less far, than the source's ``nearest`` sentence; each in [0, 1].

    ``stems`` are those of the whole source. ``all_added``, ``some_added``, ``some_dropped``, ``condition_added``,
    ``condition_dropped``: such words on one side only.
    ``condition_turned``: what stands under "unless" here stands under "if" there, and the like. ``condition_made``:
    a condition of the source's words that is none there.
    """
    turned, made = _conditions_against(sentence, source, stems)
    return {
        "all_added": _alone(_ALL, sentence, nearest),
        "some_added": _alone(_SOME, sentence, nearest),
        "some_dropped": _alone(_SOME, nearest, sentence),
        "condition_added": _alone(_CONDITIONAL, sentence, nearest),
        "condition_dropped": _alone(_CONDITIONAL, nearest, sentence),
        "condition_turned": turned,
        "condition_made": made,
    }


def _alone(pattern: re.Pattern[str], text: str, other: str) -> float:
    return float(bool(pattern.search(text)) and not pattern.search(other))


def _conditions_against(sentence: str, source: str, stems: AbstractSet[str]) -> tuple[float, float]:
    turned = made = 0.0
    known = stems | {quantity.value for _, quantity in placed_in(source)}
    for name, words in _conditions_in(sentence):
        shares = [(other, len(words & theirs) / len(words)) for other, theirs in _conditions_in(source)]
        same = max((share for other, share in shares if other == name), default=0.0)
        opposite = max((share for other, share in shares if other != name), default=0.0)
        if opposite >= _SAME:
            turned = max(turned, opposite - same)
        if max(same, opposite) < _SAME:
            made = max(made, len(words & known) / len(words))
    return turned, made


@functools.lru_cache(maxsize=64)
def _conditions_in(text: str) -> _Conditions:
    """Each condition's kind, with the stems and values that stand under it."""
    found: list[tuple[str, frozenset[str]]] = []
    for sentence in _SENTENCE.split(text):
        taken: set[int] = set()
        for name, pattern in _CONDITIONS:
            for match in pattern.finditer(sentence):
                if match.start() not in taken:
                    taken.update(range(match.start(), match.end()))
                    under = " ".join(_END.split(sentence[match.end() :] + " ")[0].split()[:_REACH])
                    words = {stem_of(word) for word in content_words(under)}
                    words |= {quantity.value for _, quantity in placed_in(under)}
                    found += [(name, frozenset(words))] if words else []
    return tuple(found)
