"""Who a conversation has proved to be, over each kind of storage."""

from collections.abc import Callable
from datetime import timedelta
from itertools import count

import pytest

from backoffice.adapters.stopped_clock import StoppedClock
from backoffice.bootstrap import Backoffice
from backoffice.model.access import Verification, VerificationOutcome

AOIFE = "aoife.brennan@example.com"
MESSAGES = count()


def attempt(
    backoffice: Backoffice, conversation: str = "c1", *, order: str = "10046", email: str = AOIFE, message: str = ""
) -> Verification:
    return backoffice.access.verify(
        conversation, order_number=order, email=email, message_id=message or f"m{next(MESSAGES)}"
    )


def test_order_number_and_email_verify_the_conversation(backoffice: Backoffice, clock: StoppedClock) -> None:
    verification = attempt(backoffice)

    assert verification.verified
    assert verification.customer.name == "Aoife Brennan"
    customer = backoffice.access.verified_customer("c1")
    assert (customer.email, customer.expires_at - clock.time) == (AOIFE, clock.time.resolution * 30 * 60 * 10**6)


@pytest.mark.parametrize("order", ["10046", "#10046", "order no. 10 046", "１００４６"])
@pytest.mark.parametrize("email", [AOIFE, "  AOIFE.Brennan@Example.COM ", "aoife.brennan @example.com."])
def test_spelling_of_number_and_address_does_not_matter(memory_backoffice: Backoffice, order: str, email: str) -> None:
    assert attempt(memory_backoffice, order=order, email=email).verified


def test_verification_belongs_to_its_conversation(backoffice: Backoffice) -> None:
    attempt(backoffice, "c1")

    assert backoffice.access.verified_customer("c2") is None


def test_verification_ends_after_thirty_minutes(backoffice: Backoffice, clock: StoppedClock) -> None:
    attempt(backoffice)
    clock.move(minutes=29, seconds=59)
    assert backoffice.access.verified_customer("c1") is not None

    clock.move(seconds=1)
    assert backoffice.access.verified_customer("c1") is None


def test_later_verification_takes_the_place_of_the_earlier(backoffice: Backoffice) -> None:
    attempt(backoffice)
    attempt(backoffice, order="10043", email="cian.murphy@example.org")

    assert backoffice.access.verified_customer("c1").name == "Cian Murphy"


def test_whom_a_conversation_ever_proved_to_be_with_is_known_when_the_proof_has_ended(
    backoffice: Backoffice, clock: StoppedClock
) -> None:
    aoife = attempt(backoffice)
    cian = attempt(backoffice, order="10043", email="cian.murphy@example.org")
    attempt(backoffice, "c2", email="x@example.com")
    clock.move(hours=1)

    assert backoffice.access.customers_of("c1") == {aoife.customer.id, cian.customer.id}
    assert backoffice.access.customers_of("c2") == set()


def test_three_wrong_tries_lock_the_conversation_for_thirty_minutes(
    backoffice: Backoffice, clock: StoppedClock
) -> None:
    told = [attempt(backoffice, email="x@example.com") for _ in range(3)]
    assert [(one.outcome.value, one.tries_left) for one in told] == [
        ("not_matched", 2),
        ("not_matched", 1),
        ("locked", 0),
    ]
    assert told[-1].locked_until == clock.time + clock.time.resolution * 30 * 60 * 10**6

    assert attempt(backoffice).outcome is VerificationOutcome.LOCKED
    clock.move(minutes=29)
    assert attempt(backoffice).outcome is VerificationOutcome.LOCKED
    clock.move(minutes=1)
    assert attempt(backoffice).verified


def test_trying_while_locked_does_not_make_the_lock_longer(backoffice: Backoffice, clock: StoppedClock) -> None:
    first = [attempt(backoffice, email="x@example.com") for _ in range(3)][-1]
    clock.move(minutes=10)

    assert attempt(backoffice, email="x@example.com").locked_until == first.locked_until


def test_a_new_lock_needs_three_wrong_tries_again(backoffice: Backoffice, clock: StoppedClock) -> None:
    for _ in range(3):
        attempt(backoffice, email="x@example.com")
    clock.move(minutes=30)

    told = [attempt(backoffice, email="y@example.com").tries_left for _ in range(3)]
    assert told == [2, 1, 0]


def test_a_success_does_not_give_wrong_tries_back(backoffice: Backoffice) -> None:
    attempt(backoffice, order="10043")
    attempt(backoffice, order="10043")
    assert attempt(backoffice).tries_left == 1

    assert attempt(backoffice, order="10043").outcome is VerificationOutcome.LOCKED


def test_a_locked_conversation_keeps_the_verification_it_has(backoffice: Backoffice) -> None:
    attempt(backoffice)
    for _ in range(3):
        attempt(backoffice, order="10043")

    assert backoffice.access.verified_customer("c1").name == "Aoife Brennan"


def test_tries_without_a_lock_are_not_forgiven_by_waiting(backoffice: Backoffice, clock: StoppedClock) -> None:
    attempt(backoffice, email="x@example.com")
    attempt(backoffice, email="x@example.com")
    clock.move(days=2)

    assert attempt(backoffice, email="x@example.com").outcome is VerificationOutcome.LOCKED


def test_same_message_again_gets_the_same_answer_and_costs_no_try(backoffice: Backoffice) -> None:
    first = attempt(backoffice, email="x@example.com", message="m-same")
    again = [attempt(backoffice, email="x@example.com", message="m-same") for _ in range(5)]

    assert again == [first] * 5
    assert attempt(backoffice, email="x@example.com").tries_left == 1


def test_same_message_with_other_data_cannot_be_used_to_try_on(backoffice: Backoffice) -> None:
    first = attempt(backoffice, email="x@example.com", message="m-same")

    assert attempt(backoffice, message="m-same") == first
    assert backoffice.access.verified_customer("c1") is None


def test_repeated_success_is_the_same_answer_even_when_locked_by_then(backoffice: Backoffice) -> None:
    first = attempt(backoffice, message="m-same")
    for _ in range(3):
        attempt(backoffice, email="x@example.com")

    assert attempt(backoffice, message="m-same") == first


def test_same_message_id_of_another_conversation_is_another_message(backoffice: Backoffice) -> None:
    attempt(backoffice, "c1", email="x@example.com", message="m-same")

    assert attempt(backoffice, "c2", message="m-same").verified


@pytest.mark.parametrize(
    "wrong",
    [
        lambda n: {"order": "10046", "email": f"stranger{n}@example.com"},
        lambda n: {"order": f"10{100 + n}", "email": AOIFE},
    ],
    ids=["one order number", "one e-mail"],
)
def test_ten_wrong_tries_over_conversations_close_the_door_for_an_hour(
    backoffice: Backoffice, clock: StoppedClock, wrong: Callable[[int], dict[str, str]]
) -> None:
    for number in range(10):
        attempt(backoffice, f"stranger-{number}", **wrong(number))
        clock.move(minutes=1)

    assert attempt(backoffice, "customer").outcome is VerificationOutcome.LOCKED
    clock.move(minutes=58)
    assert attempt(backoffice, "customer").outcome is VerificationOutcome.LOCKED
    clock.move(minutes=1)
    assert attempt(backoffice, "customer").verified


def test_wrong_tries_spread_over_hours_close_nothing(backoffice: Backoffice, clock: StoppedClock) -> None:
    for number in range(12):
        attempt(backoffice, f"stranger-{number}", email=f"stranger{number}@example.com")
        clock.move(minutes=10)

    assert attempt(backoffice, "customer").verified


def test_a_closed_order_costs_the_customer_no_try(backoffice: Backoffice, clock: StoppedClock) -> None:
    for number in range(10):
        attempt(backoffice, f"stranger-{number}", email=f"stranger{number}@example.com")
    told = attempt(backoffice, "customer")
    assert (told.outcome, told.tries_left) == (VerificationOutcome.LOCKED, 3), "the conversation's own are all there"
    assert told.locked_until == clock.time + timedelta(hours=1)
    clock.move(hours=1)

    assert attempt(backoffice, "customer").tries_left == 3


@pytest.mark.parametrize(
    "strange", ["", " ", "\x00", "\ud800", "x" * 10_000, "🙂", "c1\x00", "<b>c1</b>", "' OR 1=1 --"]
)
def test_no_text_breaks_the_door(backoffice: Backoffice, strange: str) -> None:
    assert not attempt(backoffice, strange, order=strange, email=strange, message=strange or "m").verified
    assert attempt(backoffice, strange).verified
    assert backoffice.access.verified_customer(strange) is not None
    assert backoffice.access.verified_customer("c1") is None


def test_personal_data_stays_out_of_the_representation(memory_backoffice: Backoffice) -> None:
    shown = repr(attempt(memory_backoffice))

    assert "aoife" not in shown.lower()


def test_counts_and_proofs_survive_a_restart(build: Callable[[], Backoffice]) -> None:
    attempt(build(), "c1", email="x@example.com")
    attempt(build(), "c1", email="x@example.com")
    assert attempt(build(), "c1", email="x@example.com").outcome is VerificationOutcome.LOCKED

    attempt(build(), "c2", message="m-same")
    assert build().access.verified_customer("c2") is not None
    assert attempt(build(), "c2", message="m-same").verified
