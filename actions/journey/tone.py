"""A fitting half sentence before a journey goes on."""

import re

from actions.turn import Turn

ANGRY_BELOW = -0.5
_ANGRY = re.compile(r"(?i)\b(?:ridiculous|unacceptable|angry|furious|fed up|joke of a|disgrace|scandal|useless)\b|!!!")
_SAD = re.compile(r"(?i)\b(?:sad|crying|heartbroken|funeral|passed away|died|hospital|depress\w*|devastated)\b")
_MOODS = frozenset({"utter_tone_sad", "utter_tone_angry", "utter_tone_joking"})
_JOKING = re.compile(r"(?i)\b(?:ha(?:ha)+|lol|lmao|rofl|joking|just kidding|joke)\b|[😂🤣😄😆😜😉]")


def half_sentence(turn: Turn) -> str | None:
    """The response for the message's mood; none for an even one, nor twice running."""
    if turn.text.startswith("/") or _said_before(turn):
        return None
    if _SAD.search(turn.text):
        return "utter_tone_sad"
    if _ANGRY.search(turn.text) or turn.sentiment < ANGRY_BELOW:
        return "utter_tone_angry"
    return "utter_tone_joking" if _JOKING.search(turn.text) else None


def _said_before(turn: Turn) -> bool:
    """Whether the bot's last answer began with one already."""
    users = 0
    for event in reversed(turn.tracker.events):
        users += event.get("event") == "user"
        if users > 1:
            return False
        said = str((event.get("metadata") or {}).get("utter_action") or "")
        if event.get("event") == "bot" and said in _MOODS:
            return True
    return False
