"""A working ``Dialogue``: remembers its turns as Rasa's tracker does, and fails when a test says so."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from desk.errors import TurnFailed
from desk.gateway.model import Batch

Reply = Callable[[str, Batch], Awaitable[Sequence[Mapping[str, Any]]]]


async def echo(_: str, batch: Batch) -> Sequence[Mapping[str, Any]]:
    return [{"text": f"You said: {batch.payload or batch.text}"}]


class ScriptedDialogue:
    """Answers by ``reply``; ``failures`` are raised first, one a try."""

    def __init__(self) -> None:
        self.reply: Reply = echo
        self.failures: list[str] = []
        self.turns: dict[tuple[str, str], Sequence[Mapping[str, Any]]] = {}
        self.asked: list[str] = []
        self.batches: list[Batch] = []
        self.human_parts: list[Sequence[Mapping[str, Any]]] = []
        self.erased: list[str] = []
        self.gate: asyncio.Event | None = None

    async def turn(self, conversation_id: str, batch: Batch) -> Sequence[Mapping[str, Any]]:
        self.asked.append(batch.text)
        self.batches.append(batch)
        if self.failures:
            raise TurnFailed(self.failures.pop(0))
        key = (conversation_id, batch.id)
        if key not in self.turns:
            if self.gate is not None:
                await self.gate.wait()
            self.turns[key] = await self.reply(conversation_id, batch)
        return self.turns[key]

    async def write_human_part(self, conversation_id: str, part_id: str, said: Sequence[Mapping[str, Any]]) -> None:
        del conversation_id, part_id
        if self.failures:
            raise TurnFailed(self.failures.pop(0))
        self.human_parts.append(said)

    async def erase(self, conversation_id: str) -> int:
        if self.failures:
            raise TurnFailed(self.failures.pop(0))
        self.erased.append(conversation_id)
        return 1
