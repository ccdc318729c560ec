"""Each invariant lets a good conversation pass and finds the fault it is there for."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from conversation_runner.turn import BotMessage
from simulator.invariants import Rules, broken_in
from simulator.ledger import Money
from simulator.move import Move
from simulator.round_invariants import changed_only_by_its_owner, no_refund_beyond_the_paid, same_to_a_stranger
from simulator.visit import Record
from tests.simulator.conftest import change, record, stranger, turn

CODE = change("code.confirmed", subject="one")


def found(one: Record, rules: Rules) -> list[str]:
    return [broken.invariant for broken in broken_in(one, rules)]


def test_a_good_conversation_breaks_nothing(rules: Rules) -> None:
    good = record(
        turn("cancel 10101", "Which e-mail?", mid="m1"),
        turn("ann@example.com", "Your Tarn kettle at 1 Own Road, €79.00. Shall I cancel it?", mid="m2"),
        turn("yes", "Type the code.", mid="m3"),
        turn("123456", "Cancelled.", mid="m4"),
        agreed=(False, False, True, True),
        changes=(CODE, change("order.cancelled", mid="m4")),
    )
    assert found(good, rules) == []


@pytest.mark.parametrize(
    "leak",
    [
        "This is for Ben Reed.",
        "We wrote to BEN@example.com.",
        "It goes to 2  Other Road.",
        "Your neighbour's order 10202 is late.",
        "Parcel CP2 is there.",
        "Call 091 555 0002.",
        "Box S-1 ships tomorrow.",
    ],
)
def test_anything_of_another_customer_is_found(leak: str, rules: Rules) -> None:
    assert found(record(turn("hello", leak)), rules) == ["data of another customer"]


def test_what_the_customer_wrote_or_what_is_public_may_come_back(rules: Rules) -> None:
    echoed = record(turn("is it 10202?", "I can't find 10202, a number looks like 10303."))
    assert found(echoed, rules) == []


def test_data_of_others_in_a_button_or_in_the_structured_part_is_found_too(rules: Rules) -> None:
    in_button = record(turn("hello", "Which one?", buttons=["10202: desk lamp"]))
    in_data = record(turn("hello", messages=(BotMessage("Here.", (), {"custom": {"mail": "ben@example.com"}}),)))
    assert found(in_button, rules) == found(in_data, rules) == ["data of another customer"]


def test_a_stranger_reads_neither_contents_nor_state(rules: Rules) -> None:
    contents = record(turn("10202 please", "Lumen desk lamp, packed."), visit=stranger(), outcome="kept out")
    data = BotMessage("It is packed.", (), {"custom": {"order_number": "10202"}})
    state = record(turn("10202 please", messages=(data,)), visit=stranger(), outcome="kept out")
    assert found(contents, rules) == found(state, rules) == ["data of another customer"]


def test_a_stranger_who_is_verified_is_found(rules: Rules) -> None:
    let_in = record(
        turn("10202", "Welcome."), visit=stranger(), outcome="kept out", changes=(change("access.verified"),)
    )
    assert found(let_in, rules) == ["a stranger got in"]


@pytest.mark.parametrize("agreed", [(False, False), (True, False)])
def test_a_change_without_a_yes_or_after_it_was_taken_back_is_found(agreed: tuple[bool, bool], rules: Rules) -> None:
    turns = (turn("yes", "Really?", mid="m1"), turn("no", "Cancelled.", mid="m2"))
    done = record(*turns, agreed=agreed, changes=(CODE, change("order.cancelled", mid="m2")))
    assert found(done, rules) == ["changed without a yes"]


def test_a_change_without_a_code_or_before_it_is_found(rules: Rules) -> None:
    early = record(turn("yes", "Done."), agreed=(True,), changes=(change("customer.email"), CODE))
    assert found(early, rules) == ["changed without a code"]


def test_what_needs_no_code_needs_none(rules: Rules) -> None:
    booked = record(turn("yes", "Booked."), agreed=(True,), changes=(change("appointment.book"),))
    assert found(booked, rules) == []


def test_doing_it_twice_for_one_yes_is_found_and_for_two_it_is_not(rules: Rules) -> None:
    turns = (turn("yes", "Done.", mid="m1"), turn("yes", "Done again.", mid="m2"))
    twice = (CODE, change("claim.opened", mid="m1"), change("claim.opened", mid="m2"))
    clicked = (Move("yes", "agree", agrees=True), Move("yes", "again"))
    meant = (Move("yes", "agree", agrees=True), Move("yes", "agree", agrees=True))
    assert found(record(*turns, agreed=(True, True), changes=twice, moves=clicked), rules) == ["done twice"]
    assert found(record(*turns, agreed=(True, True), changes=twice, moves=meant), rules) == []


def test_a_change_by_the_no_itself_is_found(rules: Rules) -> None:
    turns = (turn("no", "Cancelled.", mid="m1"),)
    moves = (Move("no", "refuse", agrees=False),)
    done = record(*turns, moves=moves, backed_out=True, changes=(CODE, change("order.cancelled")))
    assert "changed after a no" in found(done, rules)


@pytest.mark.parametrize("outcome", ["stuck", "given up", "broken off"])
def test_a_conversation_without_an_end_is_found(outcome: str, rules: Rules) -> None:
    assert found(record(turn("hello", "Hm."), outcome=outcome), rules) == ["stuck"]


@pytest.mark.parametrize("texts", [(), ("Fine.", "  ")])
def test_silence_is_found(texts: tuple[str, ...], rules: Rules) -> None:
    assert found(record(turn("hello", *texts)), rules) == ["empty reply"]


def test_three_equal_replies_running_are_found_and_two_are_not(rules: Rules) -> None:
    same = [turn(f"try {number}", "Which order?") for number in range(3)]
    assert found(record(*same[:2], turn("x", "Another thing.")), rules) == []
    assert found(record(*same), rules) == ["repeated three times"]
    assert found(record(same[0], same[0], same[0]), rules) == []  # the same question may get the same answer


@pytest.mark.parametrize("text", ["Your order_number please.", "Hello {name}!", "utter_greet"])
def test_internals_are_found(text: str, rules: Rules) -> None:
    assert found(record(turn("hello", text)), rules) == ["internals shown"]


def test_an_outage_told_while_all_runs_is_found(rules: Rules) -> None:
    assert found(record(turn("hello", "Sorry, part of our system is away.")), rules) == ["a part failed"]


def test_words_that_differ_between_a_real_and_an_invented_number_are_found() -> None:
    real = record(turn("10202", "Those two don't go together (tries left: 2)."), visit=stranger())
    same = record(turn("10999", "Those two don't go together (tries left: 1)."), visit=stranger())
    other = record(turn("10999", "There is no such order."), visit=stranger())
    misread = record(turn("10999", "We are open until six.", intent="ask_opening_hours"), visit=stranger())
    assert list(same_to_a_stranger(real, same)) == []
    unsure = record(turn("10999", "Here is how to pay.", confidence=0.5), visit=stranger())
    assert list(same_to_a_stranger(real, misread)) == []
    assert list(same_to_a_stranger(real, unsure)) == []
    assert [broken.invariant for broken in same_to_a_stranger(real, other)] == ["tells a stranger what exists"]


@pytest.mark.parametrize(
    ("money", "whole"),
    [
        (Money("10101", 7900, 7900, 7900, 0), True),
        (Money("10101", 7900, 4000, 4000, 3900), True),
        (Money("10101", 7900, 8000, 8000, 0), False),
        (Money("10101", 7900, 4000, 4000, 4000), False),
        (Money("10101", 7900, 0, 4000, 0), False),
    ],
)
def test_refunds_given_and_promised_stay_below_what_was_paid(money: Money, whole: bool) -> None:  # noqa: FBT001
    assert (list(no_refund_beyond_the_paid([money])) == []) == whole


def test_a_row_that_changed_without_an_act_of_its_owner_is_found() -> None:
    row = ("orders", "10202")
    acted: Callable[[str], list[Record]] = lambda who: [  # noqa: E731 - one use
        record(turn("yes", "Done."), changes=(change("order.cancelled", customer=who),))
    ]
    before, after, owners = {row: ("placed",)}, {row: ("cancelled",)}, {row: "c2"}
    assert list(changed_only_by_its_owner(before, after, owners, acted("c2"))) == []
    assert len(list(changed_only_by_its_owner(before, after, owners, acted("c1")))) == 1
    assert list(changed_only_by_its_owner(before, before, owners, acted("c1"))) == []
