"""How a ticket stands, and adding something to it."""

import re
from typing import ClassVar

from actions.choices import chosen
from actions.journey.end import JourneyEnd
from actions.journey.form import JourneyForm
from actions.journey.model import Case, Field, Heard, Journey, Sentence
from actions.notes import adds_to_ticket, what_to_add
from actions.order_words import day
from backoffice.model.act import Act, Done, Reason, Refusal
from backoffice.model.code import Level
from backoffice.model.ticket import Ticket
from backoffice.parsing import parse_ticket_number

WHICH, WISH, NOTE = "which_ticket", "ticket_wish", "ticket_note"
ADD, LOOK = "add", "look"
_SHORTEST = 3
_ANYTHING = frozenset(
    {
        "order_status", "order_not_received", "cancel_order", "change_order", "change_delivery_address", "return_item",
        "refund_status", "report_damaged_item", "report_wrong_item", "report_missing_item", "ask_product",
        "product_support", "ask_warranty", "payment_failed", "charged_twice", "request_invoice", "not_helpful",
        "ask_delivery", "change_contact_details", "ticket_status", "open_ticket", "complain", "praise",
    }
)  # fmt: skip
"""What a customer adds to a ticket may sound like a request of its own; while it is asked for, it is the answer."""


def read_ticket(heard: Heard, case: Case) -> str | None:
    """The number in the words, else the ticket that this conversation opened."""
    if number := parse_ticket_number(heard.text):
        return number
    return None if case[WHICH] else case["ticket_number"]


def read_wish(heard: Heard, case: Case) -> str | None:
    """Told by the words that start it or answer it; what is to be added is no other wish."""
    if choice := chosen(heard, WISH, {ADD, LOOK}):
        return choice
    if heard.intent is not None and case.turn.requested_slot != WISH:
        return None
    return (ADD if adds_to_ticket(heard.text) else LOOK) if heard.text else None


def read_note(heard: Heard, case: Case) -> str | None:
    """What is to be added: all of an answer; of the words that asked for it only what follows "that" or a colon."""
    if case.turn.requested_slot == NOTE and heard.intent is not None:
        return heard.text.strip() if len(heard.text.strip()) >= _SHORTEST else None
    return what_to_add(heard.text)


def ticket_of(case: Case) -> Ticket | None:
    number = case[WHICH]
    return case.backoffice.tickets.ticket_for(case.conversation_id, number) if number else None


class TicketStatus(Journey):
    """Its own conversation may see it at once; anybody else proves to be its customer."""

    name = "ticket_status"
    intents = frozenset({"ticket_status"})
    about_order = False
    agrees = False
    offered = True
    fields = (
        Field(
            WHICH,
            read_ticket,
            hint="utter_invalid_ticket_number",
            another_way="utter_no_ticket_number",
            looks_like=re.compile(r"\d"),
            named=re.compile(r"(?i)\b(?:ticket|case|number)\b"),
        ),
        Field(WISH, read_wish, hint="utter_ask_ticket_wish", wanted=lambda case: ticket_of(case) is not None),
        Field(
            NOTE,
            read_note,
            hint="utter_ask_ticket_note",
            wanted=lambda case: case[WISH] == ADD and ticket_of(case) is not None,
            answered_by=_ANYTHING,
        ),
    )
    refusals: ClassVar = {Reason.NOT_FOUND: "utter_ticket_not_found"}

    def needs(self, case: Case) -> Level:
        return Level.READING if case[WHICH] and ticket_of(case) is None else Level.NONE

    def do(self, case: Case, act: Act, plan: None) -> Sentence | Refusal:
        del plan
        ticket = ticket_of(case)
        if ticket is None:
            return Refusal(Reason.NOT_FOUND)
        told = {"ticket": ticket.number, "day": day(ticket.opened_at)}
        if case[WISH] == ADD:
            noted = case.backoffice.account.add_note(act, ticket.number, case[NOTE])
            return Sentence("utter_ticket_note_added", told) if isinstance(noted, Done) else noted
        data = {"kind": "ticket_status", "ticket_number": ticket.number, "state": ticket.state.value}
        return Sentence(f"utter_ticket_is_{ticket.state.value}", told, data=data)


TICKET_STATUS = TicketStatus()


class ValidateTicketStatusForm(JourneyForm):
    journey = TICKET_STATUS


class ActionTicketStatus(JourneyEnd):
    journey = TICKET_STATUS
