"""Orders, as far as the conversation's verified customer may see them."""

from collections.abc import Callable
from datetime import datetime

from backoffice.model.ids import ConversationId
from backoffice.model.order_view import OrderView
from backoffice.parsing import parse_order_number
from backoffice.ports import Shop
from backoffice.service.access import AccessDesk
from backoffice.service.order_status import OrderPolicy, view_of


class OrderDesk:
    """Answers about own orders only; the caller names its conversation and nothing else is believed."""

    def __init__(self, *, shop: Shop, access: AccessDesk, policy: OrderPolicy, now: Callable[[], datetime]) -> None:
        self._shop = shop
        self._access = access
        self._policy = policy
        self._now = now

    def order_for(self, conversation_id: ConversationId, order_number: str) -> OrderView | None:
        """The order, or ``None``: not verified, somebody else's, or no such order, all alike.

        Raises:
            BackofficeUnavailable: The data base cannot be asked.
        """
        customer = self._access.verified_customer(conversation_id)
        number = parse_order_number(order_number)
        if customer is None or number is None:
            return None
        order = self._shop.order(customer.id, number)
        return view_of(order, self._now(), self._policy) if order else None

    def orders_of(self, conversation_id: ConversationId) -> tuple[OrderView, ...]:
        """All orders of the verified customer, newest first; empty when nobody is verified.

        Raises:
            BackofficeUnavailable: The data base cannot be asked.
        """
        customer = self._access.verified_customer(conversation_id)
        if customer is None:
            return ()
        now = self._now()
        return tuple(view_of(order, now, self._policy) for order in self._shop.orders(customer.id))
