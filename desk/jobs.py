"""Schedules that go on whatever happens in one of their rounds."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from desk.errors import StoreUnavailable
from desk.metrics import Metrics

logger = structlog.get_logger()


async def forever(name: str, job: Callable[[], Awaitable[object]], metrics: Metrics, *, pause: float) -> None:
    """Do the job, again and again, until cancelled.

    Args:
        name: in the log and in ``desk_jobs_failed_total``.
        job: one round of it; a job that never ends by itself is begun anew when it crashed.
        metrics: where a round that failed is counted.
        pause: seconds between two rounds.
    """
    while True:
        try:
            await job()
        except StoreUnavailable as error:
            metrics.store_failures.inc()
            logger.error("job.store_failed", job=name, error=str(error))  # noqa: TRY400 - a known failure, counted
        except Exception:  # else the schedule ended for good, and nobody would know
            metrics.jobs_failed.labels(name).inc()
            logger.exception("job.crashed", job=name)
        await asyncio.sleep(pause)
