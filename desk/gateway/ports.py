"""The neighbours as the gateway needs them."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from desk.gateway.model import Batch, Claim, Conversation, Item, Lease


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


@dataclass
class Place:
    """A worker's offer to see a message through that is about to be kept.

    Attributes:
        claim: with whom its conversation may be leased; None while there is no place.
        lease: filled in by whoever leased it.
    """

    claim: Claim | None
    lease: Lease | None = None


class Turns(Protocol):
    """Whoever takes messages to the dialogue."""

    def place(self, conversation_id: str) -> AbstractContextManager[Place]:
        """A place for a message; when the block ends, what was leased in it begins."""

    def wake(self) -> None:
        """There may be work that nobody has begun."""


class Accounts(Protocol):
    """Who the company's customers are."""

    async def sign_in(self, conversation_id: str, customer_id: str, until: datetime) -> bool:
        """Tie a conversation to a customer whom the host site vouches for; whether the company knows them."""

    async def proved_customer(self, conversation_id: str) -> str | None:
        """Whom the conversation last proved to be, also where that proof has ended.

        Raises:
            StoreUnavailable: nobody can say at this moment.
        """

    async def ask_for_letter(self, conversation_id: str, email: str, transcript: str) -> str | None:
        """A ticket for a colleague who answers by e-mail, one a conversation; its number, if there is one.

        Another address later is the same ticket's.

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
