"""What the rules need from outside. Every method may raise ``BackofficeUnavailable``."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from backoffice.model.access import Claim, Gates, Ruling, Standing
from backoffice.model.customer import Customer
from backoffice.model.ids import ConversationId, CustomerId, MessageId
from backoffice.model.order import Order
from backoffice.model.ticket import Ticket, TicketDraft


class Shop(Protocol):
    """Customers and orders, read only. Asked for a customer's order, never for an order of anybody."""

    def owner_of(self, order_number: str) -> Customer | None:
        """Who placed the order, by one look-up that costs the same whether there is such an order or not."""
        ...

    def customer(self, customer_id: CustomerId) -> Customer | None: ...

    def order(self, customer_id: CustomerId, order_number: str) -> Order | None:
        """The order, if it is this customer's; another's is ``None`` as one that does not exist."""
        ...

    def orders(self, customer_id: CustomerId) -> tuple[Order, ...]:
        """All orders of the customer, newest first."""
        ...


class AccessLedger(Protocol):
    """Tries and proofs, kept where a restart does not lose them."""

    def attempt(self, claim: Claim, rule: Callable[[Gates], tuple[Ruling, Gates]]) -> Ruling:
        """Decide and remember one try, alone with its three gates, in one transaction.

        The same message of the same conversation again gets the ruling of the first time, and ``rule`` is
        not called.
        """
        ...

    def standing(self, conversation_id: ConversationId, at: datetime) -> Standing | None:
        """The conversation's latest proof, if it still holds at ``at``."""
        ...


class TicketBook(Protocol):
    """Where tickets are kept."""

    def open(self, draft: TicketDraft, at: datetime) -> Ticket:
        """A new ticket, or the one this conversation has already opened with the same idempotency key."""
        ...

    def find(self, number: str) -> Ticket | None: ...

    def set_contact(
        self, number: str, conversation_id: ConversationId, email: str, at: datetime, message_id: MessageId | None
    ) -> Ticket | None:
        """Write the address on a ticket of this conversation; ``None`` when it has no such ticket."""
        ...
