"""Change the e-mail address or the phone number of an account."""

import re
from dataclasses import replace
from typing import Any, ClassVar

import phonenumbers
from rasa_sdk.events import SlotSet

from actions.choices import chosen
from actions.journey.asking import Asking, masked
from actions.journey.end import JourneyEnd
from actions.journey.fields import ANOTHER_CODE, read_code, wants_another_code
from actions.journey.form import JourneyForm
from actions.journey.held_back import ANOTHER_BUTTON, held_back, say_held_back
from actions.journey.model import AGREED, EMAIL, OPENING, ORDER_NUMBER, PLAN, Case, Field, Heard, Journey, Sentence
from actions.order_words import SHOP_TIME
from actions.turn import STOP_BUTTON
from backoffice.model.account import EmailPlan, PhonePlan
from backoffice.model.act import Act, Done, Reason, Refusal
from backoffice.model.code import CodeOutcome, Level, Purpose
from backoffice.parsing import email_key, parse_email
from backoffice.service.journeys import parse_phone

KIND, NEW_EMAIL, NEW_PHONE = "contact_kind", "new_email", "new_phone"
NEW_CODE, NEW_CODE_SENT = "new_email_code", "new_code_sent"
MAIL, PHONE, OTHER, PROVED = "email", "phone", "other", "proved"
_MAIL = re.compile(r"(?i)\be-?mails?\b|\bmail\b|\binbox\b|\bswitch my account\b")
_PHONE = re.compile(r"(?i)\b(?:phone|mobile|cell|telephone|number)\b")
_OTHER = re.compile(r"(?i)\b(?:name|surname|address|postal|street|moved|married)\b")
_ADDRESS = re.compile(r"(?i)\b(?:address|street|mov(?:ed|ing))\b")
_PHONE_LIKE = re.compile(r"\+?\d[\d\s()./-]{5,}\d")


def read_kind(heard: Heard, case: Case) -> str | None:
    """An address or a number that answers another question says nothing about what is to be changed."""
    if choice := chosen(heard, KIND, {MAIL, PHONE, OTHER}):
        return choice
    if heard.intent is not None and case[KIND] and heard.intent not in {"change_contact_details", "correct_detail"}:
        return None
    signs = ((MAIL, _MAIL), (PHONE, _PHONE), (OTHER, _OTHER), (PHONE, _PHONE_LIKE), (MAIL, re.compile("@")))
    return next((kind for kind, words in signs if words.search(heard.text)), None)


def _proving(heard: Heard, case: Case) -> bool:
    """Whether the words answer who asks: the address in them is the one on file, not the new one."""
    return heard.intent is not None and case.turn.requested_slot in {EMAIL, ORDER_NUMBER}


def read_new_email(heard: Heard, case: Case) -> str | None:
    """A new address; the customer's own one is none."""
    if _proving(heard, case):
        return None
    email = parse_email(heard.text)
    customer = case.backoffice.access.verified_customer(case.conversation_id) if email else None
    return None if email and customer and email_key(email) == email_key(customer.email) else email


def explain_new_email(heard: Heard, case: Case) -> Sentence | None:
    del case
    return Sentence("utter_new_email_same") if parse_email(heard.text) else None


def read_new_phone(heard: Heard, case: Case) -> str | None:
    """A phone number as the customer's country writes it, kept in E.164."""
    if _proving(heard, case):
        return None
    found = _PHONE_LIKE.search(heard.text)
    customer = case.backoffice.access.verified_customer(case.conversation_id)
    region = customer.locale.rpartition("-")[2] if customer else "IE"
    return parse_phone(found[0], region) if found else None


def read_new_code(heard: Heard, case: Case) -> str | None:
    """``PROVED`` once the code sent to the new address is right; another code is asked for by ``ANOTHER_CODE``."""
    code = read_code(heard, case)
    if code in {None, ANOTHER_CODE}:
        return None
    answer = case.backoffice.codes.check_code(
        case.conversation_id, str(code), message_id=case.turn.message_id, purpose=Purpose.NEW_EMAIL
    )
    return PROVED if answer.outcome is CodeOutcome.CONFIRMED else None


def explain_new_code(heard: Heard, case: Case) -> Sentence | None:
    """Six digits that were not the code; what was typed has been counted already."""
    return Sentence("utter_new_code_wrong") if read_code(heard, case) not in {None, ANOTHER_CODE} else None


class ContactDetails(Journey):
    """The new address proves itself by a code; the customer by another one to the address on file."""

    name = "change_contact_details"
    intents = frozenset({"change_contact_details"})
    access: ClassVar[Level] = Level.CONFIRMED
    about_order = False
    fields = (
        Field(KIND, read_kind, hint="utter_ask_contact_kind", clears=(AGREED, PLAN)),
        Field(
            NEW_EMAIL,
            read_new_email,
            hint="utter_invalid_email",
            wanted=lambda case: case[KIND] == MAIL,
            looks_like=re.compile(r"@|\bat\b"),
            answered_by=frozenset({"change_contact_details"}),
            named=re.compile(r"(?i)mail|address"),
            clears=(NEW_CODE, AGREED, PLAN),
            explain=explain_new_email,
        ),
        Field(
            NEW_CODE,
            read_new_code,
            hint="utter_new_code_wrong",
            another_way="utter_no_code",
            wanted=lambda case: case[KIND] == MAIL,
            unasked=False,
            looks_like=re.compile(r"\d"),
            asked_anew=wants_another_code,
            explain=explain_new_code,
        ),
        Field(
            NEW_PHONE,
            read_new_phone,
            hint="utter_invalid_phone",
            wanted=lambda case: case[KIND] == PHONE,
            looks_like=re.compile(r"\d"),
            answered_by=frozenset({"change_contact_details"}),
            named=re.compile(r"(?i)\b(?:phone|mobile|number)\b"),
            clears=(AGREED, PLAN),
        ),
    )
    refusals: ClassVar = {
        Reason.INVALID: "utter_contact_other",
        Reason.ADDRESS_TAKEN: "utter_new_email_taken",
        Reason.WRONG_CODE: "utter_new_email_not_proved",
    }

    def refused(self, case: Case, refusal: Refusal) -> Sentence:
        """Who moved may mean an order under way."""
        said = super().refused(case, refusal)
        if refusal.reason is Reason.INVALID and _ADDRESS.search(f"{case[OPENING] or ''} {case.turn.text}"):
            elsewhere = {"title": "Send an order elsewhere", "payload": "/change_delivery_address"}
            return replace(said, buttons=[elsewhere], offer="change_delivery_address")
        return said

    def owns_address(self, words: str) -> bool:
        return not _MAIL.search(words)

    def needs(self, case: Case) -> Level:
        return self.access if case[KIND] in {MAIL, PHONE} else Level.NONE

    def preview(self, case: Case) -> EmailPlan | PhonePlan | Refusal:
        if case[KIND] == PHONE:
            return case.backoffice.account.preview_phone(case.conversation_id, case[NEW_PHONE])
        if case[KIND] == MAIL:
            return EmailPlan(case[NEW_EMAIL])
        return Refusal(Reason.INVALID, "account-change-details")

    def read_back(self, case: Case, plan: EmailPlan | PhonePlan) -> Sentence:
        del case
        if isinstance(plan, PhonePlan):
            return Sentence("utter_read_back_change_phone", {"phone": written_phone(plan.phone)})
        return Sentence("utter_read_back_change_email", {"email": plan.email})

    def do(self, case: Case, act: Act, plan: EmailPlan | PhonePlan) -> Done[Any] | Refusal:
        if isinstance(plan, PhonePlan):
            return case.backoffice.account.change_phone(act, plan.phone, agreed_to=plan.token)
        return case.backoffice.account.change_email(act)

    def done(self, case: Case, done: Done[Any]) -> Sentence:
        del case
        if isinstance(done.plan, PhonePlan):
            return Sentence("utter_done_change_phone", {"phone": written_phone(done.plan.phone)})
        return Sentence("utter_done_change_email", {"email": done.plan.email})


def written_phone(number: str) -> str:
    return phonenumbers.format_number(phonenumbers.parse(number), phonenumbers.PhoneNumberFormat.INTERNATIONAL)


class ActionAskNewEmailCode(Asking):
    """Sends a code to the new address, again only when the customer wants it, and asks for it."""

    slot = NEW_CODE

    def ask(self, journey: Journey, case: Case) -> list[Any]:
        del journey
        if case[NEW_CODE_SENT] == case[NEW_EMAIL] and not wants_another_code(Heard.of(case.turn)):
            again = [ANOTHER_BUTTON, STOP_BUTTON]
            case.turn.say("utter_ask_new_code_again", buttons=again, address=masked(case[NEW_EMAIL]))
            return []
        answer = case.backoffice.codes.send_code_to_new_address(
            case.conversation_id, message_id=case.turn.message_id, email=case[NEW_EMAIL]
        )
        if answer is None:
            return [SlotSet("requested_slot", None)]  # the proof has run out: the form's next step asks anew
        if held_back(answer):
            sent = case[NEW_EMAIL] if answer.holds else None
            return [SlotSet(NEW_CODE_SENT, sent), *say_held_back(case.turn, answer)]
        until = answer.until.astimezone(SHOP_TIME).strftime("%H:%M") if answer.until else ""
        case.turn.say("utter_new_code_sent", address=case[NEW_EMAIL], until=until)
        return [SlotSet(NEW_CODE_SENT, case[NEW_EMAIL])]


CONTACT_DETAILS = ContactDetails()


class ValidateContactDetailsForm(JourneyForm):
    journey = CONTACT_DETAILS


class ActionContactDetails(JourneyEnd):
    journey = CONTACT_DETAILS
