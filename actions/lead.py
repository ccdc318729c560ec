"""Business customers who want a quote."""

import re
from typing import ClassVar

from actions.journey.end import JourneyEnd
from actions.journey.form import JourneyForm
from actions.journey.model import AGREED, OPENING, PLAN, Case, Field, Heard, Sentence
from actions.journey.open_journey import OpenJourney
from actions.order_words import day
from backoffice.model.account import LeadPlan
from backoffice.model.act import Act, Done, Reason, Refusal
from backoffice.parsing import parse_email
from backoffice.service.journeys import FEWEST_PIECES
from contracts.questions import asks

WANTS, PIECES, COMPANY, ADDRESS = "lead_wants", "lead_pieces", "lead_company", "lead_email"
_COUNT = re.compile(
    r"(?<![\d€£$.,+@-])(\d{1,3}(?:[ ,.]\d{3})+|\d{1,6})(?![\d%@])(?!\s?(?:€|euro|eur|%|percent|pm|am)\b)"
)
_PARTNER = re.compile(r"(?i)\b(?:resell\w*|wholesale\w*|partner\w*|affiliat\w*|distribut\w*|sponsor\w*|dealer\w*)\b")
_COMPANY = re.compile(r"[^\W_][^@?!<>{}\[\]]{1,99}")
_NOT_A_COMPANY = re.compile(r"(?i)^(?:yes|no|why|what|how|none|nothing|i don'?t)\b")
_BEFORE_COMPANY = re.compile(
    r"(?i)^\W*(?:(?:we'?re|we are|it'?s|this is|for|the company is|called|my company is|i'?m from)\s+)+"
)
_COMPANY_SAID = re.compile(r"\b(?:for|from|at|of)\s+((?:[A-Z][\w&'-]*\s?){1,5}(?:Ltd|GmbH|Inc|plc|DAC|LLP)\b\.?)")
_WORD = re.compile(r"[^\W\d_]{4,}")
_ANSWERS = frozenset({"inform", "nlu_fallback", "correct_detail"})


def wants_quote(case: Case) -> bool:
    """Reselling and partnerships are another matter than a quote."""
    return not _PARTNER.search(case[OPENING] or "")


def read_wants(heard: Heard, case: Case) -> str | None:
    """What they would like: words that name an article, or the whole answer."""
    text = heard.text.strip()
    if case.turn.requested_slot == WANTS and heard.intent in {*_ANSWERS, "sales_inquiry", "ask_product", "ask_price"}:
        asked_something = (asks(text) or text.endswith("?")) and not _names_an_article(text, case)  # of jobs, say
        return text if len(text) > 2 and not asked_something else None  # noqa: PLR2004  # "Pip" has three letters
    return text if heard.intent in {None, "sales_inquiry"} and _names_an_article(text, case) else None


def _names_an_article(text: str, case: Case) -> bool:
    """Whether the words speak of something that the shop sells, one of several or its kind: "for kettles"."""
    find = case.backoffice.catalogue.find
    said = _stems(text)
    return bool(find(text)) or any(said & _stems(one.product.name) for word in said for one in find(word))


def _stems(text: str) -> set[str]:
    return {word.casefold().rstrip("s") for word in _WORD.findall(text)}


def read_pieces(heard: Heard, case: Case) -> str | None:
    """How many: a number in an answer, or beside the article in other words."""
    if parse_email(heard.text) or (heard.intent == "inform" and case.turn.requested_slot not in {PIECES, WANTS}):
        return None
    counts = [int(re.sub(r"\D", "", found)) for found in _COUNT.findall(heard.text)]
    return str(max(counts)) if counts and max(counts) > 0 else None


def read_company(heard: Heard, case: Case) -> str | None:
    if named := _COMPANY_SAID.search(heard.text):
        return named[1].strip()
    likely = heard.intent in _ANSWERS or (heard.intent is not None and heard.text.strip()[:1].isupper())
    if not likely or case.turn.requested_slot != COMPANY or parse_email(heard.text):
        return None
    said = _BEFORE_COMPANY.sub("", heard.text.strip()).strip(" .,")
    return said if _COMPANY.fullmatch(said) and not _NOT_A_COMPANY.match(said) else None


class SalesLead(OpenJourney):
    name = "sales_lead"
    intents = frozenset({"sales_inquiry"})
    never_means = re.compile(r"(?i)\b(?:invoices?|vat|receipts?)\b|\bcompany name\b")
    fields = (
        Field(WANTS, read_wants, hint="utter_invalid_lead_wants", wanted=wants_quote, clears=(AGREED, PLAN),
              answered_by=frozenset({"sales_inquiry", "ask_product", "ask_price"})),
        Field(PIECES, read_pieces, hint="utter_invalid_lead_pieces", wanted=wants_quote, clears=(AGREED, PLAN),
              looks_like=re.compile(r"(?i)\d|\b(?:few|some|many|several|lots?)\b"),
              named=re.compile(r"(?i)\b(?:number|pieces|many)\b"),
              answered_by=frozenset({"sales_inquiry", "change_order"})),
        Field(COMPANY, read_company, hint="utter_invalid_lead_company", clears=(AGREED, PLAN),
              wanted=lambda case: wants_quote(case) and _enough(case), named=re.compile(r"(?i)\bcompany\b")),
        Field(ADDRESS, lambda heard, _case: parse_email(heard.text), hint="utter_invalid_email", clears=(AGREED, PLAN),
              another_way="utter_no_lead_email", wanted=lambda case: wants_quote(case) and _enough(case),
              looks_like=re.compile(r"@|\bat\b"),
              named=re.compile(r"(?i)mail")),
    )  # fmt: skip
    refusals: ClassVar = {Reason.INVALID: "utter_lead_too_few", Reason.NO_SUCH_PRODUCT: "utter_lead_other"}

    def preview(self, case: Case) -> LeadPlan | Refusal:
        if not wants_quote(case):
            return Refusal(Reason.NO_SUCH_PRODUCT, "business-reseller")
        if not _enough(case):
            return Refusal(Reason.INVALID, "business-volume-orders")
        return case.backoffice.account.preview_lead(
            company=case[COMPANY], email=case[ADDRESS], wants=case[WANTS], pieces=int(case[PIECES])
        )

    def read_back(self, case: Case, plan: LeadPlan) -> Sentence:
        del case
        return Sentence("utter_read_back_sales_lead", _words(plan))

    def do(self, case: Case, act: Act, plan: LeadPlan) -> Done[LeadPlan] | Refusal:
        return case.backoffice.account.add_lead(act, plan)

    def done(self, case: Case, done: Done[LeadPlan]) -> Sentence:
        del case
        return Sentence("utter_done_sales_lead", {**_words(done.plan), "lead": done.reference or ""})


def _enough(case: Case) -> bool:
    return int(case[PIECES] or 0) >= FEWEST_PIECES


def _words(plan: LeadPlan) -> dict[str, str]:
    return {
        "company": plan.company,
        "email": plan.email,
        "wants": plan.wants,
        "pieces": str(plan.pieces),
        "answer_by": day(plan.answer_by),
    }


SALES_LEAD = SalesLead()


class ValidateSalesLeadForm(JourneyForm):
    journey = SALES_LEAD


class ActionSalesLead(JourneyEnd):
    journey = SALES_LEAD
