"""Answers that staff approved for a question: the first rung of the ladder."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

import numpy as np
import structlog
from cachetools import LRUCache

from answering.errors import ApprovedStoreUnavailable
from answering.metrics import APPROVED
from answering.model import Answer, Citation, Question
from answering.normal_form import question_key, same_words
from privacy.model import IN_DOCUMENTS
from privacy.personal_data import PersonalData
from retrieval.errors import EmbedderError
from retrieval.model import language_of
from retrieval.ports import Embedder

logger = structlog.get_logger()

_REMEMBERED = 2000


@dataclass(frozen=True, slots=True)
class ApprovedAnswer:
    """What staff wrote for a question. ``valid_from`` is inclusive, ``valid_until`` exclusive, both aware UTC."""

    question: str
    answer: str
    audience: str = "public"
    locale: str = "en"
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    by: str = ""
    at: datetime | None = None
    withdrawn_by: str | None = None
    withdrawn_at: datetime | None = None
    number: int = 0

    def may_be_told(self, question: Question, at: datetime) -> bool:
        """Whether it is in force at ``at`` for who asks."""
        return (
            self.withdrawn_at is None
            and self.audience in question.audience
            and language_of(self.locale) == language_of(question.locale)
            and (self.valid_from is None or self.valid_from <= at)
            and (self.valid_until is None or at < self.valid_until)
        )


def newest_first(answers: Sequence[ApprovedAnswer], words: str, *, withdrawn: bool) -> list[ApprovedAnswer]:
    """Those that are withdrawn, or those that are not, with all ``words`` in question, answer or who approved them."""
    wanted = words.casefold().split()
    return [
        item
        for item in sorted(answers, key=lambda one: -one.number)
        if (item.withdrawn_at is not None) is withdrawn
        and all(word in f"{item.question}\n{item.answer}\n{item.by}".casefold() for word in wanted)
    ]


def personal_data_in(texts: Sequence[str], finder: PersonalData) -> str:
    """What a knowledge file is refused for, by its kinds and enough to find it by; empty where there is none."""
    screen = replace(finder, kinds=IN_DOCUMENTS)
    found = (f"{find.kind} {find.hint}" for text in texts for find in screen.find(text))
    return ", ".join(dict.fromkeys(found))


class ApprovedBook(Protocol):
    """Where approved answers are kept."""

    def all(self) -> list[ApprovedAnswer]:
        """Every answer, withdrawn ones too.

        Raises:
            ApprovedStoreUnavailable: they cannot be read.
        """
        ...

    def stamp(self) -> object:
        """Changes with every write."""
        ...


class ApprovedRung:
    """Implements ``ApprovedAnswers``: the same question in other letters, or nearly the same one."""

    def __init__(self, book: ApprovedBook, embedder: Embedder, *, near_at: float, now: Callable[[], datetime]) -> None:
        """Take a question for another one from the cosine ``near_at`` on, and only with the same words."""
        self._book = book
        self._embedder = embedder
        self._near_at = near_at
        self._now = now
        self._stamp: object = None
        self._answers: list[ApprovedAnswer] = []
        self._near: LRUCache[str, tuple[int, ...]] = LRUCache(_REMEMBERED)

    async def find(self, question: Question) -> Answer | None:
        """See ``ApprovedAnswers.find``. The latest approval wins; without vectors only the same question is known."""
        await self._refresh()
        at, key = self._now(), question_key(question.text)
        usable = [item for item in reversed(self._answers) if item.may_be_told(question, at)]
        if not usable or not key:
            return None
        if same := next((item for item in usable if question_key(item.question) == key), None):
            return _told(same, "same")
        nearest = await self._nearest(question.text, key)
        near = next((item for number in nearest for item in usable if item.number == number), None)
        return _told(near, "near") if near else None

    async def close(self) -> None:
        """Let go of the embedder."""
        await self._embedder.close()

    async def _refresh(self) -> None:
        stamp = self._book.stamp()
        if stamp == self._stamp:
            return
        try:
            found = await asyncio.to_thread(self._book.all)
        except ApprovedStoreUnavailable as error:
            logger.error("approved.unavailable", reason=str(error))  # noqa: TRY400 - the ladder goes on
            self._answers, self._stamp = [], None  # what was written may be that one of them is withdrawn
            self._near.clear()
            return
        self._answers = [item for item in found if item.withdrawn_at is None]
        self._stamp = stamp
        self._near.clear()

    async def _nearest(self, text: str, key: str) -> tuple[int, ...]:
        """Numbers of the answers to nearly the same question, nearest first."""
        if key not in self._near:
            worded = [item for item in self._answers if same_words(text, item.question)]
            try:
                self._near[key] = await self._above(text, worded) if worded else ()
            except EmbedderError as error:
                logger.warning("approved.same_only", reason=type(error).__name__)
                return ()
        return self._near[key]

    async def _above(self, text: str, worded: Sequence[ApprovedAnswer]) -> tuple[int, ...]:
        vectors = (await self._embedder.embed([text, *(item.question for item in worded)])).vectors
        cosines = vectors[1:] @ vectors[0]
        order = np.argsort(-cosines, kind="stable")
        return tuple(worded[i].number for i in order if cosines[i] >= self._near_at)


def _told(approved: ApprovedAnswer, match: str) -> Answer:
    APPROVED.labels(match).inc()
    citation = Citation(f"approved:{approved.number}", approved.question)
    return Answer("approved", approved.answer, (citation,), relevance=1.0)
