"""The requests of one message: the one Rasa acts on, and what else it asks for."""

from dataclasses import dataclass

from actions.turn import Turn

_NO_REQUEST = frozenset(
    {"inform", "affirm", "deny", "greet", "goodbye", "thank", "praise", "how_are_you", "stop", "correct_detail",
     "nlu_fallback", "complain", "not_helpful", "request_human", "open_ticket", "ask_entry", "ask_if_bot",
     "ask_capabilities"}
)  # fmt: skip
"""Parts of a message that want nothing looked up or done."""


@dataclass(frozen=True, slots=True)
class Request:
    """A part of a message with what it wants."""

    text: str
    intent: str


def requests_in(turn: Turn) -> tuple[Request | None, list[Request]]:
    """The part that the message's intent stands for (none: the whole message), and the other requests."""
    parts = [Request(str(part["text"]), str(part["intent"]["name"])) for part in turn.segments]
    if len(parts) < 2:  # noqa: PLR2004 - one request is the whole message
        return None, []
    own = next((part for part in parts if part.intent == turn.intent), None)
    if own is None:
        return None, []
    return own, [part for part in parts if part is not own and part.intent not in _NO_REQUEST | {own.intent}]
