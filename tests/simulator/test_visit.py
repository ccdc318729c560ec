"""The simulated customer against small made-up bots: what is said, when it ends, and how it is judged."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from conversation_runner.turn import BotMessage, Button, Tracker
from simulator.bank import read_bank
from simulator.mailbox import Mailbox
from simulator.visit import Around, Record, play
from tests.simulator.conftest import stranger, visit

BANK = read_bank()
Reply = tuple[str, str | None, tuple[Button, ...]]


class FakeAssistant:
    """Answers each message by ``reply(said so far)``: the text, the slot it asks for, buttons."""

    def __init__(self, reply: Callable[[list[str]], Reply]) -> None:
        self.reply, self.said, self.asked = reply, [], None  # type: ignore[var-annotated]
        self.events: list[dict[str, Any]] = []

    async def say(self, conversation_id: str, text: str) -> tuple[BotMessage, ...]:
        del conversation_id
        self.said.append(text)
        words, self.asked, buttons = self.reply(self.said)
        self.events.append({"event": "user", "message_id": f"m{len(self.said)}"})
        return (BotMessage(words, buttons),)

    async def tracker(self, conversation_id: str) -> Tracker:
        del conversation_id
        return Tracker({}, "a_form" if self.asked else None, self.asked, tuple(self.events))


class NoChanges:
    def changes(self, _: Any) -> list[Any]:
        return []


def order_bot(said: list[str]) -> Reply:
    """Tells an order's status once it has number and e-mail; asks for one at a time."""
    known = " ".join(said)
    if "10101" not in known:
        return "Which number?", "order_number", ()
    if "ann@example.com" not in known:
        return f"And your e-mail? ({len(said)})", "email", ()
    return "Order 10101 is on its way.", None, ()


async def talked(reply: Callable[[list[str]], Reply], mailbox: Path = Path("nowhere"), **more: Any) -> Record:
    plain: dict[str, Any] = {"goals": ("order_status",)}
    around = Around(FakeAssistant(reply), BANK, NoChanges(), Mailbox(mailbox))  # type: ignore[arg-type]
    one = more.pop("visit", None) or visit(**(plain | more))
    return await play(one, around, conversation_id="one")


@pytest.mark.parametrize("seed", range(8))
async def test_a_customer_answers_what_is_asked_until_the_goal_is_reached(seed: int) -> None:
    over = await talked(order_bot, seed=f"s{seed}")
    assert (over.outcome, over.missed) == ("reached", ())


async def test_a_wrong_number_is_taken_back_at_the_next_question() -> None:
    facts = {"order_number": "10101", "other_number": "10999", "email": "ann@example.com"}
    for seed in range(20):
        over = await talked(order_bot, seed=str(seed), facts=facts, disturbances=("slip",))
        kinds = [move.kind for move in over.moves]
        if "slip" in kinds:
            assert kinds[kinds.index("slip") + 1] == "correct"
            assert "10101" in over.moves[kinds.index("slip") + 1].text
            return
    pytest.fail("no seed made a slip")


async def test_a_customer_who_is_not_understood_asks_for_a_person_and_goes_with_a_ticket() -> None:
    def bot(said: list[str]) -> Reply:
        if re.search("person|human|real", said[-1]):
            return "Your ticket is T-123456.", None, ()
        return f"I don't follow ({len(said)}).", None, ()

    over = await talked(bot)
    assert over.outcome == "person"
    assert over.missed == ("order_status",)


async def test_a_bot_that_never_helps_ends_in_giving_up() -> None:
    over = await talked(lambda said: (f"Hm {len(said)}.", None, ()))
    assert over.outcome == "given up"


async def test_a_bot_that_asks_the_same_for_ever_is_not_answered_for_ever() -> None:
    over = await talked(lambda said: (f"Your number? {len(said)}", "order_number", ()))
    assert over.outcome in ("given up", "stuck")
    assert len(over.turns) <= 30


async def test_the_code_comes_from_the_newest_letter_to_the_customer(tmp_path: Path) -> None:
    def letter(to: str, code: str, at: datetime) -> None:
        text = f"To: {to}\nSubject: code\n\nYour Alderwick code is {code}.\n"
        (tmp_path / f"{at:%Y%m%dT%H%M%S%f}-x.eml").write_text(text)

    now = datetime.now(UTC)
    letter("ann@example.com", "111111", now - timedelta(minutes=5))
    letter("ann@example.com", "222222", now + timedelta(seconds=1))
    letter("ben@example.com", "333333", now + timedelta(seconds=2))

    def bot(said: list[str]) -> Reply:
        return ("Order 10101 done.", None, ()) if len(said) > 1 else ("The code?", "code", ())

    over = await talked(bot, mailbox=tmp_path)
    assert "222222" in over.turns[1].said


@pytest.mark.parametrize(("changes_mind", "agreed"), [(False, True), (True, False)])
async def test_a_yes_is_remembered_and_a_no_as_well(changes_mind: bool, agreed: bool) -> None:  # noqa: FBT001
    def bot(said: list[str]) -> Reply:
        buttons = (Button("Yes, please", "/affirm"), Button("No, leave it", "/deny"))
        return ("Shall I?", "agreed", buttons) if len(said) == 1 else ("Order 10101 it is.", None, ())

    over = await talked(bot, changes_mind=changes_mind)
    assert over.agreed[1] is agreed
    assert over.backed_out is changes_mind
    assert over.outcome == "reached"


async def test_a_stranger_says_all_lines_and_leaves() -> None:
    over = await talked(lambda said: (f"No ({len(said)}).", "email", ()), visit=stranger(goals=("stranger",)))
    assert (over.outcome, over.turns[0].said) == ("kept out", "where is 10202")


async def test_two_requests_in_one_message_are_both_waited_for() -> None:
    def bot(said: list[str]) -> Reply:
        both = ("Order 10101 is here. We are open from 9:00 to 18:00.", None, ())
        return both if len(said) > 1 else ("Order 10101 is here. And?", None, ())

    over = await talked(bot, goals=("order_status", "opening_hours"), together=True)
    assert over.outcome == "reached"
    assert len(over.turns) >= 2
