"""From a conversation's timeline to its part in every figure. Definitions in words: ``figures.py``, docs/figures.md."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from desk.analytics.model import (
    FALLBACK_RUNGS,
    GENERATED_RUNG,
    UNANSWERED_RUNGS,
    Facts,
    History,
    Rules,
    Said,
    Unanswered,
    Verdict,
)

_HAPPY, _UNHAPPY = 4, 2  # of 5: from here a rating confirms, up to here it denies that it was solved
_CALLED = frozenset({"handoff_queued", "agent_joined"})
_CLOSED = "closed"
_ANSWERING = frozenset({"bot", "agent"})


def facts_of(history: History, *, rules: Rules, zone: ZoneInfo) -> tuple[Facts, list[Unanswered]] | None:
    """Everything counted of one conversation; None where the customer never said anything."""
    items = sorted(history.items, key=lambda item: item.position)
    customer = [item for item in items if item.speaker == "customer"]
    if not customer:
        return None
    turns = _bot_turns(items)
    answers = [item for item in items if item.speaker in _ANSWERING and item.at >= customer[0].at]
    agents = [item for item in items if item.speaker == "agent"]
    called = _called_at(history, items)
    handed_over = called is not None or bool(agents) or history.left_contact
    reopened = _came_back(items, rules) or _began_again(history, answers, rules)
    last_words = (answers or customer)[-1].at
    unanswered = _unanswered(items, turns)
    facts = Facts(
        conversation_id=history.id,
        day=history.at.astimezone(zone).date().isoformat(),
        at=history.at,
        channel=history.channel,
        customer_messages=len(customer),
        bot_turns=len(turns),
        fallbacks=sum(bool(rungs & FALLBACK_RUNGS) for rungs in turns.values()),
        unanswered=len([one for one in unanswered if one.rung in UNANSWERED_RUNGS]),
        generated=sum(GENERATED_RUNG in rungs for rungs in turns.values()),
        handed_over=handed_over,
        reason=_reason(history, called=called is not None) if handed_over else None,
        agent_id=history.agent_id if agents else None,
        agent_name=agents[-1].name if agents else None,
        first_response=_seconds(customer[0].at, answers[0].at if answers else None),
        person_response=_seconds(called, _first_after(agents, called)),
        resolution_time=_seconds(customer[0].at, answers[-1].at if answers else None),
        rating=history.rating,
        reopened=reopened,
        verdict=_verdict(history.rating, items, reopened=reopened, handed_over=handed_over, person=bool(agents)),
        quiet_until=last_words + rules.window,
        intent=history.reviewed.get("intent"),
        model_version=history.reviewed.get("model_version"),
        prompt_version=history.reviewed.get("prompt_version"),
    )
    return facts, unanswered


def _bot_turns(items: Sequence[Said]) -> dict[str, set[str]]:
    """Rungs by the customer's message that the bot answered; quick ones that it answered together are one turn.

    A bot's message that answers nothing (a greeting, a message of the desk's own) is no turn.
    """
    turns: dict[str, set[str]] = {}
    for item in items:
        if item.speaker == "bot" and item.answers:
            turns.setdefault(item.answers[-1], set()).update({item.rung} if item.rung else ())
    return turns


def _unanswered(items: Sequence[Said], turns: dict[str, set[str]]) -> list[Unanswered]:
    """What was said where the bot had no answer, or suggestions only; the worse rung names it."""
    found = []
    for item in items:
        rungs = turns.get(item.id, set()) & FALLBACK_RUNGS
        if rungs and item.text and not item.text.startswith("/"):
            worst = next((rung for rung in ("person", "none") if rung in rungs), "did_you_mean")
            found.append(Unanswered(item.position, item.at, item.text, worst))
    return found


def _called_at(history: History, items: Sequence[Said]) -> datetime | None:
    """When a person was called for: by the bot's rules, by the customer, or by an agent who took over."""
    moments = [item.at for item in items if item.event in _CALLED]
    moments += [history.called_at] if history.called_at else []
    return min(moments, default=None)


def _reason(history: History, *, called: bool) -> str:
    if history.reason:
        return history.reason
    return "taken_over" if called or not history.left_contact else "left_contact"


def _came_back(items: Sequence[Said], rules: Rules) -> bool:
    """Whether the customer wrote again, in this conversation, about what was settled."""
    answered: datetime | None = None
    closed = False
    for item in items:
        if item.event == _CLOSED:
            closed = True
        elif item.speaker in _ANSWERING:
            answered, closed = item.at, False
        elif item.speaker == "customer":
            away = item.at - answered if answered else None
            if away is not None and away <= rules.window and (closed or away >= rules.settles):
                return True
            answered, closed = None, False  # the next message belongs to the same return
    return False


def _began_again(history: History, answers: Sequence[Said], rules: Rules) -> bool:
    """Whether the signed-in customer came back by another conversation."""
    following = history.next_conversation
    return bool(answers) and following is not None and following - answers[-1].at <= rules.window


def _verdict(
    rating: int | None, items: Sequence[Said], *, reopened: bool, handed_over: bool, person: bool
) -> Verdict | None:
    """Whether the matter was solved, as far as it shows already; None leaves it to the customer's silence."""
    if rating is not None and rating >= _HAPPY:
        return "yes"
    if rating is not None and rating <= _UNHAPPY:
        return "no"
    if reopened or (handed_over and not person):
        return "no"
    return None if _was_answered_last(items) else "no"


def _was_answered_last(items: Sequence[Said]) -> bool:
    """Whether the last thing the customer said got an answer: a person's, or the bot's that told something."""
    answered = False
    for item in items:
        if item.speaker == "customer":
            answered = False
        elif item.speaker == "agent":
            answered = True
        elif item.speaker == "bot" and item.answers:
            answered = item.rung not in FALLBACK_RUNGS
    return answered


def _first_after(items: Sequence[Said], moment: datetime | None) -> datetime | None:
    return next((item.at for item in items if moment is not None and item.at >= moment), None)


def _seconds(begin: datetime | None, end: datetime | None) -> float | None:
    return (end - begin).total_seconds() if begin is not None and end is not None else None
