"""What the conversation is about: the article or place spoken of last, for questions that name neither."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz

from actions.places import country_in, place_words
from actions.turn import Turn
from answering.model import Answer
from backoffice.model.act import Refusal
from backoffice.service.catalogue import CatalogueDesk, ProductView
from backoffice.service.regions import region_for

_FRESH = 3
"""Messages; what was named longer ago is not what "it" means."""

_LIKE = 88
_MOST_LIKE_IT = 8
_SHIPPING = frozenset({"utter_ships", "utter_ships_not"})


@dataclass(frozen=True, slots=True)
class Subject:
    """``words`` as they stand in a search; an entry about it has ``mark`` in its title, or is ``entry_id`` itself."""

    words: str
    mark: str
    entry_id: str | None = None

    def is_told_by(self, answer: Answer) -> bool:
        """Whether an answer is about this."""
        return self.entry_id in answer.entry_ids or self.mark.casefold() in _titles(answer)


def articles_in(text: str, catalogue: CatalogueDesk) -> list[ProductView]:
    """The articles that the words name, those whose whole name stands there before the others.

    A whole word of the name must be in the words: near spellings alone prove little in a sentence.
    """
    said = _stems(text)
    found = [
        view
        for view in catalogue.find(text, limit=_MOST_LIKE_IT)
        if any(_is_like(part, said) for part in _stems(view.product.name))
    ]
    whole = [view for view in found if all(_is_like(part, said) for part in _stems(view.product.name))]
    return whole or found


def without_articles(text: str, catalogue: CatalogueDesk) -> str:
    """The words without the articles that they name."""
    named = {stem for view in articles_in(text, catalogue) for stem in _stems(view.product.name)}
    said = [word for word in text.split() if not any(_is_like(stem, list(named)) for stem in _stems(word))]
    return " ".join(said) if named else text


def subject_before(turn: Turn, catalogue: CatalogueDesk) -> Subject | None:
    """The article or place of the last few messages; None where none was named, or articles of several kinds."""
    shipping = False
    for speaker, event in _lately(turn):
        text = str(event.get("text") or "")
        if speaker == "bot":
            shipping = shipping or str((event.get("metadata") or {}).get("utter_action")) in _SHIPPING
            text = _named_by(event)
        elif shipping and (code := country_in(text)):
            return _place(code)
        if text and (found := articles_in(text, catalogue)):
            return _article(found)
    return None


def about_another(answer: Answer, subject: Subject, catalogue: CatalogueDesk) -> bool:
    """Whether an answer is about an article, and not this one."""
    return bool(articles_in(_titles(answer), catalogue)) and not subject.is_told_by(answer)


def _lately(turn: Turn) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The messages before this one, newest first."""
    age = 0
    for event in reversed(turn.tracker.events):
        kind = event.get("event")
        if kind in {"session_started", "restart"} or age > _FRESH:
            return
        if kind == "user":
            age += 1
        if age and kind in {"user", "bot"} and not (kind == "user" and age == 1):
            yield kind, event


def _named_by(event: Mapping[str, Any]) -> str:
    """The part of a bot's message that says what it is about."""
    record = (event.get("data") or {}).get("custom")
    if not isinstance(record, Mapping):
        return ""
    if record.get("kind") == "stock":
        return str(event.get("text") or "").partition(".")[0]
    return " ".join(str(citation.get("title")) for citation in record.get("citations") or ())


def _article(found: list[ProductView]) -> Subject | None:
    names = [view.product.name for view in found]
    first = {name.split()[0] for name in names}
    if len(first) > 1:
        return None
    (mark,) = first
    return Subject(names[0] if len(names) == 1 else mark, mark)


def _place(code: str) -> Subject:
    region = region_for(code, None)
    policy = None if isinstance(region, Refusal) else region.policy
    return Subject(f"delivery to {place_words(code)}", place_words(code), policy)


def _titles(answer: Answer) -> str:
    return " ".join(" ".join((*citation.path, citation.title)) for citation in answer.citations).casefold()


def _stems(text: str) -> list[str]:
    return [word.rstrip("s") for word in re.findall(r"[a-z]{3,}", text.casefold())]


def _is_like(part: str, said: list[str]) -> bool:
    return any(fuzz.ratio(part, word) >= _LIKE for word in said)
