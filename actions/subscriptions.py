"""Pause a subscription, or end it."""

import re
from datetime import date, timedelta
from typing import Any, ClassVar

from actions.choices import choice_button, chosen
from actions.journey.asking import Asking
from actions.journey.choosing import names
from actions.journey.end import JourneyEnd
from actions.journey.form import JourneyForm
from actions.journey.model import AGREED, OPENING, PLAN, Case, Field, Heard, Journey, Sentence
from actions.order_words import day
from actions.when import day_after, today
from backoffice.model.act import Act, Done, Reason, Refusal
from backoffice.model.code import Level
from backoffice.model.subscription import EndPlan, PausePlan, Subscription, SubscriptionState
from backoffice.service.subscription_rules import LONGEST_PAUSE_MONTHS, months_after

WHICH, UNTIL = "subscription", "pause_until"
_NUMBER = re.compile(r"(?i)\bS\s?[-–]?\s?(\d{6})\b")
_SKIPS = re.compile(r"(?i)\b(?:skip|miss|leave out)\b.{0,20}\b(?:next|one|box|delivery|parcel|shipment)\b")

_STILL_COMES = re.compile(
    r"(?i)\b(?:do|does|will|is|are|would)\b.*\b(?:one|ones|box|parcel|delivery|shipment|beans)\b.*"
    r"\b(?:com(?:e|es|ing)|arriv\w+|ship\w*|sent|deliver\w*)\b|\bstill\s+(?:com\w+|arriv\w+|get\w*)\b.*\?"
)
"""Whether a parcel that is on its way or due is still sent."""


def subscriptions_of(case: Case) -> list[Subscription]:
    """All of the verified customer's, the ended ones too; nobody's are none."""
    own = case.backoffice.subscriptions.subscriptions(case.conversation_id)
    return [] if isinstance(own, Refusal) else list(own)


def running(case: Case) -> list[Subscription]:
    """Those that are not cancelled."""
    return [one for one in subscriptions_of(case) if one.state is not SubscriptionState.CANCELLED]


def none_running(case: Case) -> Refusal:
    """Why there is nothing to pause or to end: it has ended, or there never was one."""
    if subscriptions_of(case):
        return Refusal(Reason.ALREADY_DONE, "subscriptions-cancel")
    return Refusal(Reason.NOT_FOUND)


def meant(case: Case) -> Subscription | None:
    """The one that was named, else the only one there is; not that one where another, ended one was named."""
    own = running(case)
    if case[WHICH]:
        return next((one for one in own if one.number == case[WHICH]), None)
    said = [one.number for one in subscriptions_of(case) if names(one.name, case[OPENING] or "")]
    return own[0] if len(own) == 1 and (not said or own[0].number in said) else None


def read_subscription(heard: Heard, case: Case) -> str | None:
    if choice := chosen(heard, WHICH):
        return choice
    if number := _NUMBER.search(heard.text):
        return f"S-{number[1]}"
    named = [one.number for one in running(case) if names(one.name, heard.text)]
    return named[0] if len(named) == 1 else None


def read_until(heard: Heard, case: Case) -> str | None:
    """The day on which deliveries start again: from tomorrow, three months ahead at most."""
    one = meant(case)
    if _SKIPS.search(heard.text) and one and one.next_shipment:
        named: date | None = _after_the_skipped(one)
    else:
        named = day_after(heard.text, case.now)
    if named is None or not today(case.now) < named <= _latest(case):
        return None
    return named.isoformat()


def _after_the_skipped(one: Subscription) -> date | None:
    """The usual day of the box after the one that is left out."""
    return one.next_shipment + timedelta(weeks=one.interval_weeks) if one.next_shipment else None


def explain_until(heard: Heard, case: Case) -> Sentence | None:
    named = day_after(heard.text, case.now)
    if named is None:
        return None
    response = "utter_pause_past" if named <= today(case.now) else "utter_pause_too_long"
    return Sentence(response, {"day": day(named), "latest": day(_latest(case))})


def _latest(case: Case) -> date:
    return months_after(today(case.now), LONGEST_PAUSE_MONTHS)


WHICH_FIELD = Field(
    WHICH,
    read_subscription,
    hint="utter_invalid_subscription",
    wanted=lambda case: len(running(case)) > 1,
    named=re.compile(r"(?i)\b(?:subscription|plan|box)\b"),
    clears=(AGREED, PLAN),
)
UNTIL_FIELD = Field(
    UNTIL,
    read_until,
    hint="utter_invalid_pause_until",
    wanted=lambda case: meant(case) is not None,
    looks_like=re.compile(r"(?i)\d|week|month|until|till"),
    answered_by=frozenset({"pause_subscription"}),
    named=re.compile(r"(?i)\b(?:day|date|until|long)\b"),
    clears=(AGREED, PLAN),
    explain=explain_until,
)


_PLUS = re.compile(r"(?i)^(?!.*\b(?:subscriptions?|box|beans?|coffee)\b).*\b(?:plus|member(?:ship)?|newsletters?)\b")


class SubscriptionJourney(Journey):
    access: ClassVar[Level] = Level.CONFIRMED
    about_order: ClassVar[bool] = False
    never_means = _PLUS
    refusals: ClassVar = {
        Reason.NOT_FOUND: "utter_no_subscription",
        Reason.ALREADY_DONE: "utter_subscription_ended_already",
        Reason.TOO_EARLY: "utter_invalid_pause_until",  # a day went by between the answer and the yes
        Reason.TOO_LATE: "utter_invalid_pause_until",
    }

    def words(self, case: Case, plan: PausePlan | EndPlan) -> dict[str, str]:
        one = next((one for one in subscriptions_of(case) if one.number == plan.number), None)  # it may have ended now
        return {
            "name": one.name if one else "",
            "subscription": plan.number,
            "last": day(plan.last_parcel) if plan.last_parcel else "",
        }

    def about_plan(self, text: str, case: Case) -> Sentence | None:
        """Whether a parcel still comes: that depends on the plan, which the help texts do not know."""
        if not _STILL_COMES.search(text):
            return None
        plan = self.preview(case)
        if not isinstance(plan, PausePlan | EndPlan):
            return None
        response = "utter_parcel_still_comes" if plan.last_parcel else "utter_no_parcel_comes"
        return Sentence(response, self.words(case, plan))


class PauseSubscription(SubscriptionJourney):
    name = "pause_subscription"
    replaces = frozenset({"cancel_subscription"})
    intents = frozenset({"pause_subscription"})
    fields = (WHICH_FIELD, UNTIL_FIELD)

    def preview(self, case: Case) -> PausePlan | Refusal:
        one = meant(case)
        if one is None:
            return none_running(case)
        until = date.fromisoformat(case[UNTIL])
        return case.backoffice.subscriptions.preview_pause(case.conversation_id, one.number, until)

    def read_back(self, case: Case, plan: PausePlan) -> Sentence:
        one = meant(case)
        if one and one.next_shipment and not plan.last_parcel and plan.until == _after_the_skipped(one):
            words = {**self.words(case, plan), "skipped": day(one.next_shipment), "until": day(plan.until)}
            return Sentence("utter_read_back_skip_delivery", words)
        response = "utter_read_back_pause_with_parcel" if plan.last_parcel else "utter_read_back_pause_subscription"
        return Sentence(response, {**self.words(case, plan), "until": day(plan.until)})

    def do(self, case: Case, act: Act, plan: PausePlan) -> Done[PausePlan] | Refusal:
        return case.backoffice.subscriptions.pause(act, plan.number, plan.until, agreed_to=plan.token)

    def done(self, case: Case, done: Done[PausePlan]) -> Sentence:
        return Sentence("utter_done_pause_subscription", {**self.words(case, done.plan), "until": day(done.plan.until)})


class CancelSubscription(SubscriptionJourney):
    name = "cancel_subscription"
    replaces = frozenset({"pause_subscription"})
    intents = frozenset({"cancel_subscription"})
    fields = (WHICH_FIELD,)

    def preview(self, case: Case) -> EndPlan | Refusal:
        one = meant(case)
        if one is None:
            return none_running(case)
        return case.backoffice.subscriptions.preview_end(case.conversation_id, one.number)

    def read_back(self, case: Case, plan: EndPlan) -> Sentence:
        response = "utter_read_back_end_with_parcel" if plan.last_parcel else "utter_read_back_cancel_subscription"
        return Sentence(response, self.words(case, plan))

    def do(self, case: Case, act: Act, plan: EndPlan) -> Done[EndPlan] | Refusal:
        return case.backoffice.subscriptions.end(act, plan.number, agreed_to=plan.token)

    def done(self, case: Case, done: Done[EndPlan]) -> Sentence:
        response = "utter_done_end_with_parcel" if done.plan.last_parcel else "utter_done_cancel_subscription"
        return Sentence(response, self.words(case, done.plan))


class ActionAskSubscription(Asking):
    """The customer's own subscriptions as buttons."""

    slot = WHICH

    def ask(self, journey: Journey, case: Case) -> list[Any]:
        del journey
        buttons = [choice_button(WHICH, one.number, f"{one.name} ({one.number})") for one in running(case)]
        case.turn.say("utter_ask_which_subscription", buttons=buttons)
        return []


PAUSE_SUBSCRIPTION, CANCEL_SUBSCRIPTION = PauseSubscription(), CancelSubscription()


class ValidatePauseSubscriptionForm(JourneyForm):
    journey = PAUSE_SUBSCRIPTION


class ActionPauseSubscription(JourneyEnd):
    journey = PAUSE_SUBSCRIPTION


class ValidateCancelSubscriptionForm(JourneyForm):
    journey = CANCEL_SUBSCRIPTION


class ActionCancelSubscription(JourneyEnd):
    journey = CANCEL_SUBSCRIPTION
