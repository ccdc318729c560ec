"""The desk where it takes the conversation, else a ticket: nobody is left without either."""

from dataclasses import replace

import structlog

from actions.handoff.model import Accepted, Handoff
from actions.handoff.ports import DeskUnavailable, HandoffDesk
from actions.metrics import NEIGHBOUR_FAILURES

logger = structlog.get_logger()


class DeskElseTicket:
    """Implements ``HandoffDesk``; ``desk`` is None where none is configured."""

    def __init__(self, desk: HandoffDesk | None, tickets: HandoffDesk) -> None:
        self._desk = desk
        self._tickets = tickets

    @property
    def has_desk(self) -> bool:
        """Whether a handoff can succeed while the back office is down."""
        return self._desk is not None

    async def take(self, handoff: Handoff) -> Accepted:
        """See ``HandoffDesk.take``. A conversation that the desk does not know is simply a ticket's."""
        if self._desk is None:
            return await self._file(handoff, instead=False)
        try:
            return await self._desk.take(handoff)
        except DeskUnavailable as error:
            if error.known:
                NEIGHBOUR_FAILURES.labels("desk").inc()
                logger.warning("desk.unavailable", reason=str(error))
            return await self._file(handoff, instead=error.known)

    async def _file(self, handoff: Handoff, *, instead: bool) -> Accepted:
        """A ticket; the one that there is, if there is one."""
        if handoff.ticket_number:
            return Accepted("ticket", ticket_number=handoff.ticket_number, known=True)
        return replace(await self._tickets.take(handoff), instead=instead)
