"""Where an order is, told to the customer it belongs to."""

import re

from actions.journey.end import JourneyEnd
from actions.journey.form import JourneyForm
from actions.journey.model import OPENING, ORDER_NUMBER, Case, Journey, Sentence
from actions.order_facts import Fact, asks_how_it_goes_on, fact_asked
from actions.order_words import PAYMENT_NAMES, SHOP_TIME, OrderSentence, day, items_of, money, sentence_for
from actions.turn import PERSON_BUTTON
from backoffice.model.act import Act, Reason, Refusal
from backoffice.model.order import OrderState
from backoffice.model.order_view import LateStep, OrderView

_CAN_BE_DONE = {LateStep.INVESTIGATE, LateStep.RESEND_OR_REFUND}
_MISSED = re.compile(
    r"(?i)\bwhere\b|\b(?:missing|lost|gone|stolen|nowhere|nothing)\b"
    r"|(?:\b(?:not|never|no)\b|n'?t\b).{0,30}\b(?:here|there|got|get|have|had|came|come|arriv\w*|receiv\w*|reach\w*|"
    r"turn(?:ed|s)? up|show(?:n|ed|s)? up|seen)\b"
)
"""Who asks like this has not got the parcel."""

_ON_TIME = {
    "placed": "utter_order_on_time",
    "packed": "utter_order_on_time",
    "in_transit": "utter_order_on_time_sent",
}
"""What is said of an order that was just told of, by its status, where it waits for nothing but the day."""

_WAITING = re.compile(
    r"(?i)^\W*(?:(?:and|but|so|well)\W+)*(?:it|this|that)(?:'?s| is) (?:\w+ ){0,2}(?:late|delayed|overdue|slow)\b"
    r"|\bstill (?:waiting|not here|nothing)\b|\bwait(?:ing|ed) (?:for )?(?:ages|days|weeks|forever)\b"
)
"""Said of the order that is being looked up: nothing that could be asked for."""

_LOOK_FOR_IT = {"title": "Yes, do that", "payload": "/order_not_received"}


class OrderStatus(Journey):
    """Looks up; changes nothing."""

    name = "order_status"
    intents = frozenset({"order_status"})
    agrees = False
    offered = True
    remarks = _WAITING

    def do(self, case: Case, act: Act, plan: None) -> Sentence | Refusal:
        del act, plan
        order = case.order
        if order is None:
            return Refusal(Reason.NOT_FOUND)
        fact = _fact_told(order, case)
        missed = bool(_MISSED.search(case[OPENING] or ""))
        said = fact or sentence_for(order, case.now.astimezone(SHOP_TIME).date(), missed=missed)
        data = {
            "kind": "order_status",
            ORDER_NUMBER: order.number,
            "status": order.status.value,
            "late": order.late,
        }
        if fact:
            return Sentence(said.response, said.values, data=data)
        if not order.late and order.promised and asks_how_it_goes_on(case[OPENING] or ""):
            return Sentence(_ON_TIME.get(order.status.value, said.response), said.values, data=data)
        if order.lateness and order.lateness.next in _CAN_BE_DONE:
            return Sentence(said.response, said.values, [_LOOK_FOR_IT, PERSON_BUTTON], data, offer="missing_parcel")
        if order.late:
            return Sentence(said.response, said.values, [PERSON_BUTTON], data, offer="person")
        return Sentence(said.response, said.values, data=data)


def _fact_told(order: OrderView, case: Case) -> OrderSentence | None:
    """The one thing that was asked, where the order's record holds it; else how the order stands says more."""
    fact = fact_asked(case[OPENING] or "")
    parcel = order.shipments[-1] if order.shipments else None
    paid = order.state is not OrderState.PAYMENT_PENDING
    if fact is None or (fact is Fact.SENT and parcel is None) or (fact is Fact.PAID and not paid):
        return None
    values = {
        "number": order.number,
        "items": items_of(order.lines),
        "placed": day(order.placed_at),
        "total": money(order.total),
        "method": PAYMENT_NAMES.get(order.payment, "account"),
    }
    if parcel is not None:
        values |= {"sent": day(parcel.shipped_at), "carrier": parcel.carrier, "tracking": parcel.tracking_url}
    return OrderSentence(f"utter_order_fact_{fact.value}", values)


ORDER_STATUS = OrderStatus()


class ValidateOrderStatusForm(JourneyForm):
    journey = ORDER_STATUS


class ActionOrderStatus(JourneyEnd):
    journey = ORDER_STATUS
