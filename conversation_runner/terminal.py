"""What the developer sees while scenarios run, and afterwards."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from conversation_runner.expectations import Difference
from conversation_runner.player import Played
from conversation_runner.scenario_file import Problem
from conversation_runner.suite import SuiteResult
from conversation_runner.transcript import transcript
from conversation_runner.turn import Turn

_TOP = 3


class Terminal:
    """Prints a run: a line per scenario, then the failures, then the counts."""

    def __init__(self, console: Console, *, verbose: bool) -> None:
        self._console = console
        self._verbose = verbose

    def problems(self, problems: Iterable[Problem]) -> None:
        """What is wrong in the scenario files, one line each."""
        for problem in problems:
            self._say(Text(str(problem)))

    def sentence(self, text: str, style: str = "") -> None:
        """One plain sentence."""
        self._say(Text(text, style))

    def show(self, renderable: RenderableType) -> None:
        """Something larger, with room above it."""
        self._console.print()
        self._console.print(renderable)

    def played(self, result: Played) -> None:
        """The line of one scenario, as soon as it is over; its transcript too when verbose."""
        line = Text()
        if result.outcome == "passed":
            line.append("✓ ", "green").append(result.file.name)
            line.append(f"  {_count(len(result.turns), 'turn')}, {result.seconds:.1f} s", "dim")
        else:
            line.append("✗ ", "bold red").append(result.file.name, "bold")
            line.append(f"  {_first_words(result)}", "red")
        self._say(line)
        if self._verbose and result.outcome == "passed":
            self._console.print(Padding(_story(result), (0, 0, 1, 2), expand=False), highlight=False)

    def failures(self, result: SuiteResult) -> None:
        """Each failure with the conversation so far, what was expected, and what the bot made of it."""
        for played in result.played:
            if played.outcome != "passed":
                self._console.print()
                self._console.print(Rule(Text(played.file.name, "bold red"), align="left", style="red"))
                self._console.print(Padding(failure(played), (0, 0, 0, 2), expand=False), highlight=False)

    def summary(self, result: SuiteResult, seconds: float) -> None:
        """How long it took, what was left out; the last line is the counts alone."""
        self._console.print()
        turns = [turn.seconds for played in result.played for turn in played.turns]
        if turns:
            slow = f", the slowest took {max(turns):.1f} s"
            self.sentence(f"{_count(len(turns), 'turn')} in {seconds:.1f} s{slow}", "dim")
        unread = sum(turn.understood.service_down for played in result.played for turn in played.turns)
        if unread:
            self.sentence(f"In {_count(unread, 'turn')} the intent service did not answer: see its log.", "yellow")
        if result.not_run:
            self.sentence(f"{_count(len(result.not_run), 'scenario')} not run", "yellow")
        style = "bold red" if result.failed else "bold green"
        self.sentence(f"{result.passed} passed, {result.failed} failed", style)

    def _say(self, text: Text) -> None:
        self._console.print(text, highlight=False, soft_wrap=True)


def failure(played: Played) -> RenderableType:
    """The readable account of the first difference."""
    step = played.failed_step
    line = played.file.line_of("steps", step - 1) if step else played.file.line_of("setup")
    where = f"step {step} of {len(played.file.scenario.steps)}" if step else "in the set-up"
    head = Text(f"{played.file.path}:{line}", "dim").append(f"  {where}")
    parts: list[RenderableType] = [head, Text(played.file.scenario.description, "italic"), Text()]
    if played.turns:
        parts += [transcript(played.turns, mark_last=True), Text()]
    if played.reason:
        parts.append(Text(str(played.reason), "red"))
    else:
        parts += [_compared(played.differences), Text()]
    if played.turns and not played.reason:
        parts.append(_inside(played))
    return Group(*parts)


def failure_as_text(played: Played) -> str:
    """The same account without colours, for a report file."""
    console = Console(width=110, color_system=None, force_terminal=False)
    with console.capture() as capture:
        console.print(failure(played), highlight=False)
    return "\n".join(line.rstrip() for line in capture.get().splitlines())


def _compared(differences: Iterable[Difference]) -> Table:
    table = Table.grid(padding=(0, 2))
    for difference in differences:
        table.add_row(Text(difference.field, "bold"), Text("expected", "dim"), Text(difference.expected, "green"))
        table.add_row("", Text("got", "dim"), Text(difference.got, "red"))
    return table


def _inside(played: Played) -> Table:
    """What the bot understood and did in the last turn."""
    turn = played.turns[-1]
    understood = turn.understood
    entities = ", ".join(f"{name}={value}" for name, value in understood.entities) or "none"
    form = f"{turn.active_form}, asks for {turn.requested_slot}" if turn.active_form else "none"
    rows = {
        "understood": _ranking(turn),
        "entities": entities,
        "ran": " → ".join(turn.ran) or "nothing",
        "form": form,
        "conversation": played.conversation_id,
    }
    table = Table.grid(padding=(0, 2))
    for name, value in rows.items():
        table.add_row(Text(name, "dim"), Text(value))
    return table


def _ranking(turn: Turn) -> str:
    understood = turn.understood
    if not understood.recorded:
        return "nothing: the message is not in the tracker (refused at the door, or the turn failed)"
    if understood.service_down:
        return "nothing: the intent service did not answer"
    if understood.intent is None:
        return "no intent"
    others = [(name, score) for name, score in understood.ranking if name != understood.intent]
    best = [(understood.intent, understood.confidence), *others][:_TOP]
    return " · ".join(f"{name} {score:.2f}" for name, score in best)


def _story(played: Played) -> RenderableType:
    """A conversation that passed, with what the bot understood and ran turn by turn."""
    table = Table.grid(padding=(0, 2))
    for turn in played.turns:
        table.add_row(Text(_ranking(turn), "dim"), Text(" → ".join(turn.ran), "dim"))
    return Group(Text(played.file.scenario.description, "italic"), transcript(played.turns), Text(), table)


def _first_words(played: Played) -> str:
    where = f"step {played.failed_step}" if played.failed_step else "set-up"
    if played.reason:
        return f"{where}: {played.reason}"
    first = played.differences[0]
    return f"{where}: {first.field}: expected {first.expected}, got {first.got}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
