"""Handing waiting conversations out by capacity and skill, where an admin has switched it on."""

from desk.accounts.model import Staff
from desk.adapters.sql import assignments, company_settings
from desk.gateway.service import DeskParts
from desk.inbox.service import InboxDesk

SETTING = "automatic_assignment"
_MOST_AT_ONCE = 50


class Assignment:
    """Whether conversations are handed out, and doing it."""

    def __init__(self, parts: DeskParts, inbox: InboxDesk) -> None:
        self._parts, self._inbox = parts, inbox

    async def is_on(self) -> bool:
        """Off until somebody decides."""
        return bool(await self._parts.database.read(company_settings.read, SETTING, False))

    async def switch(self, staff: Staff, *, on: bool) -> None:
        """From now on, in every gateway."""
        await self._parts.database.write(company_settings.write, SETTING, on, staff.name, self._parts.now())

    async def run(self) -> int:
        """Hand out what waits to whoever has room; how many were given."""
        if not await self.is_on():
            return 0
        given = 0
        while given < _MOST_AT_ONCE:
            changed = await self._parts.database.write(
                assignments.assign_one, self._parts.now(), self._inbox.grace, sentences=self._parts.sentences
            )
            if changed is None:
                break
            self._parts.metrics.handoffs.labels("assigned").inc()
            await self._inbox.published(*changed)
            given += 1
        return given
