"""Internal names, traces and unfilled places that must never stand in a reply."""

from __future__ import annotations

import re

from conversation_runner.turn import Turn

_TRACES = re.compile(
    r"\b(?:utter|action|validate)_\w+|\b\w+_form\b|\bnlu_fallback\b|\bTraceback\b|\b[A-Z]\w+(?:Error|Exception)\b"
    r"|\{\{?\s*\w+\s*\}?\}|(?<=[a-z:,] )None\b(?! of)|\bundefined\b(?=[.,]|$)"
)
_ADDRESS = re.compile(r"\S+://\S+|\S+@\S+")
_WORD = re.compile(r"\w+")


def internal_names_in(turn: Turn, names: frozenset[str]) -> tuple[str, ...]:
    """Internals a customer can read in this turn's texts and button titles, each once.

    What the customer wrote himself may come back; addresses may contain any word.
    """
    shown = [*(m.text for m in turn.messages), *(b.title for b in turn.buttons)]
    found: dict[str, None] = {}
    for text in shown:
        visible = _ADDRESS.sub(" ", text)
        found |= dict.fromkeys(word for word in _WORD.findall(visible) if word in names)
        found |= dict.fromkeys(_TRACES.findall(visible))
    return tuple(name for name in found if name not in turn.said)
