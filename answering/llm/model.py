"""What is sent to a language model and what comes back, in no provider's dialect."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Role = Literal["user", "assistant", "tool"]
FinishReason = Literal["stop", "tool_calls", "length", "refused"]


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A tool the model wants called. ``arguments`` is what it wrote, which need not be JSON."""

    call_id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Message:
    """One message. ``answers`` is the id of the tool call that a ``tool`` message answers."""

    role: Role
    text: str
    tool_calls: tuple[ToolCall, ...] = ()
    answers: str | None = None


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """A tool as the model is told of it; ``parameters`` is a JSON schema without open ends."""

    name: str
    description: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Prompt:
    """Everything one call of a model gets."""

    system: str
    messages: tuple[Message, ...]
    tools: tuple[ToolSpec, ...] = ()
    max_tokens: int = 400

    @property
    def characters(self) -> int:
        """How long it is, roughly as it is billed."""
        return (
            len(self.system)
            + sum(
                len(message.text) + sum(len(call.arguments) for call in message.tool_calls) for message in self.messages
            )
            + sum(len(tool.description) + len(str(tool.parameters)) for tool in self.tools)
        )


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens a call took, as the provider counts them."""

    prompt_tokens: int = 0
    completion_tokens: int = 0

    @property
    def total(self) -> int:
        return self.prompt_tokens + self.completion_tokens


@dataclass(frozen=True, slots=True)
class TextDelta:
    """The next piece of the text."""

    text: str


@dataclass(frozen=True, slots=True)
class Finished:
    """The end of an answer. ``usage`` is None where the provider did not tell."""

    reason: FinishReason
    usage: Usage | None = None


Event = TextDelta | ToolCall | Finished


@dataclass(frozen=True, slots=True)
class Completion:
    """A whole answer and who gave it."""

    text: str
    tool_calls: tuple[ToolCall, ...]
    finish: FinishReason
    usage: Usage
    model: str
