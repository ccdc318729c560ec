"""Another colour, one more, one less: the account does that itself; the rest are journeys of their own."""

import asyncio
import re

from rasa_sdk.events import EventType, FollowupAction, SlotSet

from actions.change_address import CHANGE_ADDRESS
from actions.flows import start
from actions.journey.model import LAST_ORDER
from actions.questions import say_entry
from actions.safety import is_pressing
from actions.turn import PERSON_BUTTON, DeskAction, Turn
from backoffice.model.order import OrderState
from backoffice.model.order_view import OrderView
from backoffice.parsing import parse_order_number

POLICY = "orders-change-items"
_ADDRESS = re.compile(r"(?i)\b(?:address|deliver(?:ed|y)? to|send it to|ship it to)\b")
_LEFT_US = frozenset({OrderState.PARTLY_SHIPPED, OrderState.SHIPPED, OrderState.DELIVERED})
_BACK = {"title": "Send something back", "payload": "/return_item"}
_WHILE_IT_IS_HERE = (
    {"title": "Change the address", "payload": "/change_delivery_address"},
    {"title": "Cancel the order", "payload": "/cancel_order"},
)


class ActionChangeOrder(DeskAction):
    """Tells how articles are changed, and offers what can be done here."""

    def name(self) -> str:
        return "action_change_order"

    async def perform(self, turn: Turn) -> list[EventType]:
        if is_pressing(turn):
            return [FollowupAction("action_fallback")]
        if _ADDRESS.search(turn.text):
            return start(turn, CHANGE_ADDRESS)
        entry = await self.services.ladder.entry(POLICY)
        if entry is not None:
            say_entry(turn, entry)
        order = await asyncio.to_thread(self._order_meant, turn)
        if order and order.state in _LEFT_US:
            turn.say("utter_change_order_left", number=order.number, buttons=[_BACK, PERSON_BUTTON])
        else:
            turn.say("utter_change_order", buttons=[*_WHILE_IT_IS_HERE, PERSON_BUTTON])
        return [SlotSet("pending_offer", "person"), turn.then()]

    def _order_meant(self, turn: Turn) -> OrderView | None:
        """The verified customer's order that is named, or was spoken of last. Reads the back office."""
        number = parse_order_number(turn.text) or turn.slot(LAST_ORDER)
        return self.services.backoffice.orders.order_for(turn.conversation_id, number) if number else None
