"""What must, may, need not and must not be done."""

import functools
import re
from collections.abc import Mapping

from answering.quality.statements import clauses_of
from answering.quality.words import content_words
from retrieval.words import stem_of

_MODALS = tuple(
    (name, re.compile(rf"\b(?:{words})\b", re.IGNORECASE))
    for name, words in {
        "need not": r"(?:do|does)(?: not|n't) (?:have to|need(?: to)?)|need(?:n't| not)|no need"
        r"|not (?:required|necessary)",
        "must not": r"(?:can|may|must|should) not|cannot|(?:ca|must|should|could)n't|(?:not|n't) (?:allowed|possible)"
        r"|impossible|never|no|without|do(?: not|n't)|won't|will not",
        "must": r"must|(?:have|has) to|needs?|required|should|ought|necessary",
        "may": r"may|can|could|might|possible|allowed|able|optional",
    }.items()
)  # an expression counts for the first name that takes it
_REACH = 6  # words behind a modal, of which the first three that carry meaning are its own
_OWN = 3


def modals_of(sentence: str, nearest: str) -> dict[str, float]:
    """Of the words that the ``nearest`` sentences of the source have, too, the share in [0, 1] that stands otherwise.

    ``modal_turned``: under another of must, may, must not and need not than there. ``modal_added``: under must or must
    not, where it is said plainly there.
    """
    ours, theirs = _modals_in(sentence), _modals_in(nearest)
    common = ours.keys() & theirs.keys()
    turned = sum(bool(ours[stem] and theirs[stem] and not ours[stem] & theirs[stem]) for stem in common)
    added = sum(bool(ours[stem] & {"must", "must not"} and not theirs[stem]) for stem in common)
    return {"modal_turned": turned / max(len(common), 1), "modal_added": added / max(len(common), 1)}


@functools.lru_cache(maxsize=64)
def _modals_in(text: str) -> Mapping[str, frozenset[str]]:
    """For each stem the modals that it stands under."""
    found: dict[str, frozenset[str]] = {}
    for clause in clauses_of(text):
        plain, taken = clause.text.replace("’", "'"), set[int]()
        found |= {stem_of(word): found.get(stem_of(word), frozenset()) for word in content_words(plain)}
        for name, pattern in _MODALS:
            for match in pattern.finditer(plain):
                if match.start() not in taken:
                    taken.update(range(match.start(), match.end()))
                    for word in content_words(" ".join(plain[match.end() :].split()[:_REACH]))[:_OWN]:
                        found[stem_of(word)] = found.get(stem_of(word), frozenset()) | {name}
    return found
