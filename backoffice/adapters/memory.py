"""The ports in memory: for tests of whoever stands above this room, and to show how small an adapter may be."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from threading import Lock

from backoffice.adapters.ticket_number import free_number, random_number
from backoffice.model.access import Claim, Gate, Gates, Ruling, Standing
from backoffice.model.customer import Customer
from backoffice.model.ids import ConversationId, CustomerId, MessageId
from backoffice.model.order import Order
from backoffice.model.ticket import Ticket, TicketDraft, TicketState


class MemoryShop:
    """``Shop`` over given customers and orders."""

    def __init__(self, customers: Iterable[Customer], orders: Iterable[Order]) -> None:
        self._customers = {customer.id: customer for customer in customers}
        self._orders = sorted(orders, key=lambda order: (order.placed_at, order.number), reverse=True)

    def owner_of(self, order_number: str) -> Customer | None:
        owners = {order.number: order.customer_id for order in self._orders}
        customer_id = owners.get(order_number)
        return self._customers.get(customer_id) if customer_id else None

    def customer(self, customer_id: CustomerId) -> Customer | None:
        return self._customers.get(customer_id)

    def order(self, customer_id: CustomerId, order_number: str) -> Order | None:
        return next((order for order in self.orders(customer_id) if order.number == order_number), None)

    def orders(self, customer_id: CustomerId) -> tuple[Order, ...]:
        return tuple(order for order in self._orders if order.customer_id == customer_id)


class MemoryAccessLedger:
    """``AccessLedger`` behind one lock; a restart forgets it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._gates: dict[tuple[str, str], Gate] = {}
        self._rulings: dict[tuple[ConversationId, MessageId], Ruling] = {}
        self._standing: dict[ConversationId, Standing] = {}

    def attempt(self, claim: Claim, rule: Callable[[Gates], tuple[Ruling, Gates]]) -> Ruling:
        said = (claim.conversation_id, claim.message_id)
        keys = (
            ("conversation", claim.conversation_id),
            ("order", claim.order_fingerprint),
            ("email", claim.email_fingerprint),
        )
        with self._lock:
            if said in self._rulings:
                return self._rulings[said]
            ruling, after = rule(Gates(*(self._gates.get(key, Gate()) for key in keys)))
            self._gates.update(zip(keys, (after.conversation, after.order, after.email), strict=True))
            self._rulings[said] = ruling
            if ruling.customer_id is not None and ruling.expires_at is not None:
                self._standing[claim.conversation_id] = Standing(ruling.customer_id, ruling.expires_at)
            return ruling

    def standing(self, conversation_id: ConversationId, at: datetime) -> Standing | None:
        standing = self._standing.get(conversation_id)
        return standing if standing is not None and at < standing.expires_at else None


class MemoryTicketBook:
    """``TicketBook`` behind one lock."""

    def __init__(self, *, draw: Callable[[], str] = random_number) -> None:
        self._lock = Lock()
        self._draw = draw
        self._tickets: dict[str, Ticket] = {}
        self._keys: dict[tuple[ConversationId, str], str] = {}

    def open(self, draft: TicketDraft, at: datetime) -> Ticket:
        with self._lock:
            key = (draft.conversation_id, draft.idempotency_key)
            if key not in self._keys:
                number = free_number(self._draw, self._tickets)
                self._keys[key] = number
                self._tickets[number] = _opened(draft, number, at)
            return self._tickets[self._keys[key]]

    def find(self, number: str) -> Ticket | None:
        return self._tickets.get(number)

    def set_contact(
        self,
        number: str,
        conversation_id: ConversationId,
        email: str,
        at: datetime,
        message_id: MessageId | None,  # noqa: ARG002 - kept by adapters that have an audit log
    ) -> Ticket | None:
        with self._lock:
            ticket = self._tickets.get(number)
            if ticket is None or ticket.conversation_id != conversation_id:
                return None
            if ticket.contact_email != email:
                self._tickets[number] = replace(ticket, contact_email=email, updated_at=at)
            return self._tickets[number]


def _opened(draft: TicketDraft, number: str, at: datetime) -> Ticket:
    return Ticket(
        number=number,
        conversation_id=draft.conversation_id,
        reason=draft.reason,
        priority=draft.priority,
        state=TicketState.OPEN,
        summary=draft.summary,
        collected=draft.collected,
        contact_email=draft.contact_email,
        customer_id=draft.customer_id,
        transcript_excerpt=draft.transcript_excerpt,
        opened_at=at,
        updated_at=at,
    )
