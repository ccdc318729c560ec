"""Conversations that were played, as a Markdown page for people."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from conversation_runner.player import Played
from conversation_runner.transcript import visible
from conversation_runner.turn import Turn

_CODE = re.compile(r"^\W*\d{6}\W*$")
_HIDDEN_CODE = "(the code from the letter)"


def page(played: Sequence[Played], *, command: str) -> str:
    """A heading for each folder, under it each conversation. ``command`` is what writes the page again."""
    lines = [
        "# Journeys as they run",
        "",
        f"Written by `{command}` from a running system; never by hand. The dates are",
    ]
    lines += ["the demo company's, which moves with the day. What is checked of each stands in its scenario.", ""]
    for folder, group in itertools.groupby(played, key=lambda one: one.file.path.parent.name):
        lines += [f"## {folder.replace('_', ' ').capitalize()}", ""]
        for one in group:
            lines += [f"### {one.file.scenario.description}", "", *_conversation(one.turns), ""]
    return "\n".join(lines).rstrip() + "\n"


def _conversation(turns: Sequence[Turn]) -> Iterator[str]:
    for turn in turns:
        said = f"[{turn.clicked}]" if turn.clicked is not None else visible(turn.said)
        yield f"> **Customer:** {_HIDDEN_CODE if _CODE.match(said) else _inline(said)}"
        yield ">"
        for message in turn.messages:
            buttons = " ".join(f"`{button.title}`" for button in message.buttons)
            yield f"> **Bot:** {_inline(message.text)} {buttons}".rstrip()
            yield ">"


def _inline(text: str) -> str:
    return " ".join(text.split())
