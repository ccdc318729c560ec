"""Damaged, wrong or missing: put it before a colleague, with pictures."""

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from actions.journey.articles import ARTICLES, ARTICLES_FIELD, lines_meant
from actions.journey.choices import one_of
from actions.journey.end import JourneyEnd
from actions.journey.form import JourneyForm
from actions.journey.model import AGREED, ORDER_NUMBER, PLAN, Case, Field, Journey, Sentence
from actions.order_words import day, items_of
from backoffice.model.act import Act, Done, Reason, Refusal
from backoffice.model.order import OrderState
from backoffice.model.order_change import ClaimKind, ClaimPlan, Wish
from backoffice.model.order_view import OrderView

KIND, WISH = "claim_kind", "wish"
_BY_INTENT = {
    "report_damaged_item": ClaimKind.DAMAGED,
    "report_wrong_item": ClaimKind.WRONG_ITEM,
    "report_missing_item": ClaimKind.MISSING_ITEM,
}
_CHANGED = (AGREED, PLAN)

read_kind = one_of(
    {
        ClaimKind.WRONG_ITEM: r"(?:wrong|different) (?:item|article|product|one|colou?r|thing)|not what i ordered",
        ClaimKind.MISSING_ITEM: r"missing|not in the (?:box|parcel|package)|left out|incomplete",
        ClaimKind.DAMAGED: r"damage|broken|crack|smash|shatter|dent|scratch|fault|defect",
    }
)
read_wish = one_of(
    {
        Wish.REFUND: r"refund|money|reimburse|pay me back|credit",
        Wish.REPLACEMENT: r"replace|(?:new|another) (?:one|parcel|item|part)|exchange|swap|send (?:it|me|the|one|a)|"
        r"re-?send|again|the right one|missing (?:part|piece)",
    }
)
WISH_FIELD = Field(
    WISH,
    read_wish,
    hint="utter_invalid_wish",
    looks_like=re.compile(r"\w"),
    answered_by=frozenset({"refund_status", "return_item", "cancel_order", "ask_return_policy", "order_not_received"}),
    clears=_CHANGED,
    stated=True,
)


class ClaimJourney(Journey):
    name = "claim"
    intents = frozenset(_BY_INTENT)
    fields = (
        Field(KIND, read_kind, hint="utter_invalid_claim_kind", clears=_CHANGED, looks_like=re.compile(r"\w")),
        ARTICLES_FIELD,
        WISH_FIELD,
    )
    refusals: ClassVar = {
        Reason.NOT_DELIVERED: "utter_claim_not_delivered",
        Reason.TOO_LATE: "utter_claim_too_late",
    }

    def known_from(self, intent: str) -> Mapping[str, Any]:
        kind = _BY_INTENT.get(intent)  # a correction may lead here, too
        return {KIND: kind.value} if kind else {}

    def fits(self, order: OrderView) -> bool:
        return order.state is OrderState.DELIVERED

    def early(self, case: Case) -> Refusal | None:
        plan = self.preview(case)
        return plan if isinstance(plan, Refusal) else None

    def preview(self, case: Case) -> ClaimPlan | Refusal:
        return case.backoffice.order_changes.preview_claim(case.conversation_id, case[ORDER_NUMBER], *_what(case))

    def read_back(self, case: Case, plan: ClaimPlan) -> Sentence:
        return Sentence(f"utter_read_back_claim_{plan.kind.value}", _values(case, plan))

    def do(self, case: Case, act: Act, plan: ClaimPlan) -> Done[ClaimPlan] | Refusal:
        kind, lines, wish = _what(case)
        return case.backoffice.order_changes.claim(act, plan.order_number, kind, lines, wish, agreed_to=plan.token)

    def done(self, case: Case, done: Done[ClaimPlan]) -> Sentence:
        reference = done.reference or ""
        values = _values(case, done.plan)
        values |= {
            "reference": reference,
            "photos": case.backoffice.photo_link(reference),
            "pictures": str(done.plan.pictures),
            "claim_until": day(done.plan.claim_until),
        }
        return Sentence("utter_done_claim", values)


def _what(case: Case) -> tuple[ClaimKind, tuple[int, ...], Wish | None]:
    return (
        ClaimKind(case[KIND] or ClaimKind.DAMAGED),
        tuple(case[ARTICLES] or ()),
        Wish(case[WISH]) if case[WISH] else None,
    )


def _values(case: Case, plan: ClaimPlan) -> dict[str, str]:
    wish = {Wish.REFUND: "your money back", Wish.REPLACEMENT: "a replacement"}
    return {
        "number": plan.order_number,
        "items": items_of(lines_meant(case)),
        "wish": wish[plan.wish] if plan.wish else "",
    }


CLAIM = ClaimJourney()


class ValidateClaimForm(JourneyForm):
    journey = CLAIM


class ActionClaim(JourneyEnd):
    journey = CLAIM
