"""Clients that send messages over HTTP and note how long each took."""

import asyncio
import itertools
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import numpy as np

WARM_UP_SECONDS = 1.0

Answer = dict[str, Any]
Judge = Callable[[str, Answer], bool]
"""Whether the answer to this text is right."""


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


async def closed_loop(url: str, texts: Sequence[str], *, clients: int, seconds: float) -> Load:
    """``clients`` that each send the next message as soon as the last was answered, after a warm-up."""
    load, start = Load(seconds=seconds), time.perf_counter() + WARM_UP_SECONDS
    source = itertools.cycle(texts)

    async def client(session: aiohttp.ClientSession) -> None:
        while (begun := time.perf_counter()) < start + seconds:
            status, _ = await _ask(session, url, next(source))
            if begun >= start:
                load.statuses[status] += 1
                load.latencies.append(time.perf_counter() - begun)

    async with _session(clients) as session:
        await asyncio.gather(*(client(session) for _ in range(clients)))
    return load


async def open_loop(url: str, texts: Sequence[str], *, rate: float, seconds: float, judge: Judge) -> Load:
    """``rate`` messages a second, sent on time whether or not the earlier ones were answered."""
    load, start = Load(seconds=seconds), time.perf_counter()
    source = itertools.cycle(texts)

    async def one(session: aiohttp.ClientSession, text: str) -> None:
        begun = time.perf_counter()
        status, answer = await _ask(session, url, text)
        load.statuses[status] += 1
        if status == 200:  # noqa: PLR2004 - HTTP OK
            load.latencies.append(time.perf_counter() - begun)
            load.wrong += not judge(text, answer)

    async with _session(0) as session, asyncio.TaskGroup() as sent:
        for number in range(int(rate * seconds)):
            await asyncio.sleep(max(0.0, start + number / rate - time.perf_counter()))
            sent.create_task(one(session, next(source)))
    return load


def _session(connections: int) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=connections), timeout=aiohttp.ClientTimeout(total=60)
    )


async def _ask(session: aiohttp.ClientSession, url: str, text: str) -> tuple[int, Answer]:
    async with session.post(url, json={"text": text}) as response:
        return response.status, await response.json()
