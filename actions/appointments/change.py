"""Move or cancel an appointment, from the conversation that booked it or by the customer it belongs to."""

from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar

from actions.appointments.book import WORDS
from actions.appointments.fields import BOOKING, BOOKING_FIELD, DAY_FIELD, TIME, TIME_FIELD, booking_of
from actions.journey.end import JourneyEnd
from actions.journey.form import JourneyForm
from actions.journey.model import Case, Field, Journey, Sentence
from actions.order_words import moment, money
from backoffice.model.act import Act, Done, Reason, Refusal
from backoffice.model.appointment import DropPlan, RebookPlan
from backoffice.model.code import Level

_REFUSALS = {
    Reason.NOT_FOUND: "utter_booking_not_found",
    Reason.ALREADY_DONE: "utter_booking_cancelled_already",
    Reason.TOO_LATE: "utter_booking_too_late",
    Reason.FULL: "utter_appointment_full",
    Reason.NO_SUCH_TIME: "utter_appointment_full",
    Reason.TOO_EARLY: "utter_appointment_full",
    Reason.CLOSED: "utter_appointment_full",
}


def _can_go_on(case: Case) -> bool:
    return booking_of(case) is not None


class BookingJourney(Journey):
    """Whoever made the booking elsewhere proves who they are first."""

    access: ClassVar[Level] = Level.READING
    about_order: ClassVar[bool] = False
    refusals: ClassVar = _REFUSALS

    def needs(self, case: Case) -> Level:
        return Level.READING if case[BOOKING] and booking_of(case) is None else Level.NONE

    def level_for(self, plan: Any) -> Level:
        del plan
        return Level.NONE


def _only_for_a_booking(field: Field) -> Field:
    return replace(field, wanted=_can_go_on)


class ChangeAppointment(BookingJourney):
    name = "change_appointment"
    replaces = frozenset({"cancel_appointment"})
    intents = frozenset({"change_appointment"})
    fields = (BOOKING_FIELD, _only_for_a_booking(DAY_FIELD), _only_for_a_booking(TIME_FIELD))

    def preview(self, case: Case) -> RebookPlan | Refusal:
        to = case[TIME]
        if to is None:
            return Refusal(Reason.NOT_FOUND)
        return case.backoffice.appointments.preview_move(
            case.conversation_id, case[BOOKING], datetime.fromisoformat(to)
        )

    def read_back(self, case: Case, plan: RebookPlan) -> Sentence:
        del case
        return Sentence("utter_read_back_change_appointment", _moved(plan))

    def do(self, case: Case, act: Act, plan: RebookPlan) -> Done[RebookPlan] | Refusal:
        return case.backoffice.appointments.move(act, plan.number, plan.starts_at, agreed_to=plan.token)

    def done(self, case: Case, done: Done[RebookPlan]) -> Sentence:
        del case
        return Sentence("utter_done_change_appointment", _moved(done.plan))


class CancelAppointment(BookingJourney):
    name = "cancel_appointment"
    replaces = frozenset({"change_appointment"})
    intents = frozenset({"cancel_appointment"})
    fields = (BOOKING_FIELD,)

    def preview(self, case: Case) -> DropPlan | Refusal:
        return case.backoffice.appointments.preview_cancel(case.conversation_id, case[BOOKING])

    def read_back(self, case: Case, plan: DropPlan) -> Sentence:
        del case
        return Sentence("utter_read_back_cancel_appointment", _dropped(plan))

    def do(self, case: Case, act: Act, plan: DropPlan) -> Done[DropPlan] | Refusal:
        return case.backoffice.appointments.cancel(act, plan.number, agreed_to=plan.token)

    def done(self, case: Case, done: Done[DropPlan]) -> Sentence:
        del case
        response = "utter_done_cancel_appointment_paid" if done.plan.refund.minor else "utter_done_cancel_appointment"
        return Sentence(response, _dropped(done.plan))


def _moved(plan: RebookPlan) -> dict[str, str]:
    return {
        "what": WORDS[plan.kind].removeprefix("a "),
        "booking": plan.number,
        "was": moment(plan.was),
        "when": moment(plan.starts_at),
    }


def _dropped(plan: DropPlan) -> dict[str, str]:
    return {
        "what": WORDS[plan.kind].removeprefix("a "),
        "booking": plan.number,
        "when": moment(plan.starts_at),
        "refund": money(plan.refund),
    }


CHANGE_APPOINTMENT, CANCEL_APPOINTMENT = ChangeAppointment(), CancelAppointment()


class ValidateChangeAppointmentForm(JourneyForm):
    journey = CHANGE_APPOINTMENT


class ActionChangeAppointment(JourneyEnd):
    journey = CHANGE_APPOINTMENT


class ValidateCancelAppointmentForm(JourneyForm):
    journey = CANCEL_APPOINTMENT


class ActionCancelAppointment(JourneyEnd):
    journey = CANCEL_APPOINTMENT
