"""What a run is made of: steps that come to an end, and processes that stay."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Step:
    """A command that builds or checks something.

    Attributes:
        name: short name; also the name of its log.
        title: what it does, as shown to the person ("Intent model").
        inputs: files and folders below the root whose content decides whether it must run again.
        outputs: what must exist for an earlier run to count.
        salt: anything else that decides: versions, a data base's address.
        stamp: where the fingerprint of its last good run is kept; without one it runs every time.
        after: steps that must be done before.
        needs: processes that must be ready while it runs.
        fetches: it downloads packages, so that failures are judged as network trouble first.
        check: its failure is counted and the rest goes on.
        private: what it writes is for this user only: data of customers, not a model or an environment.
    """

    name: str
    title: str
    command: tuple[str, ...]
    inputs: tuple[str, ...] = ()
    outputs: tuple[Path, ...] = ()
    salt: str = ""
    stamp: Path | None = None
    after: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    fetches: bool = False
    check: bool = False
    private: bool = False


@dataclass(frozen=True)
class Process:
    """A server of the product; what it writes is for this user only.

    Attributes:
        ready: address that answers 200 once the process can do its job.
        after: steps that must be done before it starts.
        needs: processes that must be ready before it starts.
        patience: seconds until it must be ready.
    """

    name: str
    title: str
    command: tuple[str, ...]
    port: int
    ready: str
    after: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    patience: float = 240.0


@dataclass(frozen=True)
class Plan:
    """Steps and processes of one run, in the order in which they are shown."""

    steps: Sequence[Step] = ()
    processes: Sequence[Process] = ()


def needed_for(wanted: Iterable[str], plan: Plan) -> Plan:
    """The part of ``plan`` that leads to the steps and processes named in ``wanted``."""
    nodes: dict[str, Step | Process] = {step.name: step for step in plan.steps}
    nodes |= {process.name: process for process in plan.processes}
    found: set[str] = set()
    waiting = list(wanted)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += (*nodes[name].after, *nodes[name].needs)
    return Plan(
        [step for step in plan.steps if step.name in found],
        [process for process in plan.processes if process.name in found],
    )
