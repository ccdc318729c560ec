"""Who owns a conversation, and which change of owner is possible from where. Pure values."""

from dataclasses import dataclass, replace

from desk.errors import NotPossible, StaleVersion
from desk.gateway.model import State


@dataclass(frozen=True, slots=True)
class Ownership:
    """``bot → queued → agent:<id> → bot`` or ``closed``; the version grows with each change."""

    state: State
    version: int
    agent_id: str | None = None
    agent_name: str | None = None

    def expect(self, version: int | None) -> "Ownership":
        """This, if it is what the caller has seen.

        Raises:
            StaleVersion: somebody changed it since.
        """
        if version is not None and version != self.version:
            raise StaleVersion
        return self

    def queued(self) -> "Ownership":
        """Waiting for a person.

        Raises:
            NotPossible: a person is there already, or it has ended.
        """
        self._demand("A person can be asked for only while the bot answers.", State.BOT)
        return self._next(State.QUEUED)

    def not_waiting(self) -> "Ownership":
        """Out of the queue, back with the bot.

        Raises:
            NotPossible: it is not in the queue.
        """
        self._demand("This conversation is not waiting for a person.", State.QUEUED)
        return self._next(State.BOT)

    def taken(self, agent_id: str, agent_name: str) -> "Ownership":
        """With a person, whoever had it before.

        Raises:
            NotPossible: it has ended.
        """
        self._demand("This conversation has ended.", State.BOT, State.QUEUED, State.AGENT)
        return replace(self._next(State.AGENT), agent_id=agent_id, agent_name=agent_name)

    def requeued(self) -> "Ownership":
        """From a person back to the queue, for somebody else.

        Raises:
            NotPossible: no person has it.
        """
        self._demand("No person has this conversation.", State.AGENT)
        return self._next(State.QUEUED)

    def returned(self) -> "Ownership":
        """From a person to the bot.

        Raises:
            NotPossible: no person has it.
        """
        self._demand("No person has this conversation.", State.AGENT)
        return self._next(State.BOT)

    def closed(self) -> "Ownership":
        """Ended; ending it again is the same."""
        return self if self.state is State.CLOSED else self._next(State.CLOSED)

    def reopened(self) -> "Ownership":
        """With the bot again.

        Raises:
            NotPossible: it has not ended.
        """
        self._demand("This conversation has not ended.", State.CLOSED)
        return self._next(State.BOT)

    def _next(self, state: State) -> "Ownership":
        return Ownership(state, self.version + 1)

    def _demand(self, otherwise: str, *states: State) -> None:
        if self.state not in states:
            raise NotPossible(otherwise)
