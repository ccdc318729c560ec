"""``make bench-console``: open consoles, customers who write, and how long until every list shows it.

The gateway runs in this process with a data base of its own; consoles are its event streams as ASGI calls, so that no
network and no second process is in the figures. CPU time and SQL statements are this process's.
"""

import argparse
import asyncio
import logging
import statistics
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import structlog
from fastapi import FastAPI, Request
from pydantic import SecretStr
from sqlalchemy import event

from desk.accounts.guard import Demand
from desk.accounts.model import Permission, Role, Staff
from desk.adapters.sql.migrate import migrate
from desk.bootstrap import build_app, build_desk
from desk.console import build_inbox
from desk.gateway.model import Incoming, NewConversation
from desk.room import Desk
from desk.settings import DeskSettings

_PATH = "/bench/events"
_PAUSE_SECONDS = 0.4  # longer than summaries are held together: each message is read for alone
_LONGEST_SECONDS = 20.0


class _Everybody:
    """A guard that believes a header; an audit that keeps nothing; colleagues without teams."""

    def demand(self, *permissions: Permission, **_: bool) -> Demand:
        async def admitted(request: Request) -> Staff:
            name = request.headers.get("x-staff", "")
            return Staff(name, name, f"{name}@bench.example", frozenset({Role.AGENT}), name)

        del permissions
        return admitted

    async def still_in(self, request: Request, *permissions: Permission) -> bool:
        del request, permissions
        return True

    async def record(self, staff: Staff, action: str, subject: str = "", **details: str | int | None) -> None:
        del staff, action, subject, details

    async def record_reading(self, staff: Staff, action: str, subject: str) -> None:
        del staff, action, subject

    async def name_of(self, staff_id: str) -> str | None:
        return staff_id

    async def teams_of(self, staff_id: str) -> Sequence[str]:
        del staff_id
        return ()

    async def teams(self) -> Sequence[Mapping[str, str | int]]:
        return ()


@dataclass
class _Console:
    """An open event stream and what of it has come."""

    app: FastAPI
    who: str
    heard: bytes = b""
    news: asyncio.Event = field(default_factory=asyncio.Event)
    left: asyncio.Event = field(default_factory=asyncio.Event)
    asked: bool = False

    async def run(self) -> None:
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
            "path": _PATH, "raw_path": _PATH.encode(), "query_string": b"", "root_path": "",
            "headers": [(b"host", b"desk"), (b"x-staff", self.who.encode())],
            "client": ("192.0.2.1", 1), "server": ("desk", 80),
        }  # fmt: skip
        await self.app(scope, self._receive, self._send)

    async def _receive(self) -> dict[str, Any]:
        if not self.asked:
            self.asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        self.heard += message.get("body", b"")
        self.news.set()

    async def until(self, mark: bytes) -> float:
        """When the list of this console showed it."""
        async with asyncio.timeout(_LONGEST_SECONDS):
            while not any(mark in one for one in self.heard.split(b"\n\n") if one.startswith(b"event: conversation")):
                self.news.clear()
                await self.news.wait()
        self.heard = b""
        return time.perf_counter()


def main() -> int:
    """Measure with one console and with many; the figures on standard output."""
    parser = argparse.ArgumentParser(prog="python -m desk.inbox.bench", description=__doc__)
    parser.add_argument("--consoles", type=int, default=50, help="how many consoles are open")
    parser.add_argument("--messages", type=int, default=30, help="how many customers' messages are sent")
    parser.add_argument("--conversations", type=int, default=50, help="how many conversations wait for a person")
    parser.add_argument("--postgresql", default="", metavar="URL", help="an empty data base instead of SQLite")
    options = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    print(f"{'open consoles':>14} {'all lists, median':>18} {'slowest':>9} {'CPU a message':>14} {'SQL a message':>14}")
    for consoles in (1, options.consoles):
        with TemporaryDirectory() as folder:
            url = options.postgresql or f"sqlite:///{Path(folder) / 'desk.db'}"
            asyncio.run(_measured(url, folder, consoles, options))
    return 0


async def _measured(url: str, folder: str, consoles: int, options: argparse.Namespace) -> None:
    settings = DeskSettings(
        database_url=url, secret=SecretStr("only-of-the-bench-0123456789"), attachments_dir=Path(folder)
    )
    desk = build_desk(settings)
    migrate(desk.database)
    app, everybody = build_app(desk), _Everybody()
    inbox = build_inbox(desk, everybody, everybody, reasons=desk.reviews.desk.reasons, colleagues=everybody)
    app.include_router(inbox, prefix="/bench")
    statements = 0

    def count(*_: Any) -> None:
        nonlocal statements
        statements += 1

    event.listen(desk.database.engine, "before_cursor_execute", count)
    opened = [_Console(app, f"agent{number}") for number in range(consoles)]
    running = [asyncio.create_task(one.run()) for one in opened]
    await asyncio.gather(*(_ready(one) for one in opened))
    talks = [await _waiting(desk) for _ in range(options.conversations)]
    await asyncio.sleep(2)
    for one in opened:
        one.heard = b""
    times, statements, spent = [], 0, time.process_time()
    for number in range(options.messages):
        token, ident = talks[number % len(talks)]
        words, sent = f"words {uuid4().hex}", time.perf_counter()
        await desk.gateway.send(token, ident, Incoming(uuid4().hex, text=words))
        times.append(max(await asyncio.gather(*(one.until(words.encode()) for one in opened))) - sent)
        await asyncio.sleep(_PAUSE_SECONDS)
    cpu = (time.process_time() - spent) / options.messages
    print(
        f"{consoles:>14} {statistics.median(times) * 1000:>15.0f} ms {max(times) * 1000:>6.0f} ms "
        f"{cpu * 1000:>11.1f} ms {statements / options.messages:>14.1f}"
    )
    for one in opened:
        one.left.set()
    await asyncio.gather(*running)
    await desk.close()


async def _ready(console: _Console) -> None:
    while b"event: counts" not in console.heard:
        console.news.clear()
        await console.news.wait()


async def _waiting(desk: Desk) -> tuple[str, str]:
    token, conversation = await desk.gateway.begin(NewConversation("web"))
    message = f"person_{uuid4().hex}"
    if desk.gateway.opening().open:
        await desk.gateway.ask_for_person(conversation.id, message)
    else:  # the bench runs at night, too
        await desk.inbox.take(conversation.id, Staff("agent0", "agent0", "", frozenset(), ""), None)
    return token, str(conversation.id)


if __name__ == "__main__":
    sys.exit(main())
