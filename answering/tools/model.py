"""A tool, who calls it, and what comes of it."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict

from answering.model import Citation, Ending, Proposal

Effect = Literal["reads", "proposes", "ends"]


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose conversation a tool is called in. Nothing in it ever comes from a model or from the customer's words."""

    conversation_id: str
    message_id: str = ""
    audience: frozenset[str] = frozenset({"public"})
    locale: str = "en"


@dataclass(frozen=True, slots=True)
class Result:
    """What a tool answers: ``text`` is data for the model, ``citation`` what a customer is told it came from.

    A result without a citation (a refusal, a failure) is nothing an answer may rest on. ``failed`` says that the call
    itself could not be made.
    """

    text: str
    citation: Citation | None = None
    proposals: tuple[Proposal, ...] = ()
    ending: Ending | None = field(default=None)
    failed: bool = False


class Arguments(BaseModel):
    """Arguments of a tool: no more and no less than named, and of the type named."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


A = TypeVar("A", bound=Arguments)


class Tool(ABC, Generic[A]):
    """Something that can be called. ``description`` is read by models; it says when, what, and what not."""

    name: ClassVar[str]
    description: ClassVar[str]
    arguments: ClassVar[type[Any]]
    effect: ClassVar[Effect] = "reads"
    needs_customer: ClassVar[bool] = False

    @abstractmethod
    async def call(self, arguments: A, caller: Caller) -> list[Result]:
        """Do it within what ``caller`` may do.

        Raises:
            KnowledgeUnavailable: the knowledge cannot be read.
            BackofficeUnavailable: the back office does not answer; nothing was changed.
        """
        ...
