"""Composition root: settings in, a ready-made application out."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from fastapi import FastAPI

from intent_service.adapters.dummy_engine import DummyEngine
from intent_service.artefact import current_version, version_folder
from intent_service.batching import Batcher
from intent_service.entities.extractor import EntityExtractor
from intent_service.entities.gazetteer import gazetteer_from_json
from intent_service.errors import ModelUnusable
from intent_service.holder import Loader, ModelHolder
from intent_service.http_errors import install_error_handlers
from intent_service.language import Identifier, LanguageDetector, load_identifier
from intent_service.metrics import build_metrics
from intent_service.nlu_data.model import Gazetteer
from intent_service.openapi import describe_limits
from intent_service.request_head import PIECE_FEATURES, RequestHead
from intent_service.request_scope import RequestScope
from intent_service.routes import Parts, build_routes, show_model
from intent_service.service import Understanding
from intent_service.settings import IntentServiceSettings
from intent_service.spelling import Spelling, dictionary

logger = structlog.get_logger()

DUMMY_PATTERNS = {"order_number": (r"\b10\d{3}\b",), "ticket_number": (r"\bT-\d{6}\b",)}

WARM_UP = "Hello! Can I move it to tomorrow at 3 pm? Call 085 555 0199 and refund the 10 euro"
"""Judged once before a model counts as loaded, so that no customer waits for libraries to wake up."""


def local_clock(settings: IntentServiceSettings) -> Callable[[], datetime]:
    """Local time in the configured zone."""
    zone = ZoneInfo(settings.timezone)
    return lambda: datetime.now(zone)


def build_loader(settings: IntentServiceSettings, now: Callable[[], datetime]) -> Loader:
    """How a version is loaded: with its engine, its words and the language identifier."""
    known: list[Identifier] = []

    def load(version: str | None) -> Understanding:
        with ThreadPoolExecutor(1) as beside:  # the identifier takes as long to load as the two encoders
            identifier = beside.submit(lambda: known[0] if known else load_identifier())
            if settings.engine == "dummy":
                understanding = dummy_understanding(settings, identifier.result(), now)
            else:
                chosen = version or current_version(settings.models_dir)
                understanding = load_understanding(settings, chosen, identifier.result, now)
            known[:] = [identifier.result()]
        understanding.classify([WARM_UP])
        return understanding

    return load


def load_understanding(
    settings: IntentServiceSettings, version: str, identifier: Callable[[], Identifier], now: Callable[[], datetime]
) -> Understanding:
    """A trained version with everything around it; ``identifier`` is asked last, it may still be loading.

    Raises:
        ModelUnusable: the version was refused.
    """
    from intent_service.adapters.onnx_engine import load_engine  # noqa: PLC0415 - the dummy needs no onnxruntime

    engine = load_engine(settings.models_dir, version, threads=settings.threads)
    folder = version_folder(settings.models_dir, version)
    kept, words = _read(folder / "entities.json"), _read(folder / "words.json")
    in_dictionary = dictionary(words["language"])
    return Understanding(
        engine,
        EntityExtractor(gazetteer_from_json(kept), is_word=engine.knows_word, region=settings.phone_region, now=now),
        LanguageDetector(identifier(), trained_words=words["words"], trained_language=words["language"]),
        requests=RequestHead(tuple(_read(folder / "requests.json")[name] for name in PIECE_FEATURES)),
        spelling=Spelling(
            words["words"],
            is_word=lambda word: engine.knows_word(word) or in_dictionary(word),
            numbers=words.get("numbers", ()),  # models of before have none
        ),
    )


def _read(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))


def dummy_understanding(
    settings: IntentServiceSettings, identifier: Identifier, now: Callable[[], datetime]
) -> Understanding:
    """The engine without weights, with the demo company's number patterns."""
    return Understanding(
        DummyEngine(),
        EntityExtractor(
            Gazetteer(patterns=DUMMY_PATTERNS), is_word=lambda _: True, region=settings.phone_region, now=now
        ),
        LanguageDetector(identifier, trained_words=(), trained_language="en"),
    )


def build_app(
    settings: IntentServiceSettings,
    *,
    now: Callable[[], datetime] | None = None,
    load: Loader | None = None,
    on_unusable: Callable[[str], None] = lambda _: None,
) -> FastAPI:
    """The application.

    Args:
        settings: Read once by the caller.
        now: Local time; the clock of ``settings.timezone`` by default.
        load: How models are loaded; from ``settings`` by default.
        on_unusable: Told the sentence when there is no usable model at start.
    """
    metrics = build_metrics()
    holder = ModelHolder(load or build_loader(settings, now or local_clock(settings)))
    worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="inference")
    limits = {"executor": worker, "largest": settings.max_batch, "metrics": metrics}
    capacity = max(settings.queue_texts, settings.max_texts)
    parts = Parts(
        settings=settings,
        holder=holder,
        classifier=Batcher(holder.classify, name="classify", capacity=capacity, **limits),  # type: ignore[arg-type]
        embedder=Batcher(holder.embed, name="embed", capacity=capacity, **limits),  # type: ignore[arg-type]
        metrics=metrics,
    )

    async def load_first() -> None:
        try:
            version = (await holder.activate(None)).info.version
        except ModelUnusable as error:
            logger.error("model.refused", reason=str(error))  # noqa: TRY400 - the sentence says it all
            on_unusable(str(error))
            return
        except Exception as error:
            logger.exception("model.not_loaded")
            on_unusable(f"The model could not be loaded ({type(error).__name__}); the log says more.")
            return
        show_model(metrics, version)
        logger.info("model.loaded", version=version)

    @asynccontextmanager
    async def lifespan(running: FastAPI) -> AsyncIterator[None]:
        running.state.first_load = asyncio.create_task(load_first())
        yield
        running.state.first_load.cancel()
        worker.shutdown(wait=False, cancel_futures=True)

    app = FastAPI(title="Frontdesk intent service", version="1", lifespan=lifespan, docs_url=None, redoc_url=None)
    router = build_routes(parts)
    app.include_router(router)
    describe_limits(app, settings)
    install_error_handlers(app, metrics)
    paths = frozenset(getattr(route, "path", "") for route in router.routes)
    # the longest body that keeps the limits, every character written as two escapes, and room for the keys
    max_bytes = settings.max_texts * (settings.max_characters * 12 + 16) + 4096
    app.add_middleware(RequestScope, metrics=metrics, routes=paths, max_bytes=max_bytes)
    return app
