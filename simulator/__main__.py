"""``python -m simulator``: send simulated customers to the running assistant and see what holds."""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import httpx
from rich.console import Console

from conversation_runner.domain import read_domain
from conversation_runner.errors import RunnerError
from conversation_runner.rasa import RasaOverHttp
from simulator.bank import Bank, read_bank
from simulator.errors import SimulatorError
from simulator.invariants import Rules
from simulator.ledger import Ledger, Rewind
from simulator.mailbox import Mailbox
from simulator.plan import plan
from simulator.report import as_text, figures, keep, show, table
from simulator.rounds import Judged, Run, play_rounds
from simulator.visit import Around

ALL_HELD, SOME_BROKEN, COULD_NOT_RUN = 0, 1, 2
TRANSCRIPTS = Path("var/simulator")


def main(argv: Sequence[str], *, console: Console) -> int:
    """Run the command line ``argv``: 0 when every invariant held, 1 when one was broken, 2 when nothing was played."""
    given = _parser().parse_args(argv)
    seed = given.seed if given.seed is not None else random.randrange(10_000)
    try:
        return asyncio.run(_simulate(given, seed, console))
    except (SimulatorError, RunnerError) as error:
        console.print(str(error), style="red", highlight=False)
        return COULD_NOT_RUN
    except KeyboardInterrupt:
        console.print("Stopped.", style="yellow")
        return COULD_NOT_RUN


async def _simulate(given: argparse.Namespace, seed: int, console: Console) -> int:
    bank, ledger = read_bank(), Ledger(given.database)
    rewind = Rewind(given.database) if given.rewind else _nothing
    rules = _rules(ledger)
    limits = httpx.Limits(max_connections=given.jobs * 2)
    async with httpx.AsyncClient(timeout=given.timeout, trust_env=False, limits=limits) as client:
        rasa = RasaOverHttp(client, given.url, token=os.environ.get("RASA_AUTH_TOKEN") or None)
        await rasa.check()
        around = Around(rasa, bank, ledger, Mailbox(given.mailbox))
        console.print(f"seed {seed}, {given.conversations} conversations, {given.jobs} at a time", style="dim")
        conversations = max(given.conversations, (given.only or 0) + 1)
        started = time.monotonic()
        run = await play_rounds(
            plan(bank, rules.cast, seed=seed, conversations=conversations, only=given.goal),
            around,
            rules,
            jobs=given.jobs,
            rewind=rewind,
            on_judged=lambda one: _tell(one, console, given, seed),
            only=given.only,
            seconds=given.seconds,
        )
    return _end(run, bank, console, seed, time.monotonic() - started, measured=given.only is None)


def _tell(one: Judged, console: Console, given: argparse.Namespace, seed: int) -> None:
    """Show what was broken at once; keep every conversation that did not go well as a file."""
    unhappy = one.broken or one.record.outcome not in ("reached", "kept out")
    if one.broken or given.verbose or given.only is not None or (given.missed and unhappy):
        show(console, one, seed=seed)
    if unhappy:
        folder = TRANSCRIPTS / f"seed-{seed}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{one.record.visit.number}.txt").write_text(as_text(one, seed=seed), encoding="utf-8")


def _end(run: Run, bank: Bank, console: Console, seed: int, seconds: float, *, measured: bool) -> int:
    if not run.judged:
        raise SimulatorError("Nothing was played: check --goal and --only.")
    console.print(table(run, bank))
    unknown = sorted({slot for one in run.judged for slot in one.record.unknown})
    if unknown:
        console.print(f"The bank has no answer to: {', '.join(unknown)}", style="yellow")
    entry = figures(run, bank, seed=seed, seconds=seconds)
    if measured:
        console.print(keep(entry, now=datetime.now(UTC)), highlight=False, soft_wrap=True, markup=False)
    held, broken = len(run.judged) - len(run.broken), len(run.broken)
    console.print(f"{held} passed, {broken} failed", style="bold red" if broken else "bold green")
    return SOME_BROKEN if broken else ALL_HELD


def _rules(ledger: Ledger) -> Rules:
    """What anybody may read, from the sentences of the domain (a file or a folder) and the knowledge."""
    found = Path("domain") if Path("domain").is_dir() else Path("domain.yml")
    files = [*(sorted(found.rglob("*.yml")) if found.is_dir() else [found]), *sorted(Path("knowledge").rglob("*.md"))]
    public = "\n".join(path.read_text(encoding="utf-8") for path in files)
    domain = read_domain(found)
    return Rules(ledger.cast(), domain.internal_names, domain.outage_texts, public)


def _nothing() -> None:
    """The data base is not ours to set back."""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m simulator",
        description="Simulated customers against the running assistant; see docs/simulator.md.",
    )
    parser.add_argument("-n", "--conversations", type=int, default=200, help="how many (default: 200)")
    parser.add_argument("--seed", type=int, help="decides everything that is drawn (default: another each time)")
    parser.add_argument("--only", type=int, metavar="CONVERSATION", help="play this one of the seed again and show it")
    parser.add_argument("--seconds", type=float, help="begin no further round after this time")
    parser.add_argument("--goal", default="", metavar="TEXT", help="only goals or journeys with TEXT in the name")
    parser.add_argument("-j", "--jobs", type=int, default=4, help="conversations at a time (default: 4)")
    parser.add_argument("-m", "--missed", action="store_true", help="show conversations that missed their goal, too")
    parser.add_argument("-v", "--verbose", action="store_true", help="show every conversation")
    parser.add_argument("--url", default="http://127.0.0.1:5005", help="where Rasa listens")
    parser.add_argument("--timeout", type=float, default=30.0, help="seconds a turn may take (default: 30)")
    parser.add_argument(
        "--database", type=Path, default=Path("var/backoffice.db"), help="the back office's SQLite file"
    )
    parser.add_argument(
        "--mailbox", type=Path, default=Path("var/mailbox"), help="folder of the letters with the codes"
    )
    parser.add_argument(
        "--rewind",
        action="store_true",
        help="set the data base back between rounds: only for one that is thrown away afterwards",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], console=Console(width=None if sys.stdout.isatty() else 118)))
