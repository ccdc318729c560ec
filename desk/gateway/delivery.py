"""What follows when Rasa did not answer a turn: when to try again, when to say so, when to give up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from desk.gateway.model import Batch

_TRIES = {"action_raised": 4, "not_stored": 6} | dict.fromkeys(
    ("turn_failed", "no_reply", "action_limit", "validation", "paused", "crashed"), 3
)
"""Kinds that come back with the same message, and how often they are tried before the customer is told.

An action that raised may have met a neighbour's hiccup, an answer that was not stored the data base's: they have a
few seconds more.
"""

_PAUSES = (0.3, 1.0, 2.0, 4.0, 8.0)
MOST_JOINED = 5
LONGEST_JOINED = 2000


@dataclass(frozen=True, slots=True)
class Patience:
    """How long things are tried, and when a waiting customer is told."""

    tell_after: timedelta
    give_up_after: timedelta


@dataclass(frozen=True, slots=True)
class TryAgain:
    """The same turn, later."""

    at: datetime
    tell: bool


@dataclass(frozen=True, slots=True)
class GiveUp:
    """A dead letter; the customer is told."""


def pause_after(attempts: int) -> timedelta:
    """The wait after the given number of tries."""
    return timedelta(seconds=_PAUSES[min(attempts, len(_PAUSES)) - 1])


def after_failure(batch: Batch, kind: str, now: datetime, patience: Patience) -> TryAgain | GiveUp:
    """What to do with a turn that failed.

    Args:
        batch: the turn.
        kind: why it failed.
        now: the moment of the failure.
        patience: the limits.
    """
    waited = now - batch.since
    most = _TRIES.get(kind)
    if most is not None and batch.attempts >= most:
        return GiveUp()
    if waited >= patience.give_up_after and batch.attempts > 1:
        return GiveUp()
    return TryAgain(now + pause_after(batch.attempts), tell=not batch.told and waited >= patience.tell_after)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A customer's message in the inbox."""

    id: str
    text: str
    payload: str | None
    batch_id: str | None


def first_turn(waiting: Sequence[Waiting], *, join: bool) -> Sequence[Waiting]:
    """Which of the waiting messages make the next turn, in order.

    What a customer writes in quick succession is mostly one thought ("Hi", "where is my order", "10046"), so the free
    texts that wait are asked together and answered once; the intent service finds the requests in them. A click is a
    turn of its own, and so is the answer to a form's question. A turn once sent keeps its messages at every retry.

    Args:
        waiting: the inbox, oldest first, not empty.
        join: False where each message must be answered by itself.
    """
    head = waiting[0]
    if head.batch_id is not None:
        return [one for one in waiting if one.batch_id == head.batch_id]
    taken, length = [head], len(head.text)
    if head.payload is not None or not join:
        return taken
    for one in waiting[1:MOST_JOINED]:
        length += len(one.text) + 1
        if one.payload is not None or one.batch_id is not None or length > LONGEST_JOINED:
            break
        taken.append(one)
    return taken
