"""The way to a person and back, for actions and for the people themselves."""

from desk.adapters.sql import giving_back, owners
from desk.errors import NotPossible
from desk.gateway.model import Conversation, Draft, Happened, Item, Speaker
from desk.gateway.service import DeskParts
from desk.handoff.model import Handoff


class HandoffDesk:
    """Ownership of conversations. Each call may name the version it has seen; an older one is refused."""

    def __init__(self, parts: DeskParts) -> None:
        self._parts = parts

    async def call(self, conversation_id: str, handoff: Handoff) -> Conversation | None:
        """An action calls for a person, once a message. None out of hours: the bot keeps the conversation.

        The call is recorded either way: it stands in inbox, reviews and figures although nobody came.

        Raises:
            UnknownConversation: it did not come through this gateway.
            NotPossible: it has ended.
        """
        if not self._parts.hours.at(self._parts.now()).open:
            await self._parts.database.write(owners.miss, conversation_id, handoff, self._parts.now())
            self._parts.metrics.handoffs.labels("out_of_hours").inc()
            return None
        conversation, told = await self._parts.database.write(
            owners.queue,
            conversation_id,
            handoff,
            self._parts.now(),
            waits=self._parts.windows.queue,
            sentences=self._parts.sentences,
            in_turn=True,
        )
        self._parts.metrics.handoffs.labels("queued").inc()
        self._publish(conversation, told)
        return conversation

    async def take(self, conversation_id: str, agent: tuple[str, str], *, expected: int | None = None) -> Conversation:
        """A person takes the conversation.

        Raises:
            UnknownConversation, StaleVersion, NotPossible: nothing was changed.
        """
        conversation, told = await self._parts.database.write(
            owners.take, conversation_id, agent, self._parts.now(), expected=expected, sentences=self._parts.sentences
        )
        self._publish(conversation, told)
        return conversation

    async def reply(
        self, conversation_id: str, agent: tuple[str, str], said: tuple[str, str], *, expected: int | None = None
    ) -> Conversation:
        """A person's words, once a client id; whoever replies owns the conversation from then on.

        Raises:
            UnknownConversation, StaleVersion, NotPossible: nothing was changed.
        """
        conversation, told = await self._parts.database.write(
            owners.reply,
            conversation_id,
            agent,
            said,
            self._parts.now(),
            expected=expected,
            sentences=self._parts.sentences,
        )
        self._publish(conversation, told)
        return conversation

    async def give_back(self, conversation_id: str, *, expected: int | None = None) -> Conversation:
        """From a person to the bot.

        Raises:
            UnknownConversation, StaleVersion, NotPossible: nothing was changed.
        """
        conversation, told = await self._parts.database.write(
            giving_back.give_back,
            conversation_id,
            self._parts.now(),
            expected=expected,
            sentences=self._parts.sentences,
        )
        self._publish(conversation, told)
        self._parts.turns.wake()
        return conversation

    async def end_waits(self) -> None:
        """Tell everybody whom nobody came for, and give them back to the bot with a choice."""
        now = self._parts.now()
        for conversation_id in await self._parts.database.read(owners.late_in_queue, now):
            try:
                conversation, told = await self._parts.database.write(
                    giving_back.leave_queue, conversation_id, now, self._nobody_came(), only_late=True
                )
            except NotPossible:
                continue  # somebody came in this moment
            self._parts.metrics.queue_ended.labels("nobody_came").inc()
            self._publish(conversation, told)
            self._parts.turns.wake()

    def _nobody_came(self) -> Draft:
        again = self._parts.sentences.person_button("try_again")
        message = {"buttons": [again], "custom": {"kind": "contact", "input": {"kind": "email"}}}
        words = self._parts.sentences.say("nobody_came")
        return Draft(Speaker.SYSTEM, text=words, message=message, event=Happened.BACK_TO_BOT)

    def _publish(self, conversation: Conversation, told: list[Item]) -> None:
        if told:
            self._parts.hub.items(conversation.id, told)
        self._parts.hub.conversation(conversation)
