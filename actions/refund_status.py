"""Where a refund is."""

from actions.journey.end import JourneyEnd
from actions.journey.form import JourneyForm
from actions.journey.model import ORDER_NUMBER, Case, Journey, Sentence
from actions.order_status import ORDER_STATUS
from actions.order_words import SHOP_TIME, day, items_of, sentence_for
from backoffice.model.act import Act, Reason, Refusal
from backoffice.model.order import OrderState, ReturnState
from backoffice.model.order_view import OrderView

_ON_THE_WAY_BACK = {
    ReturnState.ANNOUNCED: "utter_order_return_announced",
    ReturnState.ON_ITS_WAY: "utter_order_return_on_its_way",
}


class RefundStatus(Journey):
    """Looks up; changes nothing."""

    name = "refund_status"
    intents = frozenset({"refund_status"})
    agrees = False
    offered = True

    def fits(self, order: OrderView) -> bool:
        return bool(order.returns or order.refunds)

    def do(self, case: Case, act: Act, plan: None) -> Sentence | Refusal:
        del plan
        order = case.order
        if order is None:
            return Refusal(Reason.NOT_FOUND)
        values = sentence_for(order, case.now.astimezone(SHOP_TIME).date()).values
        if order.refunds and order.refunds[-1].sent_by:
            values["sent_by"] = day(order.refunds[-1].sent_by)
        data = {"kind": "refund_status", ORDER_NUMBER: order.number}
        values["items"] = items_of(order.lines)
        response = _response_for(order)
        if response == "utter_refund_none" and order.late:
            return ORDER_STATUS.do(case, act, None)  # what can be done about it stands there
        if response == "utter_refund_none" and order.state is OrderState.DELIVERED:
            back = {"title": "Send it back", "payload": "/return_item"}
            return Sentence("utter_refund_none_yet", values, [back], data, offer="return_item")
        return Sentence(response, values, data=data)


def _response_for(order: OrderView) -> str:
    if not order.returns:
        if not order.refunds:
            return "utter_refund_none"
        return "utter_refund_sent" if order.refunds[-1].sent_at else "utter_refund_coming"
    last = order.returns[-1]
    if last.state in _ON_THE_WAY_BACK:
        return _ON_THE_WAY_BACK[last.state]
    sent = last.refund is not None and last.refund.sent_at is not None
    return "utter_order_refunded" if sent else "utter_order_refund_due"


REFUND_STATUS = RefundStatus()


class ValidateRefundStatusForm(JourneyForm):
    journey = REFUND_STATUS


class ActionRefundStatus(JourneyEnd):
    journey = REFUND_STATUS
