"""Calls of a language model within the time there is: tries again, falls back, leaves a broken provider alone."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

import structlog
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, wait_random_exponential

from answering.llm.budget import Budget
from answering.llm.errors import (
    BudgetSpent,
    LanguageModelError,
    ModelAnswerBroken,
    ModelBusy,
    ModelMisconfigured,
    ModelOverloaded,
    ModelUnavailable,
    OutOfTime,
)
from answering.llm.metrics import CALLS, SECONDS
from answering.llm.model import Completion, Event, Finished, Prompt, TextDelta, ToolCall, Usage
from answering.llm.ports import LanguageModel
from retrieval.adapters.breaker import CircuitBreaker

logger = structlog.get_logger()

_TRIES = 3
_LEAST_SECONDS = 0.5  # with less than this left no answer can come
_SHARE_WITH_A_FALLBACK = 0.6  # of the time that is left, for a model that another one stands behind
_BACKOFF = wait_random_exponential(multiplier=0.3, max=2.0)


class GuardedModel:
    """One model with what protects it and us: breaker, tries, a limit to the calls under way, the budget."""

    def __init__(
        self,
        model: LanguageModel,
        budget: Budget,
        *,
        concurrency: int,
        first_word_seconds: float,
        breaker: CircuitBreaker | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Let ``concurrency`` calls through at once; give each ``first_word_seconds`` to begin its answer."""
        self._model = model
        self._budget = budget
        self._places = asyncio.Semaphore(concurrency)
        self._first_word_seconds = first_word_seconds
        self._breaker = breaker or CircuitBreaker(failures=5, pause=15.0, clock=time.monotonic)
        self._sleep = sleep

    @property
    def name(self) -> str:
        return self._model.name

    async def complete(self, prompt: Prompt, *, conversation_id: str, deadline: float) -> Completion:
        """See ``Completions.complete``."""
        retrying = AsyncRetrying(
            retry=retry_if_exception_type(ModelUnavailable),
            wait=_pause,
            stop=_no_more_tries(deadline),
            sleep=self._sleep,
            reraise=True,
        )
        answer: Completion = await retrying(self._counted, prompt, conversation_id, deadline)
        return answer

    async def close(self) -> None:
        """Let go of the model."""
        await self._model.close()

    async def _counted(self, prompt: Prompt, conversation_id: str, deadline: float) -> Completion:
        """One try, with its outcome in the metrics and told to the breaker."""
        started = time.monotonic()
        try:
            answer = await self._try(prompt, conversation_id, deadline)
        except LanguageModelError as error:
            CALLS.labels(self.name, error.outcome).inc()
            logger.warning("llm.call_failed", model=self.name, outcome=error.outcome, reason=str(error))
            raise
        CALLS.labels(self.name, "ok").inc()
        SECONDS.labels(self.name).observe(time.monotonic() - started)
        return answer

    async def _try(self, prompt: Prompt, conversation_id: str, deadline: float) -> Completion:
        if _left(deadline) < _LEAST_SECONDS:
            raise OutOfTime("no time is left for a call")
        if not self._breaker.allows():
            raise ModelBusy("the breaker is open")
        try:
            async with asyncio.timeout_at(deadline):
                await self._places.acquire()
        except TimeoutError as error:
            raise ModelBusy("too many calls are under way") from error
        try:
            return await self._paid(prompt, conversation_id, deadline)
        finally:
            self._places.release()

    async def _paid(self, prompt: Prompt, conversation_id: str, deadline: float) -> Completion:
        reserved = await self._budget.reserve(conversation_id, self.name, prompt)
        usage: Usage | None = Usage()
        try:
            answer, usage = await self._read(prompt, deadline)
            self._breaker.succeeded()
        except ModelAnswerBroken:
            usage = None  # something came, and the provider will bill it
            self._breaker.failed()
            raise
        except ModelUnavailable:
            self._breaker.failed()
            raise
        finally:
            await self._budget.settle(conversation_id, self.name, reserved, usage)
        return answer

    async def _read(self, prompt: Prompt, deadline: float) -> tuple[Completion, Usage | None]:
        """The whole answer, and its usage if the provider told it."""
        words: list[str] = []
        calls: list[ToolCall] = []
        events = self._model.stream(prompt)
        limit = min(deadline, asyncio.get_running_loop().time() + self._first_word_seconds)
        try:
            async with asyncio.timeout_at(limit) as waiting:
                async for event in events:
                    waiting.reschedule(deadline)
                    if isinstance(event, Finished):
                        text = "".join(words).strip()
                        told = event.usage or Usage()
                        return Completion(text, tuple(calls), event.reason, told, self.name), event.usage
                    _keep(event, words, calls)
        except (TimeoutError, ModelUnavailable) as error:
            if words or calls:
                raise ModelAnswerBroken("the answer ended in the middle") from error
            if isinstance(error, ModelUnavailable):
                raise
            raise ModelUnavailable("no answer in time") from error
        finally:
            await _closed(events)
        raise ModelAnswerBroken("the answer ended in the middle")


class FallbackModel:
    """Implements ``Completions``: the first model that gives an answer, while there is time."""

    def __init__(self, models: Sequence[GuardedModel]) -> None:
        """Ask ``models`` in this order."""
        self._models = tuple(models)

    async def complete(self, prompt: Prompt, *, conversation_id: str, deadline: float) -> Completion:
        """See ``Completions.complete``. A model with another one behind it does not get all of the time."""
        failed: LanguageModelError | None = None
        for number, model in enumerate(self._models, start=1):
            last = number == len(self._models)
            until = deadline if last else deadline - (1 - _SHARE_WITH_A_FALLBACK) * max(0.0, _left(deadline))
            try:
                return await model.complete(prompt, conversation_id=conversation_id, deadline=until)
            except BudgetSpent:
                raise
            except LanguageModelError as error:
                level = "error" if isinstance(error, ModelMisconfigured) else "warning"
                getattr(logger, level)("llm.model_failed", model=model.name, outcome=error.outcome, reason=str(error))
                failed = error
        raise failed or ModelUnavailable("no model is configured")

    async def close(self) -> None:
        """Let go of the models."""
        for model in self._models:
            await model.close()


def _keep(event: Event, words: list[str], calls: list[ToolCall]) -> None:
    if isinstance(event, TextDelta):
        words.append(event.text)
    elif isinstance(event, ToolCall):
        calls.append(event)


async def _closed(events: AsyncIterator[Event]) -> None:
    """End a stream that nobody reads on, so that its connection is free at once."""
    close = getattr(events, "aclose", None)
    if close is not None:
        await close()


def _no_more_tries(deadline: float) -> Callable[[RetryCallState], bool]:
    """Whether to give up: tried often enough, or the pause before the next try leaves no time for it."""
    return lambda state: state.attempt_number >= _TRIES or _left(deadline) - state.upcoming_sleep < _LEAST_SECONDS


def _pause(state: RetryCallState) -> float:
    """As long as the provider asks for, else longer and longer, never the same for everybody."""
    error = state.outcome.exception() if state.outcome else None
    if isinstance(error, ModelOverloaded) and error.retry_after is not None:
        return error.retry_after
    return _BACKOFF(state)


def _left(deadline: float) -> float:
    return deadline - asyncio.get_running_loop().time()
