"""Who the customer of a conversation is, for the people who answer: what the back office lets that conversation see."""

import asyncio
from collections.abc import Collection, Sequence

import structlog
from babel.numbers import format_currency

from backoffice.bootstrap import Backoffice
from backoffice.errors import BackofficeError
from backoffice.model.ids import ConversationId
from backoffice.model.order_view import OrderView
from desk.errors import StoreUnavailable
from desk.gateway.wire import moment
from desk.inbox.model import Customer

logger = structlog.get_logger()

_SHOWN_ORDERS = 10


class BackofficeCustomers:
    """A ``Customers``. An agent sees what the conversation's own verification opens, no more."""

    def __init__(self, backoffice: Backoffice) -> None:
        self._backoffice = backoffice

    async def of(self, conversation_id: str) -> Customer | None:
        try:
            return await asyncio.to_thread(self._of, ConversationId(conversation_id))
        except BackofficeError as error:
            logger.warning("customers.unavailable", error=type(error).__name__)
            return None

    def _of(self, conversation_id: ConversationId) -> Customer | None:
        found = self._backoffice.access.verified_customer(conversation_id)
        if found is None:
            return None
        orders = self._backoffice.orders.orders_of(conversation_id)
        return Customer(
            id=str(found.id),
            name=found.name,
            email=found.email,
            phone=None,
            since=None,
            orders=[_order(one) for one in orders[:_SHOWN_ORDERS]],
        )

    async def proved_to_be(self, conversation_id: str) -> Collection[str]:
        try:
            return await asyncio.to_thread(self._backoffice.access.customers_of, ConversationId(conversation_id))
        except BackofficeError as error:
            raise StoreUnavailable("the back office does not answer") from error

    async def traces(self, asked: str) -> tuple[str | None, Sequence[str]]:
        try:
            found, conversations = await asyncio.to_thread(self._backoffice.access.traces_of, asked)
        except BackofficeError as error:
            raise StoreUnavailable("the back office does not answer") from error
        return (str(found) if found else None), [str(one) for one in conversations]

    async def tickets_of(self, conversation_id: str) -> Sequence[str]:
        try:
            found = await asyncio.to_thread(self._backoffice.tickets.tickets_from, ConversationId(conversation_id))
        except BackofficeError as error:
            logger.warning("customers.unavailable", error=type(error).__name__)
            return ()
        return [str(ticket.number) for ticket in found]

    async def open_ticket(self, conversation_id: str, key: str, subject: str, transcript: str) -> str:
        try:
            ticket = await asyncio.to_thread(
                self._backoffice.tickets.open_ticket,
                idempotency_key=key,
                conversation_id=ConversationId(conversation_id),
                reason="opened_by_agent",
                summary=subject,
                transcript_excerpt=transcript,
            )
        except BackofficeError as error:
            raise StoreUnavailable("the back office took no ticket") from error
        return str(ticket.number)


def _order(order: OrderView) -> dict[str, object]:
    late = ", late" if order.late else ""
    return {
        "number": order.number,
        "state": f"{order.status.value.replace('_', ' ')}{late}",
        "placed_at": moment(order.placed_at),
        "total": format_currency(order.total.minor / 100, order.total.currency, locale="en"),
        "items": ", ".join(
            f"{line.quantity} × {line.name}" if line.quantity > 1 else line.name for line in order.lines
        ),
        "tracking": next((one.tracking_number for one in order.shipments), None),
    }
