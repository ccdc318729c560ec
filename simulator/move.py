"""One thing that a customer says or clicks."""

from __future__ import annotations

from dataclasses import dataclass

from conversation_runner.turn import Button


@dataclass(frozen=True)
class Move:
    """What is said, and why. ``agrees``: says yes to what was read back (True), or takes a yes back (False)."""

    text: str
    kind: str
    button: Button | None = None
    agrees: bool | None = None
    needs_code: bool = False


def click(button: Button, kind: str, *, agrees: bool | None = None) -> Move:
    """A button, which sends its payload."""
    return Move(button.payload, kind, button, agrees)
