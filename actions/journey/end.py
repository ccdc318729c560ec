"""The end of a journey: does what was agreed, once, and says what was done, or why not, citing the policy."""

import asyncio
from abc import abstractmethod
from typing import Any

from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet

from actions.handoff.handing_over import hand_over
from actions.journey.asides import left_to_answer
from actions.journey.form import away, case_of
from actions.journey.model import (
    AGREED,
    DONE_PLAN,
    EMAIL,
    LAST_JOURNEY,
    LAST_ORDER,
    NO,
    ORDER_NUMBER,
    PLAN,
    RETRY,
    SHARED,
    Case,
    Journey,
    Sentence,
)  # fmt: skip
from actions.journey.steps import refused_early
from actions.order_words import SHOP_TIME, day, moment
from actions.questions import record_of, source_line
from actions.transcript import messages_before
from actions.turn import LISTEN, PERSON_BUTTON, DeskAction, Turn
from answering.errors import KnowledgeUnavailable
from backoffice.errors import BackofficeUnavailable
from backoffice.model.act import Act, Done, Reason, Refusal
from backoffice.model.code import Level
from contracts.escalation.model import Reason as Handover

LOOKED_UP_BY = {
    "ask_price": "action_price",
    "check_stock": "action_stock",
    "ask_opening_hours": "action_opening_hours",
    "ask_shipping_region": "action_shipping_region",
    "recommend_product": "action_suggest_products",
    "order_status": "action_start_flow",
    "refund_status": "action_start_flow",
}
"""The action for what is asked beside something else: in a message that leaves a journey, or once more of another
article. The knowledge answers everything else."""

_LATELY = 3
"""Messages."""

_UNTIL_THEN = frozenset({"orders-change-address", "orders-cancel-before-shipping"})
"""Entries that say until when something can be done: beside "it is too late" they would contradict it."""

_ASK_AGAIN = {Reason.CHANGED, Reason.NOT_CONFIRMED, Reason.NOT_VERIFIED}
"""Refusals that another turn of the form mends: read back anew, or prove who asks anew."""


class JourneyEnd(DeskAction):
    """``action_<journey>``. A subclass names its journey and nothing else."""

    @property
    @abstractmethod
    def journey(self) -> Journey: ...

    def name(self) -> str:
        return f"action_{self.journey.name}"

    async def perform(self, turn: Turn) -> list[EventType]:
        case = case_of(turn, self.services)
        try:
            result = await asyncio.to_thread(self._result, case)
        except BackofficeUnavailable as error:
            away(error)
            turn.say("utter_ask_retry")
            return [ActiveLoop(self.journey.form), SlotSet("requested_slot", RETRY), FollowupAction(LISTEN)]
        if isinstance(result, Refusal):
            if result.reason in _ASK_AGAIN:
                return self._asked_again(turn, result)
            return await self._refused(case, result)
        result.say(turn)
        kept = [SlotSet(slot, value) for slot, value in result.keep.items()]
        follows = after_stopping(turn) if case[AGREED] == NO else "action_resume"
        going_on = [SlotSet("pending_offer", result.offer), FollowupAction(follows)]
        return [*finished(self.journey, case), *kept, *going_on]

    def _result(self, case: Case) -> Sentence | Refusal:
        journey = self.journey
        if case[AGREED] == NO:
            return Sentence(stopped_response(journey))
        if journey.needs(case) is not Level.NONE and case.level is Level.NONE:
            return _locked(case)
        if early := refused_early(journey, case):
            return early
        plan = journey.preview(case) if journey.agrees else None
        if isinstance(plan, Refusal):
            return plan
        if plan is not None and plan.token != case[PLAN]:
            return Refusal(Reason.CHANGED)
        told = journey.do(case, self._act(case), plan)
        return journey.done(case, told) if isinstance(told, Done) else told

    def _act(self, case: Case) -> Act:
        """Under the message that agreed: a second try after an outage, or a double click, is the same act."""
        key = f"{self.journey.name}:{case[AGREED] or case.turn.message_id}"
        return Act(case.conversation_id, case.turn.message_id, key)

    def _asked_again(self, turn: Turn, refusal: Refusal) -> list[EventType]:
        if refusal.reason is Reason.CHANGED:
            turn.say("utter_plan_changed")
        return [SlotSet(AGREED, None), SlotSet(PLAN, None), FollowupAction(self.journey.form)]

    async def _refused(self, case: Case, refusal: Refusal) -> list[EventType]:
        """The reason in a sentence, then the policy's own words with their source."""
        said = self.journey.refused(case, refusal)
        if _told_lately(case, said.response) and _told_again(case):
            handed_over = await hand_over(self.services, case.turn, reason=Handover.FAILED_ATTEMPTS)
            return [*finished(self.journey, case), *handed_over]
        if _told_lately(case, said.response):
            case.turn.say("utter_refused_again", number=str(case[ORDER_NUMBER] or ""), buttons=[PERSON_BUTTON])
            going_on = [SlotSet("pending_offer", "person"), FollowupAction("action_resume")]
            return [*finished(self.journey, case), *going_on]
        when = {
            "day": day(refusal.day) if refusal.day else "",
            "moment": moment(refusal.moment) if refusal.moment else "",
            "number": str(case[ORDER_NUMBER] or ""),
        }
        Sentence(said.response, {**when, **said.values}, data=said.data).say(case.turn)
        buttons = [*said.buttons, PERSON_BUTTON]
        offer = said.offer or "person"
        fits = said.cites and not (refusal.reason is Reason.TOO_LATE and refusal.policy in _UNTIL_THEN)
        cited = fits and await self._cited(case.turn, refusal.policy, buttons, alone=said.offer is not None)
        if said.offer or not cited:
            case.turn.say(f"utter_offer_{offer}", buttons=buttons)
        return [*finished(self.journey, case), SlotSet("pending_offer", offer), FollowupAction("action_resume")]

    async def _cited(self, turn: Turn, policy: str | None, buttons: list[dict[str, str]], *, alone: bool) -> bool:
        """Tell the policy's entry; ``alone`` leaves the question what to do next to another sentence."""
        try:
            audience = frozenset({"public", "customer"})
            entry = await self.services.ladder.entry(policy, audience=audience) if policy else None
        except KnowledgeUnavailable:
            entry = None
        if entry is None:
            return False
        said: dict[str, Any] = {"answer": entry.text, "source": source_line(entry), "data": record_of(entry)}
        if alone:
            turn.say("utter_policy_alone", **said)
        else:
            turn.say("utter_policy", buttons=buttons, **said)
        return True


def _locked(case: Case) -> Sentence:
    """Why nothing is looked up; who has tries left is not told that they spent them, nor whether the pair is right."""
    number, email = case[ORDER_NUMBER], case[EMAIL]
    if number and email:
        ruling = case.backoffice.access.verify(  # the message was judged in the form: this is its ruling again
            case.conversation_id, order_number=number, email=email, message_id=case.turn.message_id
        )
        if ruling.locked_by_others and ruling.locked_until:
            until = ruling.locked_until.astimezone(SHOP_TIME).strftime("%H:%M")
            return Sentence("utter_verification_closed", {"until": until}, buttons=[PERSON_BUTTON], offer="person")
    return Sentence("utter_verification_locked", buttons=[PERSON_BUTTON], offer="person")


def _told_lately(case: Case, response: str) -> bool:
    """Whether the same was refused for the same order a moment ago: who asks again does not need it word by word."""
    same_order = case[ORDER_NUMBER] is not None and case[ORDER_NUMBER] == case[LAST_ORDER]
    return same_order and any(response in earlier.replies for earlier in messages_before(case.turn, _LATELY))


def _told_again(case: Case) -> bool:
    """Whether the last reply was "that's still so": a third time would be the same words once more."""
    return any("utter_refused_again" in earlier.replies for earlier in messages_before(case.turn, 1))


def after_stopping(turn: Turn) -> str:
    """What follows a journey that was left: the answer to what else the same message asks, else what waits."""
    waits = bool(turn.slot("suspended"))
    asked = None if waits or turn.text.startswith("/") else left_to_answer(turn.text)
    return LOOKED_UP_BY.get(turn.intent or "", "action_answer_question") if asked else "action_resume"


def stopped_response(journey: Journey) -> str:
    return f"utter_stopped_{journey.name}"


def cleared(journey: Journey) -> list[EventType]:
    """The journey's slots empty for the next time."""
    slots = dict.fromkeys((*SHARED, *journey.slots))
    return [*(SlotSet(slot, None) for slot in slots), SlotSet("invalid_tries", 0.0)]


def finished(journey: Journey, case: Case) -> list[EventType]:
    """Everything forgotten but which order was spoken of, and what was done, for a second click on "yes"."""
    known: dict[str, Any] = {
        LAST_JOURNEY: journey.name,
        DONE_PLAN: case[PLAN] if case[AGREED] not in {None, NO} else None,
    }
    if case[ORDER_NUMBER]:
        known[LAST_ORDER] = case[ORDER_NUMBER]
    return [*cleared(journey), *(SlotSet(slot, value) for slot, value in known.items()), SlotSet("fallback_count", 0.0)]
