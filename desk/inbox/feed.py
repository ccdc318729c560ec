"""What happens, read once for all open consoles of this gateway: each gets the same bytes, and its own counts.

Consoles hear of conversations in people's care and of those they have open; the bot's other talks would drown them.
Summaries are read once for all that happened within a moment, whoever listens: everybody who may answer customers sees
the same of a conversation.
"""

import asyncio
import contextlib
from collections.abc import Collection, Mapping
from typing import Any

from desk.accounts.model import Staff
from desk.errors import StoreUnavailable, TooMany
from desk.gateway.hub import MOST_CONSOLES, Event, Hub, Listener
from desk.gateway.model import Speaker, State
from desk.inbox.service import InboxDesk
from desk.inbox.wire import note_json, summary_json, told
from desk.web.stream import frame

_TOGETHER_SECONDS = 0.15
_MOST_UNSENT = 500
_MOST_UNREAD = 5000


class Place:
    """One console's place: frames that it has not sent yet. ``None`` from ``get`` is the end: load anew."""

    __slots__ = ("_closed", "_frames", "_waiting", "staff")

    def __init__(self, staff: Staff) -> None:
        self.staff = staff
        self._frames: list[bytes] = []
        self._waiting: asyncio.Future[None] | None = None
        self._closed = False

    def put(self, made: bytes) -> None:
        """One more; a console that reads too slowly ends and loads anew."""
        if len(self._frames) >= _MOST_UNSENT:
            self.close()
            return
        self._frames.append(made)
        self._alarm()

    def close(self) -> None:
        """End, whatever is unsent."""
        self._closed = True
        self._alarm()

    async def get(self) -> bytes | None:
        """Everything that is unsent, as soon as there is something."""
        while not self._frames and not self._closed:
            self._waiting = asyncio.get_running_loop().create_future()
            try:
                await self._waiting
            finally:
                self._waiting = None
        if self._closed:
            return None
        made, self._frames = b"".join(self._frames), []
        return made

    def _alarm(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)


class ConsoleFeed:
    """Listens while at least one console does."""

    def __init__(self, inbox: InboxDesk, hub: Hub) -> None:
        self._inbox, self._hub = inbox, hub
        self._places: set[Place] = set()
        self._listener: Listener | None = None
        self._task: asyncio.Task[None] | None = None
        self._known: set[str] = set()
        self._changed: dict[str, None] = {}
        self._positions: dict[str, int] = {}

    def join(self, staff: Staff) -> Place:
        """A place from now on.

        Raises:
            TooMany: the gateway has as many consoles as it may have.
        """
        if len(self._places) >= MOST_CONSOLES:
            raise TooMany(5, "Too many consoles are open. Close one and try again.")
        place = Place(staff)
        self._places.add(place)
        if self._task is None or self._task.done():
            self._listener = self._hub.listen_to_all(most_unread=_MOST_UNREAD)
            self._task = asyncio.create_task(self._run(self._listener))
        return place

    def leave(self, place: Place) -> None:
        """The console is gone."""
        place.close()
        self._places.discard(place)
        if not self._places and self._listener is not None:
            self._listener.close()

    async def _run(self, listener: Listener) -> None:
        try:
            with contextlib.suppress(StoreUnavailable):
                self._known, self._changed, self._positions = set(await self._inbox.cared_for()), {}, {}
                await self._live(listener)
        finally:
            self._hub.leave_all(listener)
            for place in list(self._places):  # the gateway ends, the data base is away, or too much was missed
                if self._listener is listener:
                    place.close()

    async def _live(self, listener: Listener) -> None:
        loop = asyncio.get_running_loop()
        flush_at: float | None = None
        while True:
            try:
                async with asyncio.timeout_at(flush_at):
                    event = await listener.get()
            except TimeoutError:
                pass
            else:
                if event is None or (event.of is None and not event.for_staff):
                    return
                await self._tell(event)
            if self._changed and flush_at is None:
                flush_at = loop.time() + _TOGETHER_SECONDS
            if flush_at is not None and loop.time() >= flush_at:
                flush_at = None
                await self._summaries()

    async def _tell(self, event: Event) -> None:
        if event.of is None:
            if event.signal is not None:
                self._send(None, frame(event.signal[0], dict(event.signal[1])))
            return
        if event.conversation is not None and event.conversation.state is not State.BOT:
            self._known.add(event.of)
        if not self._cared_for_or_open(event.of):
            return
        if event.signal is not None:
            await self._signal(event.of, event.signal)
            return
        items = event.items
        if not items and event.conversation is None:  # another gateway did something: see what
            items = await self._inbox.newer(event.of, self._positions.get(event.of))
        translations: Mapping[str, Mapping[str, str]] = {}
        if any(item.draft.speaker is Speaker.AGENT for item in items):
            translations = await self._inbox.translations(event.of)
        for item in items:
            self._positions[event.of] = item.position
            shown = told(event.of, item, translations=translations.get(item.id))
            self._send(event.of, frame("item", {"conversation_id": event.of, "item": shown}))
        self._changed[event.of] = None

    async def _signal(self, conversation_id: str, signal: tuple[str, Mapping[str, Any]]) -> None:
        name, data = signal
        if name == "note":
            for note in await self._inbox.notes(conversation_id):
                if note.id == data["id"]:
                    shown = {"conversation_id": conversation_id, "item": note_json(note)}
                    self._send(conversation_id, frame("item", shown))
        elif name == "changed":
            self._changed[conversation_id] = None
        elif name != "typing" or data.get("speaker") != "bot":
            self._send(conversation_id, frame(name, {"conversation_id": conversation_id, **data}))

    async def _summaries(self) -> None:
        changed, self._changed = list(self._changed), {}
        for summary in await self._inbox.summaries(changed):
            ident = str(summary.conversation.id)
            self._send(ident, frame("conversation", summary_json(summary, self._inbox.now())))
            if summary.conversation.state is State.BOT:
                self._known.discard(ident)
                self._positions.pop(ident, None)
        of_all, mine = await self._inbox.counts_of_all()
        for place in self._places:
            place.put(frame("counts", {**of_all, "mine": mine.get(place.staff.id, 0)}))

    def _cared_for_or_open(self, conversation_id: str) -> bool:
        return conversation_id in self._known or bool(self._who_looks(conversation_id))

    def _who_looks(self, conversation_id: str) -> Collection[object]:
        return {one["id"] for one in self._inbox.presence.viewers(conversation_id)}

    def _send(self, conversation_id: str | None, made: bytes) -> None:
        """To everybody, or of the bot's own talks to those who have them open."""
        to_all = conversation_id is None or conversation_id in self._known
        looking = () if to_all or conversation_id is None else self._who_looks(conversation_id)
        for place in self._places:
            if to_all or place.staff.id in looking:
                place.put(made)
