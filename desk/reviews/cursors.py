"""Where a page ended, as an opaque word for the client."""

import base64
import binascii
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from desk.adapters.sql import review_lists
from desk.errors import Invalid
from desk.reviews.model import Sort


def of_row(row: Row[Any], sort: Sort) -> str:
    """Behind this row of the list."""
    value = row.worth if sort == "worth" else row.started_at.isoformat()
    return _encoded([value, row.number])


def after(cursor: str, sort: Sort) -> review_lists.After:
    """Where the next page of the list begins.

    Raises:
        Invalid: it is none of ours, or another list's.
    """
    value, number = _decoded(cursor, 2)
    if sort == "worth" and isinstance(value, int | float) and isinstance(number, int):
        return float(value), number
    if sort == "newest" and isinstance(number, int):
        return _moment(value), number
    raise Invalid("cursor: it belongs to another list.")


def of_correction(row: Row[Any]) -> str:
    """Behind this correction."""
    return _encoded([row.corrected_at.isoformat(), row.number, row.position])


def place(cursor: str) -> tuple[datetime, int, int]:
    """Where the next page of corrections begins.

    Raises:
        Invalid: it is none of ours, or another list's.
    """
    at, number, position = _decoded(cursor, 3)
    if not isinstance(number, int) or not isinstance(position, int):
        raise Invalid("cursor: it belongs to another list.")
    return _moment(at), number, position


def _encoded(parts: Sequence[Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(list(parts)).encode()).decode().rstrip("=")


def _decoded(cursor: str, length: int) -> list[Any]:
    try:
        parts = json.loads(base64.urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error) as error:
        raise Invalid("cursor: it is not one of this list.") from error
    if not isinstance(parts, list) or len(parts) != length:
        raise Invalid("cursor: it is not one of this list.")
    return parts


def _moment(value: Any) -> datetime:
    try:
        at = datetime.fromisoformat(str(value))
    except ValueError as error:
        raise Invalid("cursor: it is not one of this list.") from error
    if at.tzinfo is None:
        raise Invalid("cursor: it is not one of this list.")
    return at
