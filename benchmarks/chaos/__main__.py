"""``make chaos``: N conversations while things break, then the count. Exit code 0 when nothing went wrong."""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from uuid import uuid4

import httpx
import sqlalchemy as sa

from benchmarks.chaos.count import judge, waiting
from benchmarks.chaos.customers import Customer
from benchmarks.chaos.processes import Product, say
from benchmarks.chaos.trouble import Trouble

ROOT = Path(__file__).resolve().parents[2]
_MUST_BE_ZERO = ("lost", "doubled", "out of order", "unanswered", "others'", "gaps")
_SETTLE_SECONDS = 150


def main() -> int:
    """Run it and tell what was found."""
    parser = argparse.ArgumentParser(prog="make chaos", description=__doc__)
    parser.add_argument("--conversations", type=int, default=200)
    parser.add_argument("--at-once", type=int, default=25, help="customers that write at the same time")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--postgresql", help="URL of a server; else SQLite")
    parser.add_argument("--light", action="store_true", help="a small server plays Rasa: needs no models, fits into CI")
    parser.add_argument("--pairs", action="store_true", help="two gateways and two Rasa processes (PostgreSQL only)")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # ended from outside, it still ends what it started
    folder = Path(tempfile.mkdtemp(prefix="chaos-"))
    created: list[str] = []
    try:
        product, tracker = _product(options, folder, created)
        found = asyncio.run(_run(product, options, tracker))
    finally:
        _drop(options.postgresql, created)
        if os.environ.get("CHAOS_KEEP") != "1":
            shutil.rmtree(folder, ignore_errors=True)
    wrong = {name: found[name] for name in _MUST_BE_ZERO if found[name]}
    for name, count in found.items():
        print(f"{name:16} {count}")
    print("nothing was lost, doubled, out of order, unanswered or told to others" if not wrong else f"WRONG: {wrong}")
    return 1 if wrong else 0


def _product(options: argparse.Namespace, folder: Path, created: list[str]) -> tuple[Product, str]:
    if not options.postgresql:
        tracker = {
            "RASA_TRACKER_DIALECT": "sqlite",
            "RASA_TRACKER_HOST": "",
            "RASA_TRACKER_DB": str(folder / "tracker.db"),
        }
        tracker |= {"RASA_TRACKER_USER": "", "RASA_TRACKER_PASSWORD": ""}
        product = Product(ROOT, folder, 1, 1, f"sqlite:///{folder / 'desk.db'}", tracker, light=options.light)
        return product, f"sqlite:///{folder / 'tracker.db'}"
    server = sa.make_url(options.postgresql)
    names = [f"chaos_{uuid4().hex[:8]}_{kind}" for kind in ("desk", "rasa")]
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for name in names:
            connection.execute(sa.text(f"CREATE DATABASE {name}"))
            created.append(name)
    engine.dispose()
    desk, rasa = (server.set(database=name).render_as_string(hide_password=False) for name in names)
    tracker = {
        "RASA_TRACKER_DIALECT": "postgresql",
        "RASA_TRACKER_HOST": server.host or "",
        "RASA_TRACKER_DB": names[1],
    }
    tracker |= {"RASA_TRACKER_USER": server.username or "", "RASA_TRACKER_PASSWORD": str(server.password or "")}
    many = 2 if options.pairs else 1
    if options.light:  # the small server keeps its turns in a file, and one of it is enough
        tracker = {"RASA_TRACKER_DB": str(folder / "tracker.db")}
        product = Product(ROOT, folder, many, 1, desk, tracker, light=True)
        return product, f"sqlite:///{folder / 'tracker.db'}"
    return Product(ROOT, folder, many, many, desk, tracker), rasa


async def _run(product: Product, options: argparse.Namespace, tracker: str) -> Counter[str]:
    draw = random.Random(options.seed)
    product.prepare()
    background: list[asyncio.Task[None]] = []
    try:
        await product.start()
        trouble = Trouble(product, random.Random(draw.random()))
        background = [asyncio.create_task(job) for job in (product.keep_alive(), trouble.run())]
        customers = [Customer(n, product.doors, random.Random(draw.random())) for n in range(options.conversations)]
        begun = time.monotonic()
        await _live(customers, options.at_once)
        background.pop().cancel()
        await _settle(product)
        found = judge(customers, product.desk_database, tracker)
        found["seconds"] = round(time.monotonic() - begun)
        found["impatient"] = sum(customer.impatient for customer in customers)
        return Counter({**found, **trouble.done})
    finally:
        for task in background:
            task.cancel()
        await asyncio.gather(*background, return_exceptions=True)
        product.end()


async def _live(customers: list[Customer], at_once: int) -> None:
    places = asyncio.Semaphore(at_once)
    done = 0
    async with httpx.AsyncClient(timeout=20, trust_env=False) as http:

        async def one(customer: Customer) -> None:
            nonlocal done
            async with places:
                await customer.live(http)
            done += 1
            if done % 10 == 0:
                say(f"  {done} of {len(customers)} conversations done")

        await asyncio.gather(*(one(customer) for customer in customers))


async def _settle(product: Product) -> None:
    """Everything runs again: what still waits must end by itself."""
    for one in product.served:
        one.signal(18)  # SIGCONT
    for _ in range(_SETTLE_SECONDS):
        if await asyncio.to_thread(waiting, product.desk_database) == 0:
            return
        await asyncio.sleep(1)


def _drop(server: str | None, names: list[str]) -> None:
    if server and names:
        engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for name in names:
                connection.execute(sa.text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        engine.dispose()


if __name__ == "__main__":
    sys.exit(main())
