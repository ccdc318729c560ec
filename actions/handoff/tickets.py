"""A ticket in the back office: what there is where no desk runs."""

import asyncio

from actions.handoff.model import Accepted, Handoff
from backoffice.model.ids import ConversationId, MessageId
from backoffice.model.ticket import Priority
from backoffice.service.tickets import TicketDesk


class TicketHandoffs:
    """Implements ``HandoffDesk``."""

    def __init__(self, tickets: TicketDesk) -> None:
        self._tickets = tickets

    async def take(self, handoff: Handoff) -> Accepted:
        """See ``HandoffDesk.take``."""
        ticket = await asyncio.to_thread(
            self._tickets.open_ticket,
            idempotency_key=f"handoff:{handoff.message_id}",
            conversation_id=ConversationId(handoff.conversation_id),
            reason=handoff.reason.value,
            priority=Priority(handoff.priority),
            summary=handoff.summary,
            collected=handoff.collected,
            contact_email=handoff.contact_email,
            message_id=MessageId(handoff.message_id),
        )
        return Accepted("ticket", ticket_number=ticket.number)
