"""A ladder without knowledge: answers are given to it. For tests of what stands above the ladder."""

from collections.abc import Mapping, Sequence

from answering.model import Answer, Citation, Question


class FixedAnswers:
    """Implements ``Answers`` from two mappings and keeps the questions it was asked.

    Args:
        answers: answer by the question's exact text.
        entries: answer text by entry id, for clicked suggestions.
        error: raised by every call when given.
    """

    def __init__(
        self,
        answers: Mapping[str, Answer] | None = None,
        *,
        entries: Mapping[str, str] | None = None,
        error: Exception | None = None,
    ) -> None:
        """Answer from ``answers`` and ``entries``; everything else gets ``Answer("none")``."""
        self._answers = dict(answers or {})
        self._entries = dict(entries or {})
        self._error = error
        self.asked: list[Question] = []

    async def answer(self, question: Question) -> Answer:
        """The answer given for this text."""
        if self._error:
            raise self._error
        self.asked.append(question)
        return self._answers.get(question.text, Answer("none"))

    async def entry(
        self, entry_id: str, *, audience: frozenset[str] = frozenset({"public"}), locale: str = "en"
    ) -> Answer | None:
        """The entry given under this id."""
        del audience, locale
        if self._error:
            raise self._error
        text = self._entries.get(entry_id)
        if text is None:
            return None
        return Answer("entry", text, (Citation(entry_id, entry_id),), relevance=1.0)

    async def sentence(self, question: Question, told: Sequence[str]) -> Answer | None:
        """None: no entry has sentences here."""
        del question, told
        return None

    async def close(self) -> None:
        """Nothing to let go."""
