"""The composition root of the knowledge room: settings in, working objects out."""

import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
from threadpoolctl import threadpool_limits

from privacy.model import IN_DOCUMENTS
from retrieval.adapters.breaker import CircuitBreaker
from retrieval.adapters.elasticsearch.connection import Address
from retrieval.adapters.elasticsearch.index import ElasticsearchIndex
from retrieval.adapters.elasticsearch.store import ElasticsearchStore
from retrieval.adapters.embedded.generations import Generations
from retrieval.adapters.embedded.index import EmbeddedIndex
from retrieval.adapters.embedded.searcher import Searcher
from retrieval.adapters.embedded.snapshot import load, write
from retrieval.adapters.embedded.store import EmbeddedStore
from retrieval.adapters.failover import CopyingStore, FailoverIndex
from retrieval.adapters.http_embedder import HttpEmbedder
from retrieval.company import personal_data_from
from retrieval.documents.model import Limits
from retrieval.editing import Editor
from retrieval.errors import IndexMissing
from retrieval.gaps.record import GapRecord
from retrieval.history.publishing import Restore
from retrieval.history.store import History
from retrieval.ingest import Ingest
from retrieval.ports import Embedder, KnowledgeIndex, KnowledgeStore
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
        breaker=_breaker(settings),
    )


def build_index(settings: RetrievalSettings, *, embedder: Embedder | None = None) -> KnowledgeIndex:
    """The index for reading; close it when done."""
    one_thread()
    weights = calibration.load(settings.calibration)
    embedder = embedder or build_embedder(settings)
    embedded = EmbeddedIndex(settings.index_dir, embedder=embedder, calibration=weights, now=utc_now)
    if settings.backend == "embedded":
        return embedded
    first = ElasticsearchIndex(
        elasticsearch_address(settings).reader(timeout=settings.elasticsearch_timeout_seconds),
        alias=settings.elasticsearch_alias,
        embedder=embedder,
        calibration=weights,
        timeout=settings.elasticsearch_timeout_seconds,
        open_timeout=settings.elasticsearch_ingest_timeout_seconds,
    )
    return FailoverIndex(first, embedded, breaker=_breaker(settings))


def elasticsearch_address(settings: RetrievalSettings) -> Address:
    """Where Elasticsearch is, as the settings say."""
    return Address(
        urls=tuple(url.strip() for url in settings.elasticsearch_url.split(",") if url.strip()),
        api_key=settings.elasticsearch_api_key.get_secret_value(),
        user=settings.elasticsearch_user,
        password=settings.elasticsearch_password.get_secret_value(),
        ca_file=settings.elasticsearch_ca_file,
    )


def one_thread() -> None:
    """Hold the process's linear algebra to one thread: a search multiplies small matrices.

    On a busy machine the threads' waiting for each other made it fifteen times slower: p50 54 ms against 3.6 ms at
    3,000 passages.
    """
    threadpool_limits(limits=1, user_api="blas")


def open_searcher(settings: RetrievalSettings) -> Searcher:
    """The generation in force, for looking at it from the command line.

    Raises:
        IndexMissing: nothing was ingested yet.
    """
    if settings.backend == "elasticsearch":
        stored = _elasticsearch_store(settings).read()
        if stored is None:
            raise IndexMissing("no knowledge index in Elasticsearch: run `python -m retrieval ingest knowledge`")
        with tempfile.TemporaryDirectory() as folder:  # what is open stays readable when the folder goes
            write(Path(folder), stored.content)
            return Searcher(replace(load(Path(folder)), version=stored.version))
    return Searcher(load(Generations(settings.index_dir, now=utc_now).current()))


def build_store(settings: RetrievalSettings) -> KnowledgeStore:
    """The writing side of the configured index."""
    embedded = EmbeddedStore(settings.index_dir, now=utc_now)
    if settings.backend == "embedded":
        return embedded
    first = _elasticsearch_store(settings)
    return CopyingStore(first, embedded) if settings.elasticsearch_copy else first


def copy_to_disk(settings: RetrievalSettings) -> str:
    """Bring the embedded copy of this machine to what Elasticsearch holds; the copy's version.

    Raises:
        IndexMissing: nothing was ingested yet.
        IndexUnavailable: Elasticsearch does not answer.
    """
    stored = _elasticsearch_store(settings).read()
    if stored is None:
        raise IndexMissing("no knowledge index in Elasticsearch: run `python -m retrieval ingest knowledge`")
    embedded = EmbeddedStore(settings.index_dir, now=utc_now)
    with embedded.exclusive():
        return embedded.publish(stored.content)


def build_ingest(settings: RetrievalSettings, embedder: Embedder) -> Ingest:
    """The ingest into the configured index; the caller closes the embedder."""
    return Ingest(
        build_store(settings),
        embedder,
        zone=ZoneInfo(settings.time_zone),
        limits=limits_from(settings),
        screen=replace(personal_data_from(settings), kinds=IN_DOCUMENTS),
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


def build_editor(settings: RetrievalSettings, embedder: Embedder, *, now: Callable[[], datetime] = utc_now) -> Editor:
    """The way to save single entries; the caller closes the embedder."""
    return Editor(
        build_store(settings),
        embedder,
        build_history(settings),
        zone=ZoneInfo(settings.time_zone),
        screen=replace(personal_data_from(settings), kinds=IN_DOCUMENTS),
        now=now,
    )


def build_restore(settings: RetrievalSettings, embedder: Embedder) -> Restore:
    """The way back to earlier states; the caller closes the embedder."""
    return Restore(build_store(settings), embedder, build_history(settings))


def limits_from(settings: RetrievalSettings) -> Limits:
    """What one file may cost."""
    return Limits(
        text_bytes=settings.max_file_bytes,
        document_bytes=settings.max_document_bytes,
        unpacked_bytes=settings.max_unpacked_bytes,
        pages=settings.max_pages,
        seconds=settings.parse_seconds,
    )


def _elasticsearch_store(settings: RetrievalSettings) -> ElasticsearchStore:
    client = elasticsearch_address(settings).writer(timeout=settings.elasticsearch_ingest_timeout_seconds)
    return ElasticsearchStore(client, alias=settings.elasticsearch_alias, now=utc_now)


def _breaker(settings: RetrievalSettings) -> CircuitBreaker:
    return CircuitBreaker(
        failures=settings.breaker_failures, pause=settings.breaker_pause_seconds, clock=time.monotonic
    )
