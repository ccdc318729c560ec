"""What the ladder stands on, and what it offers to ``actions``."""

from collections.abc import Sequence
from typing import Protocol

from answering.model import Answer, Question
from retrieval.model import Hit


class Answers(Protocol):
    """The ladder as actions see it."""

    async def answer(self, question: Question) -> Answer:
        """The best answer there is; ``kind`` is ``"none"`` when there is none.

        Raises:
            KnowledgeUnavailable: the knowledge cannot be read.
        """
        ...

    async def entry(
        self, entry_id: str, *, audience: frozenset[str] = frozenset({"public"}), locale: str = "en"
    ) -> Answer | None:
        """The entry behind a clicked suggestion, or None when it is not (or no longer) to be told."""
        ...

    async def sentence(self, question: Question, told: Sequence[str]) -> Answer | None:
        """The sentence that answers a short follow-up, of the entries ``told`` before; None where none surely does.

        Raises:
            KnowledgeUnavailable: the knowledge cannot be read.
        """
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


class ApprovedAnswers(Protocol):
    """First rung: answers that staff wrote for a question like this one."""

    async def find(self, question: Question) -> Answer | None:
        """The approved answer in force for this question, or None."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


class Generator(Protocol):
    """Third rung: a language model writes an answer from what was found."""

    async def generate(self, question: Question, hits: Sequence[Hit]) -> Answer | None:
        """An answer that passed the quality check, one that only says that it does not know, or None to go on."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...
