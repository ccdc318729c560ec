"""The intent service over its engine without weights, in this process."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from intent_service.adapters.dummy_engine import DummyEngine
from intent_service.bootstrap import build_app, dummy_understanding
from intent_service.entities.extractor import EntityExtractor
from intent_service.language import LanguageDetector
from intent_service.nlu_data.model import Gazetteer
from intent_service.service import Understanding
from intent_service.settings import IntentServiceSettings

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)  # a Monday
TOKEN = "let-me-in"

GAZETTEER = Gazetteer(
    lookups={"product": ("wren headphones", "kettle", "filter"), "country": ("spain", "northern ireland")},
    synonyms={"product": {"wren headphones": "Wren headphones", "kettle": "Tarn kettle", "ketle": "Tarn kettle"}},
    patterns={"order_number": (r"\b10\d{3}\b",), "ticket_number": (r"\bT[-– ]?\d{6}\b",)},
)
REAL_WORDS = frozenset({"order", "a", "the", "stain", "chain", "please", "my", "is", "broken", "coffee", "filter"})


class EnglishAlways:
    """A language identifier that costs nothing to load."""

    def classify(self, text: str) -> tuple[str, float]:
        return ("en", 0.9) if text else ("en", 0.1)


@pytest.fixture
def settings() -> IntentServiceSettings:
    return IntentServiceSettings(engine="dummy", admin_token=TOKEN)


@pytest.fixture
def extractor() -> EntityExtractor:
    return EntityExtractor(GAZETTEER, is_word=REAL_WORDS.__contains__, region="IE", now=lambda: NOW)


@pytest.fixture
def understanding(extractor: EntityExtractor) -> Understanding:
    detector = LanguageDetector(EnglishAlways(), trained_words=(), trained_language="en")
    return Understanding(DummyEngine(), extractor, detector)


@pytest.fixture
def load(settings: IntentServiceSettings) -> Callable[[str | None], Understanding]:
    return lambda _: dummy_understanding(settings, EnglishAlways(), lambda: NOW)


@asynccontextmanager
async def running(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the app, once the app is ready."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://intents") as client,
        asyncio.timeout(20),
    ):
        await app.state.first_load
        yield client


@pytest.fixture
async def client(settings: IntentServiceSettings, load: Any) -> AsyncIterator[httpx.AsyncClient]:
    async with running(build_app(settings, load=load)) as ready:
        yield ready


@pytest.fixture
def run_app() -> Callable[[FastAPI], Any]:
    return running
