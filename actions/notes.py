"""Words that something is to be added to a ticket, and what: "please note down: I am only at home after five"."""

import re

from actions.turn import Turn

_ADDS = re.compile(
    r"(?i)\b(?:(?:put|note|write)\b.{0,40}\b(?:ticket|case|T-?\d+)|(?:write|note) (?:\w+ )?down"
    r"|add(?:ing)?|append|attach|put (?:this|that|it)"
    r"|also (?:tell|note|say)|let them (?:also )?know|(?:more|another) (?:photos?|info\w*|details?)"
    r"|something (?:to add|else to (?:say|add))|forgot to (?:say|mention))\b"
)
_WHAT_TO_ADD = re.compile(r"(?is)(?:\bthat\b|:|\bsaying\b)\s*(\S.{4,})$")


def adds_to_ticket(text: str) -> bool:
    return bool(_ADDS.search(text))


def what_to_add(text: str) -> str | None:
    """What the words that ask for it say already."""
    found = _WHAT_TO_ADD.search(text) if _ADDS.search(text) else None
    return found[1].strip() if found else None


def brings_a_note(turn: Turn) -> bool:
    """Whether the words say what to add to the ticket that this conversation opened, whatever else they sound like."""
    return bool(turn.slot("ticket_number") and not turn.active_form and what_to_add(turn.text))
