"""How much may be spent on language models: in a day and in a conversation, in tokens and in money."""

import asyncio
from dataclasses import dataclass
from typing import Protocol

import structlog

from answering.llm.errors import BudgetSpent
from answering.llm.metrics import CONVERSATIONS, COST, DAY_COST, TOKENS
from answering.llm.model import Prompt, Usage
from answering.llm.prices import PriceTable, dollars

logger = structlog.get_logger()

_CHARACTERS_A_TOKEN = 3  # fewer than English has, so that a reservation is rather too large


@dataclass(frozen=True, slots=True)
class Spent:
    """Tokens, and millionths of a US dollar."""

    tokens: int = 0
    micros: int = 0


@dataclass(frozen=True, slots=True)
class Limits:
    """What may be spent; 0 is no limit."""

    day: Spent = Spent()
    conversation: Spent = Spent()


class Ledger(Protocol):
    """Where spending is kept, over all processes and restarts. Calls block."""

    def add(self, conversation_id: str, more: Spent, limits: Limits | None) -> tuple[Spent, Spent]:
        """Count ``more`` and return the day's and the conversation's sums with it.

        Raises:
            BudgetSpent: with ``limits``, when a sum would pass one, or when it cannot be counted; nothing was added.
        """
        ...


class Budget:
    """Reserves what a call may take before it is made, and counts what it took afterwards."""

    def __init__(self, ledger: Ledger, limits: Limits, prices: PriceTable) -> None:
        """Keep to ``limits``."""
        self._ledger = ledger
        self._limits = limits
        self._prices = prices

    async def reserve(self, conversation_id: str, model: str, prompt: Prompt) -> Spent:
        """Set aside what this call may take at most.

        Raises:
            BudgetSpent: it is not there.
        """
        expected = Usage(prompt.characters // _CHARACTERS_A_TOKEN + 1, prompt.max_tokens)
        most = Spent(expected.total, self._prices.of(model).micros(expected))
        await asyncio.to_thread(self._ledger.add, conversation_id, most, self._limits)
        return most

    async def settle(self, conversation_id: str, model: str, reserved: Spent, usage: Usage | None) -> None:
        """Replace the reservation by what was used; without figures from the provider the reservation stays.

        A call that failed before its first word costs nothing: pass ``Usage()``.
        """
        if usage is None:
            used = reserved
        else:
            used = Spent(usage.total, self._prices.of(model).micros(usage))
            TOKENS.labels(model, "prompt").inc(usage.prompt_tokens)
            TOKENS.labels(model, "completion").inc(usage.completion_tokens)
        difference = Spent(used.tokens - reserved.tokens, used.micros - reserved.micros)
        try:
            day, conversation = await asyncio.to_thread(self._ledger.add, conversation_id, difference, None)
        except BudgetSpent:
            logger.error("llm.spending_not_counted", model=model)  # noqa: TRY400 - the ledger has logged why
            return
        if not used.tokens:
            return
        COST.labels(model).inc(dollars(used.micros))
        DAY_COST.set(dollars(day.micros))
        if conversation.tokens == used.tokens:
            CONVERSATIONS.inc()
        logger.info(
            "llm.spent", model=model, cost_usd=dollars(used.micros), tokens=used.tokens,
            conversation_cost_usd=dollars(conversation.micros), conversation_tokens=conversation.tokens,
            day_cost_usd=dollars(day.micros),
        )  # fmt: skip


def unlimited(price_table: PriceTable | None = None) -> Budget:
    """Counts nothing and forbids nothing: for tests of other things."""
    return Budget(_NoLedger(), Limits(), price_table or PriceTable.read())


class _NoLedger:
    def add(self, conversation_id: str, more: Spent, limits: Limits | None) -> tuple[Spent, Spent]:
        del conversation_id, limits
        return more, more
