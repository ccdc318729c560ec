"""Book an appointment: which kind, a free time, who comes."""

import re
from datetime import datetime
from typing import ClassVar

from actions.appointments.fields import DAY_FIELD, KIND, KIND_FIELD, LAST_BOOKING, TIME, TIME_FIELD
from actions.choices import chosen
from actions.journey.end import JourneyEnd
from actions.journey.form import JourneyForm
from actions.journey.model import AGREED, PLAN, Case, Field, Heard, Sentence
from actions.journey.open_journey import OpenJourney
from actions.names import name_beside, name_in
from actions.order_words import moment, money
from backoffice.model.act import Act, Done, Reason, Refusal
from backoffice.model.appointment import AppointmentKind, BookPlan
from backoffice.parsing import parse_email

PERSONS, NAME, ADDRESS = "appointment_persons", "visitor_name", "visitor_email"
WORDS = {
    AppointmentKind.DROP_OFF: "a workshop drop-off",
    AppointmentKind.COFFEE_WORKSHOP: "a coffee workshop",
    AppointmentKind.VIDEO_CONSULTATION: "a video consultation",
}
_NUMBERS = {
    word: number
    for number, words in enumerate(
        (("one", "just me", "only me", "myself", "alone", "me"), ("two", "couple", "both"), ("three",), ("four",),
         ("five",), ("six",), ("seven",), ("eight",), ("nine",), ("ten",)), start=1)
    for word in words
}  # fmt: skip
_SEATS = frozenset("123456")
"""Places in a workshop."""

_PEOPLE = re.compile(
    rf"(?i)\b(?:for\s+(?:the\s+)?)?(\d{{1,2}}|{'|'.join(_NUMBERS)})"
    r"\s*(?:of us|people|persons?|guests?|adults|places?|seats?)\b"
)


_FOR_SO_MANY = re.compile(rf"(?i)\bfor\s+(\d|{'|'.join(_NUMBERS)})(?=\s*(?:[,.;!]|$|please\b|pls\b))")


_FOR_WORK = re.compile(r"(?i)\b(?:vacanc(?:y|ies)|hiring|internships?|open positions?|jobs? (?:at|with))\b")
"""Who asks for work books nothing."""


def read_persons(heard: Heard, case: Case) -> str | None:
    """How many come, from 1 to 6; other messages tell it only with a word such as "people"."""
    if choice := chosen(heard, PERSONS, _SEATS):
        return choice
    asked = case.turn.requested_slot == PERSONS
    match = _PEOPLE.search(heard.text) or (_FOR_SO_MANY.search(heard.text) if heard.asked in {PERSONS, NAME} else None)
    said = match[1].casefold() if match else heard.text.strip(" .!").casefold() if asked else ""
    named = next((count for word, count in _NUMBERS.items() if asked and re.search(rf"\b{word}\b", said)), None)
    count = int(said) if said.isdecimal() else _NUMBERS.get(said, named)
    return str(count) if str(count) in _SEATS else None


def explain_persons(heard: Heard, case: Case) -> Sentence | None:
    """A number of people that there is no room for."""
    del case
    return Sentence("utter_invalid_appointment_persons") if _PEOPLE.search(heard.text) else None


def read_name(heard: Heard, _: Case) -> str | None:
    """The name, asked for or beside the number of people or the address: "two of us, Siobhan Kelly"."""
    if heard.asked == NAME:
        return name_in(heard)
    return name_beside(heard) if heard.asked in {PERSONS, ADDRESS} else None


def _is_stranger(case: Case) -> bool:
    return case.backoffice.access.verified_customer(case.conversation_id) is None


class BookAppointment(OpenJourney):
    name = "book_appointment"
    never_means = _FOR_WORK
    intents = frozenset({"book_appointment"})
    fields = (
        KIND_FIELD,
        DAY_FIELD,
        TIME_FIELD,
        Field(
            PERSONS,
            read_persons,
            hint="utter_invalid_appointment_persons",
            wanted=lambda case: case[KIND] == AppointmentKind.COFFEE_WORKSHOP,
            looks_like=re.compile(r"\d"),
            clears=(AGREED, PLAN),
            answered_by=frozenset({"request_human", "greet"}),  # "make it 2 people", "three of us"
            explain=explain_persons,
            stated=True,
        ),
        Field(
            NAME,
            read_name,
            hint="utter_invalid_visitor_name",
            wanted=_is_stranger,
            named=re.compile(r"(?i)\bname\b"),
            clears=(AGREED, PLAN),
        ),
        Field(
            ADDRESS,
            lambda heard, _case: parse_email(heard.text),
            hint="utter_invalid_email",
            wanted=_is_stranger,
            looks_like=re.compile(r"@|\bat\b"),
            named=re.compile(r"(?i)mail"),
            clears=(AGREED, PLAN),
        ),
    )
    refusals: ClassVar = {
        Reason.FULL: "utter_appointment_full",
        Reason.TOO_LATE: "utter_appointment_passed",
        Reason.NO_SUCH_TIME: "utter_appointment_full",
        Reason.TOO_EARLY: "utter_appointment_full",  # what was free when it was asked for cannot be had any more
        Reason.CLOSED: "utter_appointment_full",
    }

    def preview(self, case: Case) -> BookPlan | Refusal:
        starts_at = datetime.fromisoformat(case[TIME])
        return case.backoffice.appointments.preview_booking(
            AppointmentKind(case[KIND]), starts_at, int(case[PERSONS] or 1)
        )

    def read_back(self, case: Case, plan: BookPlan) -> Sentence:
        name, email = _visitor(case)
        response = "utter_read_back_book_appointment_paid" if plan.price.minor else "utter_read_back_book_appointment"
        return Sentence(response, {**_words(plan), "name": name, "email": email})

    def do(self, case: Case, act: Act, plan: BookPlan) -> Done[BookPlan] | Refusal:
        name, email = _visitor(case)
        return case.backoffice.appointments.book(
            act, plan.kind, plan.starts_at, name=name, email=email, agreed_to=plan.token, persons=plan.persons
        )

    def done(self, case: Case, done: Done[BookPlan]) -> Sentence:
        del case
        told = {**_words(done.plan), "booking": done.reference or ""}
        return Sentence("utter_done_book_appointment", told, keep={LAST_BOOKING: done.reference})


def _visitor(case: Case) -> tuple[str, str]:
    customer = case.backoffice.access.verified_customer(case.conversation_id)
    return (customer.name, customer.email) if customer else (case[NAME] or "", case[ADDRESS] or "")


def _words(plan: BookPlan) -> dict[str, str]:
    people = "1 person" if plan.persons == 1 else f"{plan.persons} people"
    return {
        "what": WORDS[plan.kind],
        "when": moment(plan.starts_at),
        "people": people,
        "price": money(plan.price),
    }


BOOK_APPOINTMENT = BookAppointment()


class ValidateBookAppointmentForm(JourneyForm):
    journey = BOOK_APPOINTMENT


class ActionBookAppointment(JourneyEnd):
    journey = BOOK_APPOINTMENT
