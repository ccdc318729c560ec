"""The quality check: every sentence held by what it cites, and nothing that no answer may say."""

import asyncio
import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

import structlog

from answering.llm.errors import LanguageModelError
from answering.quality.binding import Layout, rebound_in
from answering.quality.bounds import turned_bounds
from answering.quality.doubt import Doubts
from answering.quality.markers import cited_in, sentences_of, without_markers
from answering.quality.own_words import in_its_own_words
from answering.quality.phrases import phrase_reasons
from answering.quality.ports import (
    PASSED,
    Draft,
    JudgeContext,
    Material,
    Reason,
    SecondReader,
    Source,
    Verdict,
)
from answering.quality.quantities import strange_in
from answering.quality.strict import MOST_WORDS
from answering.quality.support import SourceText, features_of, texts_to_embed
from answering.quality.terms import foreign_in
from answering.quality.words import content_words
from retrieval.errors import EmbedderError
from retrieval.ports import Embedder, Vectors

logger = structlog.get_logger()

_MOST_WORDS_OF_A_QUESTION = 40
_ELSEWHERE = 0.45  # between what faithful tuning sentences reach (0.35) and what misplaced numbers do
_TURNED = 0.5  # share of the common words under another modal, from which on a sentence is unsupported by rule
_LINK = re.compile(r"(?:https?://|www\.)[^\s)\]>\"']+|\b[\w.+-]+@[\w-]+\.[\w.]*\w", re.IGNORECASE)
_HOST = re.compile(r"(?:https?://|www\.|[^\s@]+@)?([\w.-]+)", re.IGNORECASE)
_COURTESY = re.compile(
    r"^(?:i'?m|i am|we'?re|we are)?\s*(?:(?:very|so|really) )?(?:sorry|glad|happy)\b[^.!?]*[.!]?$"
    r"|^(?:thanks?|thank you|good question|sure|of course|yes|no|great|hello|hi)\b[^.!?]{0,30}[.!,]?$",
    re.IGNORECASE,
)
"""Sentences that state nothing need no source."""


class Moderation(Protocol):
    """Somebody else's judgement of a text, such as a provider's moderation."""

    async def objects_to(self, text: str) -> str | None:
        """The category that ``text`` falls under, or None. Whoever cannot judge raises."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


class GroundingCheck:
    """Implements ``QualityCheck``. Whatever it cannot judge it does not let through."""

    def __init__(
        self,
        embedder: Embedder,
        *,
        doubts: Doubts,
        hosts: frozenset[str],
        language_of: Callable[[str], str | None] | None = None,
        moderation: Moderation | None = None,
        reader: SecondReader | None = None,
    ) -> None:
        """Allow links to ``hosts`` (subdomains included); ``language_of`` tells a text's language where it can.

        What rules and measures let through is shown to ``reader``, then to ``moderation``.
        """
        self._embedder = embedder
        self._doubts = doubts
        self._hosts = hosts
        self._language_of = language_of
        self._moderation = moderation
        self._reader = reader

    async def judge(self, draft: Draft, material: Material, context: JudgeContext) -> Verdict:
        """See ``QualityCheck.judge``."""
        reasons = list(self._of_the_whole(draft, material, context))
        if draft.kind == "answer" and not reasons:
            reasons += await self._of_sentences(draft, material, context)
        if not reasons and self._moderation:
            reasons += await self._moderated(draft)
        return Verdict(passed=False, reasons=tuple(reasons)) if reasons else PASSED

    async def close(self) -> None:
        """Let go of the embedder and the moderation."""
        await self._embedder.close()
        if self._moderation:
            await self._moderation.close()
        if self._reader:
            await self._reader.close()

    def _of_the_whole(self, draft: Draft, material: Material, context: JudgeContext) -> Iterator[Reason]:
        shown = without_markers(draft.text)
        held = " ".join([_text_of(material.sources), context.question, *context.said])
        yield from _length(draft, shown)
        yield from phrase_reasons(shown, _text_of(material.cited(draft.text)))
        for link in _LINK.findall(shown):
            if not self._is_allowed(link.rstrip(".,"), held):
                yield Reason("link", f'The address "{link}" is neither in the sources nor the company\'s.')
        if self._language_of and (told := self._language_of(shown)) and told != context.locale.split("-")[0]:
            asked = self._language_of(context.question)
            if told != asked:
                yield Reason("language", f"The answer must be in the customer's language, not in {told}.")
        if draft.kind == "question":
            for quantity in strange_in(shown, held):
                yield Reason("number", f'"{quantity.value} {quantity.unit}" was neither said nor is it in the sources.')
            for name in foreign_in(shown, held):
                yield Reason("name", f'"{name}" was neither said nor is it in the sources.')

    def _is_allowed(self, link: str, held: str) -> bool:
        if "://" not in link and "@" in link:
            return link.casefold() in held.casefold()
        match = _HOST.match(link)
        host = match[1].casefold() if match else ""
        ours = any(host == own or host.endswith(f".{own}") for own in self._hosts)
        return ours and link.casefold() in held.casefold()

    async def _of_sentences(self, draft: Draft, material: Material, context: JudgeContext) -> list[Reason]:
        reasons: list[Reason] = []
        by_source: dict[tuple[Source, ...], list[str]] = {}
        for sentence in sentences_of(draft.text):
            shown, cited = without_markers(sentence), material.cited(sentence)
            if len(cited) < len(cited_in(sentence)):
                reasons.append(Reason("uncited", f'This sentence cites a source that does not exist: "{shown}"'))
            elif cited:
                by_source.setdefault(cited, []).append(shown)
            elif not _COURTESY.match(shown):
                reasons.append(Reason("uncited", f'This sentence cites no source: "{shown}"'))
        for cited, sentences in by_source.items():
            reasons += await self._held(sentences, cited)
        if not reasons and self._reader:
            readings = (self._read_again(self._reader, said, cited, context) for cited, said in by_source.items())
            reasons += itertools.chain.from_iterable(await asyncio.gather(*readings))
        return reasons

    async def _held(self, sentences: Sequence[str], cited: tuple[Source, ...]) -> list[Reason]:
        """What is wrong with sentences that cite the same sources."""
        text = _text_of(cited)
        reasons = [reason for sentence in sentences for reason in _strict(sentence, text)]
        reasons += [reason for sentence in sentences for reason in _bound(sentence, source_of(cited))]
        if reasons:
            return reasons
        try:
            doubts = await doubts_of(sentences, cited, self._embedder, self._doubts)
        except EmbedderError as error:
            logger.warning("quality.unchecked", reason=type(error).__name__)
            return [Reason("unchecked", "The check could not be done.")]
        return [
            Reason("unsupported", f'What this sentence cites does not say it like this: "{sentence}"')
            for sentence, doubt in zip(sentences, doubts, strict=True)
            if doubt >= self._doubts.reject_at
        ]

    @staticmethod
    async def _read_again(
        reader: SecondReader, sentences: Sequence[str], cited: tuple[Source, ...], context: JudgeContext
    ) -> list[Reason]:
        """What a second reading objects to. The reader's own words go no further: they are a model's."""
        try:
            found = await reader.unsupported(sentences, cited, conversation_id=context.conversation_id)
        except LanguageModelError as error:
            logger.warning("quality.unread", reason=error.outcome)
            return [Reason("unchecked", "The second reading could not be done.")]
        return [
            Reason("reread", f'Read again beside what it cites, this sentence is not held by it: "{sentences[number]}"')
            for number in found
        ]

    async def _moderated(self, draft: Draft) -> list[Reason]:
        assert self._moderation  # noqa: S101 - asked by the caller
        try:
            category = await self._moderation.objects_to(without_markers(draft.text))
        except Exception as error:  # noqa: BLE001 - a check that cannot do its work says no
            logger.warning("quality.unmoderated", reason=type(error).__name__)
            return [Reason("unchecked", "The moderation could not be asked.")]
        return [Reason("moderation", f"The answer was flagged as {category}.")] if category else []


async def doubts_of(
    sentences: Sequence[str], cited: Sequence[Source], embedder: Embedder, judge: Doubts
) -> list[float]:
    """How much each sentence is to be doubted, given what it cites: in the source's own words not at all.

    Wholly, where it makes a must of a may, or a "may not" of a "must", and the like.

    Raises:
        EmbedderError: there are no vectors.
    """
    source = source_of(cited)
    vectors = await vectors_of(texts_to_embed(sentences, source), embedder)
    text = _text_of(cited)

    def doubt(sentence: str) -> float:
        if in_its_own_words(sentence, text):
            return 0.0
        features = features_of(sentence, source, vectors)
        return 1.0 if features["modal_turned"] >= _TURNED else judge.doubt(features)

    return [doubt(sentence) for sentence in sentences]


async def vectors_of(texts: Sequence[str], embedder: Embedder) -> dict[str, Vectors]:
    """Each text's vector."""
    found = (await embedder.embed(list(texts))).vectors
    return dict(zip(texts, found, strict=True))


def source_of(cited: Sequence[Source]) -> SourceText:
    """What is cited together, as one."""
    return SourceText.of("\n".join(source.title for source in cited), "\n".join(source.text for source in cited))


def _strict(sentence: str, text: str) -> Iterator[Reason]:
    """What no paraphrase excuses: numbers, names."""
    for quantity in strange_in(sentence, text):
        yield Reason(
            "number", f'"{quantity.value} {quantity.unit}" does not occur in what this sentence cites: "{sentence}"'
        )
    for value in turned_bounds(sentence, text):
        yield Reason("number", f'What this sentence cites bounds "{value}" from the other side: "{sentence}"')
    for name in foreign_in(sentence, text):
        yield Reason("name", f'"{name}" does not occur in what this sentence cites: "{sentence}"')


def _bound(sentence: str, source: SourceText) -> Iterator[Reason]:
    """Numbers that the source holds, but says of something else."""
    for vote, anchor in rebound_in(Layout.of(sentence), source.layout, source.topic):
        if anchor.counts and vote >= _ELSEWHERE:
            yield Reason(
                "number", f'What this sentence cites says "{anchor.value.strip()}" of something else: "{sentence}"'
            )


def _length(draft: Draft, shown: str) -> Iterator[Reason]:
    words = len(shown.split())
    if not words or not content_words(shown):
        yield Reason("empty", "The answer says nothing.")
    elif draft.kind == "question":
        if not shown.rstrip().endswith("?") or words > _MOST_WORDS_OF_A_QUESTION:
            yield Reason("length", f"A question back is one question of at most {_MOST_WORDS_OF_A_QUESTION} words.")
    elif words > MOST_WORDS:
        yield Reason("length", f"The answer has {words} words; at most {MOST_WORDS} are allowed.")


def _text_of(sources: Sequence[Source]) -> str:
    return "\n".join(f"{source.title}\n{source.text}" for source in sources)
