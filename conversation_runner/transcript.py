"""A conversation as a person reads it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.table import Table
from rich.text import Text

from conversation_runner.turn import BotMessage, Turn

_LONGEST = 400


def transcript(turns: Sequence[Turn], *, mark_last: bool = False) -> Table:
    """Every turn in order, who spoke at the left; the last customer line gets an arrow when asked for."""
    table = _columns()
    for index, turn in enumerate(turns):
        marked = mark_last and index == len(turns) - 1
        arrow, weight = ("→", "bold") if marked else ("", "")
        table.add_row(Text(arrow, "bold red"), Text("customer", "cyan"), Text(_customer(turn), weight))
        _add_replies(table, turn, numbered=False)
    return table


def replies(turn: Turn) -> Table:
    """What the bot said in ``turn``, its buttons with their numbers."""
    table = _columns()
    _add_replies(table, turn, numbered=True)
    return table


def visible(text: str) -> str:
    """``text`` with control characters spelt out and the middle of a very long one left out."""
    spelt = "".join(c if c.isprintable() or c == "\n" else c.encode("unicode_escape").decode() for c in text)
    if len(spelt) <= _LONGEST:
        return spelt
    return f"{spelt[: _LONGEST // 2]} … {spelt[-_LONGEST // 4 :]} ({len(text):,} characters)"


def _columns() -> Table:
    table = Table.grid(padding=(0, 1))
    table.add_column(width=1)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    return table


def _add_replies(table: Table, turn: Turn, *, numbered: bool) -> None:
    if not turn.messages:
        table.add_row("", Text("bot", "green"), Text("(no reply)", "red"))
    for message in turn.messages:
        for index, line in enumerate(_lines(message, numbered=numbered)):
            table.add_row("", Text("" if index else "bot", "green"), line)


def _customer(turn: Turn) -> str:
    if turn.clicked is not None:
        return f"[{turn.clicked}]  ({visible(turn.said)})"
    return visible(turn.said).replace("\n", "⏎") or "(empty message)"


def _lines(message: BotMessage, *, numbered: bool) -> Iterator[Text]:
    if message.text:
        yield Text(visible(message.text))
    if message.buttons:
        titles = (f"{n} {b.title}" if numbered else b.title for n, b in enumerate(message.buttons, start=1))
        yield Text(" ".join(f"[{title}]" for title in titles), "blue")
    if message.other:
        yield Text(f"(also sent: {', '.join(sorted(message.other))})", "dim")
    if not message.shows_something:
        yield Text("(empty message)", "red")
