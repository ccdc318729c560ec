"""The client of the embedding service: batches, time limits, typed errors, the breaker."""

import asyncio
from collections.abc import Callable

import httpx
import orjson
import pytest

from retrieval.adapters.breaker import CircuitBreaker
from retrieval.adapters.http_embedder import HttpEmbedder
from retrieval.errors import EmbedderRejected, EmbedderUnavailable

Handler = Callable[[httpx.Request], httpx.Response]


class Clock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.time = 0.0

    def __call__(self) -> float:
        return self.time


def embedder(handler: object, *, clock: Clock | None = None, batch_size: int = 64, attempts: int = 1) -> HttpEmbedder:
    return HttpEmbedder(
        httpx.AsyncClient(transport=httpx.MockTransport(handler), base_url="http://embedder"),  # type: ignore[arg-type]
        timeout=0.05,
        batch_size=batch_size,
        breaker=CircuitBreaker(failures=2, pause=10.0, clock=clock or Clock()),
        attempts=attempts,
        pause=0.0,
    )


def answering(*, model: str = "m") -> Handler:
    def handler(request: httpx.Request) -> httpx.Response:
        texts = orjson.loads(request.content)["texts"]
        return httpx.Response(200, json={"embeddings": [[1.0, 0.0] for _ in texts], "model": model})

    return handler


async def test_texts_go_in_batches_and_come_back_in_order() -> None:
    sizes: list[int] = []

    def handler(request: httpx.Request) -> httpx.Response:
        texts = orjson.loads(request.content)["texts"]
        sizes.append(len(texts))
        rows = [[1.0, 0.0] if text.startswith("a") else [0.0, 1.0] for text in texts]
        return httpx.Response(200, json={"embeddings": rows, "model": "m"})

    made = await embedder(handler, batch_size=2).embed(["a", "b", "a", "b", "b"])
    assert sizes == [2, 2, 1]
    assert made.vectors[:, 0].tolist() == [1.0, 0.0, 1.0, 0.0, 0.0]
    assert made.model == "m"


async def test_nothing_to_embed_asks_nobody() -> None:
    def handler(_request: httpx.Request) -> httpx.Response:
        raise AssertionError("asked")

    assert len((await embedder(handler).embed([])).vectors) == 0


async def test_a_slow_service_is_unavailable_after_the_time_limit() -> None:
    async def handler(_request: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError("never")

    with pytest.raises(EmbedderUnavailable, match="did not answer"):
        await embedder(handler).embed(["a"])


@pytest.mark.parametrize("status", [429, 500, 502, 503])
async def test_a_service_in_trouble_is_unavailable(status: int) -> None:
    with pytest.raises(EmbedderUnavailable, match=str(status)):
        await embedder(lambda _r: httpx.Response(status)).embed(["a"])


async def test_a_connection_refused_is_unavailable() -> None:
    def handler(_request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    with pytest.raises(EmbedderUnavailable):
        await embedder(handler).embed(["a"])


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[]",
        b"{}",
        b'{"embeddings": null, "model": "m"}',
        b'{"embeddings": [[1.0, 0.0]]}',
        b'{"embeddings": [["a", "b"]], "model": "m"}',
        b'{"embeddings": [[1.0], [0.0, 1.0]], "model": "m"}',
        b'{"embeddings": [[1.0, 0.0], [1.0, 0.0]], "model": "m"}',
        b'{"embeddings": [[3.0, 4.0]], "model": "m"}',
        b'{"embeddings": [1.0], "model": "m"}',
    ],
)
async def test_an_answer_that_is_not_embeddings_is_rejected(body: bytes) -> None:
    with pytest.raises(EmbedderRejected):
        await embedder(lambda _r: httpx.Response(200, content=body)).embed(["a"])


async def test_refused_texts_are_rejected_and_not_tried_again() -> None:
    calls: list[int] = []

    def handler(_request: httpx.Request) -> httpx.Response:
        calls.append(1)
        return httpx.Response(422)

    with pytest.raises(EmbedderRejected):
        await embedder(handler, attempts=3).embed(["a"])
    assert len(calls) == 1


async def test_a_patient_client_tries_again() -> None:
    answers = [httpx.Response(503), httpx.Response(200, json={"embeddings": [[1.0, 0.0]], "model": "m"})]
    made = await embedder(lambda _r: answers.pop(0), attempts=3).embed(["a"])
    assert len(made.vectors) == 1


async def test_after_failures_in_a_row_the_service_is_left_alone_then_tried_once() -> None:
    clock, calls = Clock(), []

    def handler(_request: httpx.Request) -> httpx.Response:
        calls.append(1)
        return httpx.Response(503)

    client = embedder(handler, clock=clock)
    for _ in range(5):
        with pytest.raises(EmbedderUnavailable):
            await client.embed(["a"])
    assert len(calls) == 2
    clock.time = 10.0
    for _ in range(3):
        with pytest.raises(EmbedderUnavailable):
            await client.embed(["a"])
    assert len(calls) == 3


async def test_a_service_that_is_back_is_used_again() -> None:
    clock, broken = Clock(), [True]
    healthy = answering()
    client = embedder(lambda r: httpx.Response(503) if broken[0] else healthy(r), clock=clock)
    for _ in range(2):
        with pytest.raises(EmbedderUnavailable):
            await client.embed(["a"])
    broken[0] = False
    clock.time = 11.0
    for _ in range(3):
        assert len((await client.embed(["a"])).vectors) == 1


async def test_a_model_that_changes_between_batches_is_not_mixed() -> None:
    models = ["old", "new"]

    def handler(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"embeddings": [[1.0, 0.0]], "model": models.pop(0)})

    with pytest.raises(EmbedderUnavailable, match="changed"):
        await embedder(handler, batch_size=1).embed(["a", "b"])
