"""Who gets a waiting conversation when the desk hands them out. Pure values."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from desk.accounts.model import Account


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody whose console is open and who is not away, with how many conversations they have."""

    account: Account
    open: int

    @property
    def free(self) -> int:
        """How many more they take."""
        return self.account.capacity - self.open


@dataclass(frozen=True, slots=True)
class Wanted:
    """A waiting conversation as far as it decides who fits. ``about``: intents of the handoff and tags."""

    id: str
    team: str | None
    locale: str | None
    about: Sequence[str]
    passed_on_by: str | None = None


def chosen(wanted: Wanted, there: Iterable[Present]) -> Present | None:
    """Who gets it; None while nobody can.

    A team and free capacity are demanded. Among those who have both come first who speaks the customer's language,
    then who has more of the skills that it is about, then who has most room, then whoever has fewest open.
    """
    able = [one for one in there if one.free > 0 and _may(wanted, one)]
    return max(able, key=lambda one: _fitness(wanted, one), default=None)


def _may(wanted: Wanted, one: Present) -> bool:
    serves = wanted.team is None or not one.account.teams or wanted.team in one.account.teams
    return serves and one.account.id != wanted.passed_on_by


def _fitness(wanted: Wanted, one: Present) -> tuple[bool, int, int, int, str]:
    speaks = wanted.locale is None or _language(wanted.locale) in map(_language, one.account.languages)
    skills = len({skill.casefold() for skill in one.account.skills} & {word.casefold() for word in wanted.about})
    return speaks, skills, one.free, -one.open, one.account.id


def _language(locale: str) -> str:
    return locale.replace("_", "-").split("-", 1)[0].casefold()
