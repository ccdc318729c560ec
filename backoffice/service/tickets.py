"""Tickets: opened once, readable in their own conversation, or by the customer they belong to."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import structlog

from backoffice.errors import InvalidValue
from backoffice.model.ids import ConversationId, MessageId
from backoffice.model.ticket import Priority, Ticket, TicketDraft
from backoffice.parsing import parse_email, parse_ticket_number
from backoffice.ports import TicketBook
from backoffice.service.access import AccessDesk
from backoffice.service.text import stored_id, stored_json, stored_text

logger = structlog.get_logger()

SUMMARY_CHARACTERS = 4000
TRANSCRIPT_CHARACTERS = 20_000


class TicketDesk:
    """Opens tickets for a conversation and finds them again."""

    def __init__(self, *, book: TicketBook, access: AccessDesk, now: Callable[[], datetime]) -> None:
        self._book = book
        self._access = access
        self._now = now

    def open_ticket(
        self,
        *,
        idempotency_key: str,
        conversation_id: ConversationId,
        reason: str,
        summary: str,
        priority: Priority = Priority.NORMAL,
        collected: Mapping[str, Any] | None = None,
        contact_email: str | None = None,
        transcript_excerpt: str | None = None,
        message_id: MessageId | None = None,
    ) -> Ticket:
        """A new ticket, or the one this conversation has already opened with the same key, unchanged.

        The verified customer's own address is the contact when none is given.

        Args:
            idempotency_key: Made from the message id and the purpose; counts within the conversation.
            conversation_id: The conversation that the ticket comes from.
            reason: A short stable word such as ``customer_asked`` or ``order_not_received``.
            summary: What a person needs to know first; cut at 4,000 characters.
            priority: How soon a person should look.
            collected: What the customer already told, as JSON values.
            contact_email: Where to answer.
            transcript_excerpt: The last messages, if they help; cut at 20,000 characters.
            message_id: The message that caused the ticket.

        Raises:
            InvalidValue: ``contact_email`` is no e-mail address.
            BackofficeUnavailable: No ticket was opened; the same key may try again.
        """
        customer = self._access.verified_customer(conversation_id)
        contact = _address(contact_email) if contact_email else (customer.email if customer else None)
        draft = TicketDraft(
            conversation_id=stored_id(conversation_id),
            idempotency_key=stored_id(idempotency_key),
            reason=stored_text(reason, 100),
            priority=Priority(priority),
            summary=stored_text(summary, SUMMARY_CHARACTERS),
            collected=stored_json(collected or {}),
            contact_email=contact,
            customer_id=customer.id if customer else None,
            transcript_excerpt=stored_text(transcript_excerpt, TRANSCRIPT_CHARACTERS) if transcript_excerpt else None,
            message_id=stored_id(message_id) if message_id else None,
        )
        ticket = self._book.open(draft, self._now())
        logger.info("ticket.opened", ticket=ticket.number, reason=ticket.reason, priority=ticket.priority.value)
        return ticket

    def add_contact(
        self, ticket_number: str, conversation_id: ConversationId, email: str, *, message_id: MessageId | None = None
    ) -> Ticket | None:
        """The ticket with its new contact address; ``None`` when this conversation has no such ticket.

        Raises:
            InvalidValue: ``email`` is no e-mail address.
            BackofficeUnavailable: Nothing was changed.
        """
        address = _address(email)
        number = parse_ticket_number(ticket_number)
        if number is None:
            return None
        cause = stored_id(message_id) if message_id else None
        return self._book.set_contact(number, stored_id(conversation_id), address, self._now(), cause)

    def ticket_for(self, conversation_id: ConversationId, number: str) -> Ticket | None:
        """The ticket, if it came from this conversation or belongs to its verified customer, else ``None``.

        Raises:
            BackofficeUnavailable: The data base cannot be asked.
        """
        parsed = parse_ticket_number(number)
        ticket = self._book.find(parsed) if parsed else None
        if ticket is None or ticket.conversation_id == stored_id(conversation_id):
            return ticket
        customer = self._access.verified_customer(conversation_id)
        owned = customer is not None and ticket.customer_id == customer.id
        return ticket if owned else None

    def tickets_from(self, conversation_id: ConversationId) -> list[Ticket]:
        """What this conversation has opened, oldest first.

        Raises:
            BackofficeUnavailable: The data base cannot be asked.
        """
        return self._book.opened_in(stored_id(conversation_id))


def _address(email: str) -> str:
    address = parse_email(email)
    if address is None:
        raise InvalidValue("contact_email", "is no e-mail address")
    return address
