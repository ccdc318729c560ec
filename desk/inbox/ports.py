"""The neighbours as the inbox needs them."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Protocol

from desk.errors import NotPossible
from desk.inbox.model import Customer


class TurnReasons(Protocol):
    """What the bot knew when it answered."""

    async def of(self, conversation_id: str) -> Mapping[str, Mapping[str, Any]]:
        """``Knew`` (console-api: intent, ranking, entities, sentiment, …) by the id of the customer's message."""
        ...


class Customers(Protocol):
    """Who the customer of a conversation is, by the back office's own rules."""

    async def of(self, conversation_id: str) -> Customer | None:
        """The verified customer with orders and tickets; None when nobody is verified or the back office is away."""
        ...

    async def proved_to_be(self, conversation_id: str) -> Collection[str]:
        """The ids of all customers whom the conversation ever proved to be with, also where the proof has ended.

        Raises:
            StoreUnavailable: the back office cannot be asked, so nobody knows whose it is.
        """
        ...

    async def traces(self, asked: str) -> tuple[str | None, Sequence[str]]:
        """The id of the customer whom an e-mail address, an order number or an id names, and proved conversations.

        Raises:
            StoreUnavailable: the back office cannot be asked, so nobody knows whether this is all.
        """
        ...

    async def tickets_of(self, conversation_id: str) -> Sequence[str]:
        """Numbers of the tickets that the conversation has opened, oldest first; none where nobody can be asked."""
        ...

    async def open_ticket(self, conversation_id: str, key: str, subject: str, transcript: str) -> str:
        """A ticket, once a key; its number.

        Raises:
            StoreUnavailable: nothing was opened; the same key may be tried again.
        """
        ...


class Colleagues(Protocol):
    """Who works here."""

    async def name_of(self, staff_id: str) -> str | None:
        """The name of somebody who may answer customers; None when there is no such person."""
        ...

    async def teams_of(self, staff_id: str) -> Sequence[str]:
        """Ids of somebody's teams; empty for somebody who serves all."""
        ...

    async def teams(self) -> Sequence[Mapping[str, str | int]]:
        """``id``, ``name``, ``agents`` of each team."""
        ...


class NoCustomers:
    """A ``Customers`` for companies without a back office."""

    async def of(self, conversation_id: str) -> Customer | None:
        del conversation_id
        return None

    async def proved_to_be(self, conversation_id: str) -> Collection[str]:
        del conversation_id
        return ()

    async def traces(self, asked: str) -> tuple[str | None, Sequence[str]]:
        del asked
        return None, ()

    async def tickets_of(self, conversation_id: str) -> Sequence[str]:
        del conversation_id
        return ()

    async def open_ticket(self, conversation_id: str, key: str, subject: str, transcript: str) -> str:
        del conversation_id, key, subject, transcript
        raise NotPossible("There is no back office to keep a ticket.")
