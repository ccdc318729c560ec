"""``--light``: a small server in Rasa's place, so that the gateway can be broken in a minute and without models.

It keeps the desk channel's promises (a running turn is joined, a stored one replayed, a killed one leaves no trace)
over a SQLite file with the one table that the count reads, and says back what it was told after a short while.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import sqlite3
from typing import Any

import uvicorn
from fastapi import FastAPI, Request

_THINKS = (0.02, float(os.environ.get("SCRIPTED_RASA_THINKS", "0.4")))
"""Seconds that a turn takes, at least and at most."""


class Memory:
    """Turns in a file."""

    def __init__(self, path: str) -> None:
        self._file = sqlite3.connect(path, isolation_level=None, timeout=10)
        self._file.execute("PRAGMA journal_mode = WAL")
        self._file.execute("CREATE TABLE IF NOT EXISTS events (sender_id TEXT, type_name TEXT, data TEXT)")

    def find(self, sender: str, message_id: str) -> str | None:
        """What was answered to this message."""
        rows = self._file.execute("SELECT data FROM events WHERE sender_id = ?", (sender,))
        found = [told for (data,) in rows if (told := json.loads(data))["message_id"] == message_id]
        return str(found[0]["answer"]) if found else None

    def keep(self, sender: str, message_id: str, answer: str) -> None:
        """Store a turn; nothing stops a second one, so that the count can find it."""
        data = json.dumps({"message_id": message_id, "answer": answer})
        self._file.execute("INSERT INTO events VALUES (?, 'user', ?)", (sender, data))


def build_app(memory: Memory) -> FastAPI:
    """The channel's turn, and readiness."""
    app = FastAPI()
    running: dict[tuple[str, str], asyncio.Task[str]] = {}

    async def think(sender: str, message_id: str, text: str) -> str:
        await asyncio.sleep(random.uniform(*_THINKS))
        answer = f"You said: {text}"
        memory.keep(sender, message_id, answer)
        return answer

    @app.post("/webhooks/desk/turn")
    async def turn(request: Request) -> dict[str, Any]:
        body = await request.json()
        key = (body["conversation_id"], body["message_id"])
        stored = memory.find(*key)
        if stored is None:
            if key not in running:
                running[key] = asyncio.create_task(think(*key, body.get("text") or body["payload"]))
            stored = await asyncio.shield(running[key])
            running.pop(key, None)
        return {"messages": [{"text": stored}], "replayed": False}

    @app.get("/webhooks/rest/ready")
    async def ready() -> dict[str, str]:
        return {"status": "ready"}

    return app


if __name__ == "__main__":
    memory = Memory(os.environ["RASA_TRACKER_DB"])
    uvicorn.run(build_app(memory), port=int(os.environ["SCRIPTED_RASA_PORT"]), log_level="warning")
