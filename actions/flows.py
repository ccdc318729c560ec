"""Starting, leaving, resuming and correcting the forms. The suspended ones wait on a stack in one slot."""

from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet

from actions.turn import CONTACT_FORM, LISTEN, PERSON_BUTTON, DeskAction, Turn
from backoffice.parsing import parse_email, parse_order_number

ORDER_FORM = "order_status_form"

FORMS = {"order_status": ORDER_FORM, "order_not_received": ORDER_FORM}
"""Which form an intent starts. A journey adds its line here."""

FORM_SLOTS = {ORDER_FORM: ("order_number", "email"), CONTACT_FORM: ("contact_email",)}
"""The slots of each form in the order they are asked."""

STOPPED = {ORDER_FORM: "utter_stopped_order_status", CONTACT_FORM: "utter_stopped_contact"}
"""What a customer who stops hears: what was and was not done."""

PARSERS = {"order_number": parse_order_number, "email": parse_email, "contact_email": parse_email}
"""How a slot's value is found in free text, where the intent service did not name it."""


def start(turn: Turn, form: str) -> list[EventType]:
    """Make ``form`` the active one with what the message already says; the form that was active waits."""
    waiting = [name for name in turn.slot("suspended") or [] if name != form]
    if turn.active_form and turn.active_form not in (form, CONTACT_FORM):
        waiting.append(turn.active_form)
    said = [
        SlotSet(slot, value) for slot in FORM_SLOTS[form] if not turn.slot(slot) and (value := PARSERS[slot](turn.text))
    ]
    return [*said, SlotSet("suspended", waiting or None), SlotSet("pending_offer", None), FollowupAction(form)]


class ActionStartFlow(DeskAction):
    """Starts the form that belongs to the intent."""

    def name(self) -> str:
        return "action_start_flow"

    async def perform(self, turn: Turn) -> list[EventType]:
        return start(turn, FORMS[turn.intent or ""])


class ActionResume(DeskAction):
    """Goes back to the form that waits longest in, or hands the turn to the customer."""

    def name(self) -> str:
        return "action_resume"

    async def perform(self, turn: Turn) -> list[EventType]:
        waiting = list(turn.slot("suspended") or [])
        if not waiting:
            return [FollowupAction(LISTEN)]
        return [SlotSet("suspended", waiting[:-1] or None), FollowupAction(waiting[-1])]


class ActionStopFlow(DeskAction):
    """Leaves the active form at the customer's word."""

    def name(self) -> str:
        return "action_stop_flow"

    async def perform(self, turn: Turn) -> list[EventType]:
        form = turn.active_form
        turn.say(STOPPED.get(form or "", "utter_anything_else"), ticket_number=turn.slot("ticket_number") or "")
        cleared = [SlotSet(slot, None) for slot in FORM_SLOTS.get(form or "", ())]
        return [
            ActiveLoop(None),
            SlotSet("requested_slot", None),
            SlotSet("pending_offer", None),
            SlotSet("invalid_tries", 0.0),
            *cleared,
            FollowupAction("action_resume"),
        ]


class ActionCorrectDetail(DeskAction):
    """The customer takes back a detail; what they said instead has already replaced it."""

    def name(self) -> str:
        return "action_correct_detail"

    async def perform(self, turn: Turn) -> list[EventType]:
        if not turn.active_form:
            if turn.entity("order_number"):
                return start(turn, ORDER_FORM)
            turn.say("utter_correct_what")
            return [FollowupAction(LISTEN)]
        slot = slot_to_correct(turn)
        return [SlotSet(slot, None), FollowupAction(turn.active_form)] if slot else [FollowupAction(turn.active_form)]


def slot_to_correct(turn: Turn) -> str | None:
    """The slot the customer names ("the e-mail was wrong"), else the last one that was filled."""
    slots = FORM_SLOTS.get(turn.active_form or "", ())
    words = turn.text.casefold()
    if "mail" in words:
        return next((slot for slot in slots if "email" in slot), None)
    if "number" in words or "order" in words:
        return next((slot for slot in slots if slot == "order_number"), None)
    filled = [slot for slot in slots if turn.slot(slot)]
    return filled[-1] if filled else None


class ActionTakeInformation(DeskAction):
    """A bare fact outside a form: an order number starts its status, an address goes to the ticket that lacks one."""

    def name(self) -> str:
        return "action_take_information"

    async def perform(self, turn: Turn) -> list[EventType]:
        if turn.active_form:
            return [FollowupAction(turn.active_form)]
        if turn.entity("order_number"):
            return start(turn, ORDER_FORM)
        if turn.entity("email") and turn.slot("ticket_number"):
            return [SlotSet("contact_email", turn.entity("email")), FollowupAction("action_save_contact")]
        status_button = {"title": "Where is my order?", "payload": "/order_status"}
        turn.say("utter_what_for", buttons=[status_button, PERSON_BUTTON])
        return [FollowupAction(LISTEN)]
