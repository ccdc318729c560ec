"""The least that any check must do: everything is cited, and nothing stands there that the sources do not hold."""

import re
from collections.abc import Iterator, Sequence

from answering.quality.markers import cited_in, sentences_of, without_markers
from answering.quality.ports import PASSED, Draft, JudgeContext, Material, Reason, Source, Verdict
from retrieval.words import words_of

MOST_WORDS = 150
_MOST_WORDS_OF_A_QUESTION = 40
_SUPPORTED = 0.7  # share of a sentence's words that its sources must hold
_LIGHT = frozenset({
    *("a", "an", "and", "are", "as", "at", "be", "been", "but", "by", "can", "did", "do", "does", "for", "from", "had"),
    *("has", "have", "how", "i", "if", "in", "into", "is", "it", "its", "may", "me", "my", "no", "not", "of", "on"),
    *("or", "our", "should", "so", "than", "that", "the", "their", "them", "then", "there", "they", "this", "to"),
    *("too", "us", "was", "we", "were", "what", "when", "where", "which", "who", "will", "with", "would", "you"),
    "your",
})  # fmt: skip
_NUMBER = re.compile(r"\d+(?:[.,:/]\d+)*")
_SPELT = {
    word: str(number)
    for number, word in enumerate(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"), start=1
    )
}
_SPELT_NUMBER = re.compile(rf"\b(?:{'|'.join(list(_SPELT)[1:])})\b", re.IGNORECASE)  # "one" is mostly a pronoun
_LINK = re.compile(r"(?:https?://|www\.)[^\s)\]>]+|\b[\w.+-]+@[\w-]+\.[\w.]+", re.IGNORECASE)


class StrictCheck:
    """Implements ``QualityCheck`` by words and numbers alone; it needs no neighbour."""

    async def judge(self, draft: Draft, material: Material, context: JudgeContext) -> Verdict:
        """See ``QualityCheck.judge``."""
        judged = _question(draft, material, context) if draft.kind == "question" else _answer(draft, material)
        reasons = tuple(judged)
        return Verdict(passed=False, reasons=reasons) if reasons else PASSED

    async def close(self) -> None:
        """Nothing to let go."""


def _answer(draft: Draft, material: Material) -> Iterator[Reason]:
    words = len(without_markers(draft.text).split())
    if not words:
        yield Reason("empty", "The answer is empty.")
    if words > MOST_WORDS:
        yield Reason("length", f"The answer has {words} words; at most {MOST_WORDS} are allowed.")
    for sentence in sentences_of(draft.text):
        yield from _sentence(sentence, material)


def _sentence(sentence: str, material: Material) -> Iterator[Reason]:
    shown = without_markers(sentence)
    cited = material.cited(sentence)
    if not cited or len(cited) < len(cited_in(sentence)):
        yield Reason("uncited", f'This sentence does not cite a source that exists: "{shown}"')
        return
    held = _text_of(cited)
    for number in _strange(_NUMBER, _in_digits(shown), _in_digits(held)):
        yield Reason("number", f'"{number}" does not occur in what this sentence cites: "{shown}"')
    for link in _strange(_LINK, shown, held):
        yield Reason("link", f'The address "{link}" does not occur in what this sentence cites.')
    words = set(words_of(shown)) - _LIGHT
    if words and len(words & set(words_of(held))) < _SUPPORTED * len(words):
        yield Reason("unsupported", f'What this sentence cites does not say it: "{shown}"')


def _question(draft: Draft, material: Material, context: JudgeContext) -> Iterator[Reason]:
    if not draft.text.rstrip().endswith("?") or len(draft.text.split()) > _MOST_WORDS_OF_A_QUESTION:
        yield Reason("length", f"A question back is one question of at most {_MOST_WORDS_OF_A_QUESTION} words.")
    held = " ".join([_text_of(material.sources), context.question, *context.said])
    for kind, pattern in (("number", _NUMBER), ("link", _LINK)):
        for strange in _strange(pattern, _in_digits(draft.text), _in_digits(held)):
            yield Reason(kind, f'"{strange}" was neither said by the customer nor does it stand in the sources.')


def _in_digits(text: str) -> str:
    """``text`` with small numbers as digits, however they are written."""
    return _SPELT_NUMBER.sub(lambda match: _SPELT[match[0].lower()], text)


def _text_of(sources: Sequence[Source]) -> str:
    return "\n".join(f"{source.title}\n{source.text}" for source in sources)


def strange_links(text: str, held: str) -> list[str]:
    """The web and e-mail addresses of ``text`` that ``held`` does not have."""
    return _strange(_LINK, text, held)


def _strange(pattern: re.Pattern[str], text: str, held: str) -> list[str]:
    known = {match[0].rstrip(".,").casefold() for match in pattern.finditer(held)}
    found = dict.fromkeys(match[0].rstrip(".,") for match in pattern.finditer(text))
    return [one for one in found if one.casefold() not in known]
