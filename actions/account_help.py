"""A forgotten password or a locked account: the entry, then what else can be wrong."""

from rasa_sdk.events import EventType

from actions.questions import ActionAnswerQuestion
from actions.turn import Turn


class ActionAccountHelp(ActionAnswerQuestion):
    """Answers from the knowledge and offers the neighbouring entries: nobody here can do more about a password."""

    def name(self) -> str:
        return "action_account_help"

    async def perform(self, turn: Turn) -> list[EventType]:
        events = await super().perform(turn)
        said = turn.dispatcher.messages
        if said and said[-1].get("response") == "utter_answer" and not turn.active_form:
            turn.say("utter_account_more")
        return events
