"""Where an order is, told to the customer it belongs to."""

import asyncio
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.forms import FormValidationAction

from actions.bootstrap import Services, services
from actions.flows import ORDER_FORM
from actions.order_words import SHOP_TIME, sentence_for
from actions.turn import LISTEN, PERSON_BUTTON, STOP_BUTTON, DeskAction, Turn
from backoffice.errors import BackofficeUnavailable
from backoffice.model.access import Verification, VerificationOutcome
from backoffice.parsing import parse_email, parse_order_number

INVALID_BEFORE_ANOTHER_WAY = 2


class ValidateOrderStatusForm(FormValidationAction):
    """Reads the order number and the e-mail; a verified customer is not asked for the e-mail again."""

    def __init__(self, services: Services | None = None) -> None:
        self._services = services

    def name(self) -> str:
        return "validate_order_status_form"

    async def required_slots(
        self,
        domain_slots: list[str],
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> list[str]:
        del dispatcher, domain
        access = (self._services or services()).backoffice.access
        try:
            verified = await asyncio.to_thread(access.verified_customer, str(tracker.sender_id))
        except BackofficeUnavailable:
            return domain_slots  # the submit action says that the order system does not answer
        return [slot for slot in domain_slots if slot != "email"] if verified else domain_slots

    def validate_order_number(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> dict[str, Any]:
        del domain
        turn, number = Turn(tracker, dispatcher), parse_order_number(str(value))
        email = parse_email(turn.text)
        if turn.requested_slot == "order_number" and not number and email:
            return {"order_number": _number_beside(turn, email)}
        tried = turn.slot("tried_order_number")
        if turn.requested_slot == "order_number" and number and tried and number != tried and not email:
            return {"order_number": number, "email": turn.slot("tried_email"), "invalid_tries": 0.0}
        return _checked(turn, "order_number", number, "utter_no_order_number")

    def validate_email(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> dict[str, Any]:
        del domain
        turn, email = Turn(tracker, dispatcher), parse_email(str(value))
        kept = _checked(turn, "email", email, "utter_no_email")
        if turn.requested_slot == "order_number" and email and not parse_order_number(turn.text):
            return kept | {"order_number": _number_beside(turn, email)}
        return kept


def _number_beside(turn: Turn, email: str) -> str | None:
    """The order number that an e-mail alone goes with: after a pair that did not go together, the number of that.

    The same e-mail once more mends nothing: then the number is what must be asked.
    """
    return turn.slot("tried_order_number") if email != turn.slot("tried_email") else None


def _checked(turn: Turn, slot: str, value: str | None, another_way: str) -> dict[str, Any]:
    """The slots after one value: kept, or refused with a hint, from the second time with another way."""
    if value:
        return {slot: value, "invalid_tries": 0.0}
    if turn.requested_slot != slot:
        return {slot: None}  # something else was being asked: this value only happened to be in the message
    tries = (turn.slot("invalid_tries") or 0.0) + 1
    if tries < INVALID_BEFORE_ANOTHER_WAY and turn.intent != "deny":
        turn.say(f"utter_invalid_{slot}")
    else:
        turn.say(another_way, buttons=[PERSON_BUTTON, STOP_BUTTON])
    return {slot: None, "invalid_tries": tries}


class ActionShowOrderStatus(DeskAction):
    """Proves who asks where that is still open, then tells the order's status; says nothing about others' orders."""

    def name(self) -> str:
        return "action_show_order_status"

    async def perform(self, turn: Turn) -> list[EventType]:
        number, email = turn.slot("order_number"), turn.slot("email")
        access = self.services.backoffice.access
        verified = await asyncio.to_thread(access.verified_customer, turn.conversation_id)
        if not verified:
            checked = await asyncio.to_thread(
                access.verify, turn.conversation_id, order_number=number, email=email or "", message_id=turn.message_id
            )
            if not checked.verified:
                return self._refused(turn, checked)
        order = await asyncio.to_thread(self.services.backoffice.orders.order_for, turn.conversation_id, number)
        if order is None:
            turn.say("utter_order_not_yours", number=number, buttons=[PERSON_BUTTON])
            return _finished()
        sentence = sentence_for(order, self.services.now().astimezone(SHOP_TIME).date())
        data = {
            "kind": "order_status",
            "order_number": order.number,
            "status": order.status.value,
            "late": order.late,
        }
        late = [PERSON_BUTTON] if order.late else []
        turn.say(sentence.response, data=data, buttons=late, **sentence.values)
        return [*_finished(), SlotSet("pending_offer", "person" if late else None)]

    @staticmethod
    def _refused(turn: Turn, checked: Verification) -> list[EventType]:
        """The same words whichever of the two was wrong, and for orders that do not exist."""
        if checked.outcome is VerificationOutcome.LOCKED:
            turn.say("utter_verification_locked", buttons=[PERSON_BUTTON])
            return [*_finished(), SlotSet("pending_offer", "person")]
        turn.say("utter_verification_failed", tries_left=str(checked.tries_left))
        # The form is opened without being run: running it would read the same wrong pair out of this message again.
        return [
            SlotSet("tried_order_number", turn.slot("order_number")),
            SlotSet("tried_email", turn.slot("email")),
            SlotSet("order_number", None),
            SlotSet("email", None),
            ActiveLoop(ORDER_FORM),
            SlotSet("requested_slot", "order_number"),
            FollowupAction(LISTEN),
        ]


def _finished() -> list[EventType]:
    """The form's slots empty for the next time, and on to whatever waited."""
    return [
        *(SlotSet(slot, None) for slot in ("order_number", "email", "tried_order_number", "tried_email")),
        SlotSet("fallback_count", 0.0),
        FollowupAction("action_resume"),
    ]
