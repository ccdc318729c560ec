"""What is asked after something was done, and what only sounds like it."""

from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.turn import Turn
from actions.what_follows import what_was_arranged

RETURNED = "Your return R-535440 of Wren is announced. Please hand the parcel over by Thursday. €184.05 goes back."
CANCELLED = "Order 10047 is cancelled. €98.95 goes back to your card."
BOOKED = "Booked: a coffee workshop on Saturday at 11:00."


def _bot(response: str, text: str = "…", custom: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"event": "bot", "text": text, "metadata": {"utter_action": response}, "data": {"custom": custom}}


def _turn(asked: str, *before: dict[str, Any], form: str | None = None) -> Turn:
    said = {"event": "user", "text": asked}
    loop = {"name": form} if form else {}
    slots = {"ticket_number": "T-822465"}
    return Turn(
        Tracker("anna", slots, {"text": asked}, [*before, said], False, None, loop, None), CollectingDispatcher()
    )


@pytest.mark.parametrize(
    ("response", "told", "asked"),
    [
        ("return_item", RETURNED, "and now?"),
        ("return_item", RETURNED, "how long do I have to send it back"),
        ("return_item", RETURNED, "how much will i get"),
        ("cancel_order", CANCELLED, "so when will i have it back"),
        ("cancel_order", CANCELLED, "do i need to do anything"),
        ("book_appointment", BOOKED, "is it booked"),
        ("claim", "A colleague decides within 1 working day.", "when do I get my money"),
        ("pause_subscription", "Deliveries start again on 26 January.", "when does the next one come"),
    ],
)
def test_what_follows_is_told_in_the_words_it_was_done_in(response: str, told: str, asked: str) -> None:
    arranged = what_was_arranged(_turn(asked, _bot(f"utter_done_{response}", told)))
    assert arranged is not None
    assert arranged.values == {"arranged": told}


@pytest.mark.parametrize(
    ("response", "told", "asked"),
    [
        ("cancel_order", CANCELLED, "how long do I have to send it back"),
        ("cancel_order", CANCELLED, "when do I get my money"),
        ("book_appointment", BOOKED, "how long does it take"),
        ("book_appointment", BOOKED, "when do I get it back"),
        ("change_address", "Order 10041 now goes to Galway.", "how long will it take"),
        ("return_item", RETURNED, "how long does it take to charge"),
        ("return_item", RETURNED, "when are you open today"),
        ("return_item", RETURNED, "when does the next one come"),
    ],
)
def test_what_the_words_do_not_hold_is_asked_of_something_else(response: str, told: str, asked: str) -> None:
    assert what_was_arranged(_turn(asked, _bot(f"utter_done_{response}", told))) is None


def test_a_guess_and_the_status_of_the_same_order_do_not_end_the_matter() -> None:
    done = _bot("utter_done_cancel_order", CANCELLED)
    status = _bot("utter_refund", custom={"kind": "refund_status", "order_number": "10047"})
    guess = _bot("utter_did_you_mean", custom={"kind": "answer", "rung": "did_you_mean"})
    assert what_was_arranged(_turn("how long does that take?", done, status, guess)) is not None


@pytest.mark.parametrize(
    "record",
    [{"kind": "order_status", "order_number": "10043"}, {"kind": "answer", "rung": "entry"}, {"kind": "stock"}],
)
def test_another_answer_ends_it(record: dict[str, str]) -> None:
    done = _bot("utter_done_cancel_order", CANCELLED)
    assert what_was_arranged(_turn("how long does that take?", done, _bot("utter_other", custom=record))) is None


@pytest.mark.parametrize("asked", ["when will they call?", "when will I hear back", "what happens next", "is that it?"])
def test_a_ticket_is_answered_within_its_days(asked: str) -> None:
    opened = _bot("utter_ticket_opened"), _bot("utter_contact_phone_saved")
    arranged = what_was_arranged(_turn(asked, *opened))
    assert arranged is not None
    assert arranged.response == "utter_ticket_follows"
    assert arranged.values == {"ticket_number": "T-822465"}


def test_who_left_no_address_is_promised_no_answer() -> None:
    arranged = what_was_arranged(
        _turn("when will I hear back", _bot("utter_ticket_opened"), _bot("utter_contact_skipped"))
    )
    assert arranged is not None
    assert arranged.response == "utter_ticket_follows_no_address"


def test_a_colleague_in_the_chat_is_asked_nothing_of_the_bot() -> None:
    assert what_was_arranged(_turn("when will I hear back", _bot("utter_handed_to_desk"))) is None


def test_an_open_journey_has_its_own_answers() -> None:
    done = _bot("utter_done_cancel_order", CANCELLED)
    assert what_was_arranged(_turn("what happens next", done, form="return_item_form")) is None
