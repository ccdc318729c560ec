"""What a button's payload may say: an intent, and a flat object of short values."""

import json
import math
import re
import unicodedata
from typing import Any

_PAYLOAD = re.compile(r"/[a-z][a-z0-9_]*(?P<entities>\{.*\})?", re.DOTALL)
WRONG_PAYLOAD = "must be the payload of a button: /intent, or /intent and a flat JSON object of texts and numbers"


def has_form_of_payload(said: str) -> bool:
    """Whether these are an intent and perhaps something in braces, not words behind a slash."""
    return _PAYLOAD.fullmatch(said) is not None


def is_payload(said: str) -> bool:
    """Whether Rasa and the actions may be given this: each entity a text or a number, nothing inside of another."""
    found = _PAYLOAD.fullmatch(said)
    if found is None:
        return False
    try:
        entities = json.loads(found["entities"] or "{}")
    except (ValueError, RecursionError):
        return False
    return all(_is_plain(one) for pair in entities.items() for one in pair)


def _is_plain(value: Any) -> bool:
    if isinstance(value, str):
        return all(unicodedata.category(one) not in ("Cc", "Cs") for one in value)
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
