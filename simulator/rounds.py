"""The whole run: rounds of conversations side by side, the data base set back before each and at the end."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from simulator.invariants import Broken, Rules, broken_in
from simulator.plan import NOBODYS_NUMBER, Visit
from simulator.round_invariants import changed_only_by_its_owner, no_refund_beyond_the_paid, same_to_a_stranger
from simulator.visit import Around, Record, play


@dataclass(frozen=True)
class Judged:
    """A conversation and what was broken in it; of a round's own faults, ``record`` is the first of the round."""

    record: Record
    broken: tuple[Broken, ...]


@dataclass
class Run:
    """Everything that was played so far."""

    judged: list[Judged] = field(default_factory=list)

    @property
    def broken(self) -> list[Judged]:
        """The conversations in which something was."""
        return [one for one in self.judged if one.broken]


async def play_rounds(
    rounds: Iterable[Sequence[Visit]],
    around: Around,
    rules: Rules,
    *,
    jobs: int,
    rewind: Callable[[], None],
    on_judged: Callable[[Judged], None],
    only: int | None = None,
    seconds: float | None = None,
) -> Run:
    """Play every round, at most ``jobs`` conversations at a time; of a round only one if ``only`` names it.

    After ``seconds`` no further round begins.
    """
    run, began = Run(), around.clock()
    for visits in rounds:
        if seconds is not None and around.clock() - began > seconds:
            break
        chosen = [visit for visit in visits if only is None or visit.number == only]
        if chosen:
            rewind()
            run.judged += await _round(chosen, around, rules, jobs=jobs, on_judged=on_judged)
    rewind()
    return run


async def _round(
    visits: Sequence[Visit],
    around: Around,
    rules: Rules,
    *,
    jobs: int,
    on_judged: Callable[[Judged], None],
) -> list[Judged]:
    """One round, with what its end shows in the data base added to its first conversation."""
    places = asyncio.Semaphore(jobs)
    before = around.ledger.rows()
    judged: list[Judged] = []

    async def one(visit: Visit) -> None:
        async with places:
            judged.append(await _judged(visit, around, rules))
            on_judged(judged[-1])

    async with asyncio.TaskGroup() as group:
        for visit in visits:
            group.create_task(one(visit))
    own = [
        *no_refund_beyond_the_paid(around.ledger.money()),
        *changed_only_by_its_owner(
            before, around.ledger.rows(), around.ledger.owners(), [one.record for one in judged]
        ),
    ]
    if own:
        judged[0] = replace(judged[0], broken=(*judged[0].broken, *own))
        on_judged(judged[0])
    return judged


async def _judged(visit: Visit, around: Around, rules: Rules) -> Judged:
    record = await play(visit, around, conversation_id=_id(visit))
    broken = broken_in(record, rules)
    if visit.tactic:
        twin = await _played_twin(visit, around)
        broken += same_to_a_stranger(record, twin)
    return Judged(record, tuple(broken))


def _played_twin(visit: Visit, around: Around) -> Awaitable[Record]:
    """The same stranger with the same words and a number that no order has."""
    invented = NOBODYS_NUMBER.format(visit.source.randrange(500, 1000))
    twin = replace(visit, facts={**visit.facts, "order_number": invented}, order=None, twin=True)
    return play(twin, around, conversation_id=_id(twin))


def _id(visit: Visit) -> str:
    return f"simulated-{visit.seed.replace('/', '-')}-{uuid.uuid4().hex[:12]}"
