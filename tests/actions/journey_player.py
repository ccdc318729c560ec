"""A journey played without Rasa: what its forms, rules and follow-ups would run, over the real actions."""

import inspect
import json
from dataclasses import dataclass, field
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

import actions.fallback
import actions.flows
import actions.lookups
import actions.person  # noqa: F401  # all actions have to be known
from actions.bootstrap import Services
from actions.journey.asking import Asking
from actions.journey.form import JourneyForm
from actions.journeys import BY_INTENT
from actions.turn import DeskAction
from tests.actions.dialogue_files import read_domain

_RULES = {
    "stop": "action_stop_flow",
    "affirm": "action_accept_offer",
    "deny": "action_decline_offer",
    "inform": "action_take_information",
    "correct_detail": "action_correct_detail",
    "nlu_fallback": "action_fallback",
    "request_human": "action_request_handoff",
    "open_ticket": "action_request_handoff",
    "ask_price": "action_price",
    "goodbye": "action_goodbye",
}


def _all(base: type[Any]) -> list[type[Any]]:
    return [cls for sub in base.__subclasses__() for cls in (sub, *_all(sub))]


def _bot(message: dict[str, Any]) -> dict[str, Any]:
    data = {"custom": message.get("custom"), "buttons": message.get("buttons")}
    return {"event": "bot", "text": "…", "metadata": {"utter_action": message.get("response")}, "data": data}


@dataclass
class Player:
    """One conversation. ``said`` holds the responses of the last turn, ``messages`` all of its messages."""

    services: Services
    name: str = "anna"
    slots: dict[str, Any] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)
    form: str | None = None
    messages: list[dict[str, Any]] = field(default_factory=list)
    turns: int = 0
    actions: dict[str, Action] = field(default_factory=dict)

    def __post_init__(self) -> None:
        bases = (DeskAction, JourneyForm, Asking)
        for cls in {cls for base in bases for cls in _all(base) if not inspect.isabstract(cls)}:
            action = cls(self.services)
            self.actions[action.name()] = action
        self.asks = {name for name in read_domain()["responses"] if name.startswith("utter_ask_")}

    @property
    def said(self) -> list[str]:
        return [str(message["response"]) for message in self.messages]

    async def says(
        self,
        text: str,
        intent: str = "inform",
        entities: dict[str, Any] | None = None,
        *,
        message_id: str | None = None,
        sentiment: float = 0.0,
        confidence: float = 0.9,
        segments: list[tuple[str, str]] | None = None,
    ) -> list[str]:
        """One message of the customer; the responses that came of it."""
        self.turns += 1
        self.message = {
            "text": text,
            "intent": {"name": intent, "confidence": confidence},
            "entities": [{"entity": name, "value": value} for name, value in (entities or {}).items()],
            "message_id": message_id or f"m{self.turns}",
            "sentiment": sentiment,
            "segments": [{"text": part, "intent": {"name": name}} for part, name in segments or []],
        }
        self.events += [{"event": "action", "name": "action_listen"}, {"event": "user", "text": text}]
        self.messages = []
        if not (self.form and await self._run_form()):
            ruled = "action_start_flow" if intent in BY_INTENT else "action_answer_question"
            await self._run(_RULES.get(intent, ruled))
        return self.said

    async def clicks(self, title: str) -> list[str]:
        """The button of the last turn whose title holds ``title``."""
        buttons = [button for message in self.messages for button in message.get("buttons") or []]
        payload = next(button["payload"] for button in buttons if title in button["title"])
        intent, _, rest = payload.removeprefix("/").partition("{")
        return await self.says(payload, intent, json.loads("{" + rest) if rest else {})

    async def _call(self, action: Action) -> list[dict[str, Any]]:
        dispatcher = CollectingDispatcher()
        loop = {"name": self.form} if self.form else {}
        tracker = Tracker(self.name, dict(self.slots), self.message, list(self.events), paused=False,
                          followup_action=None, active_loop=loop, latest_action_name="action_listen")  # fmt: skip
        events: list[dict[str, Any]] = await action.run(dispatcher, tracker, {})
        self.messages += dispatcher.messages
        self.events += [_bot(message) for message in dispatcher.messages]
        return events

    def _apply(self, events: list[dict[str, Any]]) -> str | None:
        follow = None
        self.events += [event for event in events if event["event"] in {"slot", "active_loop"}]
        for event in events:
            if event["event"] == "slot":
                self.slots[event["name"]] = event["value"]
            elif event["event"] == "active_loop":
                self.form = event["name"]
            elif event["event"] == "followup":
                follow = event["name"]
        return follow

    async def _run(self, name: str | None) -> None:
        while name and name != "action_listen":
            if name.endswith("_form"):
                if self.form != name:
                    self.events.append({"event": "active_loop", "name": name})
                self.form = name
                if f"validate_{name}" not in self.actions:
                    return  # a form without a journey, such as the one for the address of a reply
                await self._run_form()
                return
            events = await self._call(self.actions[name])
            self.events.append({"event": "action", "name": name})
            name = self._apply(events)

    async def _run_form(self) -> bool:
        """False when the form leaves the message to the rules."""
        form = self.form or ""
        self.events.append({"event": "action", "name": form})
        events = await self._call(self.actions[f"validate_{form}"])
        if not events:
            self.events.pop()
            return False
        self._apply(events)
        slot = self.slots.get("requested_slot")
        if slot and f"action_ask_{slot}" in self.actions:
            self._apply(await self._call(self.actions[f"action_ask_{slot}"]))
        elif slot:
            own = f"utter_ask_{form}_{slot}"
            self.messages.append({"response": own if own in self.asks else f"utter_ask_{slot}"})
        if self.slots.get("requested_slot") is None:
            self.form = None
            await self._run(f"action_{form.removesuffix('_form')}")
        return True
