"""What the run says at its end: goals reached and turns needed by journey, and each broken invariant."""

from __future__ import annotations

import json
import statistics
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from conversation_runner.transcript import transcript
from simulator.bank import Bank
from simulator.rounds import Judged, Run

MEASUREMENTS = Path("var/measurements")


def table(run: Run, bank: Bank) -> Table:
    """A line a journey, and one for all."""
    shown = Table(title="Simulated customers", title_justify="left")
    shown.add_column("journey")
    for heading in ("conversations", "reached", "share", "with a person", "turns", "most"):
        shown.add_column(heading, justify="right")
    by_journey: dict[str, list[Judged]] = defaultdict(list)
    for one in run.judged:
        by_journey[_journey(one, bank)].append(one)
    for journey, some in sorted(by_journey.items()):
        shown.add_row(journey, *_cells(some))
    customers = [one for one in run.judged if not one.record.visit.tactic]
    if customers:
        shown.add_section()
        shown.add_row("all customers", *_cells(customers), style="bold")
    return shown


def figures(run: Run, bank: Bank, *, seed: int, seconds: float) -> dict[str, Any]:
    """The run as one line of JSON."""
    customers = [one for one in run.judged if not one.record.visit.tactic]
    strangers = [one for one in run.judged if one.record.visit.tactic]
    by_journey: dict[str, list[Judged]] = defaultdict(list)
    for one in customers:
        by_journey[_journey(one, bank)].append(one)
    return {
        "seed": seed,
        "conversations": len(run.judged),
        "turns": sum(len(one.record.turns) for one in run.judged),
        "reached": _share(customers, "reached"),
        "with_a_person": _share(customers, "person"),
        "strangers": len(strangers),
        "broken": dict(Counter(found.invariant for one in run.judged for found in one.broken)),
        "seconds": round(seconds, 1),
        "turn_p50_ms": _milliseconds(run, 50),
        "turn_p95_ms": _milliseconds(run, 95),
        "journeys": {
            name: {"conversations": len(some), "reached": _share(some, "reached"), "turns": _median_turns(some)}
            for name, some in sorted(by_journey.items())
        },
    }


def keep(entry: dict[str, Any], *, now: datetime, folder: Path = MEASUREMENTS) -> str:
    """Write the line to ``<folder>/simulate.json`` and return it."""
    line = json.dumps({"target": "simulate", "at": now.isoformat(timespec="seconds"), **entry}, ensure_ascii=False)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "simulate.json").write_text(line + "\n", encoding="utf-8")
    return line


def show(console: Console, one: Judged, *, seed: int) -> None:
    """A conversation with what was broken in it and how to play it again."""
    record = one.record
    visit, missed = record.visit, ", ".join(record.missed) or "nothing"
    console.print(Rule(Text(f"conversation {visit.number}: {', '.join(visit.goals)}", "bold"), align="left"))
    console.print(Text(f"{visit.mood}, {record.outcome}, missed: {missed}; {record.conversation_id}", "dim"))
    for found in one.broken:
        where = f" (turn {found.turn})" if found.turn else ""
        console.print(Text(f"✗ {found.invariant}{where}: {found.detail}", "red"))
    console.print(transcript(record.turns), highlight=False)
    kinds = " → ".join(move.kind for move in record.moves)
    console.print(Text(f"moves: {kinds}", "dim"))
    console.print(Text(f'again: make simulate ARGS="--seed {seed} --only {record.visit.number}"', "dim"))


def as_text(one: Judged, *, seed: int) -> str:
    """The same without colours, for a file."""
    console = Console(width=118, color_system=None, force_terminal=False)
    with console.capture() as capture:
        show(console, one, seed=seed)
    return "\n".join(line.rstrip() for line in capture.get().splitlines()) + "\n"


def _journey(one: Judged, bank: Bank) -> str:
    visit = one.record.visit
    main = next((name for name in reversed(visit.goals) if bank.goals[name].needs), visit.goals[0])
    return bank.goals[main].journey


def _cells(some: Sequence[Judged]) -> list[str]:
    if all(one.record.visit.tactic for one in some):
        kept = sum(not one.broken for one in some)
        turns = [len(one.record.turns) for one in some]
        return [str(len(some)), f"{kept} kept out", "", "", f"{statistics.median(turns):g}", str(max(turns))]
    turns = [len(one.record.turns) for one in some]
    reached = sum(one.record.outcome == "reached" for one in some)
    person = sum(one.record.outcome == "person" for one in some)
    share = f"{reached / len(some):.0%}"
    return [str(len(some)), str(reached), share, str(person), f"{_median_turns(some):g}", str(max(turns))]


def _median_turns(some: Sequence[Judged]) -> float:
    needed = [len(one.record.turns) for one in some if one.record.outcome == "reached"]
    return float(statistics.median(needed)) if needed else 0.0


def _share(some: Sequence[Judged], outcome: str) -> float:
    return round(sum(one.record.outcome == outcome for one in some) / len(some), 3) if some else 0.0


def _milliseconds(run: Run, percent: int) -> float:
    seconds = sorted(turn.seconds for one in run.judged for turn in one.record.turns)
    return round(seconds[min(len(seconds) - 1, len(seconds) * percent // 100)] * 1000, 1) if seconds else 0.0
