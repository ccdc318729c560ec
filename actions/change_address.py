"""Send an order that is not packed yet to another address."""

import re
from typing import Any

from actions.address_corrected import corrected_address
from actions.journey.end import JourneyEnd
from actions.journey.form import JourneyForm
from actions.journey.model import AGREED, CODE, ORDER_NUMBER, PLAN, Case, Field, Heard, Journey, Sentence
from actions.postal_address import address_words, read_postal_address
from backoffice.model.act import Act, Done, Reason, Refusal
from backoffice.model.code import Level
from backoffice.model.customer import Address
from backoffice.model.order import OrderState
from backoffice.model.order_change import MovePlan
from backoffice.model.order_view import OrderView

NEW_ADDRESS = "new_address"
_INTRODUCED = re.compile(
    r"(?i)\b(?:(?:new |another |different |other |right |correct )?address(?:\s+is\b|\s+to\b)?\s*[:,]?"
    r"|to|instead:|at)\s+(?=.*\d)"
)
_THE_ORDER = re.compile(r"(?i)\b(?:order|parcel)\s*(?:number|no\.?|nr\.?)?\s*#?\d{5}\b")
_FILLER = re.compile(r"(?i)^(?:\W*(?:no|nope|wait|sorry|actually|well|i mean(?:t)?|oops|yes|it'?s|please|but)\b)+[\W]*")
_AN_EMAIL = re.compile(r"\S+@\S+")


def read_new_address(heard: Heard, case: Case) -> dict[str, Any] | None:
    """Street, town, post code and country; unasked only where the words lead up to an address.

    Once it is known, what is read back may also be corrected in a part: "no, number 19".
    """
    text = _AN_EMAIL.sub(" ", _THE_ORDER.sub(" ", _FILLER.sub("", heard.text)))  # its number is no house number
    country = case.order.address.country if case.order else "IE"
    known = case[NEW_ADDRESS] if heard.asked in {AGREED, CODE} else None
    for introduced in reversed(list(_INTRODUCED.finditer(text))):
        if told := read_postal_address(text[introduced.end() :], country=country):
            return told
    if known and (corrected := corrected_address(known, _without_orders(text, case))):
        return corrected
    return read_postal_address(text, country=country) if heard.asked == NEW_ADDRESS or known else None


def _without_orders(text: str, case: Case) -> str:
    """The words without a bare number of an order of theirs, which would pass for a post code abroad."""
    return " ".join(word for word in text.split() if word.strip("#,.") not in {order.number for order in case.orders})


class ChangeAddress(Journey):
    name = "change_delivery_address"
    intents = frozenset({"change_delivery_address"})
    never_means = re.compile(r"(?i)\b(?:showroom|neighbou?rs?)\b")
    access = Level.CONFIRMED
    fields = (
        Field(
            NEW_ADDRESS,
            read_new_address,
            hint="utter_invalid_new_address",
            another_way="utter_no_new_address",
            looks_like=re.compile(r"(?i)\d|,|\b(?:street|road|lane|avenue|square|quay|drive|close|way)\b"),
            answered_by=frozenset({"change_contact_details", "ask_shipping_region", "ask_delivery"}),
            named=re.compile(r"(?i)\b(?:address|street|road|town|house number|post ?code|eircode)\b"),
            clears=(AGREED, PLAN),
        ),
    )

    def fits(self, order: OrderView) -> bool:
        return order.state in {OrderState.PAYMENT_PENDING, OrderState.PLACED}

    def early(self, case: Case) -> Refusal | None:
        """Whether it may go anywhere else at all is known before the customer types an address."""
        if case.order is None:
            return None
        changes = case.backoffice.order_changes
        plan = changes.preview_move(case.conversation_id, case[ORDER_NUMBER], case.order.address)
        return plan if isinstance(plan, Refusal) and plan.reason is Reason.TOO_LATE else None

    def preview(self, case: Case) -> MovePlan | Refusal:
        changes = case.backoffice.order_changes
        return changes.preview_move(case.conversation_id, case[ORDER_NUMBER], _address(case))

    def read_back(self, case: Case, plan: MovePlan) -> Sentence:
        old = address_words(case.order.address) if case.order else ""
        return Sentence(
            "utter_read_back_change_address",
            {"number": plan.order_number, "old": old, "new": address_words(plan.address)},
        )

    def do(self, case: Case, act: Act, plan: MovePlan) -> Done[MovePlan] | Refusal:
        return case.backoffice.order_changes.move(act, plan.order_number, _address(case), agreed_to=plan.token)

    def done(self, case: Case, done: Done[MovePlan]) -> Sentence:
        del case
        values = {"number": done.plan.order_number, "new": address_words(done.plan.address)}
        return Sentence("utter_done_change_address", values)

    def refused(self, case: Case, refusal: Refusal) -> Sentence:
        if refusal.reason is Reason.TOO_LATE and case.order and case.order.state is OrderState.CANCELLED:
            return Sentence("utter_address_cancelled_order")
        known = {
            Reason.TOO_LATE: "utter_address_too_late",
            Reason.OTHER_REGION: "utter_address_other_region",
            Reason.REGION_NOT_SERVED: "utter_address_not_served",
            Reason.PO_BOX: "utter_address_po_box",
            Reason.EXPRESS_ONLY_IRELAND: "utter_address_express",
        }
        return Sentence(known.get(refusal.reason, f"utter_refused_{refusal.reason.value}"))


def _address(case: Case) -> Address:
    """The recipient stays who it was."""
    name = case.order.address.name if case.order else ""
    return Address(name=name, **case[NEW_ADDRESS])


CHANGE_ADDRESS = ChangeAddress()


class ValidateChangeDeliveryAddressForm(JourneyForm):
    journey = CHANGE_ADDRESS


class ActionChangeDeliveryAddress(JourneyEnd):
    journey = CHANGE_ADDRESS
