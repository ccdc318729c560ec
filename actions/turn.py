"""What an action needs of Rasa's tracker and dispatcher, and the one place where an action's failure is caught."""

import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.bootstrap import Services, services
from actions.escalation import state_of
from actions.metrics import ACTION_SECONDS, NEIGHBOUR_FAILURES
from answering.errors import KnowledgeUnavailable
from backoffice.errors import BackofficeUnavailable
from contracts.escalation import thresholds
from contracts.escalation.model import Reason
from contracts.escalation.rules import decide
from contracts.sureness import SURE

logger = structlog.get_logger()

LISTEN = "action_listen"
LONGEST_TURN_SECONDS = 60.0
CONTACT_FORM = "contact_form"
PERSON_BUTTON = {"title": "Talk to a person", "payload": "/request_human"}
STOP_BUTTON = {"title": "Stop", "payload": "/stop"}


@dataclass(frozen=True, slots=True)
class Turn:
    """One customer message and the state of its conversation, with a way to answer."""

    tracker: Tracker
    dispatcher: CollectingDispatcher

    @property
    def conversation_id(self) -> str:
        return str(self.tracker.sender_id)

    @property
    def message_id(self) -> str:
        """Unique to the customer's message: what idempotency keys are made from."""
        return str(self.tracker.latest_message.get("message_id") or "")

    @property
    def text(self) -> str:
        return str(self.tracker.latest_message.get("text") or "")

    @property
    def intent(self) -> str | None:
        return (self.tracker.latest_message.get("intent") or {}).get("name")

    @property
    def intent_confidence(self) -> float:
        return float((self.tracker.latest_message.get("intent") or {}).get("confidence") or 0.0)

    @property
    def unsure(self) -> bool:
        """Whether the intent of typed words is so unsure that the words themselves count more."""
        return self.intent_confidence < SURE and not self.text.startswith("/")

    @property
    def intent_ranking(self) -> list[tuple[str, float]]:
        """The likeliest intents of the message with their probabilities, best first."""
        ranking = self._parsed.get("intent_ranking") or []
        return [(str(score["name"]), float(score["confidence"])) for score in ranking]

    @property
    def nlu_status(self) -> str:
        """``ok``, or ``down`` when the intent service could not be asked. Button payloads are ``ok``."""
        return str(self._parsed.get("nlu_status") or "ok")

    @property
    def waited(self) -> float:
        """Seconds since Rasa took this message up; 0 where that is not known, or the two clocks disagree."""
        times = [event.get("timestamp") for event in self.tracker.events if event.get("event") == "user"]
        seconds = time.time() - float((times[-1:] or [None])[0] or time.time())
        return seconds if 0 < seconds < LONGEST_TURN_SECONDS else 0.0

    @property
    def active_form(self) -> str | None:
        return (self.tracker.active_loop or {}).get("name")

    @property
    def requested_slot(self) -> str | None:
        name = self.slot("requested_slot")
        return str(name) if name else None

    @property
    def language(self) -> str:
        """ISO 639-1 code of the message, ``und`` when unknown."""
        return str((self._parsed.get("language") or {}).get("code") or "und")

    @property
    def sentiment(self) -> float:
        """From -1 (very negative) to 1."""
        return float(self._parsed.get("sentiment") or 0.0)

    @property
    def segments(self) -> list[dict[str, Any]]:
        """The requests of the message, each with its own text and intent; one for an ordinary message."""
        return list(self._parsed.get("segments") or [])

    @property
    def _parsed(self) -> dict[str, Any]:
        return dict(self.tracker.latest_message.get("parse_data") or self.tracker.latest_message)

    def slot(self, name: str) -> Any:
        return self.tracker.get_slot(name)

    def entity(self, name: str) -> str | None:
        """The value of the message's first entity of this name."""
        return next(iter(self.entities(name)), None)

    def entities(self, name: str) -> list[str]:
        """The values of the message's entities of this name."""
        return [value for entity, value in self.named if entity == name]

    @property
    def named(self) -> list[tuple[str, str]]:
        """The message's entities as name and value. A payload may hold anything: what is no plain value is left out."""
        found = self.tracker.latest_message.get("entities") or []
        plain = [(item.get("entity"), item.get("value")) for item in found if isinstance(item, dict)]
        plain = [(name, value) for name, value in plain if not isinstance(value, bool)]
        return [(str(name), str(value)) for name, value in plain if isinstance(value, str | int | float)]

    def say(
        self,
        response: str,
        *,
        buttons: Sequence[dict[str, str]] = (),
        data: dict[str, Any] | None = None,
        **values: Any,
    ) -> None:
        """Utter one of the domain's responses with its variables filled, buttons and data in the same message."""
        self.dispatcher.utter_message(response=response, buttons=list(buttons), json_message=data, **values)

    def then(self) -> FollowupAction:
        """What follows an action that no rule continues: the open form asks again, else the customer's turn."""
        return FollowupAction(self.active_form or LISTEN)

    def moving_on(self) -> list[EventType]:
        """What follows an answer to something new: a form goes on, but nobody is asked for an address twice.

        The ticket exists; an address that is told later is still taken.
        """
        if self.active_form != CONTACT_FORM:
            return [self.then()]
        return [ActiveLoop(None), SlotSet("requested_slot", None), FollowupAction(LISTEN)]


class DeskAction(Action, ABC):
    """An action whose work is ``perform``; a neighbour that is down becomes a sentence, not a failed turn."""

    def __init__(self, services: Services | None = None) -> None:
        self._services = services

    @property
    def services(self) -> Services:
        return self._services or services()

    @abstractmethod
    async def perform(self, turn: Turn) -> list[EventType]:
        """Answer the turn and return the events that Rasa stores."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        del domain  # the action server is called without it
        turn = Turn(tracker, dispatcher)
        structlog.contextvars.bind_contextvars(conversation_id=turn.conversation_id, message_id=turn.message_id)
        started, outcome = time.monotonic(), "failed"
        try:
            events = await self.perform(turn)
            outcome = "done"
        except BackofficeUnavailable as error:
            events = await self._neighbour_down(turn, "backoffice", "utter_backoffice_down", error)
        except KnowledgeUnavailable as error:
            events = await self._neighbour_down(turn, "knowledge", "utter_knowledge_down", error)
        finally:
            ACTION_SECONDS.labels(self.name(), outcome).observe(time.monotonic() - started)
        return events

    async def _neighbour_down(self, turn: Turn, neighbour: str, response: str, error: Exception) -> list[EventType]:
        """A person where the rules say so and one can be reached without that neighbour, else the plain sentence."""
        NEIGHBOUR_FAILURES.labels(neighbour).inc()
        logger.error("neighbour.failed", neighbour=neighbour, error=type(error).__name__, exc_info=error)
        reachable = neighbour != "backoffice" or self.services.handoffs.has_desk
        if reachable and decide(state_of(turn, down_now=True), thresholds.load()).reason is Reason.DEPENDENCY_DOWN:
            from actions.handoff.handing_over import hand_over  # noqa: PLC0415 - it is built on turns

            try:
                return await hand_over(self.services, turn, reason=Reason.DEPENDENCY_DOWN)
            except BackofficeUnavailable:
                turn.dispatcher.messages.clear()  # nobody took it, so nothing was handed over
        turn.say(response)
        return [turn.then()]
