"""What agents can do. Every call is one transaction; then consoles and customers are told."""

import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from desk.accounts.model import Staff
from desk.adapters.sql import (
    giving_back,
    inbox_rows,
    inbox_work,
    merging,
    owners,
    snoozing,
    timeline,
    translations,
)
from desk.errors import Invalid, NotFound, NotPossible, StaleVersion
from desk.gateway.model import Conversation, Item, State
from desk.gateway.service import DeskParts
from desk.gateway.transcript import as_text
from desk.handoff.model import RANK, Priority
from desk.inbox.model import Customer, Note, Opened, Queue, Resolution, Summary
from desk.inbox.ports import Customers
from desk.inbox.presence import Presence

NEWEST = 50
MOST_TAGS = 20
_LONGEST_NAME = 128


@dataclass(frozen=True)
class InboxParts:
    """What the inbox works with beside the gateway's parts."""

    desk: DeskParts
    customers: Customers
    presence: Presence
    grace: timedelta
    company: str


class InboxDesk:
    """The agents' side of conversations; who names a ``version`` is refused when the conversation has a newer one."""

    def __init__(self, parts: InboxParts) -> None:
        self._parts, self._desk = parts, parts.desk
        self.presence, self.grace = parts.presence, parts.grace

    def now(self) -> datetime:
        """The desk's clock."""
        return self._desk.now()

    async def listed(
        self, queue: Queue, staff: Staff, filters: Mapping[str, str | None], *, cursor: tuple[datetime, str] | None,
        limit: int,
    ) -> tuple[list[Summary], bool]:  # fmt: skip
        """A page of a queue and whether there is more.

        What people have to answer comes whole, urgent first and then by how long the customer waits; the rest by the
        newest change.
        """
        now = self.now()
        ordered = queue in (Queue.MINE, Queue.UNASSIGNED, Queue.SNOOZED)
        most = inbox_rows.MOST_OPEN if ordered else limit + 1
        found = await self._desk.database.read(
            inbox_rows.listed, queue, staff.id, filters=filters, before=cursor, limit=most
        )
        if not ordered:
            return found[:limit], len(found) > limit
        shown = [one for one in found if one.is_snoozed(now) == (queue is Queue.SNOOZED)]
        return sorted(shown, key=lambda one: _urgency(one, now)), False

    async def counts(self, staff: Staff) -> dict[str, int]:
        """How many conversations each queue has."""
        return await self._desk.database.read(inbox_rows.counts, staff.id, self.now())

    async def counts_of_all(self) -> tuple[dict[str, int], dict[str, int]]:
        """How many conversations each queue has, and ``mine`` of each agent."""
        return await self._desk.database.read(inbox_rows.counts_of_all, self.now())

    async def cared_for(self) -> Sequence[str]:
        """Ids of all conversations that people have or are awaited in."""
        return await self._desk.database.read(inbox_rows.cared_for)

    async def summaries(self, ids: Sequence[str]) -> list[Summary]:
        """Those of them that are there."""
        return await self._desk.database.read(inbox_rows.several, ids)

    async def waiting_by_team(self) -> dict[str, int]:
        """How many conversations wait for each team; those for anybody are not counted."""
        waiting = await self._desk.database.read(inbox_rows.waiting_first)
        return dict(Counter(row.team for row in waiting if row.team))

    async def summary(self, conversation_id: str) -> Summary:
        """One conversation as the list shows it.

        Raises:
            NotFound: there is none.
        """
        found = await self._desk.database.read(inbox_rows.one, conversation_id)
        if found is None:
            raise NotFound
        return found

    async def open(self, conversation_id: str) -> Opened:
        """A conversation with its newest items and all tickets that came of it.

        Raises:
            NotFound: there is none.
        """
        opened = await self._desk.database.read(_open, conversation_id)
        if opened is None:
            raise NotFound
        filed = await self._parts.customers.tickets_of(conversation_id)
        return replace(opened, tickets=list(dict.fromkeys([*opened.tickets, *filed])))

    async def customer(self, summary: Summary) -> Customer | None:
        """Who the customer is; the name is kept, so that lists have it the next time."""
        conversation_id = summary.conversation.id
        found = await self._parts.customers.of(conversation_id)
        if found is not None and found.name != summary.details.customer_name:
            await self._change(conversation_id, customer_name=found.name[:_LONGEST_NAME])
        return found

    async def translations(self, conversation_id: str) -> Mapping[str, Mapping[str, str]]:
        """By item, in which languages it is there besides its own."""
        return await self._desk.database.read(translations.of, conversation_id)

    async def words_of(self, conversation_id: str, item_id: str) -> str:
        """What an item of the conversation says.

        Raises:
            NotFound: it has no such item, or one without words.
        """
        text = await self._desk.database.read(timeline.text_of, conversation_id, item_id)
        if not text:
            raise NotFound
        return text

    async def keep_translation(self, conversation_id: str, item_id: str, language: str, text: str) -> None:
        """So that nobody has to ask for it again."""
        await self._desk.database.write(translations.keep, conversation_id, item_id, language, text)

    async def older(self, conversation_id: str, before: int, limit: int) -> list[Item]:
        """Items before a position."""
        return await self._desk.database.read(timeline.items_between, conversation_id, before=before, limit=limit)

    async def newer(self, conversation_id: str, after: int | None) -> list[Item]:
        """Items after a position; the newest one alone where none is known."""
        if after is None:
            return await self._desk.database.read(timeline.items_between, conversation_id, before=2**31 - 1, limit=1)
        return await self._desk.database.read(timeline.items_between, conversation_id, after=after)

    async def take(self, conversation_id: str, staff: Staff, version: int | None) -> Summary:
        """The conversation is this agent's; from this transaction on the bot is silent.

        Raises:
            StaleVersion: a colleague was first; ``by`` says who.
            NotPossible: it has ended.
        """
        return await self._own(
            owners.take, conversation_id, _person(staff), self.now(), expected=version, sentences=self._desk.sentences
        )

    async def next(self, staff: Staff, teams: Sequence[str]) -> Summary | None:
        """The conversation to serve next, taken; None when nobody waits."""
        changed = await self._desk.database.write(
            inbox_work.next_free, _person(staff), teams, self.now(), sentences=self._desk.sentences
        )
        return await self.published(*changed) if changed else None

    async def reply(
        self,
        conversation_id: str,
        staff: Staff,
        said: tuple[str, str],
        *,
        version: int | None,
        files: Sequence[str] = (),
        original: tuple[str, str] | None = None,
    ) -> tuple[Summary, Item]:
        """An agent's words, once a client id; whoever replies owns the conversation.

        ``original`` is the language and the words that ``said`` was translated from: colleagues read both.

        Raises:
            StaleVersion: a colleague took it or wrote since; nothing was said.
            NotPossible: it has ended.
        """
        summary = await self._own(
            translations.reply, conversation_id, _person(staff), said, self.now(),
            expected=version, sentences=self._desk.sentences, files=files, original=original,
        )  # fmt: skip
        item = await self._desk.database.read(timeline.item_of_client, conversation_id, said[0])
        if item is None:
            raise NotFound
        return summary, item

    async def give_back(self, conversation_id: str, staff: Staff, *, version: int | None, note: str | None) -> Summary:
        """To the bot, with a note for it that colleagues read, too."""
        kept = self._note_of(staff, secrets.token_hex(8), note) if note else None
        summary = await self._own(
            giving_back.give_back, conversation_id, self.now(),
            expected=version, sentences=self._desk.sentences, note=kept,
        )  # fmt: skip
        if kept is not None:
            self._desk.hub.for_staff(conversation_id, "note", {"id": kept.id})
        self._desk.turns.wake()
        return summary

    async def transfer(
        self, conversation_id: str, staff: Staff, *, to: tuple[str, str] | None, team: str | None, note: str | None
    ) -> Summary:
        """To a colleague at once, or to a team's queue; who waits already keeps the place.

        Raises:
            Invalid: neither or both are named.
            NotPossible: the conversation is with nobody who could pass it on; nothing was changed.
        """
        if (to is None) == (team is None):
            raise Invalid("Name either a colleague or a team.")
        if to is not None:
            passed = await self._own(
                owners.take, conversation_id, to, self.now(), expected=None, sentences=self._desk.sentences
            )
        else:
            passed = await self._to_team(conversation_id, staff, team)
        if note:
            await self.note(conversation_id, staff, secrets.token_hex(8), note)
        return passed

    async def _to_team(self, conversation_id: str, staff: Staff, team: str | None) -> Summary:
        state = (await self.summary(conversation_id)).conversation.state
        if state is State.BOT:
            raise NotPossible("The bot has this conversation. Take it over first, or give it to a colleague.")
        if state is State.QUEUED:
            return await self._change(conversation_id, team=team, passed_on_by=staff.id)
        return await self._own(
            inbox_work.pass_on, conversation_id, staff.id, team, self.now(), waits=self._desk.windows.queue,
            sentences=self._desk.sentences,
        )  # fmt: skip

    async def resolve(self, conversation_id: str, resolution: Resolution, comment: str | None) -> Summary:
        """Ended, with how it went; the customer may write again and meets the bot."""
        await self._change(conversation_id, resolution=resolution, resolution_comment=comment, snoozed_until=None)
        return await self._own(giving_back.close, conversation_id, self.now(), sentences=self._desk.sentences)

    async def reopen(self, conversation_id: str, staff: Staff) -> Summary:
        """An ended conversation is this agent's again.

        Raises:
            NotPossible: it has not ended.
        """
        await self._change(conversation_id, resolution=None, resolution_comment=None)
        return await self._own(
            owners.reopen, conversation_id, _person(staff), self.now(), sentences=self._desk.sentences
        )

    async def merge(self, conversation_id: str, staff: Staff, into: str) -> Summary:
        """End this conversation and go on in the other, which is this agent's then.

        Raises:
            Invalid: it is the same conversation.
            NotPossible: they are two customers', or one has ended.
            StoreUnavailable: nobody can say whose they are; nothing was changed.
        """
        proved = {who for one in (conversation_id, into) for who in await self._parts.customers.proved_to_be(one)}
        kept, ended = await self._desk.database.write(
            merging.merge, conversation_id, into, _person(staff), self.now(), proved=proved,
            company=self._parts.company, sentences=self._desk.sentences,
        )  # fmt: skip
        await self.published(*ended)
        self._desk.hub.for_staff(into, "changed", {})
        return await self.published(*kept)

    async def snooze(self, conversation_id: str, until: datetime | None) -> Summary:
        """Out of sight until then, or until the customer writes; None brings it back now.

        Raises:
            Invalid: the time is over already.
        """
        if until is not None and until <= self.now():
            raise Invalid("That moment is over. Choose a later one.")
        since = self.now() if until else None
        return await self._change(conversation_id, snoozed_at=since, snoozed_until=until)

    async def prioritise(self, conversation_id: str, priority: Priority) -> Summary:
        """How soon somebody has to look."""
        await self._desk.database.write(inbox_work.set_priority, conversation_id, priority)
        return await self._again(conversation_id)

    async def tag(self, conversation_id: str, add: Sequence[str], remove: Sequence[str]) -> Summary:
        """Tags, at most ``MOST_TAGS``.

        Raises:
            Invalid: they become too many.
        """
        there = (await self.summary(conversation_id)).details.tags
        if len(set(there) | set(add)) - len(set(remove) & set(there)) > MOST_TAGS:
            raise Invalid(f"A conversation can have {MOST_TAGS} tags. Take one away first.")
        await self._desk.database.write(inbox_work.change_tags, conversation_id, add, remove)
        return await self._again(conversation_id)

    async def note(self, conversation_id: str, staff: Staff, client_id: str, text: str) -> Note:
        """Words for colleagues, once a client id; no customer and no bot ever reads them."""
        note = self._note_of(staff, client_id, text)
        kept: Note = await self._desk.database.write(inbox_work.add_note, conversation_id, note)
        self._desk.hub.for_staff(conversation_id, "note", {"id": kept.id})
        return kept

    def _note_of(self, staff: Staff, client_id: str, text: str) -> Note:
        return Note(timeline.new_id("n"), 0, staff.id, staff.name, client_id, text, self.now())

    async def notes(self, conversation_id: str) -> list[Note]:
        """All notes, oldest first."""
        return await self._desk.database.read(inbox_rows.notes_of, conversation_id)

    async def read_up_to(self, conversation_id: str, position: int) -> Summary:
        """An agent has seen everything up to here; the customer sees that somebody reads."""
        await self._desk.database.write(inbox_work.mark_read, conversation_id, position)
        await self._signal(conversation_id, "read", {"speaker": "agent", "position": position})
        return await self._again(conversation_id)

    async def typing(self, conversation_id: str, staff: Staff, *, on: bool) -> None:
        """An agent writes: colleagues see it, and the customer if the conversation is this agent's."""
        if self.presence.looks(conversation_id, _person(staff), typing=on):
            self._tell_viewers(conversation_id)
        conversation = await self._desk.database.read(timeline.find, conversation_id)
        if conversation is None:
            raise NotFound
        if conversation.agent_id == staff.id:
            await self._signal(conversation_id, "typing", {"speaker": "agent", "name": staff.name, "on": on})

    async def looks(self, conversation_id: str, staff: Staff) -> None:
        """An agent has the conversation open."""
        if self.presence.looks(conversation_id, _person(staff)):
            self._tell_viewers(conversation_id)

    async def ticket(self, conversation_id: str, key: str, subject: str) -> str:
        """A ticket with the conversation's text; its number.

        Raises:
            NotPossible: there is no back office.
            StoreUnavailable: nothing was opened.
        """
        said = await self._desk.database.read(timeline.items_between, conversation_id, limit=1000)
        transcript = as_text(self._parts.company, said)
        return await self._parts.customers.open_ticket(conversation_id, key, subject, transcript)

    async def alive(self, staff: Staff) -> None:
        """The agent's console is there."""
        await self._desk.database.write(inbox_work.seen, _person(staff), self.now())

    async def away(self, staff: Staff, *, away: bool) -> None:
        """No new conversations for this agent; those they have go to colleagues."""
        await self._desk.database.write(inbox_work.set_away, _person(staff), self.now(), away=away)
        self._desk.hub.for_staff(None, "account", {"id": staff.id, "away": away})
        await self.release_left_alone()

    async def end_snoozes(self) -> None:
        """What was put off until now is back: consoles are told, nobody has to come upon it."""
        for conversation_id in await self._desk.database.write(snoozing.over, self.now()):
            self._desk.hub.for_staff(conversation_id, "changed", {})

    async def release_left_alone(self) -> None:
        """Give conversations whose agent is gone or away back to the queue, and tell the customers."""
        for conversation_id, agent_id in await self._desk.database.read(inbox_work.left_alone, self.now(), self.grace):
            try:
                changed = await self._desk.database.write(
                    owners.requeue, conversation_id, self.now(), waits=self._desk.windows.queue, expected=None,
                    sentence="released", sentences=self._desk.sentences, only_of=agent_id,
                )  # fmt: skip
            except NotPossible:
                continue  # a colleague took it in this moment
            self._desk.metrics.handoffs.labels("released").inc()
            await self.published(*changed)

    async def _own(self, work: Any, conversation_id: str, *args: Any, **kwargs: Any) -> Summary:
        """A change of owner; who was first when it is refused."""
        try:
            changed = await self._desk.database.write(work, conversation_id, *args, **kwargs)
        except StaleVersion as stale:
            raise StaleVersion((await self.summary(conversation_id)).conversation.agent_name) from stale
        return await self.published(*changed)

    async def _change(self, conversation_id: str, **values: Any) -> Summary:
        await self._desk.database.write(inbox_work.change, conversation_id, **values)
        return await self._again(conversation_id)

    async def _again(self, conversation_id: str) -> Summary:
        """Consoles read the conversation anew."""
        self._desk.hub.for_staff(conversation_id, "changed", {})
        return await self.summary(conversation_id)

    async def published(self, conversation: Conversation, said: Sequence[Item]) -> Summary:
        """Tell customer and consoles what a change of owner has made of it."""
        if said:
            self._desk.hub.items(conversation.id, said)
        self._desk.hub.conversation(conversation)
        if conversation.agent_id and conversation.agent_name:  # somebody whose absence will be noticed
            agent = (conversation.agent_id, conversation.agent_name)
            await self._desk.database.write(inbox_work.expect, agent, self.now())
        return await self.summary(conversation.id)

    async def _signal(self, conversation_id: str, event: str, data: Mapping[str, Any]) -> None:
        self._desk.hub.signal(conversation_id, event, data)
        if not self._desk.database.is_sqlite:
            await self._desk.database.write(timeline.notify, conversation_id, {"e": [event, data]})

    def _tell_viewers(self, conversation_id: str) -> None:
        viewers = self.presence.viewers(conversation_id)
        self._desk.hub.for_staff(conversation_id, "presence", {"viewers": viewers})


def _person(staff: Staff) -> tuple[str, str]:
    return staff.id, staff.name


def _urgency(summary: Summary, now: datetime) -> tuple[int, float]:
    """Urgent first, then whoever waits longest."""
    waits = (now - summary.waiting_since).total_seconds() if summary.waiting_since else -1.0
    return -RANK[summary.details.priority], -waits


def _open(connection: Any, conversation_id: str) -> Opened | None:
    summary = inbox_rows.one(connection, conversation_id)
    if summary is None:
        return None
    newest = timeline.items_between(connection, conversation_id, before=2**31 - 1, limit=NEWEST)
    return Opened(
        summary=summary,
        items=newest,
        notes=inbox_rows.notes_of(connection, conversation_id),
        handoff=inbox_rows.newest_handoff(connection, conversation_id),
        tickets=inbox_rows.tickets_of(connection, conversation_id),
    )
