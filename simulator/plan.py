"""Who comes, what for and in what mood: everything about a run that the seed decides."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from simulator.bank import Bank
from simulator.cast import Cast, Order, Person
from simulator.model import Goal, Mood, Tactic

ROUND = 36
"""Conversations between two rewinds of the data base: some need a customer for themselves."""

DISTURBANCES = ("detour", "small_talk", "outburst", "wrong", "slip", "resend", "wrong_code", "other", "twice")
_SOME = {"wrong_code": 0.3, "resend": 0.15, "other": 0.5, "twice": 0.4}
NOBODYS_NUMBER = "10{:03d}"
OWN_ADDRESSES = ("rory.k@example.com", "mail4me@example.org", "tess.quinn@example.net", "bo_lin@example.com")
FIRST_NAMES = ("Rory", "Mina", "Tess", "Bo")


@dataclass(frozen=True)
class Visit:
    """One conversation before it begins.

    ``goals`` are played in order; ``together`` says the first two in one message. ``disturbances`` come in their
    order, each as soon as it fits.
    """

    number: int
    seed: str
    goals: tuple[str, ...]
    together: bool
    mood: str
    person: Person | None
    order: Order | None
    facts: dict[str, str]
    disturbances: tuple[str, ...] = ()
    changes_mind: bool = False
    tactic: Tactic | None = None
    twin: bool = False

    @property
    def source(self) -> random.Random:
        """The conversation's own chance, the same at each replay."""
        return random.Random(f"{self.seed}/said")


def plan(bank: Bank, cast: Cast, *, seed: int, conversations: int, only: str = "") -> Iterator[list[Visit]]:
    """The run's rounds. A customer whose things are changed plays no second part in a round.

    Args:
        bank: the goals.
        cast: the people.
        seed: decides everything.
        conversations: how many in all.
        only: a part of a journey's or goal's name; others are not drawn.
    """
    drawing = _Drawing(bank, cast, seed, only)
    for first in range(0, conversations, ROUND):
        drawing.taken, drawing.shared = set(), set()
        yield [drawing.visit(number) for number in range(first, min(first + ROUND, conversations))]


@dataclass
class _Drawing:
    bank: Bank
    cast: Cast
    seed: int
    only: str
    taken: set[str] = field(default_factory=set)
    shared: set[str] = field(default_factory=set)

    def visit(self, number: int) -> Visit:
        source = random.Random(f"{self.seed}/{number}")
        for _ in range(50):
            name = self._goal(source)
            goal = self.bank.goals[name]
            found = self._person(goal, source)
            if found is not None:
                return self._filled(number, name, goal, found, source)
        name = next(one for one, goal in self.bank.goals.items() if not (goal.orders or goal.subscriptions))
        return self._filled(number, name, self.bank.goals[name], (None, None), source)

    def _goal(self, source: random.Random) -> str:
        fit = {n: g.weight for n, g in self.bank.goals.items() if self.only in n or self.only in g.journey}
        return source.choices(list(fit), list(fit.values()))[0]

    def _person(self, goal: Goal, source: random.Random) -> tuple[Person | None, Order | None] | None:
        """Somebody whom the goal fits and who is free; None when nobody is."""
        if not (goal.orders or goal.subscriptions):
            return None, None
        alone = goal.exclusive or goal.stranger
        fit = []
        for number in (*goal.orders, *goal.subscriptions):
            owner = self.cast.owner(number)
            if owner and owner.id not in self.taken and not (alone and owner.id in self.shared):
                fit.append((owner, owner.order(number), number))
        if not fit:
            return None
        owner, order, number = source.choice(fit)
        (self.taken if alone else self.shared).add(owner.id)
        return owner, order or (owner.orders[0] if owner.orders else None)

    def _filled(
        self, number: int, name: str, goal: Goal, who: tuple[Person | None, Order | None], source: random.Random
    ) -> Visit:
        person, order = who
        moods = self.bank.moods
        mood = source.choices(list(moods), [one.weight for one in moods.values()])[0]
        second = None if goal.stranger or goal.needs or not goal.detours else self._second(name, source)
        goals = tuple(one for one in (goal.needs, name, second) if one)
        return Visit(
            number=number,
            seed=f"{self.seed}/{number}",
            goals=goals,
            together=bool(second) and source.random() < 0.5,  # noqa: PLR2004 - half of them in one breath
            mood=mood,
            person=None if goal.stranger else person,
            order=order,
            facts=self._facts(number, goals, person, order, source),
            disturbances=_disturbances(goal, moods[mood], source) if not second else (),
            changes_mind=goal.changes_mind and source.random() < 0.15,  # noqa: PLR2004 - one in seven
            tactic=source.choice(self.bank.tactics) if goal.stranger else None,
        )

    def _second(self, name: str, source: random.Random) -> str | None:
        """Sometimes something else that needs nobody's account."""
        if source.random() > 0.12:  # noqa: PLR2004 - one in eight
            return None
        light = [
            one
            for one, goal in self.bank.goals.items()
            if one != name and goal.cites and not (goal.orders or goal.subscriptions or goal.needs)
        ]
        return source.choice(light) if light else None

    def _facts(
        self, number: int, goals: Sequence[str], person: Person | None, order: Order | None, source: random.Random
    ) -> dict[str, str]:
        own = source.randrange(len(OWN_ADDRESSES))
        facts = {"own_email": OWN_ADDRESSES[own], "first_name": FIRST_NAMES[own], "name": f"{FIRST_NAMES[own]} Quigg"}
        stranger = any(self.bank.goals[one].stranger for one in goals)
        if order:
            facts |= {"order_number": order.number, "other_number": NOBODYS_NUMBER.format(source.randrange(500, 1000))}
        if person and stranger:
            facts |= _guesses(person)
        elif person:
            facts |= _known(person, order)
        for one in goals:
            goal = self.bank.goals[one]
            # two customers of one round may not want the same new address
            facts |= {name: source.choice(values).format(number=number) for name, values in goal.facts.items()}
            facts |= source.choice(goal.sets) if goal.sets else {}
        return facts


def _known(person: Person, order: Order | None) -> dict[str, str]:
    """What a customer knows of their own."""
    facts = {
        "email": person.email,
        "own_email": person.email,
        "name": person.name,
        "first_name": person.name.split()[0],
        "street": person.street,
        "city": person.city,
    }
    if person.phone:
        facts["phone"] = person.phone
    if order:
        facts |= {"product": order.items[0].short, "product_name": order.items[0].name}
    if person.subscriptions:
        kind = "filter plan" if person.subscriptions[0] == "S-400131" else "bean box"
        facts |= {"subscription_number": person.subscriptions[0], "subscription_name": kind}
    return facts


def _guesses(person: Person) -> dict[str, str]:
    """Addresses that anybody could make up who has heard the name, but never the right one."""
    first, last = person.name.split()[0].lower(), person.name.split()[-1].lower().replace("'", "")
    made = [
        f"{first}{last}@example.org",
        f"{last}.{first}@example.com",
        f"{first}@example.org",
        f"{first[0]}{last}@example.com",
    ]
    wrong = [one for one in made if one != person.email]
    return dict(zip(("guess_one", "guess_two", "guess_three"), wrong, strict=False))


def _disturbances(goal: Goal, mood: Mood, source: random.Random) -> tuple[str, ...]:
    """What comes in between: about one thing in each conversation, at most three."""
    if not goal.detours:
        return ()
    possible = [one for one in DISTURBANCES if one != "outburst" or mood.outbursts]
    drawn = [one for one in possible if source.random() < 0.14 * _SOME.get(one, 1.0)]
    source.shuffle(drawn)
    return tuple(drawn[:3])
