"""A conversation as a person reads it."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from conversation_runner.turn import BotMessage, Turn

_LONGEST = 400
_MARGIN = 11


def transcript(turns: tuple[Turn, ...], *, mark_last: bool = False) -> Text:
    """Every turn in order, who spoke at the left; the last customer line gets an arrow when asked for."""
    text = Text()
    for index, turn in enumerate(turns):
        marked = mark_last and index == len(turns) - 1
        text.append("→ " if marked else "  ", "bold red")
        text.append(f"{'customer':<{_MARGIN - 2}}", "cyan")
        text.append(_customer(turn) + "\n", "bold" if marked else "")
        text.append_text(replies(turn)).append("\n")
    return text


def replies(turn: Turn, *, numbered: bool = False) -> Text:
    """What the bot said in ``turn``, without a last line break; buttons with their numbers when asked for."""
    if not turn.messages:
        return Text("  ").append(f"{'bot':<{_MARGIN - 2}}", "green").append("(no reply)", "red")
    lines: list[Text] = []
    for message in turn.messages:
        for index, line in enumerate(_lines(message, numbered=numbered)):
            speaker = Text("  ").append(f"{'bot' if index == 0 else '':<{_MARGIN - 2}}", "green")
            lines.append(speaker.append_text(line))
    return Text("\n").join(lines)


def visible(text: str) -> str:
    """``text`` with control characters spelt out and the middle of a very long one left out."""
    spelt = "".join(c if c.isprintable() or c == "\n" else c.encode("unicode_escape").decode() for c in text)
    if len(spelt) <= _LONGEST:
        return spelt
    return f"{spelt[: _LONGEST // 2]} … {spelt[-_LONGEST // 4 :]} ({len(text):,} characters)"


def _customer(turn: Turn) -> str:
    if turn.clicked is not None:
        return f"[{turn.clicked}]  ({visible(turn.said)})"
    return visible(turn.said).replace("\n", "⏎") or "(empty message)"


def _lines(message: BotMessage, *, numbered: bool) -> Iterator[Text]:
    for line in visible(message.text).split("\n") if message.text else ():
        yield Text(line)
    if message.buttons:
        titles = (f"{n} {b.title}" if numbered else b.title for n, b in enumerate(message.buttons, start=1))
        yield Text(" ".join(f"[{title}]" for title in titles), "blue")
    if message.other:
        yield Text(f"(also sent: {', '.join(sorted(message.other))})", "dim")
    if not message.shows_something:
        yield Text("(empty message)", "red")
