"""What a message means inside a journey: values, a correction, a wrong value, or none of the journey's business."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from actions.journey.fields import fields_of
from actions.journey.model import (
    AGREED,
    CODE,
    EMAIL,
    NO,
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
from actions.turn import PERSON_BUTTON, STOP_BUTTON
from backoffice.errors import BackofficeUnavailable
from backoffice.model.code import Level

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

ALWAYS_HEARD = frozenset({"stop", "request_human", "open_ticket"})
_BARE_WORDS = 5
"""A message of so few words that holds the value asked for is the answer, whatever the intent service took it for."""

WRONG_BEFORE_ANOTHER_WAY, WRONG_BEFORE_A_PERSON = 2, 3


@dataclass
class Reading:
    """What a message changes, and what is said before the next question.

    ``ours`` is false when the message is not about this journey: then Rasa's rules decide, and it waits.
    """

    ours: bool = True
    values: dict[str, Any] = field(default_factory=dict)
    said: list[Sentence] = field(default_factory=list)

    def take(self, item: Field, value: Any) -> None:
        self.values |= dict.fromkeys(item.clears) | {item.slot: value}


NOT_OURS = Reading(ours=False)


def read_message(journey: Journey, case: Case, asked: str) -> Reading:
    """Read the newest message while ``asked`` is the open question."""
    turn, heard = case.turn, Heard.of(case.turn)
    fields = fields_of(journey)
    question = next((item for item in fields if item.slot == asked), None)
    if question is None or turn.intent in ALWAYS_HEARD:
        return NOT_OURS
    found = dict(_found(fields, question, heard, case))
    if not _may_answer(journey, question, heard, found):
        return NOT_OURS
    if turn.intent == "correct_detail" and not found:
        return _taken_back(fields, question, case)
    reading = Reading()
    corrected = [item for item in fields if item.slot in found and item is not question]
    if corrected and asked in {AGREED, CODE}:
        found.pop(asked, None)  # "yes, but to the other address" agrees to nothing yet
    for item in fields:
        if item.slot in found:
            reading.take(item, found[item.slot])
    _mend_pair(case, reading)
    if not reading.values and turn.intent not in journey.intents:
        return _without_value(question, case)
    if asked == RETRY and reading.values.get(RETRY) == NO:
        reading.values[AGREED] = NO
    reading.values["invalid_tries"] = 0.0
    return reading


def _found(fields: tuple[Field, ...], question: Field, heard: Heard, case: Case) -> Iterator[tuple[str, Any]]:
    """The value each field finds; what another field holds already, and what it would not change, is left out."""
    only = question.slot == CODE and heard.intent != "correct_detail"  # half a code is no order number
    for item in fields:
        if item is not question and (only or not item.unasked or not item.wanted(case)):
            continue
        try:
            value = item.parse(heard, case)
        except BackofficeUnavailable:
            continue  # the step after this one says so
        if value is not None and (item is question or value != case[item.slot]):
            yield item.slot, value


def _may_answer(journey: Journey, question: Field, heard: Heard, found: dict[str, Any]) -> bool:
    if heard.intent in ANSWERING or heard.intent in journey.intents:
        return True
    if question.slot not in found:
        return False
    return heard.intent in question.answered_by or 0 < len(heard.text.split()) <= _BARE_WORDS


def _taken_back(fields: tuple[Field, ...], question: Field, case: Case) -> Reading:
    """A detail is taken back without another in its place: asked again; which one must be clear."""
    text = case.turn.text
    named = next((item for item in fields if item.named and item.named.search(text) and case[item.slot]), None)
    known = [item for item in fields if case[item.slot] and item.slot not in {AGREED, CODE, RETRY}]
    item = named or (known[-1] if known and question.slot not in {AGREED, CODE} else None)
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


def _without_value(question: Field, case: Case) -> Reading:
    """Nothing to use: an attempt gets a hint; an answer to an offer, a question or small talk is not ours."""
    turn = case.turn
    if turn.intent in {"affirm", "deny"} and turn.slot("pending_offer"):
        return NOT_OURS
    attempt = turn.intent in {"inform", "affirm", "deny"} or (
        turn.intent == "nlu_fallback" and bool(question.looks_like and question.looks_like.search(turn.text))
    )
    if not attempt:
        return NOT_OURS
    own = question.slot == ORDER_NUMBER and case.level is not Level.NONE
    return wrong_value(question, case, Sentence("utter_unclear_order") if own else None)


def wrong_value(question: Field, case: Case, hint: Sentence | None = None) -> Reading:
    """A hint with an example; then another way; then a person with everything collected."""
    tries = (case.turn.slot("invalid_tries") or 0.0) + 1
    values: dict[str, Any] = {"invalid_tries": tries}
    if tries >= WRONG_BEFORE_A_PERSON:
        said = Sentence("utter_person_instead", buttons=[PERSON_BUTTON, STOP_BUTTON], offer="person")
        return Reading(values=values | {"pending_offer": "person"}, said=[said])
    if tries < WRONG_BEFORE_ANOTHER_WAY and case.turn.intent != "deny":
        return Reading(values=values, said=[hint or Sentence(question.hint)])
    return Reading(values=values, said=[Sentence(question.another_way, buttons=[PERSON_BUTTON, STOP_BUTTON])])
