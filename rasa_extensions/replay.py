"""A turn's messages as the desk channel sends them, from the turn itself or from the tracker that stored it."""

from __future__ import annotations

from typing import Any

from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted, BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

_FIELDS = ("text", "buttons", "custom", "image", "attachment", "elements", "quick_replies")


def on_the_wire(message: dict[str, Any]) -> dict[str, Any]:
    """One whole message: what it says, with its data, and nothing of Rasa's own."""
    return {key: message[key] for key in _FIELDS if message.get(key)}


def stored_turn(tracker: DialogueStateTracker | None, message_id: str) -> list[dict[str, Any]] | None:
    """What the bot said to this message, or None when its turn was never saved.

    From the message to the next ``action_listen``: what a person said later is not the bot's.
    """
    events = list(tracker.events) if tracker else []
    starts = [n for n, event in enumerate(events) if isinstance(event, UserUttered) and event.message_id == message_id]
    if not starts:
        return None
    said = []
    for event in events[starts[-1] :]:
        if isinstance(event, ActionExecuted) and event.action_name == ACTION_LISTEN_NAME:
            break
        if isinstance(event, BotUttered):
            said.append(on_the_wire(event.message()))
    return said
