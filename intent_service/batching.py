"""Dynamic batching: what arrives together is computed together, and a lone request waits for nobody.

One worker thread computes; while it does, whatever arrives queues up and makes the next batch. There is no
timer: an idle service starts the moment a text comes in.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from typing import Generic, TypeVar

from intent_service.errors import BackendFailed, Overloaded
from intent_service.metrics import Metrics

Result = TypeVar("Result")


class Batcher(Generic[Result]):
    """Collects texts of many requests into batches for one blocking function.

    Args:
        compute: Takes the texts of a batch and returns one result each; runs in ``executor``.
        executor: One thread, shared by the batchers of a process, so that forward passes do not compete.
        largest: Most texts in a batch.
        capacity: Most texts waiting; a request that does not fit is refused.
        name: Label of this batcher's metrics.
        metrics: Where batch sizes and queue lengths are counted.
    """

    def __init__(
        self,
        compute: Callable[[Sequence[str]], Sequence[Result]],
        *,
        executor: Executor,
        largest: int,
        capacity: int,
        name: str,
        metrics: Metrics,
    ) -> None:
        self._compute, self._executor = compute, executor
        self._largest, self._capacity = largest, capacity
        self._name, self._metrics = name, metrics
        self._waiting: deque[tuple[str, asyncio.Future[Result]]] = deque()
        self._running: asyncio.Task[None] | None = None
        self._seconds_a_text = 0.005

    async def submit(self, texts: Sequence[str]) -> list[Result]:
        """Results of these texts, in their order.

        Raises:
            Overloaded: the queue has no room for all of them.
            BackendFailed: the computation failed.
        """
        if len(self._waiting) + len(texts) > self._capacity:
            raise Overloaded(retry_after=max(1, round(len(self._waiting) * self._seconds_a_text)))
        loop = asyncio.get_running_loop()
        futures = [loop.create_future() for _ in texts]
        self._waiting.extend(zip(texts, futures, strict=True))
        self._metrics.queue_length.labels(self._name).set(len(self._waiting))
        if self._running is None:
            self._running = loop.create_task(self._run())
        try:
            return list(await asyncio.gather(*futures))
        finally:
            for future in futures:  # the caller went away: its texts are not computed
                future.cancel()

    async def _run(self) -> None:
        try:
            while self._waiting:
                await self._run_batch()
        finally:
            self._running = None

    async def _run_batch(self) -> None:
        batch: list[tuple[str, asyncio.Future[Result]]] = []
        while self._waiting and len(batch) < self._largest:
            text, future = self._waiting.popleft()
            if not future.done():
                batch.append((text, future))
        self._metrics.queue_length.labels(self._name).set(len(self._waiting))
        if not batch:
            return
        self._metrics.batch_size.labels(self._name).observe(len(batch))
        loop = asyncio.get_running_loop()
        started = loop.time()
        try:
            results = await loop.run_in_executor(self._executor, self._compute, [text for text, _ in batch])
        except Exception as error:  # noqa: BLE001 - every waiting caller is told, and the queue goes on
            self._fail([future for _, future in batch], error)
            return
        self._seconds_a_text = 0.8 * self._seconds_a_text + 0.2 * (loop.time() - started) / len(batch)
        for (_, future), result in zip(batch, results, strict=True):
            if not future.done():
                future.set_result(result)

    @staticmethod
    def _fail(futures: Sequence[asyncio.Future[Result]], cause: Exception) -> None:
        for future in futures:
            if not future.done():
                error = BackendFailed("The model could not read this message.")
                error.__cause__ = cause
                future.set_exception(error)
