"""The configured language models, guarded and in order."""

import time
from collections.abc import Callable
from datetime import datetime

from answering.llm.adapters.anthropic import AnthropicModel
from answering.llm.adapters.ledger import SqliteLedger
from answering.llm.adapters.openai import OpenAiModel
from answering.llm.budget import Budget, Limits, Spent
from answering.llm.calls import FallbackModel, GuardedModel
from answering.llm.ports import LanguageModel
from answering.llm.prices import PriceTable
from answering.settings import LanguageModelSettings, LlmProvider
from retrieval.adapters.breaker import CircuitBreaker

_DEFAULT_MODELS: dict[LlmProvider, str] = {"openai": "gpt-4.1", "anthropic": "claude-sonnet-4-6"}
_MICROS = 1_000_000


def build_completions(settings: LanguageModelSettings, *, now: Callable[[], datetime]) -> FallbackModel:
    """The model, and the one behind it if there is one. Opens nothing by itself.

    Raises:
        ValueError: the price table cannot be read.
    """
    limits = Limits(
        day=Spent(settings.day_tokens, round(settings.day_usd * _MICROS)),
        conversation=Spent(settings.conversation_tokens, round(settings.conversation_usd * _MICROS)),
    )
    budget = Budget(SqliteLedger(settings.ledger, now=now), limits, PriceTable.read(settings.prices))
    return FallbackModel(
        [
            GuardedModel(
                model,
                budget,
                concurrency=settings.concurrency,
                first_word_seconds=settings.first_word_seconds,
                breaker=CircuitBreaker(
                    failures=settings.breaker_failures, pause=settings.breaker_seconds, clock=time.monotonic
                ),
            )
            for model in _models(settings)
        ]
    )


def _models(settings: LanguageModelSettings) -> list[LanguageModel]:
    key, second_key = settings.key.get_secret_value(), settings.fallback_key.get_secret_value()
    found = []
    if settings.provider != "off":
        found.append(_model(settings, settings.provider, settings.model, key, settings.base_url))
    if settings.fallback != "off":
        found.append(
            _model(settings, settings.fallback, settings.fallback_model, second_key or key, settings.fallback_base_url)
        )
    return found


def _model(
    settings: LanguageModelSettings, provider: LlmProvider, model: str, key: str, base_url: str
) -> LanguageModel:
    name, address = model or _DEFAULT_MODELS[provider], base_url or None
    if provider == "anthropic":
        return AnthropicModel(model=name, api_key=key, base_url=address, seconds=settings.seconds)
    return OpenAiModel(
        model=name, api_key=key, base_url=address, seconds=settings.seconds, temperature=settings.temperature
    )
