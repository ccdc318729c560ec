"""Bringing in people, and ending a chat. All of it is offered to the customer or left to the dialogue to do."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from answering.model import Ending, Proposal
from answering.tools.model import Arguments, Caller, Effect, Result, Tool

Words = Annotated[
    str, Field(min_length=3, max_length=500, description="in one or two sentences, without personal data")
]


class TicketArguments(Arguments):
    """What the ticket is about."""

    subject: Words


class CreateTicket(Tool[TicketArguments]):
    """Offers to open a ticket."""

    name: ClassVar[str] = "create_ticket"
    description: ClassVar[str] = (
        "Offer the customer to open a ticket. Nothing is opened by this call: they get a button that does it."
    )
    arguments: ClassVar[type[TicketArguments]] = TicketArguments
    effect: ClassVar[Effect] = "proposes"

    async def call(self, arguments: TicketArguments, caller: Caller) -> list[Result]:
        """See ``Tool.call``."""
        del arguments, caller
        return [Result("A button that opens a ticket is shown to the customer.", proposals=(Proposal("open_ticket"),))]


class QuestionArguments(Arguments):
    """What a colleague is asked."""

    question: Words


class AskColleague(Tool[QuestionArguments]):
    """Offers to put a question to staff; the chat goes on."""

    name: ClassVar[str] = "ask_colleague"
    description: ClassVar[str] = (
        "Offer the customer to put their question to a colleague, who answers later while this chat goes on."
    )
    arguments: ClassVar[type[QuestionArguments]] = QuestionArguments
    effect: ClassVar[Effect] = "proposes"

    async def call(self, arguments: QuestionArguments, caller: Caller) -> list[Result]:
        """See ``Tool.call``."""
        del arguments, caller
        text = "A button that asks a colleague is shown to the customer."
        return [Result(text, proposals=(Proposal("ask_colleague"),))]


class HandOverArguments(Arguments):
    """Why a person is the better answer."""

    reason: Literal["not_in_material", "needs_a_decision", "upset", "asked_for_person", "other"]


class HandOver(Tool[HandOverArguments]):
    """Leaves the answer to a person."""

    name: ClassVar[str] = "hand_over"
    description: ClassVar[str] = "Leave this to a person: the sources do not hold the answer, or a decision is needed."
    arguments: ClassVar[type[HandOverArguments]] = HandOverArguments
    effect: ClassVar[Effect] = "ends"

    async def call(self, arguments: HandOverArguments, caller: Caller) -> list[Result]:
        """See ``Tool.call``."""
        del arguments, caller
        return [Result("A person is offered.", proposals=(Proposal("hand_over"),), ending=Ending("hand_over"))]


class FinishArguments(Arguments):
    """How it went."""

    resolved: Annotated[bool, Field(description="whether the customer has what they came for")]
    satisfaction: Annotated[int, Field(ge=1, le=5, description="how satisfied they seem, 1 to 5")]


class FinishChat(Tool[FinishArguments]):
    """Ends the chat with a judgement."""

    name: ClassVar[str] = "finish_chat"
    description: ClassVar[str] = "The customer needs nothing more: end the chat with your judgement on how it went."
    arguments: ClassVar[type[FinishArguments]] = FinishArguments
    effect: ClassVar[Effect] = "ends"

    async def call(self, arguments: FinishArguments, caller: Caller) -> list[Result]:
        """See ``Tool.call``."""
        del caller
        ending = Ending("finished", resolved=arguments.resolved, satisfaction=arguments.satisfaction)
        return [Result("The chat is finished.", ending=ending)]
