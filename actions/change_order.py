"""Another colour, one more, one less: the account does that itself; the rest are journeys of their own."""

import re

from rasa_sdk.events import EventType, SlotSet

from actions.change_address import CHANGE_ADDRESS
from actions.flows import start
from actions.questions import say_entry
from actions.turn import PERSON_BUTTON, DeskAction, Turn

POLICY = "orders-change-items"
_ADDRESS = re.compile(r"(?i)\b(?:address|deliver(?:ed|y)? to|send it to|ship it to)\b")


class ActionChangeOrder(DeskAction):
    """Tells how articles are changed, and offers what can be done here."""

    def name(self) -> str:
        return "action_change_order"

    async def perform(self, turn: Turn) -> list[EventType]:
        if _ADDRESS.search(turn.text):
            return start(turn, CHANGE_ADDRESS)
        entry = await self.services.ladder.entry(POLICY)
        if entry is not None:
            say_entry(turn, entry)
        buttons = [
            {"title": "Change the address", "payload": "/change_delivery_address"},
            {"title": "Cancel the order", "payload": "/cancel_order"},
            PERSON_BUTTON,
        ]
        turn.say("utter_change_order", buttons=buttons)
        return [SlotSet("pending_offer", "person"), turn.then()]
