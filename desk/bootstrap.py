"""Composition root: settings in, a ready-made application out."""

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from backoffice.settings import BackofficeSettings
from desk.adapters.accounts import BackofficeAccounts, NoAccounts
from desk.adapters.notifications import Notifications
from desk.adapters.rasa import RasaChannel
from desk.adapters.sql import work
from desk.adapters.sql.database import Database
from desk.adapters.sql.migrate import check
from desk.attachments.service import AttachmentDesk
from desk.company import Company, read_company
from desk.errors import StoreUnavailable
from desk.gateway.delivery import Patience
from desk.gateway.hub import Hub
from desk.gateway.identity import IdentityReader, read_public_keys
from desk.gateway.ports import Accounts, Dialogue
from desk.gateway.rest_door import RestParts, build_rest_door
from desk.gateway.routes import ApiParts, build_routes
from desk.gateway.service import DeskParts, Gateway, Windows
from desk.gateway.worker import Worker, WorkerParts
from desk.handoff.routes import build_internal_routes
from desk.handoff.service import HandoffDesk
from desk.metrics import Metrics, build_metrics
from desk.retention.service import Retention
from desk.sentences import Sentences
from desk.settings import DeskSettings
from desk.web.http_errors import install_error_handlers
from desk.web.limits import Limiter
from desk.web.request_head import RequestHead
from desk.web.site import build_operation, build_site

logger = structlog.get_logger()

VERSION = "1.0.0"
MAX_BODY_BYTES = 64_000
_TICK_SECONDS = 2.0
_RETENTION_SECONDS = 3600.0
_MULTIPART_OVERHEAD = 10_000


def utc_now() -> datetime:
    """The clock of the running product; tests inject their own."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Desk:
    """The room put together. ``close`` gives its connections back."""

    settings: DeskSettings
    database: Database
    hub: Hub
    metrics: Metrics
    company: Company
    sentences: Sentences
    dialogue: Dialogue
    accounts: Accounts
    worker: Worker
    gateway: Gateway
    handoffs: HandoffDesk
    files: AttachmentDesk
    retention: Retention
    windows: Windows
    now: Callable[[], datetime]
    origin: str

    async def close(self) -> None:
        """End what was opened here."""
        if isinstance(self.dialogue, RasaChannel):
            await self.dialogue.close()
        if isinstance(self.accounts, BackofficeAccounts):
            self.accounts.close()
        self.database.close()


def build_desk(
    settings: DeskSettings,
    *,
    dialogue: Dialogue | None = None,
    accounts: Accounts | None = None,
    now: Callable[[], datetime] = utc_now,
) -> Desk:
    """Everything behind the routes; connects on first use, migrates nothing."""
    origin = secrets.token_hex(8)
    database = Database(settings.database_url, timeout_seconds=settings.database_timeout_seconds, origin=origin)
    hub = Hub(per_conversation=settings.streams_per_conversation, overall=settings.streams_overall)
    metrics, sentences, company = build_metrics(), Sentences.read(settings.sentences), read_company(settings.company)
    dialogue = dialogue or build_dialogue(settings)
    worker = Worker(
        WorkerParts(
            database=database,
            dialogue=dialogue,
            listeners=hub,
            sentences=sentences,
            metrics=metrics,
            patience=Patience(
                timedelta(seconds=settings.tell_after_seconds), timedelta(seconds=settings.give_up_after_seconds)
            ),
            lease=timedelta(seconds=settings.lease_seconds),
            parallel=settings.parallel_turns,
            bot_name=company.bot_name,
            now=now,
        )
    )
    windows = Windows(
        token=timedelta(days=settings.retention_days),
        resumable=timedelta(hours=settings.resume_hours),
        queue=timedelta(minutes=settings.queue_minutes),
    )
    parts = DeskParts(
        database=database,
        hub=hub,
        sentences=sentences,
        hours=company.hours,
        metrics=metrics,
        windows=windows,
        wake=worker.wake,
        now=now,
    )
    files = AttachmentDesk(database, settings.attachments_dir, settings.attachments_per_conversation, now)
    retention = Retention(
        database=database,
        files=files,
        metrics=metrics,
        wake=worker.wake,
        now=now,
        kept=timedelta(days=settings.retention_days),
        kept_closed=timedelta(days=settings.retention_closed_days),
    )
    return Desk(
        settings=settings,
        database=database,
        hub=hub,
        metrics=metrics,
        company=company,
        sentences=sentences,
        dialogue=dialogue,
        accounts=accounts or NoAccounts(),
        worker=worker,
        gateway=Gateway(parts),
        handoffs=HandoffDesk(parts),
        files=files,
        retention=retention,
        windows=windows,
        now=now,
        origin=origin,
    )


def build_dialogue(settings: DeskSettings) -> RasaChannel:
    """Rasa's desk channel."""
    return RasaChannel(
        settings.addresses_of_rasa(),
        secret=settings.secret.get_secret_value(),
        timeout_seconds=settings.turn_timeout_seconds,
    )


def build_accounts() -> Accounts:
    """The back office named by its own settings."""
    return BackofficeAccounts(BackofficeSettings())


def build_app(desk: Desk) -> FastAPI:
    """The application; its lifespan runs the worker and the schedules."""
    settings = desk.settings

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        if desk.database.is_sqlite:  # one gateway only: whatever an earlier one had is free
            await desk.database.write(work.release_all)
        tasks = [asyncio.create_task(job) for job in _jobs(desk)]
        yield
        desk.hub.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await limiter.close()
        await desk.close()

    app = FastAPI(title="Frontdesk", version=VERSION, lifespan=lifespan, docs_url=None, redoc_url=None)
    limiter = _build_limiter(desk)
    _add_routes(app, desk, limiter)
    install_error_handlers(app, desk.metrics)
    if settings.origins():
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.origins(),
            allow_methods=["GET", "POST", "DELETE"],
            allow_headers=["authorization", "content-type", "last-event-id"],
            expose_headers=["retry-after"],
            max_age=600,
        )
    app.add_middleware(
        RequestHead,
        metrics=desk.metrics,
        max_bytes=MAX_BODY_BYTES,
        max_upload_bytes=settings.attachment_bytes + _MULTIPART_OVERHEAD,
    )
    return app


def _build_limiter(desk: Desk) -> Limiter:
    settings = desk.settings
    rules = {
        "requests": settings.requests_per_address,
        "conversations": settings.conversations_per_address,
        "messages": settings.messages_per_conversation,
        "overall": settings.messages_overall,
    }
    return Limiter(rules, redis_url=settings.redis_url, metrics=desk.metrics)


def _add_routes(app: FastAPI, desk: Desk, limiter: Limiter) -> None:
    settings = desk.settings
    identity = build_identity(settings)
    api = ApiParts(
        settings=settings,
        company=desk.company,
        gateway=desk.gateway,
        hub=desk.hub,
        files=desk.files,
        retention=desk.retention,
        identity=identity,
        accounts=desk.accounts,
        limiter=limiter,
        now=desk.now,
    )
    rest = RestParts(
        database=desk.database,
        gateway=desk.gateway,
        hub=desk.hub,
        limiter=limiter,
        sentences=desk.sentences,
        windows=desk.windows,
        token=settings.rest_token.get_secret_value(),
        open_without_token=settings.environment == "development",
        longest=settings.message_characters,
        waits=settings.turn_timeout_seconds,
        now=desk.now,
    )
    app.include_router(build_routes(api))
    app.include_router(build_rest_door(rest))
    app.include_router(
        build_internal_routes(desk.handoffs, desk.company.hours, desk.now, settings.secret.get_secret_value())
    )
    app.include_router(build_operation(desk.metrics, lambda: _problem(desk)))
    app.include_router(build_site(identity, now=desk.now, development=settings.environment == "development"))


def build_identity(settings: DeskSettings) -> IdentityReader:
    """The reader of the host site's tokens."""
    given = settings.identity_secrets.get_secret_value()
    return IdentityReader(
        secrets=[secret.strip() for secret in given.split(",") if secret.strip()],
        public_keys=read_public_keys(settings.identity_jwks),
        audience=settings.identity_audience,
    )


async def _problem(desk: Desk) -> str | None:
    try:
        await desk.database.read(check)
    except StoreUnavailable as error:
        return str(error)
    return None


def _jobs(desk: Desk) -> list[Any]:
    jobs = [desk.worker.run(), _tick(desk), _retention(desk)]
    if not desk.database.is_sqlite:
        url = desk.settings.database_url
        jobs.append(Notifications(url, database=desk.database, hub=desk.hub, origin=desk.origin).run())
    return jobs


async def _tick(desk: Desk) -> None:
    """Ends waits that were too long, and shows what waits."""
    while True:
        await asyncio.sleep(_TICK_SECONDS)
        with contextlib.suppress(StoreUnavailable):
            await desk.handoffs.end_waits()
            for what, count in (await desk.database.read(work.waiting_counts)).items():
                desk.metrics.waiting.labels(what).set(count)
        desk.metrics.streams.set(desk.hub.count)


async def _retention(desk: Desk) -> None:
    while True:
        with contextlib.suppress(StoreUnavailable):
            while await desk.retention.run_schedule():
                pass
        await asyncio.sleep(_RETENTION_SECONDS)
