"""Writing a scenario by talking: what happened becomes the file, to be trimmed by hand."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import yaml
from rich.console import Console

from conversation_runner.errors import RunnerError
from conversation_runner.expectations import TICKET_NUMBER
from conversation_runner.player import Conversation
from conversation_runner.transcript import replies
from conversation_runner.turn import Button, Turn

HOW_TO: Final = "Write what the customer says; a button's number clicks it. /quit or Ctrl-D ends and writes the file."
_LONGEST_SNIPPET: Final = 60
_SENTENCE_END: Final = re.compile(r"(?<=[.!?])\s|\n")


async def record(conversation: Conversation, *, read_line: Callable[[], str], console: Console) -> list[dict[str, Any]]:
    """Talk until ``read_line`` raises ``EOFError`` or gives ``/quit``; return the steps for the file."""
    steps: list[dict[str, Any]] = []
    buttons: tuple[Button, ...] = ()
    while (line := _next(read_line)) is not None:
        number = int(line) if line.isascii() and line.isdecimal() else 0
        clicked = buttons[number - 1] if 0 < number <= len(buttons) else None
        try:
            turn = await conversation.say(clicked.payload if clicked else line, clicked)
        except RunnerError as error:
            console.print(str(error), style="red")
            continue
        buttons = turn.buttons or buttons
        console.print(replies(turn), highlight=False)
        steps.append(step_from(turn))
    return steps


def _next(read_line: Callable[[], str]) -> str | None:
    try:
        line = read_line()
    except EOFError:
        return None
    return None if line.strip() == "/quit" else line


def step_from(turn: Turn) -> dict[str, Any]:
    """The step that asks for what ``turn`` gave."""
    expect: dict[str, Any] = {}
    if snippets := [snippet for message in turn.messages if (snippet := _snippet(message.text))]:
        expect["text"] = [{"contains": snippet} for snippet in snippets]
    if turn.understood.intent:
        expect["intent"] = turn.understood.intent
    if turn.ran:
        expect["actions"] = list(turn.ran)
    if turn.buttons:
        expect["buttons"] = [button.title for button in turn.buttons]
    if any(TICKET_NUMBER.search(message.text) for message in turn.messages):
        expect["ticket"] = True
    expect["active_form"] = turn.active_form
    said = {"click": turn.clicked} if turn.clicked is not None else {"customer": turn.said}
    return said | {"expect": expect}


def _snippet(text: str) -> str:
    """The start of the first sentence: enough to know the reply by, short enough to survive rewording.

    Ends before a ticket number, which is another one each time.
    """
    sentence = _SENTENCE_END.split(TICKET_NUMBER.split(text.strip())[0], maxsplit=1)[0].strip()
    if len(sentence) <= _LONGEST_SNIPPET:
        return sentence
    return sentence[:_LONGEST_SNIPPET].rsplit(" ", 1)[0]


def write_scenario(path: Path, description: str, steps: list[dict[str, Any]]) -> None:
    """Write the scenario file, making its folder when needed."""
    document = {"description": description, "tags": ["recorded"], "steps": steps}
    path.parent.mkdir(parents=True, exist_ok=True)
    text = yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=110)
    path.write_text(text.replace("\n- ", "\n\n- "), encoding="utf-8")
