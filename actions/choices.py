"""Buttons that stand for a value of a journey's field."""

import json

from actions.journey.model import Heard

CHOICE = "choice"
"""Entity of such a button: ``<slot>:<value>``, so that no other field takes it for its own."""


def choice_button(slot: str, value: str, title: str) -> dict[str, str]:
    return {"title": title, "payload": "/inform" + json.dumps({CHOICE: f"{slot}:{value}"})}


def chosen(heard: Heard, slot: str) -> str | None:
    """The value of this field's button, if one was clicked."""
    name, _, value = heard.entities.get(CHOICE, "").partition(":")
    return value if name == slot and value else None
