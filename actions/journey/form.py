"""A journey's form: reads the message, takes the next step, leaves the asking to Rasa."""

import asyncio
import time
from abc import ABC, abstractmethod
from typing import Any

import structlog
from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.bootstrap import Services, services
from actions.journey.again import ASKED_BEFORE, how_asked
from actions.journey.fields import fields_of
from actions.journey.model import AGREED, CODE, RETRY, Case, Journey, Sentence
from actions.journey.reading import Reading, read_message
from actions.journey.steps import Step, next_step
from actions.journey.tone import half_sentence
from actions.metrics import ACTION_SECONDS, NEIGHBOUR_FAILURES
from actions.turn import Turn
from backoffice.errors import BackofficeUnavailable

logger = structlog.get_logger()

_READ_BACK_WHOLE = {"utter_correct_which", "utter_plan_changed", "utter_only_as_read_back"}
"""Sentences that the whole read-back follows: what it says is what they are about."""


class JourneyForm(Action, ABC):
    """``validate_<journey>_form``. A subclass names its journey and nothing else."""

    def __init__(self, services: Services | None = None) -> None:
        self._services = services

    @property
    @abstractmethod
    def journey(self) -> Journey: ...

    def name(self) -> str:
        return f"validate_{self.journey.form}"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """The slots of this turn; no events at all let Rasa's rules have the message."""
        del domain
        turn = Turn(tracker, dispatcher)
        structlog.contextvars.bind_contextvars(conversation_id=turn.conversation_id, message_id=turn.message_id)
        started = time.monotonic()
        case = case_of(turn, self._services or services())
        try:
            return await asyncio.to_thread(self._events, case)
        finally:
            ACTION_SECONDS.labels(self.name(), "done").observe(time.monotonic() - started)

    def _events(self, case: Case) -> list[EventType]:
        turn, reading = case.turn, Reading()
        asked = turn.requested_slot
        if asked and self._just_heard(turn):
            try:
                reading = read_message(self.journey, case, asked)
            except BackofficeUnavailable:
                reading = Reading()  # the next step says so
            if not reading.ours:
                return []
            case.values |= reading.values
            if mood := half_sentence(turn):
                turn.say(mood)
        try:
            step = next_step(self.journey, case)
        except BackofficeUnavailable as error:
            step = away(error)
        said = [*reading.said, *step.said]
        if step.ask == asked and asked not in {AGREED, CODE} and reading.notes_beside(asked) and not said:
            said.append(Sentence("utter_noted"))
        for sentence in said:
            sentence.say(turn)
        where = {item.another_way for item in fields_of(self.journey) if item.slot == step.ask and item.tells_where}
        told_where = any(sentence.response in where or sentence.offer == "person" for sentence in said)
        how = how_asked(turn, step.ask, explained=bool(said), told_where=told_where)
        if step.ask == AGREED and any(sentence.response in _READ_BACK_WHOLE for sentence in said):
            how = None
        values = {**reading.values, **step.values, RETRY: None, ASKED_BEFORE: how}
        return [*(SlotSet(slot, value) for slot, value in values.items()), SlotSet("requested_slot", step.ask)]

    def _just_heard(self, turn: Turn) -> bool:
        """Whether the message is still to be read; once another action has dealt with it the form only asks again.

        Rasa sends the tracker as if the form had run already, so its ``latest_action_name`` tells nothing.
        """
        for event in reversed(turn.tracker.events):
            if event.get("event") == "user":
                return True
            if event.get("event") == "action" and event.get("name") != self.journey.form:
                return False
        return False


def away(error: BackofficeUnavailable) -> Step:
    """The back office does not answer: what is known stays, and the customer is asked whether to try again."""
    NEIGHBOUR_FAILURES.labels("backoffice").inc()
    logger.error("neighbour.failed", neighbour="backoffice", error=type(error).__name__)
    return Step(ask=RETRY)


def case_of(turn: Turn, services: Services) -> Case:
    """The journey's state as the tracker has it."""
    return Case(turn, services.backoffice, dict(turn.tracker.slots), services.now())
