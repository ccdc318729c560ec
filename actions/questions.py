"""Questions that the company's knowledge answers."""

import asyncio
from typing import Any

from rasa_sdk.events import EventType, FollowupAction, SlotSet

from actions.bootstrap import Services
from actions.escalation import reason_after_failure, topic_of
from actions.gaps import note_gap
from actions.generated import record_of_generated, say_generated
from actions.handoff.handing_over import hand_over
from actions.metrics import ANSWERS
from actions.requests import Request, requests_in
from actions.transcript import history_of, question_before
from actions.turn import PERSON_BUTTON, DeskAction, Turn
from answering.follow_up import is_follow_up
from answering.model import TOLD, Answer, Question

NONE_OF_THESE = {"title": "None of these", "payload": "/not_helpful"}


async def question_from(turn: Turn, services: Services, part: Request | None = None) -> Question:
    """The turn, or a part of it, as the answer ladder takes it; a verified customer may be told more."""
    customer = await asyncio.to_thread(services.backoffice.access.verified_customer, turn.conversation_id)
    return Question(
        text=part.text if part else turn.text,
        conversation_id=turn.conversation_id,
        message_id=turn.message_id,
        intent=part.intent if part else turn.intent,
        intent_confidence=turn.intent_confidence,
        nlu_status=turn.nlu_status,
        audience=frozenset({"public", "customer"}) if customer else frozenset({"public"}),
        refers_to=question_before(turn) if is_follow_up(turn.text) else None,
        history=history_of(turn),
        waited=turn.waited,
    )


def record_of(answer: Answer) -> dict[str, Any]:
    """What the console and the tests read beside the text: rung, relevance, sources, a model's part in it."""
    record = {
        "kind": "answer",
        "rung": answer.kind,
        "relevance": round(answer.relevance, 3),
        "citations": [
            {
                "entry_id": citation.entry_id,
                "title": citation.title,
                "path": list(citation.path),
                "url": citation.url,
            }
            for citation in answer.citations
        ],
    }
    return record | {"generated": record_of_generated(answer.generated)} if answer.generated else record


def source_line(answer: Answer) -> str:
    """The answer's sources as the customer sees them."""
    return "; ".join(" > ".join(citation.path) or citation.title for citation in answer.citations)


def say_entry(turn: Turn, answer: Answer) -> list[EventType]:
    """Tell an entry's answer with its source."""
    ANSWERS.labels(answer.kind).inc()
    turn.say("utter_answer", answer=answer.text, source=source_line(answer), data=record_of(answer))
    return [SlotSet("fallback_count", 0.0), SlotSet("pending_offer", None)]


def say_suggestions(turn: Turn, answer: Answer) -> list[EventType]:
    """Offer the nearest entries as buttons, with a way out."""
    ANSWERS.labels(answer.kind).inc()
    buttons = [{"title": suggestion.label, "payload": suggestion.payload} for suggestion in answer.suggestions]
    turn.say("utter_did_you_mean", buttons=[*buttons, NONE_OF_THESE], data=record_of(answer))
    return [SlotSet("fallback_count", 0.0), SlotSet("pending_offer", None)]


def decline_topic(turn: Turn, topic: str) -> list[EventType]:
    """No advice on what is not the shop's to advise on: one sentence, with what the bot can do."""
    ANSWERS.labels("off_topic").inc()
    turn.say(f"utter_off_topic_{topic}")
    offered = "person" if topic == "homework" else None  # the only one whose sentence offers a colleague
    return [SlotSet("pending_offer", offered), turn.then()]


def say_written(turn: Turn, answer: Answer) -> list[EventType]:
    """Tell what a language model wrote, with its sources and its record."""
    return say_generated(turn, answer, data=record_of(answer), source=source_line(answer))


class ActionAnswerQuestion(DeskAction):
    """Sends a question down the answer ladder."""

    def name(self) -> str:
        return "action_answer_question"

    async def perform(self, turn: Turn) -> list[EventType]:
        own, others = requests_in(turn)
        going_on = [FollowupAction("action_next_request")] if others else turn.moving_on()
        answer = await self.services.ladder.answer(await question_from(turn, self.services, own))
        if answer.kind in TOLD:
            return [*say_entry(turn, answer), *going_on]
        if answer.kind != "generated" and (topic := topic_of(turn)):
            return decline_topic(turn, topic)
        if answer.kind == "did_you_mean":
            return [*say_suggestions(turn, answer), *going_on]
        if answer.kind == "generated":
            return [*say_written(turn, answer), *going_on]
        ANSWERS.labels("none").inc()
        await note_gap(self.services, turn.text, "none")
        if reason := reason_after_failure(turn, relevance=answer.relevance):
            return await hand_over(self.services, turn, reason=reason)
        turn.say("utter_no_answer", buttons=[PERSON_BUTTON], data=record_of(answer))
        return [SlotSet("pending_offer", "person"), *going_on]


class ActionShowEntry(DeskAction):
    """Tells the entry behind a did-you-mean button."""

    def name(self) -> str:
        return "action_show_entry"

    async def perform(self, turn: Turn) -> list[EventType]:
        answer = await self.services.ladder.entry(turn.entity("entry_id") or "")
        if answer is None:
            turn.say("utter_no_answer", buttons=[PERSON_BUTTON])
            return [SlotSet("pending_offer", "person")]
        return [*say_entry(turn, answer), *turn.moving_on()]
