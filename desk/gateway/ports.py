"""The neighbours as the gateway needs them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from desk.gateway.model import Batch, Conversation, Item


class Dialogue(Protocol):
    """Whoever answers customers: Rasa."""

    async def turn(self, conversation_id: str, batch: Batch) -> Sequence[Mapping[str, Any]]:
        """The messages of one turn, each whole. The same batch again never runs a second turn.

        Raises:
            TurnFailed: there is no answer (yet); ``kind`` says why.
        """

    async def write_human_part(self, conversation_id: str, part_id: str, said: Sequence[Mapping[str, Any]]) -> None:
        """Append what people said to the dialogue's memory, once a part.

        Raises:
            TurnFailed: it was not written (or nobody knows); the same part may be sent again.
        """

    async def erase(self, conversation_id: str) -> int:
        """Forget the conversation; how many events there were.

        Raises:
            TurnFailed: it was not erased.
        """


class Accounts(Protocol):
    """Who the company's customers are."""

    async def sign_in(self, conversation_id: str, customer_id: str, until: datetime) -> bool:
        """Tie a conversation to a customer whom the host site vouches for; whether the company knows them."""

    async def ask_for_letter(self, conversation_id: str, email: str, transcript: str) -> str | None:
        """A ticket for a colleague who answers by e-mail, one a conversation and address; its number, if there is one.

        Raises:
            StoreUnavailable: nothing was opened; the same call may be tried again.
        """


class Listeners(Protocol):
    """Who is told what happens, without waiting for them."""

    def items(self, conversation_id: str, items: Sequence[Item]) -> None:
        """New items."""

    def conversation(self, conversation: Conversation) -> None:
        """Another owner, place in the queue, or end."""

    def signal(self, conversation_id: str, event: str, data: Mapping[str, Any]) -> None:
        """Something that is not kept: typing, read marks."""
