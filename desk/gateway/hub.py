"""Who listens to which conversation in this process, and handing them what happens."""

import asyncio
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from desk.errors import TooMany
from desk.gateway.model import Conversation, Item

MOST_UNREAD = 200
"""A listener who has this many events unread is told to read the timeline instead."""


@dataclass(frozen=True, slots=True)
class Event:
    """What a listener gets: items, a conversation, or a signal; or only that there may be newer items.

    ``of`` names the conversation for those who listen to all of them; ``for_staff`` is what no customer hears.
    """

    items: Sequence[Item] = ()
    conversation: Conversation | None = None
    signal: tuple[str, Mapping[str, Any]] | None = None
    of: str | None = None
    for_staff: bool = False


NEWER = Event()
"""There may be newer items than the listener knows: read them."""


MOST_CONSOLES = 500


class Listener:
    """One reader's queue; ``get`` waits for the next event and gives None once the hub is closed."""

    __slots__ = ("_closed", "_events", "_most", "_waiting")

    def __init__(self, most_unread: int = MOST_UNREAD) -> None:
        self._most = most_unread
        self._events: deque[Event] = deque()
        self._waiting: asyncio.Future[None] | None = None
        self._closed = False

    def put(self, event: Event) -> None:
        """Add an event; too many unread ones become one."""
        if len(self._events) >= self._most:
            self._events.clear()
            event = NEWER
        self._events.append(event)
        self._alarm()

    def close(self) -> None:
        """End after the events that wait."""
        self._closed = True
        self._alarm()

    async def get(self) -> Event | None:
        """The next event."""
        while not self._events:
            if self._closed:
                return None
            self._waiting = asyncio.get_running_loop().create_future()
            try:
                await self._waiting
            finally:
                self._waiting = None
        return self._events.popleft()

    def _alarm(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)


class Hub:
    """``Listeners`` of this process.

    Args:
        per_conversation: most listeners of one conversation.
        overall: most listeners.
    """

    def __init__(self, *, per_conversation: int, overall: int) -> None:
        self._listeners: dict[str, set[Listener]] = {}
        self._staff: set[Listener] = set()
        self._per_conversation, self._overall = per_conversation, overall
        self._closed = False
        self.count = 0

    def listen(self, conversation_id: str, *, limited: bool = True) -> Listener:
        """A new listener.

        Raises:
            TooMany: the conversation or the process has as many as it may have.
        """
        mine = self._listeners.get(conversation_id, set())
        if limited and (len(mine) >= self._per_conversation or self.count >= self._overall):
            raise TooMany(5, "Too many open streams. Close one and try again.")
        listener = Listener()
        self._listeners.setdefault(conversation_id, mine).add(listener)
        self.count += 1
        if self._closed:
            listener.close()
        return listener

    def leave(self, conversation_id: str, listener: Listener) -> None:
        """The listener is gone."""
        mine = self._listeners.get(conversation_id, set())
        if listener in mine:
            mine.remove(listener)
            self.count -= 1
        if not mine:
            self._listeners.pop(conversation_id, None)

    def listen_to_all(self, *, most_unread: int = MOST_UNREAD) -> Listener:
        """A new listener on behalf of consoles: it hears every conversation and what is for staff only."""
        listener = Listener(most_unread)
        self._staff.add(listener)
        if self._closed:
            listener.close()
        return listener

    def leave_all(self, listener: Listener) -> None:
        """No console listens any more."""
        self._staff.discard(listener)

    def hears(self, conversation_id: str) -> bool:
        """Whether anybody listens."""
        return bool(self._staff) or conversation_id in self._listeners

    def listened(self) -> Iterable[str]:
        """Conversations that anybody listens to."""
        return list(self._listeners)

    def items(self, conversation_id: str, items: Sequence[Item]) -> None:
        self.put(conversation_id, Event(items=items))

    def conversation(self, conversation: Conversation) -> None:
        self.put(conversation.id, Event(conversation=conversation))

    def signal(self, conversation_id: str, event: str, data: Mapping[str, Any]) -> None:
        self.put(conversation_id, Event(signal=(event, data)))

    def put(self, conversation_id: str, event: Event) -> None:
        """Hand an event to everybody who listens to the conversation."""
        for listener in self._listeners.get(conversation_id, ()):
            listener.put(event)
        if self._staff:
            self._to_staff(replace(event, of=conversation_id))

    def for_staff(self, conversation_id: str | None, event: str, data: Mapping[str, Any]) -> None:
        """Tell consoles, and no customer."""
        self._to_staff(Event(signal=(event, data), of=conversation_id, for_staff=True))

    def _to_staff(self, event: Event) -> None:
        for listener in self._staff:
            listener.put(event)

    def drop(self, conversation_id: str) -> None:
        """The conversation was erased: its streams end."""
        for listener in self._listeners.get(conversation_id, ()):
            listener.close()

    def close(self) -> None:
        """Let every stream end, so that the process can."""
        self._closed = True
        for listeners in (self._staff, *self._listeners.values()):
            for listener in listeners:
                listener.close()
