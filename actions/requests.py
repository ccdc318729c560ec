"""The requests of one message: the one Rasa acts on, and what else it asks for."""

from dataclasses import dataclass

from actions.turn import Turn
from answering.follow_up import leans
from contracts.escalation import words

_NO_REQUEST = frozenset(
    {"inform", "affirm", "deny", "greet", "goodbye", "thank", "praise", "how_are_you", "stop", "correct_detail",
     "nlu_fallback", "complain", "not_helpful", "request_human", "open_ticket", "ask_entry", "ask_if_bot",
     "ask_capabilities"}
)  # fmt: skip
"""Parts of a message that want nothing looked up or done."""


_THOUGHT_OF = 0.1

A_PERSON = frozenset({"request_human", "open_ticket"})
"""Intents that ask for a person."""


@dataclass(frozen=True, slots=True)
class Request:
    """A part of a message with what it wants; ``leans_on`` is the part beside it that its "it" means."""

    text: str
    intent: str
    leans_on: str = ""


def requests_in(turn: Turn) -> tuple[Request | None, list[Request]]:
    """The part that the message's intent stands for (none: the whole message), and the other requests.

    One part that is not the whole message is what a change of mind left of it.
    """
    parts = _parts(turn)
    own = next((part for part in parts if part.intent == turn.intent), None)
    if own is None or (len(parts) == 1 and own.text == turn.text.strip()):
        return None, []
    return own, [part for part in parts if part is not own and part.intent not in _NO_REQUEST | {own.intent}]


def wants_a_person_too(turn: Turn) -> bool:
    """Whether a part of the message asks for a person, though the message as a whole was taken for something else."""
    return turn.intent not in A_PERSON and any(part.intent in A_PERSON for part in _parts(turn))


def names_a_person(turn: Turn) -> bool:
    """Whether one request plainly names a person, which was thought of at least: "to someone about my bill"."""
    likely = dict(turn.intent_ranking).get("request_human", 0.0) >= _THOUGHT_OF
    return likely and len(turn.segments) <= 1 and words.load().asks_for_person(turn.text)


def more_is_asked(turn: Turn) -> bool:
    """Whether something is left to do once the part that Rasa acts on is answered."""
    return bool(requests_in(turn)[1]) or wants_a_person_too(turn)


def _parts(turn: Turn) -> list[Request]:
    found = [(str(part["text"]).strip(), str(part["intent"]["name"])) for part in turn.segments]
    beside = [found[at - 1][0] if at else "" for at in range(len(found))]
    return [
        Request(text, intent, before if leans(text) else "")
        for (text, intent), before in zip(found, beside, strict=True)
    ]
