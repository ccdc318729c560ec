"""Vectors from the intent service's ``POST /embed``."""

import asyncio
from collections.abc import Sequence

import httpx
import numpy as np
import orjson
from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_attempt, wait_exponential

from retrieval.adapters.breaker import CircuitBreaker
from retrieval.errors import EmbedderRejected, EmbedderUnavailable
from retrieval.ports import Embeddings, Vectors

_UNIT_LENGTH_TOLERANCE = 0.02
_SERVER_ERROR = 500
_BUSY = {408, 425, 429}


class HttpEmbedder:
    """Asks an HTTP service in batches; a breaker keeps a dead service from costing its timeout every time."""

    def __init__(
        self,
        client: httpx.AsyncClient,
        *,
        timeout: float,
        batch_size: int,
        breaker: CircuitBreaker,
        attempts: int = 1,
        pause: float = 0.5,
    ) -> None:
        """Use ``client``, whose base URL is the service.

        ``timeout`` in seconds covers one whole batch. A batch is tried ``attempts`` times in all, first again
        after ``pause`` seconds, then after twice as long each time: embedding changes nothing, so that is safe.
        """
        self._client = client
        self._timeout = timeout
        self._batch_size = batch_size
        self._breaker = breaker
        self._retrying = AsyncRetrying(
            retry=retry_if_exception_type(EmbedderUnavailable),
            stop=stop_after_attempt(attempts),
            wait=wait_exponential(multiplier=pause),
            reraise=True,
        )

    async def embed(self, texts: Sequence[str]) -> Embeddings:
        """Embed ``texts`` in order, batch after batch; see ``Embedder.embed`` for the errors."""
        batches = [texts[start : start + self._batch_size] for start in range(0, len(texts), self._batch_size)]
        made: list[Embeddings] = [await self._retrying(self._batch, list(batch)) for batch in batches]
        if not made:
            return Embeddings(np.zeros((0, 0), dtype=np.float32), "")
        if len({embeddings.model for embeddings in made}) > 1:
            raise EmbedderUnavailable("the embedding model changed between two batches")
        return Embeddings(np.concatenate([embeddings.vectors for embeddings in made]), made[0].model)

    async def close(self) -> None:
        """Close the HTTP client."""
        await self._client.aclose()

    async def _batch(self, texts: list[str]) -> Embeddings:
        if not self._breaker.allows():
            raise EmbedderUnavailable("the embedding service failed repeatedly and is left alone for a moment")
        try:
            async with asyncio.timeout(self._timeout):  # httpx's own limits count each read anew
                response = await self._client.post("/embed", json={"texts": texts}, timeout=self._timeout)
        except (httpx.HTTPError, TimeoutError) as error:
            self._breaker.failed()
            raise EmbedderUnavailable(f"the embedding service did not answer ({type(error).__name__})") from error
        if response.status_code >= _SERVER_ERROR or response.status_code in _BUSY:
            self._breaker.failed()
            raise EmbedderUnavailable(f"the embedding service answered {response.status_code}")
        self._breaker.succeeded()
        if response.status_code != httpx.codes.OK:
            raise EmbedderRejected(f"the embedding service refused the texts ({response.status_code})")
        return _parsed(response.content, len(texts))


def _parsed(body: bytes, expected: int) -> Embeddings:
    try:
        answer = orjson.loads(body)
        vectors: Vectors = np.asarray(answer["embeddings"], dtype=np.float32)
        model = str(answer["model"])
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError) as error:
        raise EmbedderRejected("the embedding service's answer is not embeddings") from error
    if vectors.ndim != 2 or len(vectors) != expected:  # noqa: PLR2004 - a matrix has two axes
        raise EmbedderRejected(f"{expected} texts were sent, vectors of shape {vectors.shape} came back")
    lengths = np.linalg.norm(vectors, axis=1)
    if not np.allclose(lengths, 1.0, atol=_UNIT_LENGTH_TOLERANCE):
        raise EmbedderRejected("the embedding service's vectors are not of unit length")
    return Embeddings(vectors, model)
