"""Ask a colleague: the bot's question is a card, the answer goes to the customer through the bot."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from desk.accounts.model import Permission, Staff
from desk.adapters.sql import question_rows, timeline
from desk.errors import Forbidden, Invalid
from desk.gateway.model import State
from desk.gateway.service import DeskParts
from desk.inbox.help_ports import Answering
from desk.inbox.phrases import Question
from desk.inbox.service import InboxDesk

MAY_APPROVE = (Permission.KNOWLEDGE, Permission.ASSIGN)
"""One of them makes somebody's answer the company's: whoever writes knowledge, and leads."""


class Questions:
    """Questions to colleagues and their answers."""

    def __init__(self, parts: DeskParts, inbox: InboxDesk, answering: Answering) -> None:
        self._parts, self._inbox, self._answering = parts, inbox, answering

    async def ask(self, conversation_id: str, question: str, asked_as: str) -> Question:
        """A new question, once the caller's id; consoles are told.

        Raises:
            UnknownConversation: there is no such conversation.
        """
        asked: Question = await self._parts.database.write(
            question_rows.ask, conversation_id, question, asked_as, self._parts.now()
        )
        self._parts.hub.for_staff(conversation_id, "changed", {})
        return asked

    async def all(self) -> Sequence[Question]:
        """Unanswered ones first."""
        return await self._parts.database.read(question_rows.listed)

    async def answer(
        self, staff: Staff, question_id: str, text: str, *, approve: bool, valid_until: datetime | None = None
    ) -> Question:
        """A colleague's answer. Where a person has the conversation meanwhile it is a note for that person.

        With ``approve`` the bot tells questions like this one the same from now on, until ``valid_until``.

        Raises:
            NotFound: there is no such question.
            StaleVersion: a colleague was first; ``by`` says who.
            Forbidden: approving without the permission.
            Invalid: it would hold until a day that is over, or everybody would be told personal data; nothing was told.
            NotPossible: approved answers are not kept here; nothing was told.
        """
        if approve:
            await self._approve(staff, question_id, text, valid_until)
        answered, told, state = await self._parts.database.write(
            question_rows.answer,
            question_id,
            (staff.id, staff.name),
            text,
            self._parts.now(),
            sentences=self._parts.sentences,
        )
        if told:
            self._parts.hub.items(answered.conversation_id, told)
            self._parts.turns.wake()
        elif state is State.AGENT:
            await self._inbox.note(answered.conversation_id, staff, answered.id, f"{answered.question}\n\n{text}")
        self._parts.hub.for_staff(answered.conversation_id, "changed", {})
        return answered

    async def hold_until(self, number: int, valid_until: datetime | None) -> Mapping[str, Any]:
        """Let an approved answer be told until another moment. Errors as for ``Answering.hold_until``.

        Raises:
            Invalid: a moment that is over: withdrawing is what ends an answer now.
        """
        self._demand_future(valid_until)
        return await self._answering.hold_until(number, valid_until)

    def _demand_future(self, valid_until: datetime | None) -> None:
        if valid_until is not None and valid_until <= self._parts.now():
            raise Invalid("That day is over. Choose a later one.")

    async def _approve(self, staff: Staff, question_id: str, text: str, valid_until: datetime | None) -> None:
        if not any(staff.may(one) for one in MAY_APPROVE):
            raise Forbidden
        self._demand_future(valid_until)
        asked: Question = await self._parts.database.read(question_rows.find, question_id)
        if asked.answer not in (None, text):
            return  # the answer itself is refused
        found = await self._parts.database.read(timeline.find, asked.conversation_id)
        locale = found.locale if found else None
        await self._answering.approve(asked.question, text, by=staff.name, locale=locale, valid_until=valid_until)
