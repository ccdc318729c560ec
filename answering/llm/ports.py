"""A language model as a provider offers it, and as the rest of the room uses it."""

from collections.abc import AsyncIterator
from typing import Protocol

from answering.llm.model import Completion, Event, Prompt


class LanguageModel(Protocol):
    """One model of one provider."""

    @property
    def name(self) -> str:
        """``provider/model``: in records, metrics and the price table."""
        ...

    def stream(self, prompt: Prompt) -> AsyncIterator[Event]:
        """The answer piece by piece: text, whole tool calls, and ``Finished`` last.

        Raises:
            LanguageModelError: while it is read; an answer that does not end in ``Finished`` is none.
        """
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


class Completions(Protocol):
    """Whole answers within time and money, from whichever model gives one."""

    async def complete(self, prompt: Prompt, *, conversation_id: str, deadline: float) -> Completion:
        """One answer; ``deadline`` counts on the running event loop's clock.

        Raises:
            LanguageModelError: there is none.
        """
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...
