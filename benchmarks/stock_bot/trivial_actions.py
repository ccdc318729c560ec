"""One action that says one sentence."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher


class ActionTrivial(Action):  # type: ignore[misc]
    """What the stock action server runs."""

    def name(self) -> str:
        return "action_trivial"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[Any]:
        del tracker, domain
        dispatcher.utter_message(text="Done.")
        return []
