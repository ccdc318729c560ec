"""What is done to the product: kills and stalls, drawn from a seed."""

from __future__ import annotations

import asyncio
import random
import signal
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from benchmarks.chaos.processes import Product, Served, say

_PAUSE = (1.5, 5.0)
_STALL = (1.0, 6.0)


@dataclass
class Trouble:
    """Draws one harm after another until cancelled; ``done`` counts them."""

    product: Product
    random: random.Random
    done: Counter[str] = field(default_factory=Counter)

    async def run(self) -> None:
        """Harm, pause, harm."""
        while True:
            await asyncio.sleep(self.random.uniform(*_PAUSE) / (2 if self.product.light else 1))
            name, harm = self._draw()
            self.done[name] += 1
            say(f"  {name}")
            await harm()

    def _draw(self) -> tuple[str, Callable[[], Awaitable[None]]]:
        weights = {"rasa": 2, "desk": 3, "database": 2} | ({} if self.product.light else {"intent": 2, "actions": 2})
        kind = self.random.choices(list(weights), list(weights.values()))[0]
        if kind == "database":
            return "data base: connections cut or writes held up", self._database
        victim = self.random.choice([one for one in self.product.served if one.name.startswith(kind)])
        if self.random.random() < 0.6:  # noqa: PLR2004 - more kills than stalls
            return f"{kind}: kill -9", lambda: self._kill(victim)
        return f"{kind}: stopped for a while", lambda: self._stall(victim)

    @staticmethod
    async def _kill(victim: Served) -> None:
        victim.signal(signal.SIGKILL)

    async def _stall(self, victim: Served) -> None:
        victim.signal(signal.SIGSTOP)
        await asyncio.sleep(self.random.uniform(*_STALL))
        victim.signal(signal.SIGCONT)

    async def _database(self) -> None:
        seconds = self.random.uniform(*_STALL)
        await asyncio.to_thread(_hold_up, self.product.desk_database, seconds)


def _hold_up(url: str, seconds: float) -> None:
    """SQLite: nobody can write for a while. PostgreSQL: every connection is cut in the middle of what it does."""
    engine = sa.create_engine(url, poolclass=sa.NullPool, connect_args=_patient(url))
    try:
        with engine.connect() as connection:
            if engine.dialect.name == "sqlite":
                connection.exec_driver_sql("BEGIN IMMEDIATE")
                connection.exec_driver_sql("SELECT 1")
                _sleep(seconds)
                connection.exec_driver_sql("ROLLBACK")
                return
            cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
            connection.execute(sa.text(f"{cut} AND pid <> pg_backend_pid()"))
    except sa.exc.OperationalError:
        return  # somebody else held it
    finally:
        engine.dispose()


def _patient(url: str) -> dict[str, Any]:
    return {"isolation_level": None, "timeout": 10} if url.startswith("sqlite") else {"autocommit": True}


def _sleep(seconds: float) -> None:
    import time  # noqa: PLC0415 - this thread may block

    time.sleep(seconds)
