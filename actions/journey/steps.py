"""What a journey needs next: who asks, which order, the journey's own fields, the yes to its plan, the code."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from actions.journey.choosing import order_meant, points_back
from actions.journey.fields import ANOTHER_CODE, CODE_FIELD, ORDER, fields_of, wanted
from actions.journey.model import (
    AGREED,
    CODE,
    CODE_SENT,
    EMAIL,
    LAST_ORDER,
    NO,
    OPENING,
    ORDER_NUMBER,
    PLAN,
    TRIED_EMAIL,
    TRIED_NUMBER,
    TRIES_LEFT,
    Case,
    Field,
    Heard,
    Journey,
    Sentence,
)  # fmt: skip
from actions.journey.reading import wrong_value
from backoffice.model.access import VerificationOutcome
from backoffice.model.act import Refusal
from backoffice.model.code import CodeOutcome, Level


@dataclass
class Step:
    """Slots to set, what to say first, and the slot to ask; none: the journey can end."""

    values: dict[str, Any] = field(default_factory=dict)
    said: list[Sentence] = field(default_factory=list)
    ask: str | None = None


def next_step(journey: Journey, case: Case) -> Step:
    """Work out what is missing. ``case.values`` gets what is worked out on the way."""
    step = Step()
    if case[AGREED] == NO:
        return step
    if journey.access is not Level.NONE:
        if _access(case, step):
            return step
        if step.ask is None:
            _order(journey, case, step)
        if case[CODE]:
            _code(case, step)
    if step.ask is None and refused_early(journey, case):
        return step
    if step.ask is None:
        _fields(journey, case, step)
    if step.ask is None and journey.agrees:
        _agreement(journey, case, step)
    return step


def refused_early(journey: Journey, case: Case) -> Refusal | None:
    """Whether the known order rules the journey out."""
    known = journey.about_order and journey.agrees and case[ORDER_NUMBER] and case.level is not Level.NONE
    return journey.early(case) if known else None


def _set(case: Case, step: Step, values: Mapping[str, Any]) -> None:
    case.values |= values
    step.values |= values


def _access(case: Case, step: Step) -> bool:
    """Prove who asks from order number and e-mail; true when no more tries are allowed."""
    number, email = case[ORDER_NUMBER], case[EMAIL]
    if case.level is not Level.NONE or not (number and email):
        return False
    ruling = case.backoffice.access.verify(
        case.conversation_id, order_number=number, email=email, message_id=case.turn.message_id
    )
    if ruling.outcome is VerificationOutcome.LOCKED:
        return True
    if ruling.verified:
        case.__dict__.pop("orders", None)
        _set(case, step, {TRIED_NUMBER: None, TRIED_EMAIL: None})
        return False
    _set(case, step, {TRIED_NUMBER: number, TRIED_EMAIL: email, TRIES_LEFT: float(ruling.tries_left)})
    _set(case, step, {ORDER_NUMBER: None, EMAIL: None})
    step.ask = ORDER_NUMBER
    return False


def _order(journey: Journey, case: Case, step: Step) -> None:
    """The verified customer's order: what was said, else the one that was spoken of, else the only one that fits."""
    if not journey.about_order or case.level is Level.NONE:
        return
    number = case[ORDER_NUMBER]
    if number and case.order is None:
        _set(case, step, {ORDER_NUMBER: None})
        told = Sentence("utter_order_not_yours", {"number": number})
        wrong = wrong_value(ORDER, case)
        step.said += [told, *(said for said in wrong.said if said.offer)]  # the same words whoever's it is
        _set(case, step, wrong.values)
        step.ask = ORDER_NUMBER
    elif not number and (known := _known_order(journey, case)):
        _set(case, step, {ORDER_NUMBER: known})


def _known_order(journey: Journey, case: Case) -> str | None:
    offered = orders_to_offer(journey, case)
    if meant := order_meant(case[OPENING] or "", offered, case.now):
        return meant
    if points_back(case[OPENING] or "") and case[LAST_ORDER] in {order.number for order in case.orders}:
        return str(case[LAST_ORDER])  # also where it does not fit: then the reason is told
    if case[LAST_ORDER] in {order.number for order in offered}:
        return str(case[LAST_ORDER])
    return offered[0].number if len(offered) == 1 else None


def orders_to_offer(journey: Journey, case: Case) -> list[Any]:
    """The orders that fit the journey; when none does all of them, so that the reason can be told."""
    return [order for order in case.orders if journey.fits(order)] or list(case.orders)


def _fields(journey: Journey, case: Case, step: Step) -> None:
    own = {item.slot for item in journey.fields}
    opening = Heard(case[OPENING] or "")
    for item in fields_of(journey):
        if item.slot not in own | {ORDER_NUMBER, EMAIL} or case[item.slot] is not None:
            continue
        if not wanted(item, journey, case):
            continue
        said = item.parse(opening, case) if item.slot in own and item.unasked else None
        if said is None:
            step.ask = item.slot
            _explain_opening(item, opening, case, step)
            return
        _set(case, step, {item.slot: said})
        _fields(journey, case, step)  # what is known now may make an earlier field wanted
        return


def _explain_opening(item: Field, opening: Heard, case: Case, step: Step) -> None:
    """What was wished for at the start and cannot be had is said before the first question, and is a first try."""
    asked_before = case.turn.requested_slot == item.slot
    if item.explain and item.explains_again and not asked_before and (told := item.explain(opening, case)):
        step.said.append(told)
        _set(case, step, {"invalid_tries": 1.0})


def _agreement(journey: Journey, case: Case, step: Step) -> None:
    plan = journey.preview(case)
    if isinstance(plan, Refusal):
        return
    if case[AGREED] is None or case[PLAN] != plan.token:
        if case[AGREED] is not None:
            step.said.append(Sentence("utter_plan_changed"))
        _set(case, step, {AGREED: None, PLAN: plan.token})
        step.ask = AGREED
    elif not case.level.reaches(journey.level_for(plan)):
        step.ask = CODE


def _code(case: Case, step: Step) -> None:
    """One try at the code; what was typed is never kept."""
    code = case[CODE]
    _set(case, step, {CODE: None})
    if code == ANOTHER_CODE:
        _set(case, step, {CODE_SENT: None})
        return
    answer = case.backoffice.codes.check_code(case.conversation_id, code, message_id=case.turn.message_id)
    if answer.outcome is CodeOutcome.SPENT:
        step.said.append(Sentence("utter_code_spent" if case[CODE_SENT] else "utter_code_none_sent"))
        _set(case, step, {CODE_SENT: None})
    elif answer.outcome is CodeOutcome.WRONG:
        told = Sentence("utter_code_wrong", {"tries_left": str(answer.tries_left)})
        wrong = wrong_value(CODE_FIELD, case, told)
        step.said += [told] if told not in wrong.said else []
        step.said += wrong.said
        _set(case, step, wrong.values)
    else:
        _set(case, step, {CODE_SENT: None})
