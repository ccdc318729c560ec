"""Kinds of values on the command line, each refused in words that say how it is written."""

import argparse
from datetime import datetime
from zoneinfo import ZoneInfo

_MOST = 100_000


def at_least_one(text: str) -> int:
    """A whole number from 1 on.

    Raises:
        argparse.ArgumentTypeError: it is none.
    """
    try:
        number = int(text)
    except ValueError:
        number = 0
    if not 1 <= number <= _MOST:
        raise argparse.ArgumentTypeError(f"a whole number from 1 to {_MOST} is needed")
    return number


def share(text: str) -> float:
    """A number from 0 to 1.

    Raises:
        argparse.ArgumentTypeError: it is none.
    """
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number <= 1:
        raise argparse.ArgumentTypeError("a number from 0 to 1 is needed, such as 0.95")
    return number


def moment_of(text: str) -> datetime:
    """A day, or a day and a time.

    Raises:
        argparse.ArgumentTypeError: it is neither.
    """
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("write the day as 2026-12-31, or with a time as 2026-12-31T18:00") from None


def in_zone(moment: datetime, zone: ZoneInfo) -> datetime:
    """A moment without a zone is one of the company's."""
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)
