"""Neighbours that help agents with words: the knowledge, and the answering side with its language model."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from desk.errors import NotPossible

_NOT_KEPT = "Approved answers are not kept here: no action server is named (DESK_ACTIONS_URL)."


class Knowledge(Protocol):
    """The knowledge index, as far as suggestions need it."""

    async def search(self, question: str, *, audience: str, locale: str, most: int) -> Sequence[Any]:
        """Hits (``retrieval.model.Hit``), most relevant first."""
        ...


class Answering(Protocol):
    """The answering side: what staff approved, and a language model where one is connected."""

    async def has_model(self) -> bool:
        """Whether a language model is connected."""
        ...

    async def drafts(
        self, conversation_id: str, question: str, before: Sequence[Mapping[str, str]], locale: str
    ) -> Sequence[Mapping[str, Any]]:
        """``text``, ``rung`` (approved or generated) and ``citations`` of each; none where nobody answers.

        Args:
            conversation_id: whose; it decides what the customer may be told, and its budget pays.
            question: the customer's last words.
            before: ``speaker`` and ``text`` of what was said before, oldest first.
            locale: the customer's.
        """
        ...

    async def translate(self, conversation_id: str, text: str, to: str) -> str:
        """The text in the language ``to`` (a BCP 47 tag).

        Raises:
            NotPossible: there is no model, or it did not do it faithfully.
        """
        ...

    async def approve(
        self, question: str, answer: str, *, by: str, locale: str | None, valid_until: datetime | None
    ) -> None:
        """Tell it from the next such question on; the same again is the same answer.

        Raises:
            NotPossible: nobody keeps approved answers here.
            Invalid: it holds personal data.
            StoreUnavailable: it was not kept; the same call may be tried again.
        """
        ...

    async def approvals(self, words: str, *, withdrawn: bool, before: int | None, limit: int) -> Mapping[str, Any]:
        """A page of approved answers, newest first: ``items``, ``total``, ``next`` (a number, or None).

        Raises:
            NotPossible: nobody keeps approved answers here, or they cannot be read now.
        """
        ...

    async def withdraw(self, number: int, *, by: str) -> Mapping[str, Any]:
        """Tell an approved answer no more, from the next question on.

        Raises:
            NotFound: there is none of this number.
            NotPossible: somebody else was first, or it was not done.
        """
        ...

    async def hold_until(self, number: int, valid_until: datetime | None) -> Mapping[str, Any]:
        """Tell an approved answer until another moment, None without end.

        Raises:
            NotFound: there is none of this number.
            Invalid: it begins later only.
            NotPossible: it is withdrawn, or it was not done.
        """
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


class NoAnswering:
    """An ``Answering`` where no action server is named."""

    async def has_model(self) -> bool:
        return False

    async def drafts(
        self, conversation_id: str, question: str, before: Sequence[Mapping[str, str]], locale: str
    ) -> Sequence[Mapping[str, Any]]:
        del conversation_id, question, before, locale
        return ()

    async def translate(self, conversation_id: str, text: str, to: str) -> str:
        del conversation_id, text, to
        raise NotPossible("No language model is set up to translate.")

    async def approve(
        self, question: str, answer: str, *, by: str, locale: str | None, valid_until: datetime | None
    ) -> None:
        del question, answer, by, locale, valid_until
        raise NotPossible("Approved answers are not kept here. Answer without approving.")

    async def approvals(self, words: str, *, withdrawn: bool, before: int | None, limit: int) -> Mapping[str, Any]:
        del words, withdrawn, before, limit
        raise NotPossible(_NOT_KEPT)

    async def withdraw(self, number: int, *, by: str) -> Mapping[str, Any]:
        del number, by
        raise NotPossible(_NOT_KEPT)

    async def hold_until(self, number: int, valid_until: datetime | None) -> Mapping[str, Any]:
        del number, valid_until
        raise NotPossible(_NOT_KEPT)

    async def close(self) -> None:
        """Nothing is open."""
