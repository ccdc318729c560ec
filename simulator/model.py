"""What the bank of sentences holds: goals, answers, moods, and what may come in between."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field


def _expression(text: str) -> str:
    re.compile(text)
    return text


Pattern = Annotated[str, AfterValidator(_expression)]
Sentences = tuple[str, ...]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Goal(_Strict):
    """Something a customer comes for.

    Attributes:
        journey: what the report counts it under.
        openings: first sentences; ``{places}`` are filled with the customer's facts.
        orders: demo orders this goal fits; one is drawn, and its owner is the customer.
        subscriptions: the same for subscriptions.
        customers: e-mail addresses of customers it fits, where no order is needed.
        exclusive: the goal changes what is the customer's, so nobody else plays this customer meanwhile.
        done: audit entries of which one must be there at the end.
        told: patterns of which one must be found in a reply.
        cites: knowledge entries of which one must be the source of a reply.
        facts: further facts, one value of each is drawn.
        sets: facts that belong together, of which one set is drawn.
        needs: a goal that is played first in the same conversation (an appointment to cancel).
        stranger: the customer knows the order's number but is somebody else: nothing may be reached.
        weight: how often it is drawn.
        detours: whether anything may come in between.
        person: a person is the goal, or as good.
        changes_mind: may be played as somebody who says no at the end.
    """

    journey: str
    openings: Sentences = Field(min_length=2)
    orders: Sentences = ()
    subscriptions: Sentences = ()
    customers: Sentences = ()
    exclusive: bool = False
    done: Sentences = ()
    told: tuple[Pattern, ...] = ()
    cites: Sentences = ()
    facts: dict[str, Sentences] = {}
    sets: tuple[dict[str, str], ...] = ()
    needs: str | None = None
    stranger: bool = False
    weight: float = Field(default=1.0, gt=0)
    detours: bool = True
    person: bool = False
    changes_mind: bool = False


class Answer(_Strict):
    """What is said when the bot asks for one of ``slots``.

    Attributes:
        kind: a value, a yes or no before something is done, or the code from the letter.
        say: right answers. A sentence whose places cannot all be filled is passed over.
        choices: right answers only where the bot shows buttons to choose from.
        buttons: patterns of buttons that say the same; the first one that is shown may be clicked instead.
        wrong: answers that can never be right.
        slips: answers that could be right but are not meant; ``mends`` take them back.
    """

    slots: tuple[Pattern, ...]
    kind: Literal["value", "confirm", "code"] = "value"
    say: Sentences = Field(min_length=2)
    choices: Sentences = ()
    buttons: tuple[str, ...] = ()
    wrong: Sentences = ()
    slips: Sentences = ()
    mends: Sentences = ()

    def fits(self, slot: str) -> bool:
        """Whether this is an answer to that slot."""
        return any(re.fullmatch(pattern, slot) for pattern in self.slots)


class Mood(_Strict):
    """How somebody writes. ``before`` and ``after`` go round a first sentence, ``outbursts`` stand alone."""

    weight: float
    typos: float = 0.0
    shouting: float = 0.0
    bare: bool = False
    before: Sentences = ("",)
    after: Sentences = ("",)
    outbursts: Sentences = ()
    patience: int = 4


class Question(_Strict):
    """Asked in the middle of something else, and what shows that it was answered."""

    ask: str
    cites: Sentences = ()


class Phrases(_Strict):
    """Sentences that belong to no goal."""

    yes: Sentences
    no: Sentences
    stop: Sentences
    person: Sentences
    thanks: Sentences
    goodbye: Sentences
    small_talk: Sentences
    joins: Sentences
    resend: Sentences
    no_ticket: Sentences
    unsure: Sentences
    decline_offer: Sentences
    other: Sentences
    take_it_up: Sentences


class Tactic(_Strict):
    """One way in which a stranger tries: said in order, whatever the bot asks."""

    name: str
    lines: Sentences
