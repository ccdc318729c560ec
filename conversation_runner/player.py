"""Playing one scenario: its steps in order, up to the first that is not as expected."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from conversation_runner.errors import RunnerError
from conversation_runner.expectations import Difference, Surroundings, differences
from conversation_runner.mailbox import Mailbox
from conversation_runner.matching import Pattern
from conversation_runner.placeholders import draw, filled
from conversation_runner.rasa import Assistant
from conversation_runner.scenario import Expect, Scenario, ScenarioFile, Step
from conversation_runner.turn import Button, Event, Turn, turn_from

Outcome = Literal["passed", "failed", "broken"]


@dataclass(frozen=True)
class Played:
    """How a scenario went.

    ``outcome`` is ``broken`` when the conversation could not go on for a reason outside the scenario, which
    ``reason`` tells. ``failed_step`` counts from 1; it is
    ``None`` when the set-up did not go through.
    """

    file: ScenarioFile
    outcome: Outcome
    conversation_id: str
    turns: tuple[Turn, ...]
    seconds: float
    failed_step: int | None = None
    differences: tuple[Difference, ...] = ()
    reason: RunnerError | None = None

    @property
    def events(self) -> tuple[Event, ...]:
        """Everything the tracker recorded."""
        return tuple(event for turn in self.turns for event in turn.events)


class _DiffersError(Exception):
    """The conversation cannot go on, because something is not as the scenario says."""

    def __init__(self, found: list[Difference]) -> None:
        super().__init__(found)
        self.differences = found


@dataclass
class Conversation:
    """One conversation under way: what was said so far and how many tracker events that made."""

    assistant: Assistant
    id: str
    clock: Callable[[], float] = time.monotonic
    turns: list[Turn] = field(default_factory=list)
    seen: int = 0
    mailbox: Mailbox = field(default_factory=lambda: Mailbox(None))
    began: float = field(default_factory=time.time)

    async def take(self, step: Step) -> Turn:
        """Play one step and remember it."""
        button = self._button(step.click) if step.click is not None else None
        said = step.customer or ""
        if step.code_from_mail:
            said = said.replace("{code}", await self.mailbox.code_for(step.code_from_mail, since=self.began))
        return await self.say(button.payload if button else said, button)

    async def say(self, text: str, button: Button | None = None) -> Turn:
        """Send ``text`` (a clicked button's payload), and read what became of it."""
        started = self.clock()
        messages = await self.assistant.say(self.id, text)
        seconds = self.clock() - started
        tracker = await self.assistant.tracker(self.id)
        turn = turn_from(
            said=text,
            clicked=button.title if button else None,
            messages=messages,
            tracker=tracker,
            seen=self.seen,
            seconds=seconds,
        )
        self.seen = len(tracker.events)
        self.turns.append(turn)
        return turn

    def _button(self, wanted: str | int) -> Button:
        """The button in the newest reply that has buttons."""
        shown = next((turn.buttons for turn in reversed(self.turns) if turn.buttons), ())
        if isinstance(wanted, int):
            found = shown[wanted - 1 : wanted] if wanted > 0 else ()
        else:
            pattern = Pattern(wanted, literal=True)
            exact = [button for button in shown if button.title.casefold() == wanted.casefold()]
            found = tuple(exact or [button for button in shown if pattern.found_in(button.title)])[:1]
        if not found:
            titles = ", ".join(f"[{button.title}]" for button in shown) or "no buttons so far"
            raise _DiffersError([Difference("click", f"a button [{wanted}]", titles)])
        return found[0]


async def play(
    file: ScenarioFile,
    assistant: Assistant,
    around: Surroundings,
    *,
    conversation_id: str,
    clock: Callable[[], float] = time.monotonic,
) -> Played:
    """Play ``file`` as a new conversation."""
    started, number = clock(), None
    conversation = Conversation(assistant, conversation_id, clock, mailbox=around.mailbox)
    scenario = filled(file.scenario, draw(file.scenario.setup.random, random.Random()))
    steps: list[Turn] = []
    outcome: Outcome = "passed"
    found: list[Difference] = []
    reason: RunnerError | None = None
    try:
        await _prepare(scenario, conversation, around)
        for number, step in enumerate(scenario.steps, start=1):  # noqa: B007 - tells where it ended
            steps.append(await conversation.take(step))
            _hold(step.expect, steps, around)
    except _DiffersError as error:
        outcome, found = "failed", error.differences
    except RunnerError as error:
        outcome, reason = "broken", error
    return Played(
        file=file,
        outcome=outcome,
        conversation_id=conversation_id,
        turns=tuple(conversation.turns),
        seconds=clock() - started,
        failed_step=None if outcome == "passed" else number,
        differences=tuple(found),
        reason=reason,
    )


async def _prepare(scenario: Scenario, conversation: Conversation, around: Surroundings) -> None:
    setup = scenario.setup
    if setup.slots:
        await conversation.assistant.set_slots(conversation.id, setup.slots)
    for line in setup.customer:
        _hold(Expect(), [await conversation.say(line)], around)


def _hold(expect: Expect, turns: Sequence[Turn], around: Surroundings) -> None:
    if found := differences(expect, turns[-1], around, turns[:-1]):
        raise _DiffersError(found)
