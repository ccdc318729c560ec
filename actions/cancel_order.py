"""Cancel a whole order that has not left."""

from typing import ClassVar

from actions.journey.end import JourneyEnd
from actions.journey.form import JourneyForm
from actions.journey.model import ORDER_NUMBER, Case, Journey, Sentence
from actions.order_words import PAYMENT_NAMES, day, items_of, money
from backoffice.model.act import Act, Done, Reason, Refusal
from backoffice.model.code import Level
from backoffice.model.order import OrderState
from backoffice.model.order_change import CancelPlan
from backoffice.model.order_view import OrderView

_NOT_SENT = {OrderState.PAYMENT_PENDING, OrderState.PLACED, OrderState.PACKED}


class CancelOrder(Journey):
    name = "cancel_order"
    intents = frozenset({"cancel_order"})
    access = Level.CONFIRMED
    refusals: ClassVar = {
        Reason.SHIPPED: "utter_cancel_shipped",
        Reason.TOO_LATE: "utter_cancel_too_late",
        Reason.ALREADY_DONE: "utter_cancel_already_done",
    }

    def fits(self, order: OrderView) -> bool:
        return order.state in _NOT_SENT

    def refused(self, case: Case, refusal: Refusal) -> Sentence:
        """What has arrived can be sent back instead."""
        if refusal.reason is Reason.SHIPPED and case.order and case.order.state is OrderState.DELIVERED:
            back = {"title": "Send it back", "payload": "/return_item"}
            return Sentence("utter_cancel_delivered", buttons=[back], offer="return_item")
        return super().refused(case, refusal)

    def preview(self, case: Case) -> CancelPlan | Refusal:
        return case.backoffice.order_changes.preview_cancel(case.conversation_id, case[ORDER_NUMBER])

    def read_back(self, case: Case, plan: CancelPlan) -> Sentence:
        items = items_of(case.order.lines) if case.order else ""
        response = "utter_read_back_cancel_order" if plan.refund.minor else "utter_read_back_cancel_unpaid"
        return Sentence(response, {"number": plan.order_number, "items": items, **_refund(plan)})

    def do(self, case: Case, act: Act, plan: CancelPlan) -> Done[CancelPlan] | Refusal:
        return case.backoffice.order_changes.cancel(act, plan.order_number, agreed_to=plan.token)

    def done(self, case: Case, done: Done[CancelPlan]) -> Sentence:
        del case
        response = "utter_done_cancel_order" if done.plan.refund.minor else "utter_done_cancel_unpaid"
        return Sentence(response, {"number": done.plan.order_number, **_refund(done.plan)})


def _refund(plan: CancelPlan) -> dict[str, str]:
    return {
        "refund": money(plan.refund),
        "method": PAYMENT_NAMES.get(plan.method, "account"),
        "sent_by": day(plan.sent_by) if plan.sent_by else "",
        "arrives_by": day(plan.arrives_by) if plan.arrives_by else "",
    }


CANCEL_ORDER = CancelOrder()


class ValidateCancelOrderForm(JourneyForm):
    journey = CANCEL_ORDER


class ActionCancelOrder(JourneyEnd):
    journey = CANCEL_ORDER
