"""Composition root: settings in, a ready-made application out."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import structlog
from fastapi import FastAPI
from sqlalchemy import Connection
from starlette.middleware.cors import CORSMiddleware

from backoffice.settings import BackofficeSettings
from desk.accounts.service import AccountDesk
from desk.adapters.accounts import BackofficeAccounts, NoAccounts
from desk.adapters.answering import ActionServer
from desk.adapters.customers import BackofficeCustomers
from desk.adapters.notifications import Notifications
from desk.adapters.rasa import RasaChannel
from desk.adapters.sql import silence, work
from desk.adapters.sql.database import Database
from desk.analytics.bootstrap import build_numbers_room
from desk.attachments.service import AttachmentDesk
from desk.company import read_company
from desk.console import Staffing, build_console, build_staffing
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
from desk.inbox.assignment import Assignment
from desk.inbox.feed import ConsoleFeed
from desk.inbox.help_ports import Answering, NoAnswering
from desk.inbox.help_routes import build_internal_questions
from desk.inbox.ports import Customers, NoCustomers
from desk.inbox.presence import Presence
from desk.inbox.questions import Questions
from desk.inbox.service import InboxDesk, InboxParts
from desk.jobs import forever
from desk.knowledge_admin.bootstrap import build_knowledge_room
from desk.metrics import build_metrics
from desk.readiness import Readiness
from desk.retention.service import Retention
from desk.reviews.bootstrap import build_reviews
from desk.room import Desk
from desk.sentences import Sentences
from desk.settings import DeskSettings
from desk.web.console import build_console_page
from desk.web.http_errors import install_error_handlers
from desk.web.limits import Limiter
from desk.web.request_head import RequestHead
from desk.web.site import build_operation, build_site

logger = structlog.get_logger()

VERSION = "1.0.0"
MAX_BODY_BYTES = 64_000
_TICK_SECONDS = 2.0
_MISSED_ROUNDS = timedelta(seconds=15)
_RETENTION_SECONDS = 3600.0
_MULTIPART_OVERHEAD = 10_000


def utc_now() -> datetime:
    """The clock of the running product; tests inject their own."""
    return datetime.now(UTC)


def build_desk(
    settings: DeskSettings,
    *,
    dialogue: Dialogue | None = None,
    accounts: Accounts | None = None,
    customers: Customers | None = None,
    answering: Answering | None = None,
    now: Callable[[], datetime] = utc_now,
) -> Desk:
    """Everything behind the routes; connects on first use, migrates nothing."""
    origin = secrets.token_hex(8)
    database = Database(settings.database_url, timeout_seconds=settings.database_timeout_seconds, origin=origin)
    hub = Hub(per_conversation=settings.streams_per_conversation, overall=settings.streams_overall)
    metrics, sentences, company = build_metrics(), Sentences.read(settings.sentences), read_company(settings.company)
    dialogue, customers = dialogue or build_dialogue(settings), customers or NoCustomers()
    answering = answering or build_answering(settings)
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
        turns=worker,
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
    inbox = InboxDesk(
        InboxParts(
            desk=parts,
            customers=customers,
            presence=Presence(now),
            grace=timedelta(seconds=settings.agent_grace_seconds),
            company=company.name,
        )
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
        reviews=build_reviews(settings, database=database, dialogue=dialogue, metrics=metrics, now=now),
        knowledge=build_knowledge_room(database, now=now),
        numbers=build_numbers_room(database, zone=company.hours.zone, now=now),
        windows=windows,
        customers=customers,
        inbox=inbox,
        feed=ConsoleFeed(inbox, hub),
        questions=Questions(parts, inbox, answering),
        assignment=Assignment(parts, inbox),
        answering=answering,
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


def build_answering(settings: DeskSettings) -> Answering:
    """The action server's side for staff, where one is named."""
    if not settings.actions_url:
        return NoAnswering()
    return ActionServer(settings.actions_url, secret=settings.actions_secret.get_secret_value())


def build_neighbours() -> tuple[Accounts, Customers]:
    """The back office named by its own settings, as the gateway and as the inbox need it."""
    accounts = BackofficeAccounts(BackofficeSettings())
    return accounts, BackofficeCustomers(accounts.backoffice)


def build_app(desk: Desk) -> FastAPI:
    """The application; its lifespan runs the worker and the schedules."""
    settings = desk.settings

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        if desk.database.is_sqlite:  # one gateway only: whatever an earlier one had is free
            await desk.database.write(work.release_all)
        tasks = [asyncio.create_task(job) for job in _jobs(desk, staffing.accounts)]
        yield
        desk.hub.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await limiter.close()
        await desk.close()

    app = FastAPI(title="Frontdesk", version=VERSION, lifespan=lifespan, docs_url=None, redoc_url=None)
    limiter = build_limiter(desk)
    staffing = build_staffing(desk, limiter)
    _add_routes(app, desk, limiter, staffing)
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


def build_limiter(desk: Desk) -> Limiter:
    """The limits of this process."""
    settings = desk.settings
    rules = {
        "requests": settings.requests_per_address,
        "conversations": settings.conversations_per_address,
        "messages": settings.messages_per_conversation,
        "overall": settings.messages_overall,
        "sign_in_address": settings.sign_ins_per_address,
        "sign_in_account": settings.sign_ins_per_account,
        "sign_in_account_overall": settings.sign_ins_per_account_overall,
    }
    return Limiter(rules, redis_url=settings.redis_url, metrics=desk.metrics)


def _add_routes(app: FastAPI, desk: Desk, limiter: Limiter, staffing: Staffing) -> None:
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
    app.include_router(build_internal_questions(desk.questions, settings.secret.get_secret_value()))
    app.include_router(build_console(desk, staffing, limiter))
    app.include_router(build_operation(desk.metrics, Readiness(desk.database).problem))
    app.include_router(build_site(identity, now=desk.now, development=settings.environment == "development"))
    app.include_router(build_console_page())


def build_identity(settings: DeskSettings) -> IdentityReader:
    """The reader of the host site's tokens."""
    given = settings.identity_secrets.get_secret_value()
    return IdentityReader(
        secrets=[secret.strip() for secret in given.split(",") if secret.strip()],
        public_keys=read_public_keys(settings.identity_jwks),
        audience=settings.identity_audience,
    )


def _jobs(desk: Desk, accounts: AccountDesk) -> list[Any]:
    """What runs beside the requests, each by itself: one that fails holds no other one up."""
    jobs: list[tuple[str, Callable[[], Awaitable[object]], float]] = [
        ("worker", desk.worker.run, _TICK_SECONDS),
        ("numbers", desk.numbers.run, _TICK_SECONDS),
        ("retention", partial(_retention, desk), _RETENTION_SECONDS),
        ("files", desk.retention.sweep, _RETENTION_SECONDS),
        ("accounts", accounts.tidy, _RETENTION_SECONDS),
    ]
    ticking: dict[str, Callable[[], Awaitable[object]]] = {
        "silence": desk.worker.break_silence,
        "waits": desk.handoffs.end_waits,
        "snoozes": desk.inbox.end_snoozes,
        "left_alone": _left_alone(desk),
        "assignment": desk.assignment.run,
        "waiting": partial(_show_what_waits, desk),
    }
    jobs += [(name, partial(_after_a_tick, work_of), 0.0) for name, work_of in ticking.items()]
    if desk.reviews.reader is not None:
        jobs.append(("reviews", desk.reviews.reader.run, _TICK_SECONDS))
    if not desk.database.is_sqlite:
        heard = Notifications(desk.settings.database_url, database=desk.database, hub=desk.hub, origin=desk.origin)
        jobs.append(("notifications", heard.run, _TICK_SECONDS))
    return [forever(name, job, desk.metrics, pause=pause) for name, job, pause in jobs]


async def _after_a_tick(job: Callable[[], Awaitable[object]]) -> None:
    await asyncio.sleep(_TICK_SECONDS)
    await job()


def _left_alone(desk: Desk) -> Callable[[], Awaitable[None]]:
    """Agents whose console gave no sign, once all consoles could have come back.

    While the gateway or its data base was away, or the machine slept, none could give one.
    """
    grace = timedelta(seconds=desk.settings.agent_grace_seconds)
    last_round, begins = desk.now(), desk.now() + grace

    async def release() -> None:
        nonlocal last_round, begins
        now = desk.now()
        if now - last_round > _MISSED_ROUNDS:
            begins = now + grace
        await desk.database.read(_answers)  # a round that the data base does not answer is a missed one
        if now >= begins:
            await desk.inbox.release_left_alone()
        last_round = now

    return release


def _answers(connection: Connection) -> None:
    connection.exec_driver_sql("SELECT 1")


async def _show_what_waits(desk: Desk) -> None:
    desk.metrics.streams.set(desk.hub.count)
    for what, count in (await desk.database.read(work.waiting_counts)).items():
        desk.metrics.waiting.labels(what).set(count)
    since = await desk.database.read(silence.oldest_waiting)
    desk.metrics.oldest_waiting.set((desk.now() - since).total_seconds() if since else 0)


async def _retention(desk: Desk) -> None:
    while await desk.retention.run_schedule():
        pass
