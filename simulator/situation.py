"""What a customer gathers from the bot's last reply: what is asked, what can be clicked, what is offered."""

from __future__ import annotations

import re
from dataclasses import dataclass

from conversation_runner.turn import Button, Turn

_OFFER = re.compile(r"colleague|pass (it|this|that|your choice|you) (on|to)|bring in|talk to a person", re.IGNORECASE)
_YES = re.compile(r"^(yes|yep|confirm|go ahead|do it|cancel it|that'?s right)", re.IGNORECASE)
_NO = re.compile(r"^(no|don'?t|keep|leave|not now)\b", re.IGNORECASE)
_QUESTION = re.compile(r"\?\s*$")
_LOCKED = re.compile(r"half an hour|I can look again from", re.IGNORECASE)
TICKET = re.compile(r"\bT-\d{6}\b")


@dataclass(frozen=True)
class Situation:
    """The reply as a customer reads it; ``asked`` is the slot that the open form waits for."""

    asked: str | None
    text: str
    buttons: tuple[Button, ...]

    @property
    def ticket(self) -> str | None:
        """A ticket's number, if the reply names one."""
        found = TICKET.search(self.text)
        return found[0] if found else None

    @property
    def offers_person(self) -> bool:
        """Whether a plain yes would bring in a person."""
        return self.asked is None and "?" in self.text and bool(_OFFER.search(self.text))

    @property
    def locked(self) -> bool:
        """Whether the bot says that no further try counts for now."""
        return bool(_LOCKED.search(self.text))

    @property
    def yes(self) -> Button | None:
        """A button that agrees."""
        return next((button for button in self.buttons if _YES.search(button.title)), None)

    @property
    def no(self) -> Button | None:
        """A button that declines."""
        return next((button for button in self.buttons if _NO.search(button.title)), None)

    @property
    def asks(self) -> bool:
        """Whether the last message ends in a question."""
        return bool(_QUESTION.search(self.text))

    def button(self, pattern: str) -> Button | None:
        """The first button whose title has ``pattern`` in it."""
        return next((b for b in self.buttons if re.search(pattern, b.title, re.IGNORECASE)), None)


def situation_after(turn: Turn) -> Situation:
    """Read from what the customer received; the tracker only tells which slot is being asked for."""
    text = "\n".join(message.text for message in turn.messages if message.text)
    return Situation(turn.requested_slot if turn.active_form else None, text, turn.buttons)
