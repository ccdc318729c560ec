"""Every figure with its definition: the one place where it is said what is counted.

A conversation counts from the customer's first message on, on the day (of the company's zone) on which it began. In the
sentences below

* *handed over*: a person was called for by the bot, asked for by the customer, took over, or was left an address to;
* *settled*: the customer was silent for 30 minutes after an answer, or the conversation was closed;
* *reopened*: the customer wrote again within 72 hours of the last answer after the matter was settled, in the same
  conversation or, signed in, in another one;
* *decided*: the customer rated it 1, 2, 4 or 5, or it was reopened, or its last message got no answer, or nobody came
  though a person was called, or 72 hours have passed since the last answer. Before that nobody can know: what
  denies that it was solved shows earlier than what confirms it, so while fewer than half are decided a share of them
  is not told;
* *resolved*, the verified sort: rated 4 or 5, or not rated 1 or 2, not reopened, answered, and 72 hours over.

``Sums`` is what the data base adds up; each figure is a function of sums, so a day, a period and a version are computed
the same way. Medians cannot be added up and are asked for by themselves.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Literal

Unit = Literal["share", "count", "seconds", "money", "score"]


KNOWN_FROM = 0.5
"""So much of all conversations must be decided before a share of the decided ones says anything."""


@dataclass(frozen=True, slots=True)
class Sums:
    """Counts over a set of conversations."""

    conversations: int = 0
    handed_over: int = 0
    decided: int = 0
    resolved: int = 0
    resolved_by_bot: int = 0
    reopened: int = 0
    rated: int = 0
    rating_sum: int = 0
    bot_turns: int = 0
    fallbacks: int = 0
    unanswered: int = 0
    generated: int = 0

    def __add__(self, other: "Sums") -> "Sums":
        """Both sets together."""
        return Sums(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))


@dataclass(frozen=True, slots=True)
class Target:
    """What the figure should be: above or below a value."""

    op: Literal[">", "<"]
    value: float


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the dashboard.

    Attributes:
        value: from sums; None where it is a median or comes from the savings formula.
        median_of: the column of facts whose median it is.
        of_decided: it is a share of the decided conversations, so how many those are stands beside it.
    """

    id: str
    name: str
    definition: str
    unit: Unit
    value: Callable[[Sums], float | None] | None = None
    median_of: str | None = None
    target: Target | None = None
    of_decided: bool = False


def share(part: int, whole: int) -> float | None:
    """Between 0 and 1; None of nothing."""
    return part / whole if whole else None


def share_of_decided(part: int, sums: Sums) -> float | None:
    """Of the decided conversations; None while too few of all are decided."""
    return share(part, sums.decided) if sums.decided >= KNOWN_FROM * sums.conversations else None


FIGURES: tuple[Figure, ...] = (
    Figure(
        "conversations",
        "Conversations",
        "Conversations that began in this time and in which the customer said something.",
        "count",
        lambda s: float(s.conversations),
    ),
    Figure(
        "resolved_by_bot",
        "Resolved by the bot, verified",
        "Of the decided conversations, those resolved without a person: the customer rated 4 or 5, or got an answer "
        "and did not come back within 72 hours.",
        "share",
        lambda s: share_of_decided(s.resolved_by_bot, s),
        target=Target(">", 0.70),
        of_decided=True,
    ),
    Figure(
        "resolved",
        "Resolved by anybody, verified",
        "Of the decided conversations, those resolved by the bot or a person, by the same signs.",
        "share",
        lambda s: share_of_decided(s.resolved, s),
        of_decided=True,
    ),
    Figure(
        "containment",
        "Containment",
        "Of all conversations, those in which no person was called for, took over or was left an address. It says "
        "nothing about whether the customer was helped.",
        "share",
        lambda s: share(s.conversations - s.handed_over, s.conversations),
    ),
    Figure(
        "escalation",
        "Escalation",
        "Of all conversations, those handed over: a person was called for, took over or was left an address.",
        "share",
        lambda s: share(s.handed_over, s.conversations),
        target=Target("<", 0.20),
    ),
    Figure(
        "rating",
        "Rating",
        "Mean of the customers' ratings, 1 to 5, of the conversations that were rated.",
        "score",
        lambda s: share(s.rating_sum, s.rated),
        target=Target(">", 4.2),
    ),
    Figure(
        "first_response",
        "First response",
        "Median time from the customer's first message to the first answer of the bot or a person.",
        "seconds",
        median_of="first_response",
    ),
    Figure(
        "person_response",
        "First response of a person",
        "Median time from the call for a person to that person's first words, where one came.",
        "seconds",
        median_of="person_response",
    ),
    Figure(
        "resolution_time",
        "Time to resolution",
        "Median time from the customer's first message to the last answer, of resolved conversations.",
        "seconds",
        median_of="resolution_time",
        target=Target("<", 180.0),
    ),
    Figure(
        "reopened",
        "Reopened",
        "Of the decided conversations, those the customer came back about within 72 hours of the last answer, after 30 "
        "minutes of silence or after the conversation was closed.",
        "share",
        lambda s: share_of_decided(s.reopened, s),
        target=Target("<", 0.05),
        of_decided=True,
    ),
    Figure(
        "fallback",
        "Fallback rate",
        "Of the bot's turns, those that told no answer: suggestions only, nothing found, or a person offered.",
        "share",
        lambda s: share(s.fallbacks, s.bot_turns),
    ),
    Figure(
        "unanswered",
        "Unanswered questions",
        "Customers' messages for which the bot found nothing at all.",
        "count",
        lambda s: float(s.unanswered),
    ),
    Figure(
        "cost",
        "Cost per conversation",
        "By the parameters under Savings: people's minutes, generated answers and the running costs, divided by the "
        "conversations.",
        "money",
    ),
    Figure(
        "saved",
        "Saved by the bot",
        "By the formula under Savings, which can be edited.",
        "money",
    ),
)

BY_ID: Mapping[str, Figure] = {figure.id: figure for figure in FIGURES}
