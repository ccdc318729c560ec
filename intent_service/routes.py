"""The HTTP API: each route reads its input, asks one object, writes its output."""

import re
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import orjson
from fastapi import APIRouter, Header
from fastapi.responses import Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from intent_service.artefact import make_current
from intent_service.batching import Batcher
from intent_service.errors import EmptyInput, InvalidInput, NotAllowed
from intent_service.holder import Judged, ModelHolder
from intent_service.http_errors import ERROR_RESPONSES
from intent_service.metrics import Metrics
from intent_service.model import EMBEDDING_DIMENSIONS, EMBEDDING_MODEL
from intent_service.schemas import (
    ActivateAnswer,
    ActivateBody,
    ClassifyAnswer,
    ClassifyBody,
    EmbedAnswer,
    EmbedBody,
    ErrorAnswer,
    InfoAnswer,
    StatusAnswer,
)
from intent_service.settings import IntentServiceSettings

# half an emoji, cut by a careless client: no UTF-8 has it; one character for one keeps all offsets
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class Parts:
    """What the routes work with."""

    settings: IntentServiceSettings
    holder: ModelHolder
    classifier: Batcher[Judged]
    embedder: Batcher[list[float]]
    metrics: Metrics


def build_routes(parts: Parts) -> APIRouter:
    """All routes of the service."""
    router = APIRouter()
    _add_judging(router, parts)
    _add_operation(router, parts)
    return router


def _add_judging(router: APIRouter, parts: Parts) -> None:
    @router.post("/classify", response_model=ClassifyAnswer, responses=ERROR_RESPONSES)
    async def classify(body: ClassifyBody) -> Response:
        """Intent, scope, entities, segments, sentiment, urgency and language of each text."""
        started = time.perf_counter()
        texts = checked(_one_or_many(body), parts.settings)
        parts.holder.check_ready()
        judged = await parts.classifier.submit(texts)
        _count(judged, parts.metrics)
        elapsed = (time.perf_counter() - started) * 1000
        return _json(
            {
                "results": [one.result for one in judged],
                "model": judged[-1].version,
                "timings_ms": {"total": round(elapsed, 3)},
            }
        )

    @router.post("/embed", response_model=EmbedAnswer, responses=ERROR_RESPONSES)
    async def embed(body: EmbedBody) -> Response:
        """Unit vectors of the untouched sentence encoder."""
        texts = checked(body.texts, parts.settings)
        parts.holder.check_ready()
        vectors = await parts.embedder.submit(texts)
        return _json({"embeddings": vectors, "model": EMBEDDING_MODEL, "dimensions": EMBEDDING_DIMENSIONS})


def _add_operation(router: APIRouter, parts: Parts) -> None:
    settings = parts.settings

    @router.get("/health")
    async def health() -> StatusAnswer:
        """Alive."""
        return StatusAnswer(status="ok")

    @router.get("/ready", responses={503: {"model": ErrorAnswer}})
    async def ready() -> StatusAnswer:
        """Able to judge."""
        parts.holder.check_ready()
        return StatusAnswer(status="ready")

    @router.get("/info", responses={503: {"model": ErrorAnswer}})
    async def info() -> InfoAnswer:
        """The loaded model and the limits."""
        model = parts.holder.loaded.info
        return InfoAnswer(
            model=model.version,
            engine=model.engine,
            labels=list(model.labels),
            scope_threshold=model.scope_threshold,
            created=model.created,
            data_fingerprint=model.data_fingerprint,
            examples=model.examples,
            metrics=model.metrics,
            embedding_model=EMBEDDING_MODEL,
            limits={
                "texts": settings.max_texts,
                "characters": settings.max_characters,
                "queue_texts": settings.queue_texts,
            },
        )

    @router.get("/metrics", response_class=Response, include_in_schema=False)
    async def metrics() -> Response:
        return Response(generate_latest(parts.metrics.registry), media_type=CONTENT_TYPE_LATEST)

    @router.post("/models/activate", responses={401: {"model": ErrorAnswer}, 422: {"model": ErrorAnswer}})
    async def activate(body: ActivateBody, authorization: Annotated[str, Header()] = "") -> ActivateAnswer:
        """Load a version and make it current; requests that are running end with the version they began with."""
        _check_token(authorization, settings)
        before = parts.holder.loaded.info.version if parts.holder.ready else ""
        fresh = await parts.holder.activate(body.version)
        if settings.engine == "onnx":
            make_current(settings.models_dir, body.version)
        show_model(parts.metrics, fresh.info.version)
        return ActivateAnswer(model=fresh.info.version, previous=before)


def _one_or_many(body: ClassifyBody) -> list[str]:
    if (body.text is None) == (body.texts is None):
        raise InvalidInput("Send either text or texts.")
    return [body.text] if body.text is not None else body.texts or []


def checked(texts: Sequence[str], settings: IntentServiceSettings) -> Sequence[str]:
    """The texts, if they keep the limits.

    Raises:
        EmptyInput: no text at all, or an empty one.
        InvalidInput: too many texts, or one that is too long.
    """
    if not texts:
        raise EmptyInput("There is no text to work on.")
    if len(texts) > settings.max_texts:
        raise InvalidInput(f"At most {settings.max_texts} texts fit in one request; this one has {len(texts)}.")
    for place, text in enumerate(texts):
        if not text:
            raise EmptyInput(f"Text {place} is empty." if len(texts) > 1 else "The text is empty.")
        if len(text) > settings.max_characters:
            limit = settings.max_characters
            raise InvalidInput(f"A text may have at most {limit} characters; text {place} has {len(text)}.")
    return [_LONE_SURROGATE.sub("\ufffd", text) for text in texts]


def _check_token(authorization: str, settings: IntentServiceSettings) -> None:
    token = settings.admin_token.get_secret_value()
    given = authorization.removeprefix("Bearer ").encode()
    if not token or not secrets.compare_digest(given, token.encode()):
        raise NotAllowed("This needs the service's admin token.")


def _count(judged: Sequence[Judged], metrics: Metrics) -> None:
    for one in judged:
        metrics.decisions.labels(one.result["intent"]["name"]).inc()
        metrics.scope_score.observe(one.result["scope"]["score"])
        if one.result["scope"]["in_scope"]:
            metrics.confidence.observe(one.result["intent"]["confidence"])


def show_model(metrics: Metrics, version: str) -> None:
    """Say in the metrics which version is loaded."""
    metrics.model.clear()
    metrics.model.labels(version).set(1)


def _json(content: object) -> Response:
    return Response(orjson.dumps(content), media_type="application/json")
