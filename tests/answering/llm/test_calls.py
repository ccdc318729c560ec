"""Whole answers within time and money, through the real client against the scripted server."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from answering.llm.adapters.ledger import SqliteLedger
from answering.llm.adapters.scripted import ScriptedModel
from answering.llm.budget import Budget, Limits, Spent, unlimited
from answering.llm.calls import FallbackModel, GuardedModel
from answering.llm.errors import BudgetSpent, LanguageModelError, ModelBusy, ModelUnavailable, OutOfTime
from answering.llm.model import Event, Finished, Message, Prompt, TextDelta, Usage
from answering.llm.ports import LanguageModel
from answering.llm.prices import Price, PriceTable
from tests.answering.llm.conftest import anthropic, openai
from tests.llm_server.script import Fails, Says
from tests.llm_server.server import LlmServer

PROMPT = Prompt("Be brief.", (Message("user", "Hello"),), max_tokens=50)
PRICES = PriceTable([Price("openai/gpt", 2.0, 8.0), Price("*/dear*", 10.0, 40.0)])


def guarded(model: LanguageModel, budget: Budget | None = None, **more: object) -> GuardedModel:
    settings = {"concurrency": 4, "first_word_seconds": 1.0} | more
    return GuardedModel(model, budget or unlimited(PRICES), **settings)  # type: ignore[arg-type]


async def ask(model: GuardedModel | FallbackModel, *, seconds: float = 5.0, conversation: str = "c") -> str:
    deadline = asyncio.get_running_loop().time() + seconds
    return (await model.complete(PROMPT, conversation_id=conversation, deadline=deadline)).text


@pytest.fixture
async def gpt(server: LlmServer) -> AsyncIterator[LanguageModel]:
    model = openai(server)
    yield model
    await model.close()


@pytest.mark.parametrize("fault", ["error", "cut", "no_end", "empty", "not_json"])
async def test_what_may_pass_is_tried_again(gpt: LanguageModel, server: LlmServer, fault: str) -> None:
    server.play(Fails(fault), Says("Good day."))  # type: ignore[arg-type]
    assert await ask(guarded(gpt)) == "Good day."
    assert len(server.asked) == 2


async def test_the_provider_gets_the_pause_it_asks_for(gpt: LanguageModel, server: LlmServer) -> None:
    server.play(Fails("overloaded", retry_after=1), Says("Good day."))
    started = time.monotonic()
    assert await ask(guarded(gpt)) == "Good day."
    assert 1.0 <= time.monotonic() - started < 3.0


async def test_a_pause_longer_than_the_time_left_is_not_waited_for(gpt: LanguageModel, server: LlmServer) -> None:
    server.play(Fails("overloaded", retry_after=30))
    started = time.monotonic()
    with pytest.raises(LanguageModelError):
        await ask(guarded(gpt), seconds=2)
    assert time.monotonic() - started < 1.0


async def test_a_wrong_key_is_not_tried_again(gpt: LanguageModel, server: LlmServer) -> None:
    server.play(Fails("unauthorized"), Says("never said"))
    with pytest.raises(LanguageModelError):
        await ask(guarded(gpt))
    assert len(server.asked) == 1


async def test_silence_ends_with_the_time(gpt: LanguageModel, server: LlmServer) -> None:
    server.play(Fails("silence"), Fails("silence"), Fails("silence"))
    started = time.monotonic()
    with pytest.raises(ModelUnavailable):
        await ask(guarded(gpt, first_word_seconds=10.0), seconds=1.0)
    assert time.monotonic() - started < 1.5


async def test_without_time_nobody_is_asked(gpt: LanguageModel, server: LlmServer) -> None:
    with pytest.raises(OutOfTime):
        await ask(guarded(gpt), seconds=0.1)
    assert server.asked == []


async def test_another_provider_answers_in_the_same_time_when_the_first_is_silent(server: LlmServer) -> None:
    first, second = openai(server), anthropic(server)
    server.play(
        Fails("silence"), otherwise=lambda asked: Says("From Claude.") if "messages" in asked.path else Fails("silence")
    )
    chain = FallbackModel([guarded(first, first_word_seconds=5), guarded(second)])
    started = time.monotonic()
    assert await ask(chain, seconds=3) == "From Claude."
    assert time.monotonic() - started < 3
    await chain.close()


async def test_a_provider_that_keeps_failing_is_left_alone() -> None:
    model = ScriptedModel(*[ModelUnavailable("down")] * 20)
    alone = guarded(model, sleep=lambda _: asyncio.sleep(0))
    for _ in range(3):
        with pytest.raises(LanguageModelError):
            await ask(alone)
    asked = len(model.prompts)
    with pytest.raises(ModelBusy):
        await ask(alone)
    assert len(model.prompts) == asked == 5


class Slow:
    """Counts how many ask at once."""

    name = "scripted/slow"

    def __init__(self) -> None:
        self.now = self.most = 0

    async def stream(self, _prompt: Prompt) -> AsyncIterator[Event]:
        self.now += 1
        self.most = max(self.most, self.now)
        await asyncio.sleep(0.05)
        self.now -= 1
        yield TextDelta("Done.")
        yield Finished("stop", Usage(1, 1))

    async def close(self) -> None:
        """Nothing."""


async def test_only_so_many_calls_are_under_way_at_once() -> None:
    model = Slow()
    limited = guarded(model, concurrency=2)
    assert await asyncio.gather(*(ask(limited) for _ in range(6))) == ["Done."] * 6
    assert model.most == 2


def ledger(tmp_path: Path, day: int = 1) -> SqliteLedger:
    return SqliteLedger(tmp_path / "spent.db", now=lambda: datetime(2026, 11, day, 12, tzinfo=UTC))


async def test_a_conversation_ends_at_its_budget_and_another_goes_on(
    gpt: LanguageModel, server: LlmServer, tmp_path: Path
) -> None:
    server.play(otherwise=lambda _: Says("Yes.", 100, 20))
    limits = Limits(conversation=Spent(tokens=260))
    model = guarded(gpt, Budget(ledger(tmp_path), limits, PRICES))
    assert [await ask(model), await ask(model)] == ["Yes.", "Yes."]
    with pytest.raises(BudgetSpent, match="conversation"):
        await ask(model)
    assert len(server.asked) == 2, "what is not paid for is not asked"
    assert await ask(model, conversation="another") == "Yes."


async def test_the_days_money_lasts_over_a_restart_and_is_new_the_next_day(
    gpt: LanguageModel, server: LlmServer, tmp_path: Path
) -> None:
    server.play(otherwise=lambda _: Says("Yes.", 100, 20))  # 100 × $2 + 20 × $8 a million = 360 millionths of a dollar
    limits = Limits(day=Spent(micros=700))
    assert await ask(guarded(gpt, Budget(ledger(tmp_path), limits, PRICES)), conversation="a") == "Yes."
    later = guarded(gpt, Budget(ledger(tmp_path), limits, PRICES))
    with pytest.raises(BudgetSpent, match="day"):
        await ask(later, conversation="b")
    assert await ask(guarded(gpt, Budget(ledger(tmp_path, day=2), limits, PRICES)), conversation="b") == "Yes."


async def test_calls_at_once_cannot_pass_the_budget_together(tmp_path: Path) -> None:
    limits = Limits(day=Spent(tokens=PROMPT.characters // 3 + 1 + PROMPT.max_tokens))
    model = guarded(Slow(), Budget(ledger(tmp_path), limits, PRICES))
    answers = await asyncio.gather(*(ask(model) for _ in range(4)), return_exceptions=True)
    assert [answer for answer in answers if isinstance(answer, str)] == ["Done."]


async def test_counting_at_once_from_several_processes_loses_nothing_and_refuses_nobody(tmp_path: Path) -> None:
    several = [ledger(tmp_path) for _ in range(4)]
    several[0].add("c", Spent(0, 0), None)
    adding = (asyncio.to_thread(one.add, "c", Spent(1, 2), Limits(day=Spent(1000))) for one in several * 10)
    await asyncio.gather(*adding)
    assert several[0].add("c", Spent(0, 0), None) == (Spent(40, 80), Spent(40, 80))


async def test_spending_that_cannot_be_counted_is_not_done(
    gpt: LanguageModel, server: LlmServer, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    broken = SqliteLedger(tmp_path / "file" / "spent.db", now=lambda: datetime(2026, 11, 1, tzinfo=UTC))
    with pytest.raises(BudgetSpent):
        await ask(guarded(gpt, Budget(broken, Limits(), PRICES)))
    assert server.asked == []


def test_a_model_without_a_price_costs_the_highest() -> None:
    assert PRICES.of("openai/unheard-of") == Price("*", 10.0, 40.0)
    assert PriceTable.read().of("openai/gpt-4.1-2025-04-14").prompt == 2.0
    assert PriceTable.read().of("openai/gpt-4.1-mini").prompt == 0.4
