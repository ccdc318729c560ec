"""Where a refund is, and why it is less than what was paid."""

import re

from actions.journey.end import JourneyEnd
from actions.journey.form import JourneyForm
from actions.journey.model import OPENING, ORDER_NUMBER, Case, Journey, Sentence
from actions.order_status import ORDER_STATUS
from actions.order_words import SHOP_TIME, OrderSentence, day, is_overdue, items_of, money, sentence_for
from actions.turn import PERSON_BUTTON
from backoffice.model.act import Act, Reason, Refusal
from backoffice.model.money import Money
from backoffice.model.order import OrderState, ReturnState
from backoffice.model.order_view import OrderView
from backoffice.service.return_rules import RETURN_COST_MINOR

_SENT = {"utter_refund_sent", "utter_order_refunded"}
_LESS = re.compile(
    r"(?i)\b(?:why|short|less|only|instead of|full (?:price|amount|refund)|whole (?:price|amount)|deduct\w*|difference|"
    r"fiver|too (?:little|low)|not (?:all|everything)|partial|rest of|kept?|took off|taken off)\b"
)
_NEVER_CAME = re.compile(
    r"(?i)\b(?:it|they|parcel|package)\b(?: \w+)? ?(?:never|not|\w+n'?t)\b.{0,12}"
    r"\b(?:came|come|arriv\w*|reach\w*|turn(?:ed)? up|show(?:n|ed)? up)\b"
)
"""The parcel is missed, and the money for it wanted."""
_REPORT_IT = {"title": "Report it", "payload": "/order_not_received"}
_SEND_IT_BACK = {"title": "Send it back", "payload": "/return_item"}
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
        values["items"] = values.get("back_items") or items_of(order.lines)
        today = case.now.astimezone(SHOP_TIME).date()
        if why := _why_less(order, case[OPENING] or ""):
            return Sentence(why.response, {**values, **why.values}, [PERSON_BUTTON], data, offer="person")
        response = _response_for(order)
        if response in _SENT and is_overdue(order, today):
            return Sentence(f"{response}_before", values, [PERSON_BUTTON], data, offer="person")
        if response == "utter_refund_none" and order.late:
            return ORDER_STATUS.do(case, act, None)  # what can be done about it stands there
        if response == "utter_refund_none" and order.state is OrderState.DELIVERED:
            return _none_for_delivered(case[OPENING] or "", values, data)
        return Sentence(response, values, data=data)


def _none_for_delivered(asked: str, values: dict[str, str], data: dict[str, str]) -> Sentence:
    """What can be done about a delivered order without a return: it is sent back, or it never came."""
    if _NEVER_CAME.search(asked):
        return Sentence("utter_refund_never_came", values, [_REPORT_IT], data, offer="missing_parcel")
    return Sentence("utter_refund_none_yet", values, [_SEND_IT_BACK], data, offer="return_item")


def _why_less(order: OrderView, asked: str) -> OrderSentence | None:
    """Why less came back than was paid, where that is asked and the return's figures tell it."""
    last = order.returns[-1] if order.returns else None
    if last is None or last.refund is None or not _LESS.search(asked):
        return None
    postage = Money(RETURN_COST_MINOR, last.goods.currency)
    kept = {"goods": money(last.goods), "postage": money(postage), "delivery": money(order.delivery_cost)}
    return OrderSentence(_less_by(last.refund.amount.minor, last.goods.minor, order.delivery_cost.minor), kept)


def _less_by(amount: int, goods: int, delivery: int) -> str:
    """The response for a refund of ``amount`` that is made up of the goods, the delivery and the return's postage."""
    if amount + RETURN_COST_MINOR == goods:
        return "utter_refund_less_postage"
    if amount + RETURN_COST_MINOR == goods + delivery:
        return "utter_refund_less_postage_with_delivery"
    if amount == goods + delivery:
        return "utter_refund_whole_with_delivery" if delivery else "utter_refund_goods_whole"
    return "utter_refund_goods_without_delivery" if amount == goods else "utter_refund_less_unclear"


def _response_for(order: OrderView) -> str:
    if not order.returns:
        if order.state is OrderState.CANCELLED and order.paid.minor == 0:
            return "utter_order_cancelled_unpaid"
        if not order.refunds:
            return "utter_order_cancelled" if order.state is OrderState.CANCELLED else "utter_refund_none"
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
