"""What a message means inside a journey: values, a correction, a wrong value, or none of the journey's business."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from actions.journey.again import ASKED_BEFORE, WAITING
from actions.journey.asides import asks_about_the_question, asks_why, calls_off, has_none, told_already, wants_to_stop
from actions.journey.fields import CORRECTING, NOT_AS_READ_BACK, fields_of
from actions.journey.model import (
    AGREED,
    CODE,
    EMAIL,
    NO,
    OPENING,
    ORDER_NUMBER,
    PLAN,
    RETRY,
    TRIED_EMAIL,
    TRIED_NUMBER,
    Case,
    Field,
    Heard,
    Journey,
    Sentence,
)  # fmt: skip
from actions.requests import A_PERSON
from actions.turn import PERSON_BUTTON, STOP_BUTTON
from backoffice.errors import BackofficeUnavailable
from backoffice.model.code import Level
from contracts.escalation.history import turns_in
from contracts.questions import asks

ANSWERING = frozenset(
    {
        "inform",
        "affirm",
        "deny",
        "correct_detail",
        "complain",
        "not_helpful",
        "thank",
        "greet",
        "praise",
        "nlu_fallback",
    }
)
"""Intents of messages that may hold an answer. Any other one is a request or a question of its own."""

ALWAYS_HEARD = A_PERSON | {"stop"}
_SMALL_TALK = frozenset({"complain", "not_helpful", "thank", "greet", "praise"})
_BARE_WORDS = 5
"""A message of so few words that holds the value asked for is the answer, whatever the intent service took it for."""

_ONLY = re.compile(r"(?i)\b(?:just|only)\b")
_ALSO = re.compile(r"(?i)\b(?:also|too|as well|another one)\b")
_CORRECTION_WORDS, _ANNOUNCED_CORRECTION_WORDS = 8, 16
_QUESTION = re.compile(
    r"(?i)\?|^\W*(?:what|when|where|which|who|why|how|do|does|did|is|are|can|could|will|would|should|may)\b"
)

_TOLD_LATELY = 5
"""Messages: another way that was told among the last of these is not told once more."""

WRONG_BEFORE_ANOTHER_WAY, WRONG_BEFORE_A_PERSON = 2, 3


@dataclass
class Reading:
    """What a message changes, and what is said before the next question.

    ``ours`` is false when the message is not about this journey: then Rasa's rules decide, and it waits.
    """

    values: dict[str, Any] = field(default_factory=dict)
    said: list[Sentence] = field(default_factory=list)
    ours: bool = True

    def notes_beside(self, asked: str | None) -> bool:
        """Whether something was told, but not what was asked."""
        told = {slot for slot, value in self.values.items() if value is not None} - {"invalid_tries"}
        return bool(told) and asked not in told

    def take(self, item: Field, value: Any) -> None:
        self.values |= dict.fromkeys(item.clears) | {item.slot: value}


NOT_OURS = Reading(ours=False)


def read_message(journey: Journey, case: Case, asked: str) -> Reading:
    """Read the newest message while ``asked`` is the open question."""
    heard, fields = Heard.of(case.turn), fields_of(journey)
    question = next((item for item in fields if item.slot == asked), None)
    if question is None:
        return NOT_OURS
    found = dict(_found(fields, question, heard, case))
    if found.get(AGREED) == NO and _restates(journey, heard, case):
        del found[AGREED]
    if beside := _told_beside(journey, heard, found, case):
        return beside
    answers = {intent for item in fields if item is question or item.slot in found for intent in item.answered_by}
    if heard.intent in ALWAYS_HEARD - answers and not _has_no_answer(question, heard):
        return NOT_OURS
    told = None if asked in found else _explained(question, heard, case)
    reading = _aside(journey, question, heard, found, case)
    if reading is None and not found and told is None and asks(heard.text):
        return NOT_OURS
    if reading is None and not _may_answer(journey, question, heard, found, case, is_explained=told is not None):
        return NOT_OURS
    if reading is None and (other := found.get(ORDER_NUMBER)) and case[ORDER_NUMBER] and _ALSO.search(heard.text):
        reading = _after_this_one(journey, case, other)
    if reading is None and _takes_back(question, heard) and not found and told is None:
        reading = _taken_back(journey, fields, question, case)
    return reading or _taken(journey, case, question, found, told)


def _restates(journey: Journey, heard: Heard, case: Case) -> bool:
    """Whether a no only says once more what is known: "no, just the vacuum" where that alone was read back."""
    if not _ONLY.search(heard.text):
        return False
    return any(case[item.slot] is not None and item.parse(heard, case) == case[item.slot] for item in journey.fields)


def _has_no_answer(question: Field, heard: Heard) -> bool:
    """Whether what sounds like giving up is that the answer is not at hand: "cant find it anywhere"."""
    return heard.intent == "stop" and question.tells_where and has_none(heard.text)


def _told_beside(journey: Journey, heard: Heard, found: dict[str, Any], case: Case) -> Reading | None:
    """A question that the plan itself answers, or a remark that no field holds."""
    if heard.asked == AGREED and (answer := journey.about_plan(heard.text, case)):
        return Reading(values={"invalid_tries": 0.0}, said=[answer])
    if found or not _is_remark(journey, heard):
        return None
    opening = " ".join(filter(None, (case[OPENING], heard.text)))
    return Reading(values={OPENING: opening, "invalid_tries": 0.0})


def _is_remark(journey: Journey, heard: Heard) -> bool:
    """Whether the words tell something of the matter that is asked for nowhere: "I asked the neighbours, too"."""
    told = journey.remarks and journey.remarks.search(heard.text)
    return bool(told) and not asks(heard.text) and heard.intent not in A_PERSON


def _calls_off(journey: Journey, heard: Heard) -> bool:
    """Whether "cancel it" is said of what is just being arranged: there is no order that it could mean."""
    return journey.agrees and journey.needs_nobody and calls_off(heard.text)


def _aside(journey: Journey, question: Field, heard: Heard, found: dict[str, Any], case: Case) -> Reading | None:
    """What stands above the question: the wish to stop, however it was understood, and what the question means."""
    stops = wants_to_stop(heard.text) and question.slot not in found.keys() - {AGREED}
    if stops or _calls_off(journey, heard):
        return Reading(values={AGREED: NO, "invalid_tries": 0.0})
    anew = question.asked_anew and question.asked_anew(heard)
    if anew or (question.asked_about and question.asked_about.search(heard.text)):
        return Reading(values={"invalid_tries": 0.0}, said=[] if anew else [Sentence(question.another_way)])
    if found or not question.tells_where:
        return None
    if asks_about_the_question(heard.text):
        return _asked_about(question, heard, case)
    if told_already(heard.text) and question.named and question.named.search(heard.text):
        return Reading(values={"invalid_tries": 0.0})  # it is not here, so it is asked in other words
    return _has_none(question, case) if has_none(heard.text) else None


def _asked_about(question: Field, heard: Heard, case: Case) -> Reading:
    """Why the order's number is needed is said by the question in other words; else where the value is found."""
    if question.slot == ORDER_NUMBER and asks_why(heard.text) and not case[ASKED_BEFORE]:
        return Reading(values={"invalid_tries": 0.0})
    return Reading(said=[Sentence(question.another_way, buttons=[PERSON_BUTTON, STOP_BUTTON])])


def _has_none(question: Field, case: Case) -> Reading:
    """Who has no value is told where it is found, and the next time is offered a person."""
    tries = (case.turn.slot("invalid_tries") or 0.0) + 1
    if tries >= WRONG_BEFORE_ANOTHER_WAY and _told_lately(question, case):
        return _person_instead(WRONG_BEFORE_A_PERSON)
    return Reading({"invalid_tries": tries}, [Sentence(question.another_way, buttons=[PERSON_BUTTON, STOP_BUTTON])])


def _person_instead(tries: float) -> Reading:
    said = Sentence("utter_person_instead", buttons=[PERSON_BUTTON, STOP_BUTTON], offer="person")
    return Reading({"invalid_tries": tries, "pending_offer": "person"}, [said])


def _taken(journey: Journey, case: Case, question: Field, found: dict[str, Any], told: Sentence | None) -> Reading:
    """The values found; a correction beside a yes leaves the yes for the next message."""
    reading = Reading()
    if question.slot in {AGREED, CODE} and found.keys() - {question.slot}:
        found.pop(question.slot, None)
    for item in fields_of(journey):
        if item.slot in found:
            reading.take(item, found[item.slot])
    _mend_pair(case, reading)
    if not reading.values and (told or case.turn.intent not in journey.intents):
        return _without_value(question, case, told)
    if question.slot == RETRY and reading.values.get(RETRY) == NO:
        reading.values[AGREED] = NO
    reading.values["invalid_tries"] = 0.0
    return reading


def _found(fields: tuple[Field, ...], question: Field, heard: Heard, case: Case) -> Iterator[tuple[str, Any]]:
    """The value each field finds; what another field holds already, and what it would not change, is left out."""
    corrects = heard.intent == "correct_detail" or CORRECTING.search(heard.text)
    only = question.slot == CODE and not corrects  # half a code is no order number
    for item in fields:
        if item is not question and (only or not item.unasked or not item.wanted(case)):
            continue
        if item.stated and asks(heard.text):
            continue
        try:
            value = item.parse(heard, case)
        except BackofficeUnavailable:
            continue  # the step after this one says so
        if value is not None and (item is question or value != case[item.slot]):
            yield item.slot, value


def _explained(question: Field, heard: Heard, case: Case) -> Sentence | None:
    """Why just these words are no answer, if the field can say so."""
    try:
        return question.explain(heard, case) if question.explain and heard.text else None
    except BackofficeUnavailable:
        return None  # the step after this one says so


def _after_this_one(journey: Journey, case: Case, number: str) -> Reading:
    """The order in "10046 as well" is no correction: the same for it waits its turn."""
    waiting = [{"form": journey.form, "slots": {ORDER_NUMBER: number}}, *(case["suspended"] or [])]
    said = Sentence("utter_after_this_one", {"number": number})
    return Reading(values={"suspended": waiting, "invalid_tries": 0.0}, said=[said])


def _may_answer(
    journey: Journey, question: Field, heard: Heard, found: dict[str, Any], case: Case, *, is_explained: bool
) -> bool:
    """Whether the message may be an answer although it was taken for a request or a question of its own."""
    answers = {intent for item in fields_of(journey) if item.slot in found for intent in item.answered_by}
    if heard.intent in ANSWERING | journey.intents | answers:
        return True
    words = len(heard.text.split())
    if _QUESTION.search(heard.text) or not words:
        return False
    own = {item.slot for item in journey.fields}
    corrects = bool(found.keys() & own) and question.slot == AGREED  # "no, number 19" is no plain no
    if question.slot in found and not corrects:
        return heard.intent in question.answered_by or question.slot in own or words <= _BARE_WORDS
    if corrects or any(case[slot] for slot in found.keys() & own):
        return words <= (_ANNOUNCED_CORRECTION_WORDS if CORRECTING.search(heard.text) else _CORRECTION_WORDS)
    if is_explained:
        return words <= (_CORRECTION_WORDS if case.turn.unsure else _BARE_WORDS)
    attempt = question.slot in own and question.looks_like and question.looks_like.search(heard.text)
    return bool(attempt) and words <= _BARE_WORDS


def _takes_back(question: Field, heard: Heard) -> bool:
    """Whether a detail is called wrong; a try at what is asked ("number 4711 then") is no such thing."""
    tries = question.looks_like and question.looks_like.search(heard.text)
    if heard.intent == "correct_detail" and not tries:
        return True
    return question.slot == AGREED and bool(NOT_AS_READ_BACK.search(heard.text))


def _taken_back(journey: Journey, fields: tuple[Field, ...], question: Field, case: Case) -> Reading:
    """A detail is taken back without another in its place: asked again; which one must be clear.

    What is asked for just now cannot be meant: it is not known yet. After a read-back the journey's own detail is
    meant, where it has only one.
    """
    text = case.turn.text
    if question.named and question.named.search(text) and not case[question.slot]:
        return Reading()  # "I told you already": it is not here, so it is asked again in other words
    named = next((item for item in fields if item.named and item.named.search(text) and case[item.slot]), None)
    known = [item for item in fields if case[item.slot] and item.slot not in {AGREED, CODE, RETRY}]
    own = [item for item in known if item in journey.fields]
    likely = known[-1:] if question.slot not in {AGREED, CODE} else own if len(own) == len(journey.fields) == 1 else []
    item = named or next(iter(likely), None)
    if item is None:
        return Reading(values={PLAN: None, "invalid_tries": 0.0}, said=[Sentence("utter_correct_which")])
    reading = Reading(values={"invalid_tries": 0.0})
    reading.take(item, None)
    return reading


def _mend_pair(case: Case, reading: Reading) -> None:
    """After a pair that did not go together one half is enough; the same half once more mends nothing."""
    number, email = reading.values.get(ORDER_NUMBER), reading.values.get(EMAIL)
    tried_number, tried_email = case[TRIED_NUMBER], case[TRIED_EMAIL]
    if not tried_number or (number and email):
        return
    if email and not case[ORDER_NUMBER] and email != tried_email:
        reading.values[ORDER_NUMBER] = tried_number
    if number and not case[EMAIL] and number != tried_number:
        reading.values[EMAIL] = tried_email


def _without_value(question: Field, case: Case, told: Sentence | None) -> Reading:
    """Nothing to use: an attempt gets a hint; an answer to an offer, a question or small talk is not ours."""
    turn = case.turn
    if turn.intent in {"affirm", "deny"} and turn.slot("pending_offer"):
        return NOT_OURS
    looks_like = question.looks_like and question.looks_like.search(turn.text) and not _QUESTION.search(turn.text)
    told_intents = {"inform", "affirm", "deny"}
    attempt = told or turn.intent in told_intents or (turn.intent not in _SMALL_TALK and looks_like)
    if not attempt:
        return NOT_OURS
    if told and question.explains_again and (tries := turn.slot("invalid_tries") or 0.0):
        return Reading(values={"invalid_tries": tries + 1})
    if told is None and question.slot == ORDER_NUMBER and (kept := _kept_for_later(question, case)):
        return kept
    own = question.slot == ORDER_NUMBER and case.level is not Level.NONE
    wrong = wrong_value(question, case, told or (Sentence("utter_unclear_order") if own else None))
    if told and told not in wrong.said:
        wrong.said.insert(0, told)
    return wrong


def _kept_for_later(question: Field, case: Case) -> Reading | None:
    """A detail without a number in it, told when the number was asked for, is no wrong number: kept, once."""
    turn, tries = case.turn, case.turn.slot("invalid_tries") or 0.0
    is_detail = turn.intent == "inform" and turn.text and not turn.text.startswith("/")
    tried = question.looks_like and question.looks_like.search(turn.text)
    if not is_detail or tried or tries or case.level is not Level.NONE:
        return None
    opening = " ".join(filter(None, (case[OPENING], turn.text)))
    return Reading({OPENING: opening, "invalid_tries": 1.0}, [Sentence("utter_kept_number_needed")])


def _told_lately(question: Field, case: Case) -> bool:
    """Whether it was said a moment ago where the value is found, or what to do without it."""
    past = turns_in(case.turn.tracker.events)[-_TOLD_LATELY:]
    return case[ASKED_BEFORE] == WAITING or any(question.another_way in turn.replies for turn in past)


def wrong_value(question: Field, case: Case, hint: Sentence | None = None) -> Reading:
    """A hint with an example; then another way; then a person with everything collected."""
    tries = (case.turn.slot("invalid_tries") or 0.0) + 1
    values: dict[str, Any] = {"invalid_tries": tries}
    only_agrees = case.turn.intent == "affirm" and hint is None and question.tells_where
    told = _told_lately(question, case) and not only_agrees
    if tries >= WRONG_BEFORE_A_PERSON or (told and tries >= WRONG_BEFORE_ANOTHER_WAY):
        return _person_instead(tries)
    if only_agrees:
        return Reading(values)  # a yes is no wrong number: what is asked for is said in other words
    if tries < WRONG_BEFORE_ANOTHER_WAY and case.turn.intent != "deny":
        return Reading(values=values, said=[hint or Sentence(question.hint)])
    return Reading(values=values, said=[Sentence(question.another_way, buttons=[PERSON_BUTTON, STOP_BUTTON])])
