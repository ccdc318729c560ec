"""Clients that send messages over HTTP and note how long each took."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import numpy as np

WARM_UP_SECONDS = 1.0

Answer = Any
"""A JSON value, sent or received."""

Judge = Callable[[Answer, Answer], bool]
"""Whether the answer to this body is right."""


def _any_answer(_: Answer, __: Answer) -> bool:
    return True


@dataclass
class Load:
    """What a stretch of load was like; times in seconds."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    wrong: int = 0

    @property
    def throughput(self) -> float:
        """Answered requests a second."""
        return len(self.latencies) / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        """Milliseconds that this share (0 to 100) of the answered requests stayed under."""
        return round(float(np.percentile(self.latencies, share)) * 1000, 2) if self.latencies else 0.0


async def closed_loop(
    url: str, bodies: Callable[[int], Iterable[Answer]], *, clients: int, seconds: float, judge: Judge = _any_answer
) -> Load:
    """``clients`` that each send their next body as soon as the last was answered, after a warm-up.

    Args:
        url: Where to post.
        bodies: The endless JSON bodies of the client with this number.
        clients: How many at once.
        seconds: How long, after the warm-up.
        judge: Whether an answer is right; wrong ones are counted.
    """
    load, start = Load(seconds=seconds), time.perf_counter() + WARM_UP_SECONDS

    async def client(session: aiohttp.ClientSession, number: int) -> None:
        for body in bodies(number):
            if (begun := time.perf_counter()) >= start + seconds:
                return
            status, answer = await _ask(session, url, body)
            if begun >= start:
                load.statuses[status] += 1
                load.latencies.append(time.perf_counter() - begun)
                load.wrong += not judge(body, answer)

    async with _session(clients) as session:
        await asyncio.gather(*(client(session, number) for number in range(clients)))
    return load


async def open_loop(url: str, bodies: Iterator[Answer], *, rate: float, seconds: float, judge: Judge) -> Load:
    """``rate`` bodies a second, sent on time whether or not the earlier ones were answered."""
    load, start = Load(seconds=seconds), time.perf_counter()

    async def one(session: aiohttp.ClientSession, body: Answer) -> None:
        begun = time.perf_counter()
        status, answer = await _ask(session, url, body)
        load.statuses[status] += 1
        if status == 200:  # noqa: PLR2004 - HTTP OK
            load.latencies.append(time.perf_counter() - begun)
            load.wrong += not judge(body, answer)

    async with _session(0) as session, asyncio.TaskGroup() as sent:
        for number in range(int(rate * seconds)):
            await asyncio.sleep(max(0.0, start + number / rate - time.perf_counter()))
            sent.create_task(one(session, next(bodies)))
    return load


def _session(connections: int) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=connections), timeout=aiohttp.ClientTimeout(total=60)
    )


async def _ask(session: aiohttp.ClientSession, url: str, body: Answer) -> tuple[int, Answer]:
    async with session.post(url, json=body) as response:
        return response.status, await response.json()
