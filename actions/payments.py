"""Payment trouble and invoices: what the shop's own books say."""

import re
from datetime import timedelta
from typing import ClassVar

from actions.choices import chosen
from actions.journey.asking import masked
from actions.journey.choosing import number_meant
from actions.journey.end import JourneyEnd
from actions.journey.form import JourneyForm
from actions.journey.model import ORDER_NUMBER, Case, Field, Heard, Journey, Sentence
from actions.order_words import day, money
from actions.turn import PERSON_BUTTON
from backoffice.model.account import InvoicePlan
from backoffice.model.act import Act, Done, Reason, Refusal
from backoffice.model.code import Level
from backoffice.model.order import OrderState
from backoffice.model.order_view import OrderView

HAD_ORDER = "had_order"
YES, NO = "yes", "no"
RESERVATION_GONE = timedelta(days=7)
"""Five working days, a weekend included (payment-double-charge)."""
_NOT_ORDERED = re.compile(
    r"(?i)\b(?:no (?:order|number|mail|confirmation)|nothing (?:was )?ordered|never (?:got|went)|check ?out|basket"
    r"|cart)\b"
)


class RequestInvoice(Journey):
    """The copy goes to the address on file and nowhere else, so reading is enough."""

    name = "request_invoice"
    intents = frozenset({"request_invoice"})
    agrees = False
    refusals: ClassVar = {Reason.TOO_EARLY: "utter_invoice_too_early"}

    def fits(self, order: OrderView) -> bool:
        return bool(order.shipments)

    def do(self, case: Case, act: Act, plan: None) -> Done[InvoicePlan] | Refusal:
        del plan
        return case.backoffice.invoices.send_copy(act, case[ORDER_NUMBER])

    def done(self, case: Case, done: Done[InvoicePlan]) -> Sentence:
        customer = case.backoffice.access.verified_customer(case.conversation_id)
        told = {"number": done.plan.order_number, "issued": day(done.plan.issued)}
        return Sentence("utter_done_request_invoice", {**told, "address": masked(customer.email if customer else "")})


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
    if choice := chosen(heard, HAD_ORDER):
        return choice
    if number_meant(heard.text) or case[ORDER_NUMBER]:
        return YES
    if heard.intent == "deny" or _NOT_ORDERED.search(heard.text):
        return NO
    return YES if heard.intent == "affirm" else None


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
