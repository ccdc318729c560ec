"""A day in figures as a letter."""

from collections.abc import Sequence

from desk.analytics.figures import Figure, Target
from desk.analytics.service import Counted, Dashboard

_WIDTH = 34
_MINUTE = 60
_MOST_REASONS = 5


def summary_of(day: Dashboard, company: str) -> tuple[str, str]:
    """Subject and text. The day before stands in brackets; a missed target is marked."""
    date = day.scope.period.first
    counted = {one.figure.id: one for one in day.figures}
    total = int(counted["conversations"].value or 0)
    subject = f"{company}: {total} conversations on {date:%A, %d %B %Y}"
    lines = [f"{company}, {date:%A, %d %B %Y}", "", *(_line(one, day.savings.currency) for one in day.figures)]
    if day.escalations:
        lines += ["", "Why people were needed", *_reasons(day.escalations)]
    if day.agents:
        lines += ["", "Colleagues (resolved, open now)"]
        lines += [f"  {agent.name:<{_WIDTH - 2}} {agent.resolved:>5} {agent.open:>5}" for agent in day.agents]
    lines += [
        "",
        "In brackets: the day before. ! marks a missed target. What is resolved is known for certain three days later,",
        "when nobody has come back; while that is not known of most conversations, - stands for it. Definitions:",
        "docs/figures.md.",
    ]
    return subject, "\n".join(lines) + "\n"


def _line(one: Counted, currency: str) -> str:
    figure, goal = one.figure, one.figure.target
    shown = said(figure, one.value, currency)
    before = f"  ({said(figure, one.previous, currency)})" if one.previous is not None else ""
    target = f"  ! target {goal.op} {said(figure, goal.value, currency)}" if goal and _missed(one.value, goal) else ""
    return f"  {figure.name:<{_WIDTH - 2}} {shown:>10}{before}{target}".rstrip()


def _missed(value: float | None, target: Target) -> bool:
    if value is None:
        return False
    return value <= target.value if target.op == ">" else value >= target.value


def said(figure: Figure, value: float | None, currency: str) -> str:
    """A value in words and units for people."""
    if value is None:
        return "-"
    if figure.unit == "share":
        return f"{value:.0%}"
    if figure.unit == "seconds":
        return f"{value:.0f} s" if value < _MINUTE else f"{value // _MINUTE:.0f} min {value % _MINUTE:02.0f} s"
    if figure.unit == "money":
        return f"{value:.2f} {currency}"
    return f"{value:.2f}" if figure.unit == "score" else f"{value:.0f}"


def _reasons(escalations: Sequence[tuple[str, int]]) -> list[str]:
    return [f"  {reason.replace('_', ' '):<{_WIDTH - 2}} {count:>10}" for reason, count in escalations[:_MOST_REASONS]]
