"""A language model that says what it was told to say: for tests and trials without a provider."""

from collections.abc import AsyncIterator, Callable, Sequence

from answering.llm.errors import LanguageModelError, ModelUnavailable
from answering.llm.model import Event, Finished, Prompt, TextDelta, ToolCall, Usage

Line = str | ToolCall | Sequence[ToolCall] | LanguageModelError
"""What it says next: a text, tool calls, or an error that it raises."""


class ScriptedModel:
    """Implements ``LanguageModel`` from a list of lines, or from a function of the prompt; keeps what it was given."""

    def __init__(self, *lines: Line, respond: Callable[[Prompt], Line] | None = None, name: str = "scripted") -> None:
        """Say ``lines`` one after the other; past the last one, or without any, ask ``respond``."""
        self._lines = list(lines)
        self._respond = respond
        self._name = name
        self.prompts: list[Prompt] = []

    @property
    def name(self) -> str:
        return f"scripted/{self._name}"

    async def stream(self, prompt: Prompt) -> AsyncIterator[Event]:
        """The next line as a stream, text word by word."""
        self.prompts.append(prompt)
        line = self._next(prompt)
        if isinstance(line, LanguageModelError):
            raise line
        usage = Usage(prompt.characters // 4, 20)
        if isinstance(line, str):
            for word in line.split(" "):
                yield TextDelta(f"{word} ")
            yield Finished("stop", usage)
            return
        for call in [line] if isinstance(line, ToolCall) else line:
            yield call
        yield Finished("tool_calls", usage)

    async def close(self) -> None:
        """Nothing to let go."""

    def _next(self, prompt: Prompt) -> Line:
        if self._lines:
            return self._lines.pop(0)
        return self._respond(prompt) if self._respond else ModelUnavailable("nothing more is scripted")
