"""One conversation of the simulated customer with the running assistant, from the first sentence to the last."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal

from conversation_runner.errors import RunnerError
from conversation_runner.player import Conversation
from conversation_runner.rasa import Assistant
from conversation_runner.turn import Turn
from simulator.bank import Bank, spoken
from simulator.customer import Customer
from simulator.ledger import Change, Ledger
from simulator.mailbox import Mailbox
from simulator.move import Move
from simulator.outcome import reached
from simulator.plan import Visit
from simulator.situation import Situation, situation_after

LONGEST = 30
"""Turns after which a conversation counts as stuck."""

Outcome = Literal["reached", "person", "given up", "stuck", "kept out", "broken off"]
_BOOKING = re.compile(r"\bA-\d{6}\b")


@dataclass(frozen=True)
class Record:
    """A conversation that is over. ``agreed`` has, for each turn, whether a yes held when it was sent."""

    visit: Visit
    conversation_id: str
    turns: tuple[Turn, ...]
    moves: tuple[Move, ...]
    agreed: tuple[bool, ...]
    outcome: Outcome
    missed: tuple[str, ...]
    changes: tuple[Change, ...]
    unknown: tuple[str, ...] = ()
    backed_out: bool = False
    reason: str = ""

    @property
    def seconds(self) -> float:
        """How long the bot took, in all."""
        return sum(turn.seconds for turn in self.turns)


@dataclass
class Around:
    """What every conversation needs."""

    assistant: Assistant
    bank: Bank
    ledger: Ledger
    mailbox: Mailbox
    clock: Callable[[], float] = time.monotonic


class _Talk:
    """The state of one conversation under way."""

    def __init__(self, visit: Visit, around: Around, conversation_id: str) -> None:
        self.visit, self.around = visit, around
        self.customer = Customer(visit, around.bank)
        self.conversation = Conversation(around.assistant, conversation_id, around.clock)
        self.began = datetime.now(UTC)
        self.moves: list[Move] = []
        self.agreed: list[bool] = []
        self.open = list(visit.goals)

    async def say(self, move: Move) -> Situation:
        if move.needs_code:
            move = replace(move, text=await self._with_code(move.text))
        held = self.agreed[-1] if self.agreed else False
        self.moves.append(move)
        self.agreed.append(held if move.agrees is None else move.agrees)
        turn = await self.conversation.say(move.text, move.button)
        seen = situation_after(turn)
        if seen.ticket:
            self.customer.voice.facts["ticket_number"] = seen.ticket
        if booking := _BOOKING.search(seen.text):
            self.customer.voice.facts["booking_number"] = booking[0]
        return seen

    async def _with_code(self, template: str) -> str:
        """The code from the newest letter to an address of this customer's."""
        facts = self.customer.voice.facts
        for address in (facts.get("new_email"), facts.get("email"), facts.get("own_email")):
            code = await self.around.mailbox.code(address, since=self.began) if address else None
            if code:
                return spoken(template, {"code": code}, self.around.bank.moods["plain"], self.visit.source)
        return "I have no code"

    def changes(self) -> list[Change]:
        return self.around.ledger.changes([self.conversation.id])

    def drop_reached(self) -> None:
        """Goals that are reached are not open any more; in a row, only the first can be."""
        facts, changes = self.customer.voice.facts, self.changes()
        looked_at = self.open if self.visit.together else self.open[:1]
        done = [
            one
            for one in looked_at
            if reached(self.around.bank.goals[one], facts, self.conversation.turns, changes)
            or (self.customer.backed_out and one == self.visit.goals[-1] and not self.customer.wants_person)
        ]
        self.open = [one for one in self.open if one not in done]


async def play(visit: Visit, around: Around, *, conversation_id: str) -> Record:
    """Hold the conversation that ``visit`` describes."""
    talk = _Talk(visit, around, conversation_id)
    outcome: Outcome = "stuck"
    reason = ""
    try:
        outcome = await _talk(talk)
    except RunnerError as error:
        outcome, reason = "broken off", str(error)
    return Record(
        visit=visit,
        conversation_id=conversation_id,
        turns=tuple(talk.conversation.turns),
        moves=tuple(talk.moves[: len(talk.conversation.turns)]),
        agreed=tuple(talk.agreed),
        outcome=outcome,
        missed=tuple(talk.open),
        changes=tuple(talk.changes()),
        unknown=tuple(talk.customer.unknown),
        backed_out=talk.customer.backed_out,
        reason=reason,
    )


async def _talk(talk: _Talk) -> Outcome:
    customer, visit = talk.customer, talk.visit
    seen = await talk.say(customer.opening(talk.open[:2] if visit.together else talk.open[:1]))
    while len(talk.moves) < LONGEST:
        before = len(talk.open)
        if not visit.tactic:
            talk.drop_reached()
        if not talk.open:
            if (move := customer.farewell()) is not None:
                await talk.say(move)
            return "reached"
        if len(talk.open) < before and not visit.together:
            seen = await talk.say(customer.opening(talk.open[:1]))
            continue
        move = customer.next(talk.open[0], seen)
        if move is None:
            return _left(talk)
        seen = await talk.say(move)
    return "stuck"


def _left(talk: _Talk) -> Outcome:
    if talk.visit.tactic:
        return "kept out"
    return "person" if "ticket_number" in talk.customer.voice.facts else "given up"
