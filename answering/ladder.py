"""The answer ladder: each rung answers, or passes on with what it found."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from datetime import datetime

import orjson
import structlog

from answering.cache import ASK_ENTRY, AnswerCache, entries_behind
from answering.errors import KnowledgeUnavailable
from answering.follow_up import joined, speaks_of
from answering.metrics import CACHE
from answering.model import TOLD, Answer, Citation, Question, Suggestion
from answering.normal_form import question_key
from answering.passages import Passages
from answering.ports import ApprovedAnswers, Generator
from answering.quality.words import content_words
from answering.settings import AnsweringSettings
from contracts.nlu import FALLBACK_INTENT
from retrieval.errors import RetrievalError
from retrieval.model import Entry, EntryId, Hit, SearchFilters
from retrieval.ports import KnowledgeIndex

logger = structlog.get_logger()

_LONGEST_LABEL = 60
_BESIDE_THE_BEST = 0.2  # the share of the best relevance from which an entry is worth a look beside it
_LEAST_BESIDE = 0.05
_BARE = 2
"""Words of a message that is no more than a name: "and shoes?"."""

SENTENCE_AT = 0.7
"""Relevance from which a sentence of an entry told before is offered as the answer to a follow-up."""

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
        cache: AnswerCache | None = None,
        passages: Passages | None = None,
        hide: Callable[[str], str] = str,
    ) -> None:
        """Stand on ``index``; ``now`` decides which entries are in force, ``hide`` masks what is searched and kept."""
        self._hide = hide
        self._cache = cache
        self._index = index
        self._settings = settings
        self._now = now
        self._approved = approved
        self._generator = generator
        self._passages = passages

    async def answer(self, question: Question) -> Answer:
        """See ``Answers.answer``. What no entry answers as it stands is written from the nearest ones."""
        searched = self._masked(question)
        found = await self._found(searched)
        if found.kind in TOLD or self._generator is None:
            return found
        material = await self._material(searched)
        if not material and not _in_scope(question):
            return found
        written = await self._generator.generate(question, material)
        return replace(written, relevance=found.relevance, dense=found.dense) if written else found

    async def drafts(self, question: Question) -> list[Answer]:
        """What a colleague may edit and send: staff's own words for this question, and what a model writes.

        Raises:
            KnowledgeUnavailable: the knowledge cannot be read.
        """
        searched = self._masked(question)
        approved = await self._approved.find(searched) if self._approved else None
        written = await self._generator.generate(question, await self._material(searched)) if self._generator else None
        return [one for one in (approved, written) if one is not None and one.text]

    def _masked(self, question: Question) -> Question:
        """The question as the index, its embedder and the cache may see it; the generator masks and restores itself."""
        refers_to = question.refers_to and self._hide(question.refers_to)
        return replace(question, text=self._hide(question.text), refers_to=refers_to)

    async def _found(self, question: Question) -> Answer:
        """What is there without a model. A follow-up is asked by itself first, then with what it refers to."""
        answer = await self._answer(replace(question, refers_to=None))
        if question.refers_to is None or answer.kind in TOLD:
            return answer
        return await self._together(question, question.refers_to, answer)

    async def _material(self, question: Question) -> list[Hit]:
        """The nearest entries, of a follow-up those to both questions as one."""
        text = question.text if question.refers_to is None else joined(question.refers_to, question.text)
        filters = SearchFilters(at=self._now(), audience=question.audience, locale=question.locale)
        try:
            found = await self._index.search(text, top_k=self._settings.most_material, filters=filters)
        except RetrievalError as error:
            raise KnowledgeUnavailable("the knowledge index cannot be read") from error
        return [hit for hit in found.hits if hit.relevance >= self._near_from(question)]

    async def _together(self, question: Question, refers_to: str, alone: Answer) -> Answer:
        """The answer to both questions as one, ``alone`` being that to the follow-up by itself.

        An entry that the earlier question finds without the follow-up may have nothing to say to the new part
        ("how do I descale the kettle? and the coffee machine?"): it is offered, not told.
        """
        together = await self._answer(replace(question, text=joined(refers_to, question.text), refers_to=None))
        if together.kind != "entry":
            return alone if together.kind == "none" else together
        before = await self._answer(replace(question, text=refers_to, refers_to=None))
        if before.citations != together.citations:
            return together
        again = tuple(_suggestion(citation.entry_id, citation.title) for citation in together.citations)
        offered = dict.fromkeys([*again, *alone.suggestions])
        return replace(alone, kind="did_you_mean", suggestions=tuple(offered)[: self._settings.most_suggestions])

    async def _answer(self, question: Question) -> Answer:
        if self._approved and (answer := await self._approved.find(question)):
            return answer
        filters = SearchFilters(at=self._now(), audience=question.audience, locale=question.locale)
        try:
            answer, version = await self._kept_or_found(question, filters)
        except RetrievalError as error:
            logger.error("ladder.knowledge_unavailable", reason=str(error))  # noqa: TRY400 - the cause is chained
            raise KnowledgeUnavailable("the knowledge index cannot be read") from error
        logger.info(
            "ladder.answered", kind=answer.kind, relevance=round(answer.relevance, 3), dense=answer.dense,
            entry_ids=[citation.entry_id for citation in answer.citations], index=version,
        )  # fmt: skip
        return answer

    async def _kept_or_found(self, question: Question, filters: SearchFilters) -> tuple[Answer, str]:
        """The answer and the index's version, from the answers kept ready where it is still to be told."""
        version = await self._index.version() if self._cache else ""
        if self._cache and (kept := self._cache.get(_key(question, version))):
            if all([await self._index.get(entry_id, filters=filters) for entry_id in entries_behind(kept)]):
                CACHE.labels("hit").inc()
                return kept, version
            self._cache.drop(_key(question, version))
            CACHE.labels("outdated").inc()
        elif self._cache:
            CACHE.labels("miss").inc()
        result = await self._index.search(question.text, top_k=_HITS, filters=filters)
        answer = self._from_hits(question, result.hits, dense=result.dense)
        if self._cache:
            self._cache.put(_key(question, result.version), answer)
        return answer, result.version

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

    async def sentence(self, question: Question, told: Sequence[str]) -> Answer | None:
        """See ``Answers.sentence``."""
        if self._passages is None:
            return None
        asked = self._hide(question.text)
        found = []
        for entry_id in told:
            entry = await self.entry(entry_id, audience=question.audience, locale=question.locale)
            if entry and (best := await self._passages.best(asked, entry.text)):
                found.append(replace(entry, text=best.text, relevance=best.relevance, sentence=True))
        nearest = max(found, key=lambda one: one.relevance, default=None)
        return nearest if nearest and nearest.relevance >= SENTENCE_AT else None

    async def close(self) -> None:
        """See ``Answers.close``."""
        if self._passages:
            await self._passages.close()
        if self._approved:
            await self._approved.close()
        if self._generator:
            await self._generator.close()
        await self._index.close()

    def _from_hits(self, question: Question, hits: Sequence[Hit], *, dense: bool) -> Answer:
        best = hits[0].relevance if hits else 0.0
        if hits and best >= self._settings.answer_at and not _only_mentioned(question.text, hits[0]):
            return Answer("entry", hits[0].answer, (_citation(hits[0]),), relevance=best, dense=dense)
        # Who chooses among near entries is helped by more than one: beside a plausible one stand the next best.
        plausible = best >= self._near_from(question)
        least = max(_BESIDE_THE_BEST * best, _LEAST_BESIDE)
        near = [hit for hit in hits if plausible and hit.relevance >= least]
        if suggestions := self._suggestions(near):
            return Answer("did_you_mean", suggestions=suggestions, relevance=best, dense=dense)
        return Answer("none", relevance=best, dense=dense)

    def _near_from(self, question: Question) -> float:
        return self._settings.suggest_at_in_scope if _in_scope(question) else self._settings.suggest_at

    def _suggestions(self, near: Sequence[Hit]) -> tuple[Suggestion, ...]:
        """The nearest entries as buttons, one a manual: its sections would crowd out everything else."""
        first: dict[str, Hit] = {}
        for hit in near:
            first.setdefault(hit.document_id, hit)
        return tuple(suggestion_of(hit) for hit in list(first.values())[: self._settings.most_suggestions])


def _only_mentioned(text: str, hit: Hit) -> bool:
    """Whether all that is asked is one word, which stands in neither title nor answer but in a wording: "shoes"."""
    words = content_words(text)
    alone = len(words) == 1 and len(text.split()) <= _BARE
    return alone and not speaks_of(words[0], " ".join((hit.title, *hit.path, hit.answer)))


def _in_scope(question: Question) -> bool:
    return question.intent not in (None, FALLBACK_INTENT)


def _key(question: Question, version: str) -> Hashable:
    """All that an answer from the index depends on, but for time."""
    return question_key(question.text), version, question.locale, question.audience, _in_scope(question)


def suggestion_of(hit: Hit) -> Suggestion:
    """The button that leads to an entry."""
    return _suggestion(hit.entry_id, hit.title)


def _suggestion(entry_id: str, title: str) -> Suggestion:
    payload = orjson.dumps({"entry_id": entry_id}).decode()
    return Suggestion(_shortened(title), f"{ASK_ENTRY}{payload}")


def _shortened(title: str) -> str:
    if len(title) <= _LONGEST_LABEL:
        return title
    head = title[: _LONGEST_LABEL - 1]
    return (head.rsplit(" ", 1)[0] if " " in head else head).rstrip(" ,;:(–-") + "…"


def _citation(found: Entry | Hit) -> Citation:
    return Citation(found.entry_id, found.title, found.path, found.url)
