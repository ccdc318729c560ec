"""Free text and JSON as every data base can keep them."""

import hashlib
import math
from collections.abc import Mapping
from datetime import date
from typing import Any

LONGEST_ID = 200


def stored_text(text: str, longest: int) -> str:
    """The text without NUL and lone surrogates (PostgreSQL and UTF-8 refuse them), cut at ``longest``."""
    clean = text.replace("\x00", "").encode("utf-8", "ignore").decode("utf-8").strip()
    return clean if len(clean) <= longest else clean[: longest - 1].rstrip() + "…"


def stored_json(value: Mapping[str, Any]) -> dict[str, Any]:
    """The mapping as plain JSON values; what JSON does not know is kept as its text."""
    return {stored_text(str(key), 200): _plain(part) for key, part in value.items()}


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, Mapping):
        return stored_json(value)
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(part) for part in value]
    if isinstance(value, date):  # and datetime, which is one
        return value.isoformat()
    return stored_text(str(value), 4000)


def stored_id(given: str) -> str:
    """The id itself, or its fingerprint where it is too long or holds what a data base refuses.

    Conversation and message ids may come from the open REST door, so anything can be in them; two different
    ids must never become the same one, hence no cutting and no cleaning.
    """
    if len(given) <= LONGEST_ID and stored_text(given, LONGEST_ID) == given:
        return given
    return "sha256:" + hashlib.sha256(given.encode("utf-8", "surrogatepass")).hexdigest()
