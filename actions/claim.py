"""Damaged, wrong or missing: put it before a colleague, with pictures."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

from actions.journey.articles import ARTICLES, ARTICLES_FIELD, lines_meant, read_articles
from actions.journey.choices import one_of
from actions.journey.end import JourneyEnd
from actions.journey.form import JourneyForm
from actions.journey.model import AGREED, ORDER_NUMBER, PLAN, Case, Field, Heard, Journey, Sentence
from actions.order_words import SHOP_TIME, day, items_of, sentence_for
from backoffice.model.act import Act, Done, Reason, Refusal
from backoffice.model.order import Line, OrderState, Packed
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


_ONLY_GOT = re.compile(r"(?i)\b(?:only|just) (?:got|received|have|had|the)\b|\bexcept\b|\ball i (?:got|have)\b")


def read_affected(heard: Heard, case: Case) -> list[int] | None:
    """The articles that the words complain of: who only got some of them misses the others."""
    named = read_articles(heard, case)
    if named is None or case.order is None or not _ONLY_GOT.search(heard.text):
        return named
    return [line.number for line in case.order.lines if line.number not in named] or named


AFFECTED_FIELD = replace(ARTICLES_FIELD, parse=read_affected)


class ClaimJourney(Journey):
    name = "claim"
    intents = frozenset(_BY_INTENT)
    fields = (
        Field(KIND, read_kind, hint="utter_invalid_claim_kind", clears=_CHANGED, looks_like=re.compile(r"\w")),
        AFFECTED_FIELD,
        WISH_FIELD,
    )
    refusals: ClassVar = {
        Reason.NOT_DELIVERED: "utter_claim_not_delivered",
        Reason.TOO_LATE: "utter_claim_too_late",
    }

    def refused(self, case: Case, refusal: Refusal) -> Sentence:
        if told := settled(case, refusal):
            return told
        if refusal.reason is Reason.NOT_DELIVERED and case.order and case.order.open_lines and case.order.shipments:
            said = sentence_for(case.order, case.now.astimezone(SHOP_TIME).date())
            return Sentence(said.response, said.values, cites=False)  # the rest follows in a parcel of its own
        return super().refused(case, refusal)

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


def settled(case: Case, refusal: Refusal) -> Sentence | None:
    """That these articles were reported or sent back already, and what happens next; none for another refusal."""
    order = case.order
    if order is None or not refusal.about:
        return None
    claim = next((claim for claim in reversed(order.claims) if claim.number in refusal.about), None)
    if claim is None:
        return Sentence("utter_claim_sent_back", {"items": items_of(lines_meant(case))}, cites=False)
    values = {
        "reference": claim.number,
        "items": items_of(pieces(case, claim.contents)),
        "opened": day(claim.opened_at),
        "photos": case.backoffice.photo_link(claim.number),
    }
    kind = "not_received" if claim.kind == ClaimKind.NOT_RECEIVED else "with_pictures"
    return Sentence(f"utter_claim_already_{kind}", values, cites=False)


def pieces(case: Case, contents: tuple[Packed, ...]) -> tuple[Line, ...]:
    """The order's lines with as many pieces as are meant."""
    counts = {packed.line: packed.quantity for packed in contents}
    lines = case.order.lines if case.order else ()
    return tuple(replace(line, quantity=counts[line.number]) for line in lines if line.number in counts)


def _values(case: Case, plan: ClaimPlan) -> dict[str, str]:
    wish = {Wish.REFUND: "your money back", Wish.REPLACEMENT: "a replacement"}
    return {
        "number": plan.order_number,
        "items": items_of(pieces(case, plan.contents)),
        "wish": wish[plan.wish] if plan.wish else "",
    }


CLAIM = ClaimJourney()


class ValidateClaimForm(JourneyForm):
    journey = CLAIM


class ActionClaim(JourneyEnd):
    journey = CLAIM
