"""The answer ladder: each rung answers, or passes on with what it found."""

from collections.abc import Callable, Sequence
from datetime import datetime

import orjson
import structlog

from answering.errors import KnowledgeUnavailable
from answering.model import Answer, Citation, Question, Suggestion
from answering.ports import ApprovedAnswers, Generator
from answering.settings import AnsweringSettings
from contracts.nlu import FALLBACK_INTENT
from retrieval.errors import RetrievalError
from retrieval.model import Entry, EntryId, Hit, SearchFilters
from retrieval.ports import KnowledgeIndex

logger = structlog.get_logger()

_LONGEST_LABEL = 60
_HITS = 8  # more than are shown, since sections of one manual count once


class Ladder:
    """Approved answer, knowledge entry, generated answer, did you mean, none – in this order.

    A rung that is not there (``approved``, ``generator``) is None.
    """

    def __init__(
        self,
        index: KnowledgeIndex,
        settings: AnsweringSettings,
        *,
        now: Callable[[], datetime],
        approved: ApprovedAnswers | None = None,
        generator: Generator | None = None,
    ) -> None:
        """Stand on ``index``; ``now`` decides which entries are in force."""
        self._index = index
        self._settings = settings
        self._now = now
        self._approved = approved
        self._generator = generator

    async def answer(self, question: Question) -> Answer:
        """See ``Answers.answer``."""
        if self._approved and (answer := await self._approved.find(question)):
            return answer
        filters = SearchFilters(at=self._now(), audience=question.audience, locale=question.locale)
        try:
            result = await self._index.search(question.text, top_k=_HITS, filters=filters)
        except RetrievalError as error:
            logger.error("ladder.knowledge_unavailable", reason=str(error))  # noqa: TRY400 - the cause is chained
            raise KnowledgeUnavailable("the knowledge index cannot be read") from error
        answer = await self._from_hits(question, result.hits, dense=result.dense)
        logger.info(
            "ladder.answered", kind=answer.kind, relevance=round(answer.relevance, 3), dense=result.dense,
            entry_ids=[citation.entry_id for citation in answer.citations], index=result.version,
        )  # fmt: skip
        return answer

    async def entry(
        self, entry_id: str, *, audience: frozenset[str] = frozenset({"public"}), locale: str = "en"
    ) -> Answer | None:
        """See ``Answers.entry``."""
        filters = SearchFilters(at=self._now(), audience=audience, locale=locale)
        try:
            entry = await self._index.get(EntryId(entry_id), filters=filters)
        except RetrievalError as error:
            logger.error("ladder.knowledge_unavailable", reason=str(error))  # noqa: TRY400 - the cause is chained
            raise KnowledgeUnavailable("the knowledge index cannot be read") from error
        if entry is None:
            return None
        return Answer("entry", entry.answer, (_citation(entry),), relevance=1.0)

    async def close(self) -> None:
        """See ``Answers.close``."""
        await self._index.close()

    async def _from_hits(self, question: Question, hits: Sequence[Hit], *, dense: bool) -> Answer:
        best = hits[0].relevance if hits else 0.0
        if hits and best >= self._settings.answer_at:
            return Answer("entry", hits[0].answer, (_citation(hits[0]),), relevance=best, dense=dense)
        in_scope = question.intent not in (None, FALLBACK_INTENT)
        near_from = self._settings.suggest_at_in_scope if in_scope else self._settings.suggest_at
        near = [hit for hit in hits if hit.relevance >= near_from]
        if near and self._generator and (answer := await self._generator.generate(question, near)):
            return answer
        if suggestions := self._suggestions(near):
            return Answer("did_you_mean", suggestions=suggestions, relevance=best, dense=dense)
        return Answer("none", relevance=best, dense=dense)

    def _suggestions(self, near: Sequence[Hit]) -> tuple[Suggestion, ...]:
        """The nearest entries as buttons, one a manual: its sections would crowd out everything else."""
        first: dict[str, Hit] = {}
        for hit in near:
            first.setdefault(hit.document_id, hit)
        return tuple(suggestion_of(hit) for hit in list(first.values())[: self._settings.most_suggestions])


def suggestion_of(hit: Hit) -> Suggestion:
    """The button that leads to an entry."""
    payload = orjson.dumps({"entry_id": hit.entry_id}).decode()
    return Suggestion(_shortened(hit.title), f"/ask_entry{payload}")


def _shortened(title: str) -> str:
    if len(title) <= _LONGEST_LABEL:
        return title
    head = title[: _LONGEST_LABEL - 1]
    return (head.rsplit(" ", 1)[0] if " " in head else head).rstrip(" ,;:(–-") + "…"


def _citation(found: Entry | Hit) -> Citation:
    return Citation(found.entry_id, found.title, found.path, found.url)
