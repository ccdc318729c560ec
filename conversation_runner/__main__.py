"""``python -m conversation_runner``: play scenarios, check them, or record one."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import httpx
from rich.console import Console

from conversation_runner import arguments, scenario_file, static_check
from conversation_runner.arguments import Arguments
from conversation_runner.coverage import coverage, write_json
from conversation_runner.coverage_report import summary, write_page
from conversation_runner.domain import Domain, read_domain, read_rules
from conversation_runner.elsewhere import read_elsewhere
from conversation_runner.errors import RunnerError
from conversation_runner.expectations import Surroundings
from conversation_runner.junit import write_junit
from conversation_runner.knowledge import KnowledgeNames
from conversation_runner.mailbox import Mailbox
from conversation_runner.page import page
from conversation_runner.player import Conversation
from conversation_runner.rasa import RasaOverHttp
from conversation_runner.recorder import HOW_TO, record, write_scenario
from conversation_runner.scenario import ScenarioFile
from conversation_runner.suite import SuiteResult, new_conversation_id, play_all
from conversation_runner.terminal import Terminal
from conversation_runner.tickets import TicketsInSqlite, TicketsUnknown

ALL_PASSED, SOME_FAILED, COULD_NOT_RUN = 0, 1, 2
COVERAGE = Path("var/coverage")


def main(argv: Sequence[str], *, console: Console, read_line: Callable[[], str] = input) -> int:
    """Run the command line ``argv`` and return the status to exit with.

    0 when everything held, 1 when a scenario failed or a file is wrong, 2 when nothing could be played.
    """
    args = arguments.parse(argv)
    terminal = Terminal(console, verbose=args.verbose)
    try:
        if args.record_to:
            _refuse_to_overwrite(args.record_to)
            return asyncio.run(_record(args, args.record_to, console, read_line))
        return _run(args, terminal)
    except RunnerError as error:
        terminal.sentence(str(error), "red")
        return COULD_NOT_RUN
    except KeyboardInterrupt:
        terminal.sentence("Stopped.", "yellow")
        return COULD_NOT_RUN


def _run(args: Arguments, terminal: Terminal) -> int:
    files, problems = scenario_file.load(args.paths)
    chosen = [file for file in files if file.mentions(args.filter)]
    domain = read_domain(args.domain) if args.domain.exists() else Domain()
    knowledge = static_check.knowledge_or_none(args.knowledge)
    if args.domain.exists():
        problems += static_check.check(chosen, domain, knowledge)
    else:
        terminal.sentence(f"{args.domain} is not there, so names are not checked.", "yellow")
    if problems:
        terminal.problems(sorted(problems))
        return SOME_FAILED
    if not chosen:
        raise RunnerError("No scenario fits: check the paths and --filter.")
    if args.check:
        terminal.sentence(f"{len(chosen)} scenarios read, nothing wrong found.", "green")
        return ALL_PASSED
    tickets = TicketsInSqlite(args.tickets_db) if args.tickets_db else TicketsUnknown()
    around = Surroundings(
        domain.internal_names, knowledge or KnowledgeNames(), tickets, domain.outage_texts, Mailbox(args.mailbox)
    )
    started = time.monotonic()
    result = asyncio.run(_play(args, chosen, around, terminal))
    _report(args, result, domain, terminal, seconds=time.monotonic() - started)
    if args.transcript:
        args.transcript.write_text(page(result.played, command=_command(args)), encoding="utf-8")
    return SOME_FAILED if result.failed or result.not_run else ALL_PASSED


def _command(args: Arguments) -> str:
    """What writes the page again, whatever this run was told beside it."""
    chosen = f" -k {args.filter}" if args.filter else ""
    return f"make conversations ARGS='{' '.join(map(str, args.paths))}{chosen} --transcript {args.transcript}'"


async def _play(
    args: Arguments, files: Sequence[ScenarioFile], around: Surroundings, terminal: Terminal
) -> SuiteResult:
    async with _client(args) as client:
        rasa = RasaOverHttp(client, args.url, token=args.token)
        await rasa.check()
        return await play_all(files, rasa, around, jobs=args.jobs, fail_fast=args.fail_fast, on_played=terminal.played)


def _report(args: Arguments, result: SuiteResult, domain: Domain, terminal: Terminal, *, seconds: float) -> None:
    terminal.failures(result)
    if args.junit:
        write_junit(args.junit, result, seconds)
    if args.coverage:
        events = [(played.file.name, played.events) for played in result.played]
        kinds = coverage(domain, read_rules(args.rules), events, read_elsewhere(args.elsewhere))
        write_json(COVERAGE / "conversations.json", kinds, len(events))
        write_page(COVERAGE / "conversations.html", kinds, len(events))
        terminal.show(summary(kinds))
        terminal.sentence(f"{COVERAGE}/conversations.html names the scenarios that reach each.", "dim")
    terminal.summary(result, seconds)


async def _record(args: Arguments, path: Path, console: Console, read_line: Callable[[], str]) -> int:
    async with _client(args) as client:
        rasa = RasaOverHttp(client, args.url, token=args.token)
        await rasa.check()
        console.print(HOW_TO, style="dim")
        conversation = Conversation(rasa, new_conversation_id())
        steps = await record(conversation, read_line=read_line, console=console)
    if not steps:
        raise RunnerError("Nothing was said, so nothing was written.")
    write_scenario(path, args.description, steps)
    console.print(f"{path}: {len(steps)} steps written. Trim what does not matter.", style="green")
    return ALL_PASSED


def _refuse_to_overwrite(path: Path) -> None:
    if path.exists():
        raise RunnerError(f"{path} is there already; choose another name.")


def _client(args: Arguments) -> httpx.AsyncClient:
    return httpx.AsyncClient(timeout=args.timeout, trust_env=False)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], console=Console(), read_line=partial(input, "  customer ")))
