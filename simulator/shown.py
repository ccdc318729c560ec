"""What a customer sees of a turn, as one text, and whether something stands in it."""

from __future__ import annotations

import re

from conversation_runner.turn import BotMessage, Turn

_LAST_DIGITS = 7


def shown_in(turn: Turn) -> str:
    """Texts, button titles and structured data of a turn."""
    parts = [message.text for message in turn.messages] + [button.title for button in turn.buttons]
    parts += [str(message.other) for message in turn.messages if message.other]
    return "\n".join(parts)


def told_of_orders(turn: Turn) -> str:
    """Texts and button titles with every number alike, without what the knowledge answers: that tells of no order."""
    told = [message for message in turn.messages if not is_answer(message)]
    parts = [message.text for message in told] + [button.title for message in told for button in message.buttons]
    return re.sub(r"\d+", "#", "\n".join(parts))


def is_answer(message: BotMessage) -> bool:
    """Whether the message is an answer, or suggestions, from the knowledge."""
    return (message.other.get("custom") or {}).get("kind") == "answer"


def stands_in(text: str, shown: str) -> bool:
    """Whether ``text`` stands in ``shown`` as a whole; case and spaces make no difference, nor do a phone's signs."""
    if text.startswith("+"):
        return re.sub(r"\D", "", text)[-_LAST_DIGITS:] in re.sub(r"[\s()/-]", "", shown)
    pattern = r"\s+".join(map(re.escape, text.split()))
    return re.search(rf"(?<!\w){pattern}(?!\w)", shown, re.IGNORECASE) is not None


def message_id_of(turn: Turn) -> str | None:
    """The id under which Rasa recorded what the customer said."""
    said = [event for event in turn.events if event.get("event") == "user"]
    return said[-1].get("message_id") if said else None
