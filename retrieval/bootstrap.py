"""The composition root of the knowledge room: settings in, working objects out."""

import time
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import httpx
from threadpoolctl import threadpool_limits

from retrieval.adapters.breaker import CircuitBreaker
from retrieval.adapters.embedded.generations import Generations
from retrieval.adapters.embedded.index import EmbeddedIndex
from retrieval.adapters.embedded.searcher import Searcher
from retrieval.adapters.embedded.snapshot import load
from retrieval.adapters.embedded.store import EmbeddedStore
from retrieval.adapters.http_embedder import HttpEmbedder
from retrieval.documents.model import Limits
from retrieval.gaps.record import GapRecord
from retrieval.history.publishing import Restore
from retrieval.history.store import History
from retrieval.ingest import Ingest
from retrieval.personal_data import PersonalData
from retrieval.ports import Embedder, KnowledgeIndex
from retrieval.relevance import calibration
from retrieval.settings import RetrievalSettings


def utc_now() -> datetime:
    """The time of the machine, aware UTC."""
    return datetime.now(UTC)


_INGEST_ATTEMPTS = 4


_PATIENT_SEARCH_SECONDS = 5.0


def build_embedder(settings: RetrievalSettings, *, for_ingest: bool = False, patient: bool = False) -> HttpEmbedder:
    """A client of the embedding service.

    Quick to give up for a customer's search, ``patient`` for a person at the command line, and both patient
    and persistent ``for_ingest``.
    """
    timeout = _PATIENT_SEARCH_SECONDS if patient else settings.embed_timeout_seconds
    return HttpEmbedder(
        httpx.AsyncClient(base_url=settings.embedder_url, trust_env=False),
        timeout=settings.embed_ingest_timeout_seconds if for_ingest else timeout,
        attempts=_INGEST_ATTEMPTS if for_ingest else 1,
        batch_size=settings.embed_batch_size,
        breaker=CircuitBreaker(
            failures=settings.breaker_failures, pause=settings.breaker_pause_seconds, clock=time.monotonic
        ),
    )


def build_index(settings: RetrievalSettings, *, embedder: Embedder | None = None) -> KnowledgeIndex:
    """The index for reading; close it when done.

    Holds the process's linear algebra to one thread: a search multiplies small matrices, and on a busy machine the
    threads' waiting for each other made it fifteen times slower (p50 54 ms against 3.6 ms at 3,000 passages).
    """
    threadpool_limits(limits=1, user_api="blas")
    return EmbeddedIndex(
        settings.index_dir,
        embedder=embedder or build_embedder(settings),
        calibration=calibration.load(settings.calibration),
        now=utc_now,
    )


def open_searcher(settings: RetrievalSettings) -> Searcher:
    """The generation in force, for looking at it from the command line.

    Raises:
        IndexMissing: nothing was ingested yet.
    """
    return Searcher(load(Generations(settings.index_dir, now=utc_now).current()))


def build_ingest(settings: RetrievalSettings, embedder: Embedder) -> Ingest:
    """The ingest into the configured index; the caller closes the embedder."""
    return Ingest(
        EmbeddedStore(settings.index_dir, now=utc_now),
        embedder,
        zone=ZoneInfo(settings.time_zone),
        limits=limits_from(settings),
        screen=personal_data_from(settings),
        history=build_history(settings),
    )


def build_gap_record(settings: RetrievalSettings) -> GapRecord:
    """The questions that found nothing."""
    return GapRecord(
        settings.gaps, personal_data_from(settings), days=settings.gaps_days, most=settings.gaps_most, now=utc_now
    )


def build_history(settings: RetrievalSettings) -> History:
    """The record of changes."""
    index = settings.index_dir
    return History(settings.history or index.with_name(f"{index.name}-history.db"), now=utc_now)


def build_restore(settings: RetrievalSettings, embedder: Embedder) -> Restore:
    """The way back to earlier states; the caller closes the embedder."""
    return Restore(EmbeddedStore(settings.index_dir, now=utc_now), embedder, build_history(settings))


def personal_data_from(settings: RetrievalSettings) -> PersonalData:
    """What is personal data to this company, and what is its own."""
    domains = (domain.strip().lower() for domain in settings.company_domains.split(","))
    numbers = ("+" + "".join(filter(str.isdigit, number)) for number in settings.company_phones.split(","))
    return PersonalData(frozenset(filter(None, domains)), frozenset(numbers), settings.phone_region)


def limits_from(settings: RetrievalSettings) -> Limits:
    """What one file may cost."""
    return Limits(
        text_bytes=settings.max_file_bytes,
        document_bytes=settings.max_document_bytes,
        unpacked_bytes=settings.max_unpacked_bytes,
        pages=settings.max_pages,
        seconds=settings.parse_seconds,
    )
