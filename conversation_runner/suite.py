"""Playing many scenarios: several conversations at once, the steps of each in order."""

from __future__ import annotations

import asyncio
import uuid
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass

from conversation_runner.errors import RasaRefused, RasaUnreachable
from conversation_runner.expectations import Surroundings
from conversation_runner.player import Played, play
from conversation_runner.rasa import Assistant
from conversation_runner.scenario import ScenarioFile

LASTING = "lasting"
"""The tag of scenarios that leave the shop's data changed: played after all others."""


@dataclass(frozen=True)
class SuiteResult:
    """What was played, in the order of the files, and what was not reached any more."""

    played: tuple[Played, ...]
    not_run: tuple[ScenarioFile, ...]

    @property
    def passed(self) -> int:
        """How many scenarios held."""
        return sum(one.outcome == "passed" for one in self.played)

    @property
    def failed(self) -> int:
        """How many did not, or could not be played to their end."""
        return len(self.played) - self.passed


def new_conversation_id() -> str:
    """An id no conversation had before."""
    return f"scenario-{uuid.uuid4().hex}"


async def play_all(
    files: Sequence[ScenarioFile],
    assistant: Assistant,
    around: Surroundings,
    *,
    jobs: int,
    fail_fast: bool,
    on_played: Callable[[Played], None],
) -> SuiteResult:
    """Play ``files``, at most ``jobs`` at a time.

    No further scenario starts after the assistant went away, or after a failure when ``fail_fast``; those
    under way are played to their end. Scenarios that read letters of the same address wait for each other.
    """
    places = asyncio.Semaphore(jobs)
    letters: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
    done: dict[str, Played] = {}
    stopped = False

    async def one(file: ScenarioFile) -> None:
        nonlocal stopped
        async with AsyncExitStack() as held:
            for address in sorted(file.scenario.mail_addresses):
                await held.enter_async_context(letters[address])
            await held.enter_async_context(places)
            if stopped:
                return
            result = await play(file, assistant, around, conversation_id=new_conversation_id())
            done[str(file.path)] = result
            gone = isinstance(result.reason, RasaUnreachable | RasaRefused)
            stopped = stopped or gone or (fail_fast and result.outcome != "passed")
            on_played(result)

    # What changes the shop's data for good is played when nobody else looks at them any more.
    for lasting in (False, True):
        async with asyncio.TaskGroup() as group:
            for file in files:
                if (LASTING in file.scenario.tags) is lasting:
                    group.create_task(one(file))
    return SuiteResult(
        tuple(done[str(file.path)] for file in files if str(file.path) in done),
        tuple(file for file in files if str(file.path) not in done),
    )
