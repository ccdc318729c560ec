"""The configured language models, guarded and in order."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
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
_READERS: dict[LlmProvider, str] = {"openai": "gpt-4.1-mini", "anthropic": "claude-haiku-4-5"}
"""Who reads answers again where nobody else is named: small, and quick enough to be waited for."""
_MICROS = 1_000_000


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a model is asked: an empty ``model`` is the provider's usual one, an empty ``base_url`` itself."""

    provider: LlmProvider
    model: str
    key: str = field(repr=False)
    base_url: str = ""


def build_completions(settings: LanguageModelSettings, *, now: Callable[[], datetime]) -> FallbackModel:
    """The model, and the one behind it if there is one. Opens nothing by itself.

    Raises:
        ValueError: the price table cannot be read.
    """
    return _guarded(_models(settings), settings, now)


def build_reading(settings: LanguageModelSettings, *, now: Callable[[], datetime]) -> FallbackModel | None:
    """The models that read answers again, paid from the same budget; None where none does.

    A fallback's reader stands behind the first one's: while a provider is down, what the other wrote can be read.

    Raises:
        ValueError: the price table cannot be read.
    """
    readers = _readers(settings)
    return _guarded(readers, settings, now) if readers else None


def _readers(settings: LanguageModelSettings) -> list[LanguageModel]:
    if settings.provider == "off" or settings.reader_model == "off":
        return []
    found = []
    for number, place in enumerate(_places(settings)):
        if number == 0 and settings.reader_model != "auto":
            found.append(replace(place, model=settings.reader_model))
        elif not place.base_url:
            found.append(replace(place, model=_READERS[place.provider]))
    return [_model(settings, place) for place in found]


def _guarded(
    models: Sequence[LanguageModel], settings: LanguageModelSettings, now: Callable[[], datetime]
) -> FallbackModel:
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
            for model in models
        ]
    )


def _models(settings: LanguageModelSettings) -> list[LanguageModel]:
    return [_model(settings, place) for place in _places(settings)]


def _places(settings: LanguageModelSettings) -> list[_Place]:
    """The provider and the one behind it, as far as they are configured."""
    key, second_key = settings.key.get_secret_value(), settings.fallback_key.get_secret_value()
    found = []
    if settings.provider != "off":
        found.append(_Place(settings.provider, settings.model, key, settings.base_url))
    if settings.fallback != "off":
        found.append(_Place(settings.fallback, settings.fallback_model, second_key or key, settings.fallback_base_url))
    return found


def _model(settings: LanguageModelSettings, place: _Place) -> LanguageModel:
    name, address = place.model or _DEFAULT_MODELS[place.provider], place.base_url or None
    if place.provider == "anthropic":
        return AnthropicModel(model=name, api_key=place.key, base_url=address, seconds=settings.seconds)
    return OpenAiModel(
        model=name, api_key=place.key, base_url=address, seconds=settings.seconds, temperature=settings.temperature
    )
