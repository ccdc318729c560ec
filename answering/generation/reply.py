"""What a model's last words mean: an answer, or one of the replies that the prompts agree on with it."""

import re
from dataclasses import dataclass
from typing import Literal

ReplyKind = Literal["answer", "question", "unknown", "offer"]

_ASKS = re.compile(r"^\W*ASK\s*:\s*(.+)$", re.DOTALL)
_UNKNOWN = re.compile(r"^\W*UNKNOWN\b")
_OFFER = re.compile(r"^\W*OFFER\W*$")


@dataclass(frozen=True, slots=True)
class Reply:
    """``text`` is empty for ``unknown`` and ``offer``."""

    kind: ReplyKind
    text: str = ""


def reply_of(text: str) -> Reply:
    """The reply in a model's text. One that also says UNKNOWN does not know."""
    text = text.strip()
    if asked := _ASKS.match(text):
        return Reply("question", asked[1].strip())
    if _UNKNOWN.match(text) or text.rstrip(" .").endswith("UNKNOWN"):
        return Reply("unknown")
    if _OFFER.match(text):
        return Reply("offer")
    return Reply("answer", text)
