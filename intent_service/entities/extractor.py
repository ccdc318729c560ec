"""All extractors over one text, and what to do when a message is nothing but entities."""

import re
from collections.abc import Callable
from datetime import datetime

from intent_service.entities.amounts import amounts
from intent_service.entities.contacts import emails, phones
from intent_service.entities.dates import dates
from intent_service.entities.gazetteer import PatternFinder, PhraseFinder
from intent_service.entities.model import Span, without_overlaps
from intent_service.nlu_data.model import Gazetteer
from intent_service.word_lists import word_list

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|\d+")


class EntityExtractor:
    """Finds entities; built once a model.

    Args:
        gazetteer: The data's lookups, synonyms and patterns.
        is_word: Whether a string is an English word (see ``PhraseFinder``).
        region: Country whose phone numbers come without a country code.
        now: Local time for "tomorrow".
    """

    def __init__(
        self,
        gazetteer: Gazetteer,
        *,
        is_word: Callable[[str], bool],
        region: str,
        now: Callable[[], datetime],
    ) -> None:
        self._patterns = PatternFinder(gazetteer)
        self._phrases = PhraseFinder(gazetteer, is_word=is_word)
        self._region, self._now = region, now

    def extract(self, text: str) -> list[Span]:
        """Entities in the order of the text, none overlapping; the surer extractor wins a dispute."""
        return without_overlaps(
            [
                *emails(text),
                *self._patterns.find(text),
                *dates(text, now=self._now()),
                *amounts(text),
                *phones(text, region=self._region),
                *self._phrases.find(text),
            ]
        )


def only_facts(text: str, spans: list[Span]) -> bool:
    """Whether a message says nothing but entities: ``order 10046 thanks``, ``it's jo@example.org``."""
    if not spans:
        return False
    rest = list(text)
    for span in spans:
        rest[span.start : span.end] = " " * (span.end - span.start)
    left, filler = "".join(rest), word_list("filler")
    if "?" in left:
        return False
    return all(word.casefold().replace("’", "'") in filler for word in _WORD.findall(left))
