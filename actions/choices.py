"""Buttons that stand for a value of a journey's field."""

import json
from collections.abc import Container
from datetime import datetime

from actions.journey.model import Heard

CHOICE = "choice"
"""Entity of such a button: ``<slot>:<value>``, so that no other field takes it for its own."""


def choice_button(slot: str, value: str, title: str) -> dict[str, str]:
    return {"title": title, "payload": "/inform" + json.dumps({CHOICE: f"{slot}:{value}"})}


def chosen(heard: Heard, slot: str, values: Container[str] | None = None) -> str | None:
    """The value of this field's button, if one was clicked: one of ``values``, since anybody can write a payload."""
    name, _, value = heard.entities.get(CHOICE, "").partition(":")
    return value if name == slot and value and (values is None or value in values) else None


def moment_chosen(heard: Heard, slot: str) -> datetime | None:
    """The same where the value is a day or a moment in ISO form."""
    try:
        return datetime.fromisoformat(chosen(heard, slot) or "")
    except ValueError:
        return None
