"""Elasticsearch down, slow, closed or strange: the embedded copy answers, and the reason is told."""

import asyncio
import ssl
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from retrieval.adapters.breaker import CircuitBreaker
from retrieval.adapters.elasticsearch.connection import Address, translated
from retrieval.adapters.elasticsearch.store import ElasticsearchStore
from retrieval.adapters.embedded.index import EmbeddedIndex
from retrieval.adapters.embedded.store import EmbeddedStore
from retrieval.adapters.failover import CopyingStore, FailoverIndex
from retrieval.adapters.hashing_embedder import HashingEmbedder
from retrieval.content import build
from retrieval.errors import IndexUnavailable
from retrieval.evaluation.local_node import LocalNode
from retrieval.model import SearchFilters, SearchResult
from retrieval.settings import RetrievalSettings
from tests.retrieval.conftest import NOON
from tests.retrieval.elasticsearch_node import elasticsearch_reader, started_node
from tests.retrieval.knowledge_index_contract import HOURS, RETURNS, SOMEBODY

ALIAS = "frontdesk-knowledge"


class Clock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.time = 0.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def own_node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalNode]:
    """A node that this test may end."""
    with started_node(tmp_path_factory) as node:
        yield node


def answered_by(result: SearchResult) -> str:
    return "elasticsearch" if result.version.startswith(ALIAS) else "copy"


def counted(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


@pytest.mark.server
@pytest.mark.elasticsearch_node
@pytest.mark.slow
async def test_a_node_killed_in_the_middle_is_replaced_by_the_copy_until_it_is_back(
    own_node: LocalNode, index_dir: Path, embedder: HashingEmbedder
) -> None:
    address, clock = Address((own_node.url,)), Clock()
    writer = address.writer(timeout=20)
    store = CopyingStore(
        ElasticsearchStore(writer, alias=ALIAS, now=lambda: NOON), EmbeddedStore(index_dir, now=lambda: NOON)
    )
    with store.exclusive():
        store.publish((await build([HOURS, RETURNS], embedder)).content)
    writer.close()
    first = elasticsearch_reader(address, ALIAS, embedder, timeout=3.0)
    copy = EmbeddedIndex(index_dir, embedder=embedder, calibration=first._calibration, now=lambda: NOON)
    index = FailoverIndex(first, copy, breaker=CircuitBreaker(failures=2, pause=10.0, clock=clock))

    async def ask() -> SearchResult:
        result = await index.search("is the showroom open", filters=SOMEBODY)
        assert result.hits[0].entry_id == HOURS.entry_id
        return result

    healthy = await ask()
    assert answered_by(healthy) == "elasticsearch"

    own_node.freeze()  # alive and silent: the time-out must end the wait
    first._timeout = 0.2
    slow = await ask()
    own_node.thaw()
    assert answered_by(slow) == "copy"
    assert slow.hits[0].relevance == pytest.approx(healthy.hits[0].relevance, abs=1e-5)
    first._timeout = 3.0

    own_node.kill()
    refused = counted("retrieval_engine_failures_total", reason="connection")
    open_breaker = counted("retrieval_engine_failures_total", reason="breaker")
    with capture_logs() as logs:
        assert [answered_by(await ask()) for _ in range(4)] == ["copy"] * 4
    assert {log["event"] for log in logs if log["log_level"] == "warning"} == {"index.copy_answered"}
    assert counted("retrieval_engine_failures_total", reason="connection") == refused + 1  # with the slow one, two
    assert counted("retrieval_engine_failures_total", reason="breaker") == open_breaker + 3
    assert counted("retrieval_elasticsearch_up") == 0

    await asyncio.to_thread(own_node.start)
    clock.time = 11.0
    with capture_logs() as logs:
        assert answered_by(await ask()) == "elasticsearch"
    assert "index.recovered" in {log["event"] for log in logs}
    assert counted("retrieval_elasticsearch_up") == 1
    await index.close()


async def test_without_a_copy_the_error_is_typed_and_says_why(embedder: HashingEmbedder, tmp_path: Path) -> None:
    first = elasticsearch_reader(Address(("http://127.0.0.1:9",)), ALIAS, embedder)
    copy = EmbeddedIndex(tmp_path / "none", embedder=embedder, calibration=first._calibration, now=lambda: NOON)
    index = FailoverIndex(first, copy, breaker=CircuitBreaker(failures=2, pause=10.0, clock=Clock()))
    with pytest.raises(IndexUnavailable, match="cannot be reached"):
        await index.search("return", filters=SOMEBODY)
    with pytest.raises(IndexUnavailable):
        await index.get(RETURNS.entry_id, filters=SOMEBODY)
    with pytest.raises(IndexUnavailable, match="left alone"):
        await index.version()
    await index.close()


@asynccontextmanager
async def server(
    status: int, body: bytes, *, product: str = "Elasticsearch", tls: ssl.SSLContext | None = None
) -> AsyncIterator[int]:
    """An HTTP server that always answers the same; its port."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        head = f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nX-Elastic-Product: {product}\r\n"
        writer.write(f"{head}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0, ssl=tls) as listening:
        yield listening.sockets[0].getsockname()[1]


async def failure(address: Address, embedder: HashingEmbedder, *, patience: float = 20.0) -> IndexUnavailable:
    """How a search fails."""
    index = elasticsearch_reader(address, ALIAS, embedder, timeout=patience)
    try:
        with pytest.raises(IndexUnavailable) as caught:
            await index.search("return", filters=SOMEBODY)
    finally:
        await index.close()
    return caught.value


@pytest.mark.parametrize(
    ("status", "product", "reason", "words"),
    [
        (401, "Elasticsearch", "credentials", "RETRIEVAL_ELASTICSEARCH_API_KEY"),
        (403, "Elasticsearch", "rights", "view_index_metadata"),
        (500, "Elasticsearch", "answer", "500"),
        (200, "Something", "answer", "not Elasticsearch 8"),
    ],
)
async def test_a_refusal_names_the_setting_to_look_at(
    embedder: HashingEmbedder, status: int, product: str, reason: str, words: str
) -> None:
    body = b'{"error": {"type": "some_exception", "reason": "no"}, "status": 0}'
    async with server(status, body, product=product) as port:
        address = Address((f"http://127.0.0.1:{port}",), api_key="c2VjcmV0OmtleQ==")
        error = await failure(address, embedder)
        store = ElasticsearchStore(address.writer(timeout=20), alias=ALIAS, now=lambda: NOON)
        with pytest.raises(IndexUnavailable) as writing:
            await asyncio.to_thread(store.read)
        store.close()
    assert error.reason == writing.value.reason == reason
    assert words in str(error)
    assert "c2VjcmV0OmtleQ" not in str(error)


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that signed itself, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    names = ["-subj", "/CN=test", "-addext", "subjectAltName=IP:127.0.0.1"]
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "ca.pem")]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *names, *files]
    subprocess.run(command, check=True, capture_output=True)
    return folder / "ca.pem", folder / "key.pem"


async def test_an_unknown_certificate_is_refused_and_its_authority_accepted(
    embedder: HashingEmbedder, certificate: tuple[Path, Path]
) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(*certificate)
    async with server(401, b"{}", tls=tls) as port:
        urls = (f"https://127.0.0.1:{port}",)
        unknown = await failure(Address(urls), embedder)
        known = await failure(Address(urls, ca_file=certificate[0], user="u", password="p"), embedder)
    assert unknown.reason == "tls"
    assert "RETRIEVAL_ELASTICSEARCH_CA_FILE" in str(unknown)
    assert known.reason == "credentials"


async def test_a_silent_server_costs_no_more_than_the_time_out(embedder: HashingEmbedder) -> None:
    asked = asyncio.Event()

    async def silent(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.set()
        try:
            await _reader.read()
        finally:
            writer.close()

    async with await asyncio.start_server(silent, "127.0.0.1", 0) as listening:
        port = listening.sockets[0].getsockname()[1]
        error = await failure(Address((f"http://127.0.0.1:{port}",)), embedder, patience=0.1)
    assert asked.is_set()
    assert error.reason == "timeout"


def test_api_key_and_password_exclude_each_other() -> None:
    with pytest.raises(ValueError, match="exclude"):
        RetrievalSettings(elasticsearch_api_key="a", elasticsearch_user="b")  # type: ignore[arg-type]


@pytest.mark.parametrize("alias", ["Upper", "a*", "a,b", "", "-a", "_all"])
def test_an_alias_that_could_reach_other_indices_is_refused(alias: str) -> None:
    with pytest.raises(ValueError, match="elasticsearch_alias"):
        RetrievalSettings(elasticsearch_alias=alias)


class Failing:
    """An index or a store that is down."""

    def __getattr__(self, _name: str) -> Callable[..., Any]:
        def down(*_: object, **__: object) -> Any:
            raise IndexUnavailable("down", reason="connection")

        return down


async def test_a_copy_is_written_first_so_that_the_next_ingest_mends_what_was_interrupted(
    index: EmbeddedIndex, index_dir: Path, embedder: HashingEmbedder, now: SearchFilters
) -> None:
    store = CopyingStore(Failing(), EmbeddedStore(index_dir, now=lambda: NOON))
    content = (await build([HOURS, RETURNS], embedder)).content
    with pytest.raises(IndexUnavailable):
        store.publish(content)
    assert (await index.search("return window", filters=now)).hits[0].entry_id == RETURNS.entry_id


def test_the_clients_own_errors_do_not_get_out() -> None:
    from elastic_transport import TransportError  # noqa: PLC0415

    with pytest.raises(IndexUnavailable), translated():
        raise TransportError("x")
