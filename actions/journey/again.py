"""How a question is put that was put before: in other words, with what helps. The words are in the domain.

A response with a variation for ``asked_before`` is chosen by Rasa; where there is none the first words serve.
"""

from actions.turn import Turn

ASKED_BEFORE = "asked_before"
AGAIN, ONCE_MORE, SHORT, WAITING = "again", "once_more", "short", "waiting"


def how_asked(turn: Turn, slot: str | None, *, explained: bool, told_where: bool = False) -> str | None:
    """The value of ``asked_before``: ``None`` for a first question.

    Args:
        turn: The message.
        slot: What is asked for.
        explained: Whether a sentence of this turn has said already what is wrong or what would help.
        told_where: Whether it told where to find what is asked for: then nobody is pressed.
    """
    times = times_asked(turn, slot) if slot else 0
    if not times:
        return None
    if told_where:
        return WAITING
    if explained:
        return SHORT
    return AGAIN if times % 2 else ONCE_MORE


def is_first_question(turn: Turn) -> bool:
    """Whether the open form has asked for nothing before this turn."""
    return not _asked_before(turn, None)


def times_asked(turn: Turn, slot: str) -> int:
    """In how many earlier turns the open form asked for this, since it was opened or came back."""
    return _asked_before(turn, slot)


def _asked_before(turn: Turn, slot: str | None) -> int:
    """The same for any slot at all where ``slot`` is None."""
    times, asked = 0, False
    for event in turn.tracker.events:
        kind = event.get("event")
        if kind == "active_loop":
            times, asked = 0, False
        elif kind == "user":
            times, asked = times + asked, False
        elif kind == "slot" and event.get("name") == "requested_slot":
            asked = event.get("value") == slot if slot else event.get("value") is not None
    return times
