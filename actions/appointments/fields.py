"""What an appointment needs to know, read from the customer's words and checked against what is free."""

import re
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from babel.dates import format_time, get_day_names
from babel.lists import format_list
from rasa_sdk.events import SlotSet

from actions.choices import choice_button, chosen, moment_chosen
from actions.journey.asking import Asking
from actions.journey.model import AGREED, OPENING, PLAN, Case, Field, Heard, Journey, Sentence
from actions.order_words import LOCALE, SHOP_TIME, day
from actions.turn import PERSON_BUTTON, STOP_BUTTON
from actions.when import day_in, time_in, today
from backoffice.model.appointment import AppointmentKind, Booking
from backoffice.service.appointment_rules import FARTHEST, OFFERS
from contracts.questions import asks

KIND, DAY, TIME = "appointment_kind", "appointment_day", "appointment_time"
BOOKING, LAST_BOOKING = "booking_number", "last_booking"
MOST_TIMES_OFFERED = 6
_LOOKED_AHEAD = 21
"""Days."""
_PERSON_INSTEAD = Sentence("utter_person_instead", buttons=[PERSON_BUTTON, STOP_BUTTON], offer="person")

_KINDS = {
    AppointmentKind.COFFEE_WORKSHOP: re.compile(r"(?i)\b(?:cof+e+|latte|barista|class|course)\b"),
    AppointmentKind.VIDEO_CONSULTATION: re.compile(r"(?i)\b(?:video|call|consult\w*|advi[cs]\w+|online|zoom)\b"),
    AppointmentKind.DROP_OFF: re.compile(
        r"(?i)\b(?:drop\w*|hand\w* in|bring\w*|repair\w*|fix(?:ed)?|technician|service)\b"
        r"|\bworkshop\b.{0,20}\b(?:for|with) my\b"
    ),
}
"""Looked for in this order. "Workshop" alone may be either of two, so it is asked."""

_ASKS_WHICH_IS_WHICH = re.compile(r"(?i)\bdiff(?:erence|erent|s)?\b")
_WEEK_AFTER = re.compile(r"(?i)\b(?:week after(?! next)|following week|week later|week after that)\b")
_BOOKING = re.compile(r"(?i)\bA\s?[-–]\s?(\d{6})\b|\bbooking\D{0,12}(\d{6})\b|^\W*(\d{6})\W*$")
_LATER = re.compile(r"(?i)\b(an?|half an|one|two|three)\s+(hours?|half[ -]hour)\s+(later|earlier)\b")
_HOURS = {"two": 2, "three": 3}
_FIRST = re.compile(r"(?i)\b(?:first|earliest|soonest|morning)\b")
_WHICH_TIMES = re.compile(
    r"(?i)^\W*(?:what|which|when)(?:'?s|'?re| is| are)?\b.*\b(?:latest|earliest|last|first|free|times?)\b"
)
_LAST = re.compile(r"(?i)\b(?:last one|latest|as late as)\b")
_ABOUT_THE_DAY = frozenset({"inform", "book_appointment", "change_appointment", "ask_opening_hours", "correct_detail"})
_TODAY = re.compile(r"(?i)\b(?:today|tonight)\b")
_DAY_LIKE = re.compile(r"(?i)\d|day\b|week|month|tomorrow|morning|afternoon")


def read_kind(heard: Heard, _: Case) -> str | None:
    if choice := chosen(heard, KIND, frozenset(AppointmentKind)):
        return choice
    if _ASKS_WHICH_IS_WHICH.search(heard.text) or (heard.asked not in {None, KIND} and asks(heard.text)):
        return None
    return next((kind.value for kind, words in _KINDS.items() if words.search(heard.text)), None)


def read_day(heard: Heard, case: Case) -> str | None:
    """A day with a free time, ``None`` for any other."""
    wanted = moment_chosen(heard, DAY)
    if heard.asked not in {None, DAY, TIME} and heard.intent not in _ABOUT_THE_DAY and _TODAY.search(heard.text):
        return None  # "nice weather today" books nothing
    named = wanted.date() if wanted else day_in(heard.text, case.now) or _same_day(heard, case)
    named = named or _a_week_on(heard.text, case)
    kind = kind_of(case)
    if named is None or why_not(named, case):
        return None
    return named.isoformat() if kind is None or free_on(named, kind, case) else None


def _a_week_on(text: str, case: Case) -> date | None:
    """The day a week after the chosen one, or the next with room: "actually the week after"."""
    kind = kind_of(case)
    if not case[DAY] or kind is None or not _WEEK_AFTER.search(text):
        return None
    return next(iter(days_with_room(date.fromisoformat(case[DAY]) + timedelta(days=7), kind, case, most=1)), None)


def _same_day(heard: Heard, case: Case) -> date | None:
    """The day of the booking that is to be moved, where only another time is named ("an hour later")."""
    booking = booking_of(case)
    only_time = booking and (_LATER.search(heard.text) or time_in(heard.text))
    return booking.starts_at.astimezone(SHOP_TIME).date() if booking and only_time else None


def _moved_by(text: str, case: Case) -> datetime | None:
    booking, match = booking_of(case), _LATER.search(text)
    if booking is None or match is None:
        return None
    half = "half" in match[0].casefold()
    step = timedelta(minutes=30) if half else timedelta(hours=_HOURS.get(match[1].casefold(), 1))
    was = booking.starts_at.astimezone(SHOP_TIME)
    return was + step if match[3].casefold() == "later" else was - step


def explain_day(heard: Heard, case: Case) -> Sentence | None:
    """Why nothing can be booked on the day the words name, with the next day on which something can."""
    named, kind = day_in(heard.text, case.now), kind_of(case)
    if named is None:
        return None
    if response := why_not(named, case):
        return Sentence(response, {"day": day(named), "until": day(today(case.now) + FARTHEST)})
    return _no_room(named, kind)


def _no_room(on: date, kind: AppointmentKind | None) -> Sentence:
    """Nothing is free that day; what is held on certain weekdays names them, since another Thursday is no better."""
    held = {weekday for weekday, _ in OFFERS[kind].starts} if kind else set()
    if not held or on.weekday() in held:
        return Sentence("utter_appointment_day_full", {"day": day(on)})
    names = [f"{get_day_names('wide', locale=LOCALE)[weekday]}s" for weekday in sorted(held)]
    weekdays = format_list(names, locale=LOCALE)
    return Sentence("utter_appointment_other_weekdays", {"day": day(on), "weekdays": weekdays})


def why_not(named: date, case: Case) -> str | None:
    if named < today(case.now):
        return "utter_appointment_day_past"
    if named > today(case.now) + FARTHEST:
        return "utter_appointment_day_far"
    return None if case.backoffice.appointments.open_on(named) else "utter_appointment_day_closed"


def read_time(heard: Heard, case: Case) -> str | None:
    """The start of a free slot, as local time in ISO form."""
    if choice := moment_chosen(heard, TIME):
        return choice.isoformat() if choice.tzinfo and _is_free(choice, case) else None
    on, kind = case[DAY] or read_day(heard, case), kind_of(case)
    if on is None or kind is None:
        return None
    free = free_on(date.fromisoformat(on), kind, case)
    at = _picked(heard, case, free) or _moved_by(heard.text, case)
    if at is None and (said := time_in(heard.text, whole=_is_bare_time(heard))):
        at = datetime.combine(date.fromisoformat(on), said, SHOP_TIME)
    return at.isoformat() if at in free else None


def _picked(heard: Heard, case: Case, free: list[datetime]) -> datetime | None:
    """The first, the last, or yes to the only one."""
    if not free:
        return None
    is_yes = heard.intent == "affirm" and case.turn.requested_slot == TIME
    if _FIRST.search(heard.text) or (is_yes and len(free) == 1):
        return free[0]
    return free[-1] if _LAST.search(heard.text) else None


def explain_time(heard: Heard, case: Case) -> Sentence | None:
    said = time_in(heard.text, whole=_is_bare_time(heard))
    if said is None or case[DAY] is None:
        return None
    return Sentence(
        "utter_appointment_time_taken",
        {"time": said.strftime("%H:%M"), "day": day(date.fromisoformat(case[DAY]))},
    )


def read_booking(heard: Heard, case: Case) -> str | None:
    """The number in the words, else the booking this conversation made last."""
    if match := _BOOKING.search(heard.text):
        return f"A-{next(part for part in match.groups() if part)}"
    return None if case[BOOKING] else case[LAST_BOOKING]


def kind_of(case: Case) -> AppointmentKind | None:
    """The kind that was said, or that of the booking to be moved."""
    if case[KIND]:
        return AppointmentKind(case[KIND])
    booking = booking_of(case)
    return booking.kind if booking else None


def booking_of(case: Case) -> Booking | None:
    number = case[BOOKING]
    return case.backoffice.appointments.booking_for(case.conversation_id, number) if number else None


def free_on(on: date, kind: AppointmentKind, case: Case) -> list[datetime]:
    return [slot.starts_at.astimezone(SHOP_TIME) for slot in case.backoffice.appointments.slots(kind, on)]


def days_with_room(after: date, kind: AppointmentKind, case: Case, *, most: int = 3) -> list[date]:
    """The next days with a free time, from that day on or from today."""
    first, last = max(after, today(case.now)), today(case.now) + FARTHEST
    ahead = range(min((last - first).days + 1, _LOOKED_AHEAD))
    free = (on for on in (first + timedelta(days=days) for days in ahead) if free_on(on, kind, case))
    return list(islice(free, most))


def days_before(named: date, kind: AppointmentKind, case: Case) -> list[date]:
    """The days of the week before that have a free time."""
    back = range(1, min((named - today(case.now)).days, 7) + 1)
    days = (named - timedelta(days=days) for days in back)
    return [on for on in days if on <= today(case.now) + FARTHEST and free_on(on, kind, case)]


def day_button(on: date) -> dict[str, str]:
    return choice_button(DAY, on.isoformat(), day(on))


def time_button(at: datetime) -> dict[str, str]:
    return choice_button(TIME, at.isoformat(), clock(at))


def clock(at: datetime) -> str:
    return str(format_time(at, "HH:mm", locale=LOCALE))


def _is_free(at: datetime, case: Case) -> bool:
    kind = kind_of(case)
    return kind is not None and not why_not(at.date(), case) and at in free_on(at.date(), kind, case)


def _is_bare_time(heard: Heard) -> bool:
    """Whether a number by itself is an hour: in a short answer to the question for it ("3", "half two")."""
    return heard.asked in {DAY, TIME} and len(heard.text.split()) <= 2  # noqa: PLR2004


KIND_FIELD = Field(
    KIND,
    read_kind,
    hint="utter_invalid_appointment_kind",
    looks_like=re.compile(r"\w"),
    clears=(TIME, AGREED, PLAN),
)
DAY_FIELD = Field(
    DAY,
    read_day,
    hint="utter_invalid_appointment_day",
    looks_like=_DAY_LIKE,
    answered_by=frozenset({"book_appointment", "change_appointment", "ask_opening_hours"}),
    named=re.compile(r"(?i)\b(?:day|date)\b"),
    clears=(TIME, AGREED, PLAN),
    explain=explain_day,
    explains_again=True,
)
TIME_FIELD = Field(
    TIME,
    read_time,
    hint="utter_invalid_appointment_time",
    another_way="utter_any_of_these_times",
    asked_about=_WHICH_TIMES,
    looks_like=_DAY_LIKE,
    answered_by=frozenset({"book_appointment", "change_appointment", "ask_opening_hours"}),
    named=re.compile(r"(?i)\b(?:time|hour)\b"),
    clears=(AGREED, PLAN),
    explain=explain_time,
)
BOOKING_FIELD = Field(
    BOOKING,
    read_booking,
    hint="utter_invalid_booking_number",
    another_way="utter_no_booking_number",
    looks_like=re.compile(r"\d{4}"),
    named=re.compile(r"(?i)\bbooking\b"),
    clears=(AGREED, PLAN),
)


class ActionAskAppointmentDay(Asking):
    """The next days with a free time, as buttons. A day that cannot be had is answered otherwise each time."""

    slot = DAY

    def ask(self, journey: Journey, case: Case) -> list[Any]:
        del journey
        kind, tries = kind_of(case), int(case["invalid_tries"] or 0)
        named = day_in(case.turn.text, case.now) or day_in(case[OPENING] or "", case.now)
        if named and kind and (why_not(named, case) or not free_on(named, kind, case)):
            said = _PERSON_INSTEAD if tries > 1 and tries % 2 else _nearest_days(named, kind, case, again=tries > 1)
            said.say(case.turn)
            return [SlotSet("pending_offer", said.offer)]
        days = days_with_room(today(case.now), kind, case) if kind else []
        case.turn.say("utter_ask_which_day", buttons=[day_button(on) for on in days])
        return []


def _nearest_days(named: date, kind: AppointmentKind, case: Case, *, again: bool) -> Sentence:
    """The nearest days with room, before it and after; why the day itself cannot be had was said, unless ``again``."""
    around = {*days_before(named, kind, case), *days_with_room(named, kind, case)}
    nearest = sorted(sorted(around, key=lambda on: abs(on - named))[:3])
    if not nearest:
        return _PERSON_INSTEAD
    days = format_list([day(on) for on in nearest], style="or", locale=LOCALE)
    response = "utter_nearest_days" if again else "utter_ask_nearest_day"
    return Sentence(response, {"day": day(named), "days": days}, [day_button(on) for on in nearest])


class ActionAskAppointmentTime(Asking):
    """The free times of the day: all of them in words, some spread over the day as buttons."""

    slot = TIME

    def ask(self, journey: Journey, case: Case) -> list[Any]:
        del journey
        kind, on = kind_of(case), date.fromisoformat(case[DAY])
        free = free_on(on, kind, case) if kind else []
        if not free:  # the day was named before the kind of appointment, which has no room on it
            _no_room(on, kind).say(case.turn)
            if kind:
                _nearest_days(on, kind, case, again=False).say(case.turn)
            return [SlotSet(DAY, None), SlotSet("requested_slot", DAY)]
        response = "utter_ask_which_time" if len(free) > 1 else "utter_ask_only_time"
        buttons = [time_button(at) for at in spread(free)]
        case.turn.say(response, buttons=buttons, day=day(on), first=clock(free[0]), last=clock(free[-1]))
        return []


def spread(free: list[datetime]) -> list[datetime]:
    """At most ``MOST_TIMES_OFFERED``, the first and the last among them."""
    if len(free) <= MOST_TIMES_OFFERED:
        return free
    steps = MOST_TIMES_OFFERED - 1
    return [free[round(number * (len(free) - 1) / steps)] for number in range(MOST_TIMES_OFFERED)]
