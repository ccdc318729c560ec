"""What a draft is judged by before anybody reads it, and what the judge says."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from answering.quality.markers import cited_in

DraftKind = Literal["answer", "question"]
SourceKind = Literal["entry", "tool"]


@dataclass(frozen=True, slots=True)
class Source:
    """One thing the draft may rest on, cited as ``[number]``.

    ``name`` is the entry's id or the tool's name. ``text`` is all that the model was given of it.
    """

    number: int
    kind: SourceKind
    name: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Material:
    """Everything the model was given to write from: entries and the results of its tool calls."""

    sources: tuple[Source, ...] = ()

    def cited(self, text: str) -> tuple[Source, ...]:
        """The sources that ``text`` cites, in the order of their first mention; unknown numbers are left out."""
        by_number = {source.number: source for source in self.sources}
        return tuple(by_number[number] for number in cited_in(text) if number in by_number)


@dataclass(frozen=True, slots=True)
class Draft:
    """What a model wrote, its ``[1]`` markers still in it.

    A ``question`` asks the customer back: it cites nothing and must therefore state nothing.
    """

    text: str
    kind: DraftKind = "answer"


@dataclass(frozen=True, slots=True)
class JudgeContext:
    """Who asked what. ``said`` are the customer's own recent messages, whose words may be repeated to them."""

    question: str
    conversation_id: str = ""
    said: tuple[str, ...] = ()
    locale: str = "en"
    audience: frozenset[str] = frozenset({"public"})


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a draft is not told: ``kind`` in one word for counting, ``detail`` a sentence a model can mend it by."""

    kind: str
    detail: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the draft may be told; ``reasons`` is empty exactly when it passed."""

    passed: bool
    reasons: tuple[Reason, ...] = field(default=())


PASSED = Verdict(passed=True)


class SecondReader(Protocol):
    """Reads a draft once more beside its sources."""

    async def unsupported(
        self, sentences: Sequence[str], cited: Sequence[Source], *, conversation_id: str
    ) -> list[int]:
        """The numbers, from 0, of the ``sentences`` that the ``cited`` sources do not say.

        Raises:
            LanguageModelError: there is no reading, or none of every sentence.
        """
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


class QualityCheck(Protocol):
    """Between a language model and the customer; nothing generated is told without it."""

    async def judge(self, draft: Draft, material: Material, context: JudgeContext) -> Verdict:
        """Whether ``draft`` may be told. A check that cannot do its work says no."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...
