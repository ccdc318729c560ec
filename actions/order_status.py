"""Where an order is, told to the customer it belongs to."""

from actions.journey.end import JourneyEnd
from actions.journey.form import JourneyForm
from actions.journey.model import ORDER_NUMBER, Case, Journey, Sentence
from actions.order_words import SHOP_TIME, sentence_for
from actions.turn import PERSON_BUTTON
from backoffice.model.act import Act, Reason, Refusal
from backoffice.model.order_view import LateStep

_CAN_BE_DONE = {LateStep.INVESTIGATE, LateStep.RESEND_OR_REFUND}
_LOOK_FOR_IT = {"title": "Yes, do that", "payload": "/order_not_received"}


class OrderStatus(Journey):
    """Looks up; changes nothing."""

    name = "order_status"
    intents = frozenset({"order_status"})
    agrees = False
    offered = True

    def do(self, case: Case, act: Act, plan: None) -> Sentence | Refusal:
        del act, plan
        order = case.order
        if order is None:
            return Refusal(Reason.NOT_FOUND)
        said = sentence_for(order, case.now.astimezone(SHOP_TIME).date())
        data = {
            "kind": "order_status",
            ORDER_NUMBER: order.number,
            "status": order.status.value,
            "late": order.late,
        }
        if order.lateness and order.lateness.next in _CAN_BE_DONE:
            return Sentence(said.response, said.values, [_LOOK_FOR_IT, PERSON_BUTTON], data, offer="missing_parcel")
        if order.late:
            return Sentence(said.response, said.values, [PERSON_BUTTON], data, offer="person")
        return Sentence(said.response, said.values, data=data)


ORDER_STATUS = OrderStatus()


class ValidateOrderStatusForm(JourneyForm):
    journey = ORDER_STATUS


class ActionOrderStatus(JourneyEnd):
    journey = ORDER_STATUS
