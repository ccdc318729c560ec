"""What a danger or a misuse gets before any journey: what to do now, and a person."""

import asyncio

from rasa_sdk.events import EventType, SlotSet

from actions.bootstrap import Services
from actions.handoff.handing_over import hand_over
from actions.questions import say_entry
from actions.safety import after_a_warning, is_misuse
from actions.turn import Turn
from backoffice.model.act import Act
from contracts.escalation.model import Reason

_HACKED = "account-hacked"


async def before_all_else(turn: Turn, services: Services) -> list[EventType]:
    """Answer a message that is about a danger or a misuse, whatever it sounds like; empty for all others."""
    if said := after_a_warning(turn):
        turn.say(said)
        return await _to_those_who_know(turn, services)
    if not is_misuse(turn.text):
        return []
    if entry := await services.ladder.entry(_HACKED):
        say_entry(turn, entry)
    return await hand_over(services, turn, reason=Reason.URGENT_COMPLAINT)


async def _to_those_who_know(turn: Turn, services: Services) -> list[EventType]:
    """What was written goes onto the ticket that there is; without one a person gets the conversation."""
    ticket = turn.slot("ticket_number")
    if not ticket:
        return await hand_over(services, turn, reason=Reason.URGENT_COMPLAINT)
    act = Act(turn.conversation_id, turn.message_id, f"danger:{turn.message_id}")
    await asyncio.to_thread(services.backoffice.account.add_note, act, ticket, turn.text)
    turn.say("utter_danger_with_colleagues", ticket_number=ticket)
    return [SlotSet("pending_offer", None), *turn.moving_on()]
