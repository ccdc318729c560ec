"""The days that a question is about."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from desk.errors import Invalid

_LONGEST_DAYS = 400


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days of the company's zone, both included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        """Refuse what is no period.

        Raises:
            Invalid: it ends before it begins, or is longer than 400 days.
        """
        if self.last < self.first:
            raise Invalid("The time ends before it begins.")
        if self.length > _LONGEST_DAYS:
            raise Invalid(f"At most {_LONGEST_DAYS} days can be looked at together.")

    @property
    def length(self) -> int:
        """In days."""
        return (self.last - self.first).days + 1

    def days(self) -> Iterator[str]:
        """Each day as it stands in the facts."""
        return ((self.first + timedelta(days=number)).isoformat() for number in range(self.length))

    def before(self) -> "Period":
        """As many days just before."""
        return Period(self.first - timedelta(days=self.length), self.first - timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Scope:
    """Which conversations are counted."""

    period: Period
    channel: str | None = None
    model: str | None = None
