"""Orders and refunds of the conversation's verified customer. Nothing here changes anything."""

import asyncio
from typing import Annotated, ClassVar

from pydantic import Field

from answering.model import Citation, Proposal
from answering.tools.model import Arguments, Caller, Effect, Result, Tool
from answering.tools.words import day, lines, money, pieces
from backoffice.bootstrap import Backoffice
from backoffice.model.act import Refusal
from backoffice.model.order_change import ReturnPlan, ReturnReason
from backoffice.model.order_view import OrderView
from backoffice.parsing import parse_order_number

_NO_ORDER = "This customer has no order with that number. Do not say whether it exists."
OrderNumber = Annotated[str, Field(max_length=40, description="order number, five digits that start with 10")]


class OrderArguments(Arguments):
    """Which order."""

    order_number: OrderNumber


class LookUpOrder(Tool[OrderArguments]):
    """An order's state as its customer is told it."""

    name: ClassVar[str] = "look_up_order"
    description: ClassVar[str] = "State, parcels, dates, articles and refunds of one of this customer's orders."
    arguments: ClassVar[type[OrderArguments]] = OrderArguments
    needs_customer: ClassVar[bool] = True

    def __init__(self, backoffice: Backoffice) -> None:
        """Ask this back office."""
        self._orders = backoffice.orders

    async def call(self, arguments: OrderArguments, caller: Caller) -> list[Result]:
        """See ``Tool.call``. Whose order it is, is asked of the back office again."""
        order = await asyncio.to_thread(self._orders.order_for, caller.conversation_id, arguments.order_number)
        return [Result(facts_of(order), _order_citation(order.number)) if order else Result(_NO_ORDER)]


class RefundArguments(Arguments):
    """Which order comes back, and why."""

    order_number: OrderNumber
    reason: Annotated[ReturnReason, Field(strict=False, description="why the goods come back")]


class CheckRefund(Tool[RefundArguments]):
    """What sending an order back would bring, or why it cannot be sent back."""

    name: ClassVar[str] = "check_refund"
    description: ClassVar[str] = (
        "Whether one of this customer's orders can be returned now, and the refund it would bring."
    )
    arguments: ClassVar[type[RefundArguments]] = RefundArguments
    needs_customer: ClassVar[bool] = True

    def __init__(self, backoffice: Backoffice) -> None:
        """Ask this back office."""
        self._changes = backoffice.order_changes

    async def call(self, arguments: RefundArguments, caller: Caller) -> list[Result]:
        """See ``Tool.call``."""
        return [_preview(await self._plan(arguments, caller), arguments)]

    async def _plan(self, arguments: RefundArguments, caller: Caller) -> ReturnPlan | Refusal:
        return await asyncio.to_thread(
            self._changes.preview_return, caller.conversation_id, arguments.order_number, arguments.reason
        )


class StartRefund(CheckRefund):
    """The same look, and the journey of a return offered to the customer: it reads back, asks for a code, then acts."""

    name: ClassVar[str] = "start_refund"
    description: ClassVar[str] = (
        "Offer the customer to return an order for a refund. Nothing happens by this call: a button starts "
        "the return, where they confirm with a code sent to their e-mail address."
    )
    effect: ClassVar[Effect] = "proposes"

    async def call(self, arguments: RefundArguments, caller: Caller) -> list[Result]:
        """See ``Tool.call``."""
        plan = await self._plan(arguments, caller)
        looked = _preview(plan, arguments)
        if isinstance(plan, Refusal):
            return [looked]
        return [Result(looked.text, looked.citation, (Proposal("return_item", plan.order_number),))]


def _preview(plan: ReturnPlan | Refusal, arguments: RefundArguments) -> Result:
    if isinstance(plan, Refusal):
        text = lines(
            return_possible="no", reason=plan.reason.value.replace("_", " "), policy=plan.policy,
            day=day(plan.day) if plan.day else None,
        )  # fmt: skip
        number = parse_order_number(arguments.order_number)
        return Result(text, _order_citation(number) if number else None)
    text = lines(
        order=plan.order_number, return_possible="yes, nothing is started yet", articles=pieces(plan.pieces),
        refund=money(plan.refund), deducted_for_the_label=money(plan.deducted),
        hand_over_the_parcel_by=day(plan.hand_over_by), collected_from_home="yes" if plan.collected else "no",
    )  # fmt: skip
    return Result(text, _order_citation(plan.order_number))


def _order_citation(number: str) -> Citation:
    return Citation(f"order:{number}", f"Your order {number}")


def facts_of(order: OrderView) -> str:
    """An order in lines of facts, without the address it goes to."""
    parcel = order.shipments[-1] if order.shipments else None
    promised = order.promised
    refunds = [*order.refunds, *(back.refund for back in order.returns if back.refund)]
    return lines(
        order=order.number,
        status=order.status.value.replace("_", " "),
        articles=pieces(order.lines),
        placed_on=day(order.placed_at),
        total=money(order.total),
        promised_delivery=f"between {day(promised.first)} and {day(promised.last)}" if promised else None,
        late_by=f"{order.lateness.working_days} working days" if order.lateness else None,
        carrier=parcel.carrier if parcel else None,
        tracking_link=parcel.tracking_url if parcel else None,
        last_seen=parcel.last_scan.place if parcel and parcel.last_scan else None,
        delivered_on=day(parcel.delivery.at) if parcel and parcel.delivery else None,
        pay_by=day(order.pay_by) if order.pay_by else None,
        refund=", ".join(money(refund.amount) for refund in refunds),
    )
