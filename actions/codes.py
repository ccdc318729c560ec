"""Promotion codes as customers type them."""

import re

from actions.bootstrap import Services
from actions.transcript import messages_before
from actions.turn import Turn
from backoffice.service.promotions import PromotionDesk
from contracts.questions import asks

WITH_DIGIT = re.compile(r"(?<![\w@.])(?=[A-Za-z-]*\d)(?=[\d-]*[A-Za-z])[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*(?![\w@])")
CAPITALS = re.compile(r"(?<![\w@.])[A-Z][A-Z0-9-]{4,}(?![\w@])")
_LATELY = 3
"""Messages."""


def as_typed(code: str) -> str:
    return code.strip("-").upper()


def known_code_in(text: str, promotions: PromotionDesk) -> str | None:
    """A code for everybody, typed as codes are: in capitals or with digits. Whether a personal one is, is not told."""
    typed = (*WITH_DIGIT.findall(text), *CAPITALS.findall(text))
    return next((as_typed(word) for word in typed if promotions.is_for_everybody(word)), None)


def known_code_before(turn: Turn, promotions: PromotionDesk) -> str | None:
    """The code of the last few messages: what "it" means in "error 5 on it"."""
    found = (known_code_in(one.text, promotions) for one in reversed(messages_before(turn, _LATELY)))
    return next((code for code in found if code), None)


def speaks_of_a_code(turn: Turn, services: Services) -> bool:
    """Whether the words tell something of a code, and ask nothing that the knowledge would know of it."""
    return bool(known_code_in(turn.text, services.backoffice.promotions)) and not asks(turn.text)
