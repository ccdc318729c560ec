"""One-time codes: what they open, for how long, and that they tell a stranger nothing."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import event, select

from backoffice.adapters.sql.command_tables import CodeRow
from backoffice.adapters.sql.database import Database
from backoffice.adapters.sql.desk_tables import AuditRow
from backoffice.adapters.stopped_clock import StoppedClock
from backoffice.bootstrap import Backoffice
from backoffice.model.act import Reason, Refusal
from backoffice.model.code import CodeAnswer, CodeOutcome, Level

AOIFE = "aoife.brennan@example.com"
STRANGERS = ("nobody@example.com", "AOIFE.BRENNAN@example.org", "", "no address", "' OR 1=1 --")


def ask(backoffice: Backoffice, email: str | None = AOIFE, conversation: str = "c1", message: str = "m1") -> CodeAnswer:
    return backoffice.codes.send_code(conversation, message_id=message, email=email)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_the_right_code_confirms_the_conversation_for_a_while(
    backoffice: Backoffice, post: Any, clock: StoppedClock
) -> None:
    assert backoffice.access.level("c1") is Level.NONE
    sent = ask(backoffice)
    assert (sent.outcome, (sent.until - clock.time).total_seconds()) == (CodeOutcome.SENT, 600)
    answer = backoffice.codes.check_code("c1", f"it is {post.code()}", message_id="m2")

    assert answer.outcome is CodeOutcome.CONFIRMED
    assert backoffice.access.level("c1") is Level.CONFIRMED
    assert backoffice.access.verified_customer("c1").email == AOIFE
    assert backoffice.access.level("c2") is Level.NONE
    clock.move(minutes=20)
    assert backoffice.access.level("c1") is Level.NONE


@pytest.mark.parametrize("zero", ["\uff10", "\u0660", "\u0966"])
def test_a_code_is_right_in_every_script(backoffice: Backoffice, post: Any, zero: str) -> None:
    ask(backoffice)
    typed = "".join(chr(ord(zero) + int(digit)) for digit in post.code())
    assert backoffice.codes.check_code("c1", typed, message_id="m2").outcome is CodeOutcome.CONFIRMED


def test_reading_outlives_confirmation_and_reading_again_does_not_end_it(
    backoffice: Backoffice, post: Any, clock: StoppedClock
) -> None:
    backoffice.access.verify("c1", order_number="10046", email=AOIFE, message_id="v1")
    assert isinstance(backoffice.access.admit("c1", Level.CONFIRMED), Refusal)
    ask(backoffice, email=None)
    backoffice.codes.check_code("c1", post.code(), message_id="m2")
    backoffice.access.verify("c1", order_number="10026", email=AOIFE, message_id="v2")
    assert backoffice.access.admit("c1", Level.CONFIRMED).email == AOIFE
    clock.move(minutes=21)
    assert backoffice.access.level("c1") is Level.READING
    assert backoffice.access.admit("c1", Level.CONFIRMED) == Refusal(Reason.NOT_CONFIRMED)


def test_another_customers_proof_ends_the_confirmation(backoffice: Backoffice, post: Any) -> None:
    ask(backoffice)
    backoffice.codes.check_code("c1", post.code(), message_id="m2")
    backoffice.access.verify("c1", order_number="10043", email="cian.murphy@example.org", message_id="v1")

    assert backoffice.access.level("c1") is Level.READING


def test_five_wrong_tries_spend_a_code_and_a_message_is_one_try(backoffice: Backoffice, post: Any) -> None:
    ask(backoffice)
    code = post.code()
    told = [backoffice.codes.check_code("c1", wrong(code), message_id=f"t{number}") for number in range(4)]
    assert [one.tries_left for one in told] == [4, 3, 2, 1]
    assert backoffice.codes.check_code("c1", code, message_id="t3") == told[3]
    assert backoffice.codes.check_code("c1", wrong(code), message_id="t4").outcome is CodeOutcome.SPENT
    assert backoffice.codes.check_code("c1", code, message_id="t5").outcome is CodeOutcome.SPENT
    assert backoffice.access.level("c1") is Level.NONE


def test_a_code_ends_after_ten_minutes_works_once_and_in_its_conversation_only(
    backoffice: Backoffice, post: Any, clock: StoppedClock
) -> None:
    ask(backoffice)
    code = post.code()
    assert backoffice.codes.check_code("c2", code, message_id="m2").outcome is CodeOutcome.SPENT
    clock.move(minutes=10)
    assert backoffice.codes.check_code("c1", code, message_id="m3").outcome is CodeOutcome.SPENT
    ask(backoffice, message="m4")
    code = post.code()
    assert backoffice.codes.check_code("c1", code, message_id="m5").outcome is CodeOutcome.CONFIRMED
    assert backoffice.codes.check_code("c1", code, message_id="m6").outcome is CodeOutcome.SPENT


def test_codes_are_not_sent_at_once_again_nor_without_end(
    backoffice: Backoffice, post: Any, clock: StoppedClock
) -> None:
    first = ask(backoffice)
    assert ask(backoffice) == first
    assert ask(backoffice, message="m2").outcome is CodeOutcome.WAIT
    for number in range(3, 6):
        clock.move(minutes=1)
        last = ask(backoffice, message=f"m{number}")
    assert last.outcome is CodeOutcome.LIMITED
    assert last.holds, "the third code, a minute old"
    assert [post.next().to for _ in range(3)] == [AOIFE] * 3
    assert post.empty


def test_an_address_gets_six_codes_an_hour_over_all_conversations(backoffice: Backoffice) -> None:
    for address in (AOIFE, "nobody@example.com"):
        told = [ask(backoffice, address, f"{address}{number}").outcome for number in range(7)]
        assert told == [CodeOutcome.SENT] * 6 + [CodeOutcome.LIMITED]


def test_unknown_addresses_are_told_the_same_and_cost_the_same_work(
    build_own: Callable[[], Backoffice], post: Any
) -> None:
    backoffice = build_own()
    statements: list[str] = []
    engine = backoffice.access._shop._database.engine
    event.listen(engine, "before_cursor_execute", lambda *call: statements.append(call[2]))

    def told(email: str, conversation: str) -> tuple[Any, ...]:
        statements.clear()
        answers = [ask(backoffice, email, conversation)]
        answers += [backoffice.codes.check_code(conversation, "000000", message_id=f"t{number}") for number in range(6)]
        return answers, tuple(statements)

    known = told(AOIFE, "known")
    for number, stranger in enumerate(STRANGERS):
        assert told(stranger, f"c{number}") == known
    assert post.next().to == AOIFE
    assert post.empty


def test_codes_are_kept_hashed_and_changes_of_level_are_audited(
    build: Callable[[], Backoffice], post: Any, database: Database
) -> None:
    backoffice = build()
    ask(backoffice)
    code = post.code()
    with database.reading() as session:
        row = session.scalars(select(CodeRow)).one()
        assert code not in repr(vars(row))
    backoffice.codes.check_code("c1", code, message_id="m2")
    with database.reading() as session:
        entries = session.scalars(select(AuditRow).where(AuditRow.action.startswith("code."))).all()
    assert [(one.action, one.message_id) for one in entries] == [("code.sent", "m1"), ("code.confirmed", "m2")]
    assert code not in str([one.details for one in entries])


def test_tries_at_once_are_all_counted(backoffice: Backoffice, post: Any) -> None:
    ask(backoffice)
    code = wrong(post.code())
    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda n: backoffice.codes.check_code("c1", code, message_id=f"t{n}"), range(8)))

    assert sorted(one.tries_left for one in told) == [0, 0, 0, 0, 1, 2, 3, 4]


@pytest.mark.parametrize("typed", ["", "abc", "12345", "1234567", "٣" * 6, "\x00\ud800"])
def test_no_text_breaks_the_check(memory_backoffice: Backoffice, typed: str) -> None:
    ask(memory_backoffice)

    assert memory_backoffice.codes.check_code("c1", typed, message_id="m2").outcome is CodeOutcome.WRONG
