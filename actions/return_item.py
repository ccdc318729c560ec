"""Send articles of an order back for their money."""

import re
from dataclasses import replace
from typing import Any

from rasa_sdk.events import EventType

from actions.journey.articles import ARTICLES, ARTICLES_FIELD, has_several, lines_meant
from actions.journey.asking import Asking
from actions.journey.choices import one_of
from actions.journey.end import JourneyEnd
from actions.journey.form import JourneyForm
from actions.journey.model import AGREED, ORDER_NUMBER, PLAN, Case, Field, Heard, Journey, Sentence
from actions.order_words import PAYMENT_NAMES, day, money, pieces_of
from backoffice.model.act import Act, Done, Reason, Refusal
from backoffice.model.code import Level
from backoffice.model.order import OrderState
from backoffice.model.order_change import ReturnPlan, ReturnReason
from backoffice.model.order_view import OrderView
from backoffice.service.return_rules import SPOILT_WHEN_OPENED

REASON, QUANTITY, OPENED = "return_reason", "quantity", "opened"
_NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
_NUMBER = re.compile(r"(?i)(?<![\w.,])([1-9]|one|two|three|four|five)\b")
_ALL = re.compile(r"(?i)\b(?:all|both|everything)\b")

read_any_reason = one_of(
    {
        ReturnReason.WRONG_ITEM: r"(?:the )?wrong (?:item|article|product|one|colou?r|thing)|not what i ordered|"
        r"sent me (?:a|the) (?:different|wrong)|something else came",
        ReturnReason.DAMAGED: r"damage|broken|crack|smash|shatter|dent|scratch|bent|torn",
        ReturnReason.FAULTY: r"fault|defect|dead\b|malfunction|keeps (?:switch|turn|dropp)|"
        r"(?:doesn'?t|does not|don'?t|won'?t|stopped|not) (?:even )?(?:work|charg|turn|switch|heat|start)",
        ReturnReason.DOES_NOT_FIT: r"too (?:big|small|large|tight|loud|heavy|wide|short|long)|wrong size|uncomfortable|"
        r"(?:(?:do|does|did)(?:n'?t| not)|not) (?:really |quite )?(?:fit|suit)",
        ReturnReason.CHANGED_MIND: r"chang\w* (?:of|my|our|his|her) (?:mind|heart)|no need|regret|"
        r"(?:don'?t|do not|no longer|not) (?:really )?(?:want|need|like|happy)|bought (?:it )?by mistake|by accident|"
        r"found (?:it )?cheaper|unwanted|other reason|just because|too expensive",
    }
)
read_opened = one_of(
    {
        "no": r"(?:no|nope|not|never|un-?opened|sealed|untouched|still closed|closed)\b",
        "yes": r"(?:ye[sap]+h?|opened|open|broken|used|tried|tasted)\b",
    }
)
_NOTHING_WRONG = re.compile(
    r"(?i)^\W*(?:no|nope|nah)\W*$|\bnothing(?:'?s| is| was)? wrong\b|\b(?:works?|it'?s) (?:fine|ok(?:ay)?|perfect\w*)\b"
    r"|\b(?:insist\w*|anyway|ridiculous|regardless|unfair|come on|still (?:want|wish|would))\b"
)
"""Answers to whether something is wrong with it: nothing is, it should come back all the same."""


def read_reason(heard: Heard, case: Case) -> str | None:
    """Why it comes back. Where only a fault would count, whoever names none and insists has none."""
    reason = read_any_reason(heard, case)
    if reason or heard.asked != REASON or not _NOTHING_WRONG.search(heard.text):
        return reason
    return ReturnReason.CHANGED_MIND if only_for_a_fault(case) else None


def only_for_a_fault(case: Case) -> Refusal | None:
    """Why a change of mind is no reason for the chosen articles: said before anybody is asked for theirs."""
    if case.order is None:
        return None
    chosen = {line.number: line.quantity for line in lines_meant(case)} if case[ARTICLES] else None
    plan = case.backoffice.order_changes.preview_return(
        case.conversation_id, case[ORDER_NUMBER], ReturnReason.CHANGED_MIND, chosen
    )
    return plan if isinstance(plan, Refusal) and plan.reason in {Reason.TOO_LATE, Reason.FINAL_SALE} else None


def _in_time(case: Case) -> bool:
    """Whether it matters which articles and how many: not where the order's window is over."""
    refusal = only_for_a_fault(case)
    return refusal is None or refusal.reason is not Reason.TOO_LATE


def read_quantity(heard: Heard, case: Case) -> int | None:
    held = max((line.quantity for line in lines_meant(case)), default=1)
    if _ALL.search(heard.text):
        return held
    found = _NUMBER.search(heard.text)
    said = _NUMBERS.get(found[1].casefold()) or int(found[1]) if found else 0
    return said if 0 < said <= held else None


def _several_pieces(case: Case) -> bool:
    lines = lines_meant(case)
    return len(lines) == 1 and lines[0].quantity > 1 and _in_time(case)


def _opening_matters(case: Case) -> bool:
    ours = case[REASON] and ReturnReason(case[REASON]).our_fault
    spoils = any(line.sku in SPOILT_WHEN_OPENED for line in lines_meant(case))
    return not ours and spoils and only_for_a_fault(case) is None


class ReturnItem(Journey):
    name = "return_item"
    intents = frozenset({"return_item"})
    access = Level.CONFIRMED
    fields = (
        replace(ARTICLES_FIELD, wanted=lambda case: has_several(case) and _in_time(case)),
        Field(
            QUANTITY,
            read_quantity,
            hint="utter_invalid_quantity",
            wanted=_several_pieces,
            unasked=False,
            looks_like=re.compile(r"\d"),
            clears=(AGREED, PLAN),
        ),
        Field(
            REASON,
            read_reason,
            hint="utter_invalid_return_reason",
            answered_by=frozenset(
                {
                    "report_damaged_item",
                    "report_wrong_item",
                    "product_support",
                    "cancel_order",
                    "ask_warranty",
                    "stop",
                }
            ),
            looks_like=re.compile(r"\w"),
            named=re.compile(r"(?i)\breason\b"),
            stated=True,
            clears=(AGREED, PLAN, OPENED),
        ),
        Field(
            OPENED,
            read_opened,
            hint="utter_yes_or_no",
            wanted=_opening_matters,
            unasked=False,
            clears=(AGREED, PLAN),
            stated=True,
        ),
    )

    def fits(self, order: OrderView) -> bool:
        return order.state is OrderState.DELIVERED

    def early(self, case: Case) -> Refusal | None:
        plan = case.backoffice.order_changes.preview_return(
            case.conversation_id, case[ORDER_NUMBER], ReturnReason.FAULTY
        )
        never = {Reason.NOT_DELIVERED, Reason.NOTHING_LEFT, Reason.NOT_RETURNABLE}
        return plan if isinstance(plan, Refusal) and plan.reason in never else None

    def preview(self, case: Case) -> ReturnPlan | Refusal:
        return case.backoffice.order_changes.preview_return(
            case.conversation_id, case[ORDER_NUMBER], *_wanted(case), opened=case[OPENED] == "yes"
        )

    def read_back(self, case: Case, plan: ReturnPlan) -> Sentence:
        del case
        return Sentence("utter_read_back_return_item", _amounts(plan))

    def do(self, case: Case, act: Act, plan: ReturnPlan) -> Done[ReturnPlan] | Refusal:
        return case.backoffice.order_changes.start_return(
            act, plan.order_number, *_wanted(case), agreed_to=plan.token, opened=case[OPENED] == "yes"
        )

    def done(self, case: Case, done: Done[ReturnPlan]) -> Sentence:
        reference = done.reference or ""
        values = {**_amounts(done.plan), "reference": reference, "photos": case.backoffice.photo_link(reference)}
        if done.plan.reason.our_fault:
            return Sentence("utter_done_return_our_fault", values)
        return Sentence("utter_done_return_collected" if done.plan.collected else "utter_done_return_item", values)

    def refused(self, case: Case, refusal: Refusal) -> Sentence:
        if refusal.reason is Reason.NOT_DELIVERED and case.order and case.order.state is OrderState.CANCELLED:
            return Sentence("utter_return_cancelled_order")
        return Sentence(f"utter_return_refused_{refusal.reason.value}")


def _wanted(case: Case) -> tuple[ReturnReason, dict[int, int] | None]:
    """The reason and, if the customer chose among articles or pieces, how many of which line."""
    lines = lines_meant(case)
    if not case[ARTICLES] and not case[QUANTITY]:
        return ReturnReason(case[REASON]), None
    return ReturnReason(case[REASON]), {line.number: case[QUANTITY] or line.quantity for line in lines}


def _amounts(plan: ReturnPlan) -> dict[str, Any]:
    return {
        "number": plan.order_number,
        "items": pieces_of(plan.pieces),
        "goods": money(plan.goods),
        "delivery": money(plan.delivery),
        "deducted": money(plan.deducted),
        "refund": money(plan.refund),
        "method": PAYMENT_NAMES.get(plan.method, "account"),
        "hand_over_by": day(plan.hand_over_by),
    }


RETURN_ITEM = ReturnItem()


class ActionAskReturnReason(Asking):
    """Why it comes back; where a change of mind is no reason, that first, and whether something is wrong with it."""

    slot = REASON

    def ask(self, journey: Journey, case: Case) -> list[EventType]:
        del journey
        if refusal := only_for_a_fault(case):
            until = day(refusal.day) if refusal.day else ""
            case.turn.say(f"utter_ask_fault_{refusal.reason.value}", number=str(case[ORDER_NUMBER]), day=until)
        else:
            case.turn.say("utter_ask_return_reason")
        return []


class ValidateReturnItemForm(JourneyForm):
    journey = RETURN_ITEM


class ActionReturnItem(JourneyEnd):
    journey = RETURN_ITEM
