"""Macros: several steps that belong together, done by one click."""

from collections.abc import Sequence
from datetime import timedelta
from typing import cast, get_args

from desk.accounts.model import Staff
from desk.adapters.sql import phrase_rows, timeline
from desk.adapters.sql.database import Database
from desk.errors import Invalid, NotFound, NotPossible
from desk.handoff.model import RANK, Priority
from desk.inbox.canned import CannedReplies
from desk.inbox.model import Resolution, Summary
from desk.inbox.phrases import Action, Macro
from desk.inbox.service import InboxDesk

_LAST: frozenset[str] = frozenset({"team", "resolve", "snooze"})
LONGEST_SNOOZE_HOURS = 24 * 30


def check(actions: Sequence[Action]) -> None:
    """Make sure that the steps can be done in this order.

    Raises:
        Invalid: a value is not one of its kind, or something follows the step that puts the conversation away.
    """
    if not actions:
        raise Invalid("A macro needs at least one step.")
    for place, action in enumerate(actions, start=1):
        known: Sequence[str] | None = {"priority": tuple(RANK), "resolve": get_args(Resolution)}.get(action.kind)
        if known is not None and action.value not in known:
            raise Invalid(f"Step {place}: choose one of {', '.join(known)}.")
        if action.kind == "snooze" and not 0 < _hours(action.value) <= LONGEST_SNOOZE_HOURS:
            raise Invalid(f"Step {place}: give the hours to snooze, at most {LONGEST_SNOOZE_HOURS}.")
        if action.kind in _LAST and place < len(actions):
            raise Invalid(f"Step {place} puts the conversation away: it must be the last one.")


class Macros:
    """Everybody's macros, and doing them."""

    def __init__(self, database: Database, inbox: InboxDesk, canned: CannedReplies) -> None:
        self._database, self._inbox, self._canned = database, inbox, canned

    async def all(self) -> list[Macro]:
        """By title."""
        return await self._database.read(phrase_rows.macros_there)

    async def find(self, macro_id: str) -> Macro:
        """One of them.

        Raises:
            NotFound: there is none.
        """
        for one in await self.all():
            if one.id == macro_id:
                return one
        raise NotFound

    async def keep(self, title: str, actions: Sequence[Action], macro_id: str | None = None) -> Macro:
        """A new one, or another content for one that is there.

        Raises:
            Invalid: see ``check``.
            NotFound: there is none to change.
        """
        check(actions)
        if macro_id is not None:
            await self.find(macro_id)
        made = Macro(macro_id or timeline.new_id("x"), title, actions)
        await self._database.write(phrase_rows.keep_macro, made)
        return made

    async def remove(self, macro_id: str) -> None:
        """For good.

        Raises:
            NotFound: there is none.
        """
        await self.find(macro_id)
        await self._database.write(phrase_rows.remove_macro, macro_id)

    async def run(
        self, conversation_id: str, staff: Staff, macro_id: str, *, client_id: str, version: int | None
    ) -> Summary:
        """Do all steps in order; the same ``client_id`` again says nothing twice.

        Raises:
            NotPossible: a text has a variable without a value here; nothing was done.
            StaleVersion: a colleague was first; the steps before that one are done.
        """
        macro = await self.find(macro_id)
        steps = [await self._filled_in(staff, action, conversation_id) for action in macro.actions]
        for place, step in enumerate(steps):
            replied = await self._do(conversation_id, staff, step, f"{client_id}.{place}", version)
            version = replied.conversation.version if replied else version
        return await self._inbox.summary(conversation_id)

    async def _filled_in(self, staff: Staff, action: Action, conversation_id: str) -> Action:
        if action.kind not in ("reply", "note"):
            return action
        text, missing = await self._canned.fill_in(staff, action.value, conversation_id)
        if missing and action.kind == "reply":
            names = ", ".join(name.replace(".", " ") for name in missing)
            raise NotPossible(f"This conversation has no {names} to put into the reply.")
        return Action(action.kind, text)

    async def _do(
        self, conversation_id: str, staff: Staff, step: Action, client_id: str, version: int | None
    ) -> Summary | None:
        """One step; the conversation after it where it could have another version."""
        inbox, value = self._inbox, step.value
        match step.kind:
            case "reply":
                return (await inbox.reply(conversation_id, staff, (client_id, value), version=version))[0]
            case "note":
                await inbox.note(conversation_id, staff, client_id, value)
            case "tag":
                await inbox.tag(conversation_id, [value], [])
            case "priority":
                await inbox.prioritise(conversation_id, cast("Priority", value))
            case "team":
                await inbox.transfer(conversation_id, staff, to=None, team=value, note=None)
            case "resolve":
                await inbox.resolve(conversation_id, cast("Resolution", value), None)
            case "snooze":
                await inbox.snooze(conversation_id, inbox.now() + timedelta(hours=_hours(value)))
        return None


def _hours(value: str) -> float:
    try:
        return float(value)
    except ValueError:
        return 0.0
