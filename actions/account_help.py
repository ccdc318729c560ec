"""A forgotten password or a locked account: the entry, then what else can be wrong."""

from rasa_sdk.events import EventType

from actions.lookups import going_on, own_part
from actions.questions import question_from, say_entry
from actions.requests import Request, requests_in
from actions.turn import DeskAction, Turn
from answering.model import TOLD

_ENTRIES = {"reset_password": "account-password-reset", "account_locked": "account-locked"}
"""What is told where the words themselves find nothing that surely answers."""


class ActionAccountHelp(DeskAction):
    """Answers from the knowledge and offers the neighbouring entries: nobody here can do more about a password."""

    def name(self) -> str:
        return "action_account_help"

    async def perform(self, turn: Turn) -> list[EventType]:
        intent = turn.intent or ""
        asked = await question_from(turn, self.services, Request(own_part(turn), intent))
        answer = await self.services.ladder.answer(asked)
        told = answer if answer.kind in TOLD else await self.services.ladder.entry(_ENTRIES.get(intent, ""))
        events = say_entry(turn, told) if told else []
        turn.say("utter_account_more")
        _, others = requests_in(turn)
        more = any(other.intent not in _ENTRIES for other in others)  # "can't log in, no link comes" is one request
        return [*events, *(going_on(turn) if more else turn.moving_on())]
