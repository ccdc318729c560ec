"""What the server is told to answer, whichever protocol it is asked by."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

Fault = Literal[
    "overloaded",  # 429, with retry-after when seconds are given
    "error",  # 500
    "silence",  # the connection stays open and nothing comes
    "cut",  # the stream breaks off in a word
    "no_end",  # the stream ends properly, but the answer never said that it was over
    "empty",  # an answer without anything in it
    "not_json",  # 200 with something else than the protocol
    "unauthorized",  # 401
]


@dataclass(frozen=True)
class Says:
    """A text, in pieces of a few characters."""

    text: str
    prompt_tokens: int = 100
    completion_tokens: int = 20


@dataclass(frozen=True)
class Wants:
    """Tool calls: name and arguments, which may be any text."""

    calls: tuple[tuple[str, str], ...]
    prompt_tokens: int = 100
    completion_tokens: int = 20


@dataclass(frozen=True)
class Declines:
    """The model's own refusal, or the provider's filter."""

    by: Literal["model", "filter"] = "model"


@dataclass(frozen=True)
class Fails:
    """A fault of the provider."""

    fault: Fault
    retry_after: float | None = None


Reply = Says | Wants | Declines | Fails


def wants(name: str, arguments: str = "{}") -> Wants:
    """One tool call."""
    return Wants(((name, arguments),))


@dataclass
class Asked:
    """A request as it came."""

    path: str
    body: dict[str, Any]
    key: str

    @property
    def system(self) -> str:
        """The system prompt, wherever the protocol puts it."""
        first = self.body["messages"][0]
        return str(self.body.get("system") or (first["content"] if first["role"] == "system" else ""))

    @property
    def results(self) -> list[str]:
        """What tools had answered."""
        found: list[str] = []
        for message in self.body["messages"]:
            if message["role"] == "tool":
                found.append(message["content"])
            elif isinstance(message["content"], list):
                found += [block["content"] for block in message["content"] if block["type"] == "tool_result"]
        return found

    @property
    def last(self) -> str:
        """The last message's text."""
        content = self.body["messages"][-1]["content"]
        return content if isinstance(content, str) else "\n".join(block.get("text", "") for block in content)

    @property
    def tools(self) -> list[str]:
        """Names of the tools it offers."""
        return [tool.get("name") or tool["function"]["name"] for tool in self.body.get("tools", [])]


@dataclass
class Script:
    """The replies to come; past the last one ``otherwise`` answers."""

    replies: list[Reply] = field(default_factory=list)
    otherwise: Callable[[Asked], Reply] = lambda _: Fails("error")
    asked: list[Asked] = field(default_factory=list)
    flagged: tuple[str, ...] = ()

    def next(self, asked: Asked) -> Reply:
        """The reply to this request."""
        self.asked.append(asked)
        return self.replies.pop(0) if self.replies else self.otherwise(asked)
