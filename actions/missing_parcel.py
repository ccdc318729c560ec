"""A parcel that is late, or said to be delivered and is not there: a search, a claim, a settlement."""

import re
from dataclasses import replace

from actions.claim import AFFECTED_FIELD, CLAIM, WISH, WISH_FIELD, pieces, settled
from actions.journey.articles import ARTICLES, has_several
from actions.journey.end import JourneyEnd
from actions.journey.form import JourneyForm
from actions.journey.model import OPENING, ORDER_NUMBER, Case, Field, Journey, Sentence
from actions.order_words import PAYMENT_NAMES, SHOP_TIME, day, items_of, money, sentence_for
from backoffice.model.act import Act, Done, Plan, Reason, Refusal
from backoffice.model.code import Level
from backoffice.model.order import OrderState
from backoffice.model.order_change import ClaimKind, ClaimPlan, LostPlan, SearchPlan, Wish
from backoffice.model.order_view import LateStep, OrderView

_LOOKED = re.compile(
    r"(?i)\b(?:asked|checked|spoke|spoken|talked|looked|searched|knocked|rang|tried)\b.{0,40}"
    r"\b(?:neighbou?rs?|next door|safe places?|porch|garden|shed|garage|every ?where|all over|around|reception)\b"
    r"|\bneighbou?rs?\b.{0,20}\b(?:have|has|do|did|know)(?:n'?t| not| nothing)\b"
)
"""The customer has done already what the policy asks for first."""

_A_PART = re.compile(
    r"(?i)\b(?:half|part|parts|some|rest|one) of\b|\b(?:not|n'?t) in (?:the|my) (?:parcel|box|package)\b"
    r"|\b(?:missing|left out) (?:from|in|of)\b|\b(?:only|just) (?:got|received)\b|\bthe rest\b|\bthe other\b"
)
"""Something came, and something else did not."""

Found = SearchPlan | LostPlan | ClaimPlan


def _lost(case: Case) -> bool:
    late = case.order.lateness if case.order else None
    return late is not None and late.next is LateStep.RESEND_OR_REFUND


def _delivered(case: Case) -> bool:
    return case.order is not None and case.order.state is OrderState.DELIVERED


def _wish_matters(case: Case) -> bool:
    """Only where it can be fulfilled: not while the policy still says to wait."""
    return _lost(case) or (_delivered(case) and isinstance(_preview(case, None), Plan))


def _misses_a_part(case: Case) -> bool:
    """Whether the parcel came without some of its articles: then these are reported, not the parcel."""
    return _delivered(case) and has_several(case) and bool(_A_PART.search(case[OPENING] or ""))


def _reported(case: Case) -> tuple[ClaimKind, tuple[int, ...]]:
    lines = tuple(case[ARTICLES] or ())
    if case.order is None or not lines or len(lines) == len(case.order.lines):
        return ClaimKind.NOT_RECEIVED, ()
    return ClaimKind.MISSING_ITEM, lines


def _preview(case: Case, wish: Wish | None) -> Found | Refusal:
    changes, number = case.backoffice.order_changes, case[ORDER_NUMBER]
    if _delivered(case):
        return changes.preview_claim(case.conversation_id, number, *_reported(case), wish)
    if _lost(case):
        return changes.preview_lost(case.conversation_id, number, wish or Wish.REFUND)
    return changes.preview_search(case.conversation_id, number)


class MissingParcel(Journey):
    name = "missing_parcel"
    intents = frozenset({"order_not_received"})
    access = Level.CONFIRMED
    remarks = _LOOKED
    fields = (
        replace(AFFECTED_FIELD, wanted=_misses_a_part),
        Field(
            WISH,
            WISH_FIELD.parse,
            hint=WISH_FIELD.hint,
            wanted=_wish_matters,
            looks_like=WISH_FIELD.looks_like,
            answered_by=WISH_FIELD.answered_by,
            clears=WISH_FIELD.clears,
            stated=WISH_FIELD.stated,
        ),
    )

    def fits(self, order: OrderView) -> bool:
        return order.state in {OrderState.SHIPPED, OrderState.PARTLY_SHIPPED, OrderState.DELIVERED}

    def level_for(self, plan: Plan) -> Level:
        """Only a settlement moves money or goods."""
        return Level.CONFIRMED if isinstance(plan, LostPlan) else Level.READING

    def preview(self, case: Case) -> Found | Refusal:
        return _preview(case, Wish(case[WISH]) if case[WISH] else None)

    def read_back(self, case: Case, plan: Found) -> Sentence:
        return Sentence(f"utter_read_back_{_kind(plan)}", _values(case, plan))

    def do(self, case: Case, act: Act, plan: Found) -> Done[SearchPlan] | Done[LostPlan] | Done[ClaimPlan] | Refusal:
        changes = case.backoffice.order_changes
        if isinstance(plan, SearchPlan):
            return changes.search(act, plan.order_number, agreed_to=plan.token)
        if isinstance(plan, LostPlan):
            return changes.settle_lost(act, plan.order_number, plan.wish, agreed_to=plan.token)
        return changes.claim(act, plan.order_number, *_reported(case), plan.wish, agreed_to=plan.token)

    def done(self, case: Case, done: Done[SearchPlan] | Done[LostPlan] | Done[ClaimPlan]) -> Sentence:
        values = {**_values(case, done.plan), "reference": done.reference or ""}
        if isinstance(done.plan, ClaimPlan) and done.plan.kind is ClaimKind.MISSING_ITEM:
            return CLAIM.done(case, done)
        return Sentence(f"utter_done_{_kind(done.plan)}", values)

    def refused(self, case: Case, refusal: Refusal) -> Sentence:
        """Where nothing can be done yet the customer hears how the parcel stands."""
        order = case.order
        if order is None:
            return Sentence("utter_refused_not_found")
        if told := settled(case, refusal):
            return told
        if refusal.reason is Reason.TOO_EARLY and _delivered(case):
            said = sentence_for(order, case.now.astimezone(SHOP_TIME).date())
            if _LOOKED.search(case[OPENING] or ""):
                return Sentence("utter_missing_wait_a_day_looked", said.values, cites=False)
            return Sentence("utter_missing_wait_a_day", said.values)
        if refusal.reason is Reason.TOO_LATE:
            return Sentence("utter_missing_too_late")
        said = sentence_for(order, case.now.astimezone(SHOP_TIME).date(), missed=True)
        return Sentence(said.response, said.values)


def _kind(plan: Found) -> str:
    if isinstance(plan, SearchPlan):
        return "parcel_search"
    if isinstance(plan, LostPlan):
        return f"lost_parcel_{plan.wish.value}"
    return f"claim_{plan.kind.value}"


def _values(case: Case, plan: Found) -> dict[str, str]:
    values = {"number": plan.order_number, "items": items_of(case.order.lines) if case.order else ""}
    if isinstance(plan, ClaimPlan):
        values["items"] = items_of(pieces(case, plan.contents))
    if isinstance(plan, SearchPlan):
        return values | {"answer_by": day(plan.answer_by)}
    if isinstance(plan, LostPlan):
        paid = PAYMENT_NAMES.get(plan.method, "account")
        return values | {"refund": money(plan.refund), "method": paid, "sent_by": day(plan.sent_by)}
    new = "a replacement" if plan.kind is ClaimKind.MISSING_ITEM else "a new parcel"
    wish = {Wish.REFUND: "your money back", Wish.REPLACEMENT: new}
    return values | {"wish": wish[plan.wish] if plan.wish else ""}


MISSING_PARCEL = MissingParcel()


class ValidateMissingParcelForm(JourneyForm):
    journey = MISSING_PARCEL


class ActionMissingParcel(JourneyEnd):
    journey = MISSING_PARCEL
