"""Changes of orders for the conversation's customer: preview, read back, do it once."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TypeVar

from backoffice.model.act import Act, Done, Reason, Refusal, agreed
from backoffice.model.code import Level
from backoffice.model.customer import Address, Customer
from backoffice.model.ids import ConversationId
from backoffice.model.order import Order
from backoffice.model.order_change import (
    CancelPlan,
    ClaimKind,
    ClaimPlan,
    LostPlan,
    MovePlan,
    OrderPlan,
    ReturnPlan,
    ReturnReason,
    SearchPlan,
    Wish,
)
from backoffice.parsing import parse_order_number
from backoffice.ports import OrderBook, Shop
from backoffice.service import order_rules, return_rules
from backoffice.service.access import AccessDesk
from backoffice.service.order_status import OrderPolicy

P = TypeVar("P", bound=OrderPlan)
Rule = Callable[[Order, Customer, datetime], P | Refusal]


class OrderChangeDesk:
    """Every ``preview_…`` changes nothing; the method beside it does what its plan's ``token`` stands for.

    Previews ask for reading; what moves money or goods asks for a confirmed code. Every method may raise
    ``BackofficeUnavailable``: nothing was changed, and the same key may try again.
    """

    def __init__(
        self, *, shop: Shop, book: OrderBook, access: AccessDesk, policy: OrderPolicy, now: Callable[[], datetime]
    ) -> None:
        self._shop, self._book, self._access, self._policy, self._now = shop, book, access, policy, now

    def preview_cancel(self, conversation_id: ConversationId, order_number: str) -> CancelPlan | Refusal:
        return self._preview(conversation_id, order_number, self._cancel)

    def cancel(self, act: Act, order_number: str, *, agreed_to: str) -> Done[CancelPlan] | Refusal:
        return self._do(act, order_number, self._cancel, CancelPlan, agreed_to)

    def preview_move(self, conversation_id: ConversationId, order_number: str, to: Address) -> MovePlan | Refusal:
        return self._preview(conversation_id, order_number, self._move(to))

    def move(self, act: Act, order_number: str, to: Address, *, agreed_to: str) -> Done[MovePlan] | Refusal:
        return self._do(act, order_number, self._move(to), MovePlan, agreed_to)

    def preview_return(
        self,
        conversation_id: ConversationId,
        order_number: str,
        reason: ReturnReason,
        lines: Mapping[int, int] | None = None,
        *,
        opened: bool = False,
    ) -> ReturnPlan | Refusal:
        """``lines``: line number to quantity, nothing for everything; ``opened``: a seal or bag is broken."""
        return self._preview(conversation_id, order_number, self._return(reason, lines, opened=opened))

    def start_return(
        self,
        act: Act,
        order_number: str,
        reason: ReturnReason,
        lines: Mapping[int, int] | None = None,
        *,
        agreed_to: str,
        opened: bool = False,
    ) -> Done[ReturnPlan] | Refusal:
        """``reference`` is the return's number."""
        return self._do(act, order_number, self._return(reason, lines, opened=opened), ReturnPlan, agreed_to)

    def preview_search(self, conversation_id: ConversationId, order_number: str) -> SearchPlan | Refusal:
        return self._preview(conversation_id, order_number, self._search)

    def search(self, act: Act, order_number: str, *, agreed_to: str) -> Done[SearchPlan] | Refusal:
        """Ask the carrier for a late parcel; reading is enough."""
        return self._do(act, order_number, self._search, SearchPlan, agreed_to, Level.READING)

    def preview_lost(self, conversation_id: ConversationId, order_number: str, wish: Wish) -> LostPlan | Refusal:
        return self._preview(conversation_id, order_number, self._lost(wish))

    def settle_lost(self, act: Act, order_number: str, wish: Wish, *, agreed_to: str) -> Done[LostPlan] | Refusal:
        return self._do(act, order_number, self._lost(wish), LostPlan, agreed_to)

    def preview_claim(
        self,
        conversation_id: ConversationId,
        order_number: str,
        kind: ClaimKind,
        lines: tuple[int, ...] = (),
        wish: Wish | None = None,
    ) -> ClaimPlan | Refusal:
        return self._preview(conversation_id, order_number, self._claim(kind, lines, wish))

    def claim(
        self,
        act: Act,
        order_number: str,
        kind: ClaimKind,
        lines: tuple[int, ...] = (),
        wish: Wish | None = None,
        *,
        agreed_to: str,
    ) -> Done[ClaimPlan] | Refusal:
        """Put a claim before a person; reading is enough. ``reference`` goes into the link for pictures."""
        return self._do(act, order_number, self._claim(kind, lines, wish), ClaimPlan, agreed_to, Level.READING)

    def _cancel(self, order: Order, _customer: Customer, now: datetime) -> CancelPlan | Refusal:
        return order_rules.cancel(order, now, self._policy)

    def _search(self, order: Order, _customer: Customer, now: datetime) -> SearchPlan | Refusal:
        return order_rules.search(order, now, self._policy)

    def _move(self, to: Address) -> Rule[MovePlan]:
        return lambda order, _customer, _now: order_rules.move(order, to)

    def _lost(self, wish: Wish) -> Rule[LostPlan]:
        return lambda order, _customer, now: order_rules.lost(order, wish, now, self._policy)

    def _claim(self, kind: ClaimKind, lines: tuple[int, ...], wish: Wish | None) -> Rule[ClaimPlan]:
        return lambda order, _customer, now: order_rules.claim(order, kind, wish, lines, now, self._policy)

    def _return(self, reason: ReturnReason, lines: Mapping[int, int] | None, *, opened: bool) -> Rule[ReturnPlan]:
        return lambda order, customer, now: return_rules.send_back(
            order, lines or {}, reason, customer, opened=opened, now=now, policy=self._policy
        )

    def _preview(self, conversation_id: ConversationId, order_number: str, rule: Rule[P]) -> P | Refusal:
        customer = self._access.admit(conversation_id, Level.READING)
        if isinstance(customer, Refusal):
            return customer
        number = parse_order_number(order_number)
        order = self._shop.order(customer.id, number) if number else None
        return rule(order, customer, self._now()) if order else Refusal(Reason.NOT_FOUND)

    def _do(  # noqa: PLR0917 - each is needed and none is optional
        self, act: Act, order_number: str, rule: Rule[P], kind: type[P], token: str, level: Level = Level.CONFIRMED
    ) -> Done[P] | Refusal:
        customer = self._access.admit(act.conversation_id, level)
        if isinstance(customer, Refusal):
            return customer
        number, now = parse_order_number(order_number), self._now()
        if number is None:
            return Refusal(Reason.NOT_FOUND)

        def decide(order: Order) -> P | Refusal:
            return agreed(rule(order, customer, now), token)

        return self._book.change(act, customer.id, number, kind, decide, now)
