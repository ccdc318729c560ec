"""Payment trouble and invoices: what the shop's own books say."""

import re
from datetime import timedelta
from typing import ClassVar

from actions.choices import chosen
from actions.journey.asking import masked
from actions.journey.choosing import number_meant
from actions.journey.end import JourneyEnd
from actions.journey.form import JourneyForm
from actions.journey.model import OPENING, ORDER_NUMBER, Case, Field, Heard, Journey, Sentence
from actions.order_words import day, money
from actions.turn import PERSON_BUTTON
from backoffice.model.account import InvoicePlan
from backoffice.model.act import Act, Done, Reason, Refusal
from backoffice.model.code import Level
from backoffice.model.order import OrderState
from backoffice.model.order_view import OrderView
from backoffice.parsing import email_key, parse_email

HAD_ORDER = "had_order"
YES, NO, PAID = "yes", "no", "paid"
RESERVATION_GONE = timedelta(days=7)
"""Five working days, a weekend included (payment-double-charge)."""
_NOT_ORDERED = re.compile(r"(?i)\b(?:nothing (?:was )?ordered|never went|check ?out|basket|cart)\b")
_NOTHING_CAME = re.compile(
    r"(?i)\b(?:no (?:order|number|e-?mail|mail|confirmation)|(?:never|didn'?t|did not|not) (?:get|got))\b"
)
_FAILED = re.compile(
    r"(?i)\b(?:fail\w*|declin\w*|reject\w*|refus\w*|error|wrong|stuck|"
    r"(?:not|n'?t|never|won'?t) (?:go(?:ing|ne)?|went|work\w*|accept\w*)\b)"
)
_HAS_PAID = re.compile(
    r"(?i)(?<!not )(?<!n't )(?<!never )\b(?:paid|paying|payed|charged|debited)\b"
    r"|\b(?:money|amount|it)\b.{0,15}\b(?:left|taken|gone|went (?:off|out))\b|\btook (?:the|my) money\b"
)
"""Somebody's money is gone, or so they say: nobody may tell them that they owe nothing."""


_SOMEBODY_ELSE = re.compile(
    r"(?i)\bto (?:my|our|the|a|an|another|somebody|someone)\b.{0,12}\b"
    r"(?:accountant\w*|accounts|book-?keep\w*|tax \w+|boss|employer|company|colleague|other|different|else)\b"
)

_ABOUT_INVOICES = re.compile(
    r"(?i)\bpay(?:ing|ments?)? (?:\w+ )?(?:on|by|per|with|via|against) (?:an? )?(?:invoice|account)\b"
    r"|\bvat (?:number|no\b|id\b|reg\w*)|\b(?:without|no|minus) (?:the |irish )?vat\b|\bpaper (?:invoice|copy)\b"
    r"|\b(?:change|correct|fix|amend|add|wrong|mistake|incorrect|misspel\w*)\b.{0,40}\binvoice"
    r"|\binvoice\b.{0,30}\b(?:wrong|mistake|incorrect|misspel\w*)\b"
)
"""What is asked about an invoice that a copy of it does not answer."""


class RequestInvoice(Journey):
    """The copy goes to the address on file and nowhere else, so reading is enough."""

    name = "request_invoice"
    intents = frozenset({"request_invoice"})
    agrees = False
    never_means = _ABOUT_INVOICES
    refusals: ClassVar = {Reason.TOO_EARLY: "utter_invoice_too_early"}

    def fits(self, order: OrderView) -> bool:
        return bool(order.shipments)

    def owns_address(self, words: str) -> bool:
        return not _SOMEBODY_ELSE.search(words)

    def do(self, case: Case, act: Act, plan: None) -> Sentence | Done[InvoicePlan] | Refusal:
        del plan
        if _goes_elsewhere(case):
            return Sentence(
                "utter_invoice_to_owner_only", {"number": case[ORDER_NUMBER]}, [PERSON_BUTTON], offer="person"
            )
        return case.backoffice.invoices.send_copy(act, case[ORDER_NUMBER])

    def done(self, case: Case, done: Done[InvoicePlan]) -> Sentence:
        customer = case.backoffice.access.verified_customer(case.conversation_id)
        told = {"number": done.plan.order_number, "issued": day(done.plan.issued)}
        return Sentence("utter_done_request_invoice", {**told, "address": masked(customer.email if customer else "")})


def _goes_elsewhere(case: Case) -> bool:
    """Whether the copy is wished for at an address that is not the one on file."""
    words = case[OPENING] or ""
    named, customer = parse_email(words), case.backoffice.access.verified_customer(case.conversation_id)
    another = named and customer and email_key(named) != email_key(customer.email)
    return bool(another or _SOMEBODY_ELSE.search(words))


class ChargedTwice(Journey):
    name = "charged_twice"
    intents = frozenset({"charged_twice"})
    agrees = False

    def do(self, case: Case, act: Act, plan: None) -> Sentence | Refusal:
        del act, plan
        order = case.order
        if order is None:
            return Refusal(Reason.NOT_FOUND)
        told = {"number": order.number, "total": money(order.total), "placed": day(order.placed_at)}
        if order.state is OrderState.PAYMENT_PENDING:
            return Sentence("utter_charged_unpaid", told, [PERSON_BUTTON], offer="person")
        late = case.now - order.placed_at > RESERVATION_GONE
        response = "utter_charged_twice_late" if late else "utter_charged_twice_wait"
        return Sentence(response, told, [PERSON_BUTTON], {"kind": "charged_twice"}, offer="person")


def read_had_order(heard: Heard, case: Case) -> str | None:
    """Whether the payment belongs to an order: most payments that fail never become one."""
    if choice := chosen(heard, HAD_ORDER, {YES, NO, PAID}):
        return choice
    if number_meant(heard.text) or case[ORDER_NUMBER]:
        return YES
    said = f"{case[OPENING] or ''} {heard.text}"
    nothing_came = bool(_NOTHING_CAME.search(heard.text))
    asked = case.turn.requested_slot == HAD_ORDER
    if not (heard.intent == "deny" or _NOT_ORDERED.search(heard.text) or nothing_came):
        return YES if heard.intent == "affirm" else None
    if _HAS_PAID.search(said) and not _FAILED.search(said):
        return PAID
    return NO if asked or not nothing_came or _FAILED.search(said) else None


class PaymentFailed(Journey):
    name = "payment_failed"
    intents = frozenset({"payment_failed"})
    agrees = False
    fields = (Field(HAD_ORDER, read_had_order, hint="utter_yes_or_no", looks_like=re.compile(r"\d")),)
    refusals: ClassVar = {Reason.INVALID: "utter_payment_failed_no_order"}

    def needs(self, case: Case) -> Level:
        return Level.READING if case[HAD_ORDER] == YES else Level.NONE

    def fits(self, order: OrderView) -> bool:
        return order.state is OrderState.PAYMENT_PENDING

    def do(self, case: Case, act: Act, plan: None) -> Sentence | Refusal:
        del act, plan
        if case[HAD_ORDER] == PAID:
            return Refusal(Reason.INVALID, "orders-no-confirmation")
        if case[HAD_ORDER] == NO:
            return Refusal(Reason.INVALID, "payment-declined")
        order = case.order
        if order is None:
            return Refusal(Reason.NOT_FOUND)
        told = {"number": order.number, "total": money(order.total)}
        if order.pay_by:
            return Sentence("utter_payment_awaited", {**told, "pay_by": day(order.pay_by)})
        if order.state is OrderState.CANCELLED:
            return Sentence("utter_payment_order_cancelled", told, [PERSON_BUTTON], offer="person")
        return Sentence("utter_payment_arrived", told)

    def refused(self, case: Case, refusal: Refusal) -> Sentence:
        if case[HAD_ORDER] == PAID:
            return Sentence("utter_paid_without_mail")
        return super().refused(case, refusal)


REQUEST_INVOICE, CHARGED_TWICE, PAYMENT_FAILED = RequestInvoice(), ChargedTwice(), PaymentFailed()


class ValidateRequestInvoiceForm(JourneyForm):
    journey = REQUEST_INVOICE


class ActionRequestInvoice(JourneyEnd):
    journey = REQUEST_INVOICE


class ValidateChargedTwiceForm(JourneyForm):
    journey = CHARGED_TWICE


class ActionChargedTwice(JourneyEnd):
    journey = CHARGED_TWICE


class ValidatePaymentFailedForm(JourneyForm):
    journey = PAYMENT_FAILED


class ActionPaymentFailed(JourneyEnd):
    journey = PAYMENT_FAILED
