"""Canned replies: what is written again and again, with variables for what differs."""

import re
from collections.abc import Mapping

from desk.accounts.model import Permission, Staff
from desk.adapters.sql import phrase_rows, timeline
from desk.adapters.sql.database import Database
from desk.errors import Forbidden, NotFound
from desk.inbox.model import Customer
from desk.inbox.phrases import Canned
from desk.inbox.ports import Customers

_VARIABLE = re.compile(r"\{\{\s*([a-z]+\.[a-z]+)\s*\}\}")


def render(text: str, values: Mapping[str, str]) -> tuple[str, list[str]]:
    """The text with its variables filled in, and the names of those that have no value here.

    Those stay readable as ``[customer name?]`` for the agent to see. A value is never looked at for variables.
    """
    missing = []

    def value(found: re.Match[str]) -> str:
        name = found[1]
        if name in values:
            return values[name]
        missing.append(name)
        return f"[{name.replace('.', ' ')}?]"

    return _VARIABLE.sub(value, text), missing


def values_of(staff: Staff, customer: Customer | None) -> dict[str, str]:
    """What the variables mean in a conversation; the order is the newest."""
    values = {"agent.name": staff.name}
    if customer is not None:
        values["customer.name"] = customer.name
        if customer.orders:
            values["order.number"] = str(customer.orders[0]["number"])
    return values


class CannedReplies:
    """Everybody's replies and one's own."""

    def __init__(self, database: Database, customers: Customers) -> None:
        self._database, self._customers = database, customers

    async def usable(self, staff: Staff) -> list[Canned]:
        """Everybody's and one's own, by shortcut."""
        return await self._database.read(phrase_rows.canned_of, staff.id)

    async def find(self, staff: Staff, canned_id: str) -> Canned:
        """One of those.

        Raises:
            NotFound: there is none, or it is a colleague's.
        """
        for one in await self.usable(staff):
            if one.id == canned_id:
                return one
        raise NotFound

    async def add(self, staff: Staff, *, shortcut: str, title: str, text: str, team: str | None, mine: bool) -> Canned:
        """A new one.

        Raises:
            Forbidden: for everybody, without the permission.
            NotPossible: the shortcut is taken.
        """
        made = Canned(timeline.new_id("r"), staff.id if mine else "", shortcut, title, text, team)
        _demand_right(staff, made)
        await self._database.write(phrase_rows.keep_canned, made)
        return made

    async def change(self, staff: Staff, canned_id: str, values: Mapping[str, str | None]) -> Canned:
        """Other words.

        Raises:
            NotFound, Forbidden, NotPossible: nothing was changed.
        """
        there = await self.find(staff, canned_id)
        _demand_right(staff, there)
        changed = Canned(
            id=there.id,
            owner_id=there.owner_id,
            shortcut=values.get("shortcut") or there.shortcut,
            title=values.get("title") or there.title,
            text=values.get("text") or there.text,
            team=values.get("team", there.team),
        )
        await self._database.write(phrase_rows.keep_canned, changed)
        return changed

    async def remove(self, staff: Staff, canned_id: str) -> None:
        """For good.

        Raises:
            NotFound, Forbidden: it is still there.
        """
        _demand_right(staff, await self.find(staff, canned_id))
        await self._database.write(phrase_rows.remove_canned, canned_id)

    async def rendered(self, staff: Staff, canned_id: str, conversation_id: str) -> str:
        """The reply for a conversation."""
        text, _ = await self.fill_in(staff, (await self.find(staff, canned_id)).text, conversation_id)
        return text

    async def fill_in(self, staff: Staff, text: str, conversation_id: str) -> tuple[str, list[str]]:
        """Any text with variables for a conversation, and which of them have no value."""
        wanted = set(_VARIABLE.findall(text)) - {"agent.name"}
        customer = await self._customers.of(conversation_id) if wanted else None
        return render(text, values_of(staff, customer))


def _demand_right(staff: Staff, canned: Canned) -> None:
    if canned.owner_id != staff.id and not staff.may(Permission.ASSIGN):
        raise Forbidden
