"""``make bench-desk``: what the gateway costs over calling Rasa, open streams, fan-out, and taking messages."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import resource
import shutil
import signal
import statistics
import sys
import tempfile
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil

from benchmarks.chaos.processes import Product, Served

ROOT = Path(__file__).resolve().parents[1]
_PER_CONVERSATION = 4
_TURNS_EACH = 8


@dataclass
class Reader:
    """One open stream, read by hand so that two thousand of them cost this process little."""

    conversation_id: str
    seen: dict[str, float] = field(default_factory=dict)
    came: asyncio.Event = field(default_factory=asyncio.Event)

    async def read(self, port: int, token: str, opened: asyncio.Event) -> None:
        """Read until cancelled; note when each text came."""
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        path = f"/v1/conversations/{self.conversation_id}/events"
        writer.write(f"GET {path} HTTP/1.1\r\nHost: d\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
        try:
            while line := await reader.readline():
                if line.startswith(b"event: conversation"):
                    opened.set()
                elif line.startswith(b'data: {"position"'):
                    self.seen[json.loads(line[6:])["text"]] = time.perf_counter()
                    self.came.set()
        finally:
            writer.close()


def main() -> int:
    """Measure everything and print a table."""
    parser = argparse.ArgumentParser(prog="make bench-desk", description=__doc__)
    parser.add_argument("--streams", type=int, default=2000)
    parser.add_argument("--turns", type=int, default=160)
    parser.add_argument("--light", action="store_true", help="a small server plays Rasa: needs no models")
    options = parser.parse_args()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, 3 * options.streams)), hard))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # ended from outside, it still ends what it started
    folder = Path(tempfile.mkdtemp(prefix="bench-desk-"))
    tracker = {"RASA_TRACKER_DIALECT": "sqlite", "RASA_TRACKER_HOST": "", "RASA_TRACKER_DB": str(folder / "tracker.db")}
    os.environ["SCRIPTED_RASA_THINKS"] = "0.02"  # always the same, so that what is measured is the gateway
    product = Product(ROOT, folder, 1, 1, f"sqlite:///{folder / 'desk.db'}", tracker, light=options.light)

    try:
        product.prepare()
        asyncio.run(_measure(product, options))
    finally:
        product.end()
        shutil.rmtree(folder, ignore_errors=True)
    return 0


async def _measure(product: Product, options: argparse.Namespace) -> None:
    await product.start()
    async with httpx.AsyncClient(timeout=60, trust_env=False) as http:
        await _cost(product, http, options.turns)
        await _streams(product, http, options.streams)
        await _taking(product, http)


async def _cost(product: Product, http: httpx.AsyncClient, turns: int) -> None:
    """The same words once through the gateway and once straight to Rasa's channel, by turns."""
    direct, through = [], []
    for n in range(turns // _TURNS_EACH):
        conversation_id, token = await _begin(product, http)
        reader, opened = Reader(conversation_id), asyncio.Event()
        reading = asyncio.create_task(reader.read(product.desk_ports[0], token, opened))
        await opened.wait()
        for turn in range(_TURNS_EACH):
            straight = await _straight(product, http, f"bench-{n}", str(uuid.uuid4()))
            gateway = await _through(product, http, reader, token)
            if turn:  # the first of a conversation also makes its tracker
                direct.append(straight)
                through.append(gateway)
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
    cost = [one - other for one, other in zip(through, direct, strict=True)]
    _tell("straight to Rasa, median", f"{statistics.median(direct):.1f} ms")
    _tell("through the gateway, median", f"{statistics.median(through):.1f} ms")
    _tell("cost of the gateway, median of pairs", f"{statistics.median(cost):.1f} ms (aim: 5 ms)")


async def _straight(product: Product, http: httpx.AsyncClient, conversation_id: str, message_id: str) -> float:
    url = f"http://127.0.0.1:{product.rasa_ports[0]}/webhooks/desk/turn"
    body = {"conversation_id": conversation_id, "message_id": message_id, "text": "hello"}
    begun = time.perf_counter()
    answer = await http.post(url, json=body, headers={"x-frontdesk-secret": product.env["DESK_SECRET"]})
    answer.raise_for_status()
    return (time.perf_counter() - begun) * 1000


async def _through(product: Product, http: httpx.AsyncClient, reader: Reader, token: str) -> float:
    """From sending to the answer's arrival at the stream."""
    reader.seen.clear()
    begun = time.perf_counter()
    await _say(product, http, reader.conversation_id, token, "hello")
    while len(reader.seen) < 2:  # noqa: PLR2004 - one's own words and the answer
        reader.came.clear()
        await reader.came.wait()  # asleep: a busy loop would take one of two cores from what is measured
    return (max(reader.seen.values()) - begun) * 1000


async def _streams(product: Product, http: httpx.AsyncClient, count: int) -> None:
    """Memory of open streams at rest, then one message to everybody."""
    gateway = _gateway(product)
    opened = [await _begin(product, http) for _ in range(count // _PER_CONVERSATION)]
    before = _memory(gateway)
    readers, tasks, events = [], [], []
    for conversation_id, token in opened:
        for _ in range(_PER_CONVERSATION):
            reader, event = Reader(conversation_id), asyncio.Event()
            tasks.append(asyncio.create_task(reader.read(product.desk_ports[0], token, event)))
            readers.append(reader)
            events.append(event)
        await asyncio.gather(*(event.wait() for event in events[-_PER_CONVERSATION:]))
    await asyncio.sleep(1)
    _tell(
        f"{len(readers)} open streams, memory each",
        f"{(_memory(gateway) - before) / len(readers) / 1024:.1f} KB (aim: 30 KB)",
    )
    delays = await _to_all(product, http, opened, readers)
    _tell("a person's words to a listener, median", f"{statistics.median(delays):.1f} ms")
    _tell("a person's words to a listener, p99", f"{statistics.quantiles(delays, n=100)[98]:.1f} ms")
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _to_all(
    product: Product, http: httpx.AsyncClient, opened: list[tuple[str, str]], readers: list[Reader]
) -> list[float]:
    sent: dict[str, float] = {}
    for conversation_id, _ in opened:
        sent[conversation_id] = time.perf_counter()
        body = {"agent_id": "a", "agent_name": "Niamh", "text": "to all", "client_id": conversation_id}
        url = f"{product.doors[0]}/internal/agent/{conversation_id}/reply"
        answer = await http.post(url, json=body, headers={"x-frontdesk-secret": product.env["DESK_SECRET"]})
        answer.raise_for_status()
    async with asyncio.timeout(30):
        while not all("to all" in reader.seen for reader in readers):  # noqa: ASYNC110 - filled by the readers
            await asyncio.sleep(0.05)
    return [(reader.seen["to all"] - sent[reader.conversation_id]) * 1000 for reader in readers]


async def _taking(product: Product, http: httpx.AsyncClient) -> None:
    """How many messages a second are taken while Rasa does not move at all."""
    rasa = next(one for one in product.served if one.name.startswith("rasa"))
    rasa.signal(signal.SIGSTOP)
    talks = [await _begin(product, http) for _ in range(40)]
    until, taken = time.perf_counter() + 5, 0

    async def write(conversation_id: str, token: str) -> None:
        nonlocal taken
        while time.perf_counter() < until:
            await _say(product, http, conversation_id, token, "are you there?")
            taken += 1

    begun = time.perf_counter()
    await asyncio.gather(*(write(*talk) for talk in talks))
    rasa.signal(signal.SIGCONT)
    _tell("messages taken a second while Rasa stands still", f"{taken / (time.perf_counter() - begun):.0f}")


async def _begin(product: Product, http: httpx.AsyncClient) -> tuple[str, str]:
    told: dict[str, Any] = (await http.post(f"{product.doors[0]}/v1/conversations", json={})).json()
    return told["conversation"]["id"], told["token"]


async def _say(product: Product, http: httpx.AsyncClient, conversation_id: str, token: str, words: str) -> None:
    body = {"client_id": str(uuid.uuid4()), "text": words}
    url = f"{product.doors[0]}/v1/conversations/{conversation_id}/messages"
    (await http.post(url, json=body, headers={"authorization": f"Bearer {token}"})).raise_for_status()


def _gateway(product: Product) -> Served:
    return next(one for one in product.served if one.name.startswith("desk"))


def _memory(served: Served) -> int:
    assert served.process is not None  # noqa: S101 - it was started above
    return int(psutil.Process(served.process.pid).memory_info().rss)


def _tell(what: str, figure: str) -> None:
    print(f"{what:50} {figure}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
