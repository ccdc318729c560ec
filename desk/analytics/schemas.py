"""Queries and bodies of the dashboard's routes."""

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from desk.analytics.savings import COUNTED
from desk.errors import Invalid

_MOST_NUMBERS = 24
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_DAY = 10  # characters of 2026-11-25

Money = Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False)]


def _day(value: object) -> object:
    """A moment means its day: the console's calendar sends either."""
    return value[:_DAY] if isinstance(value, str) else value


Day = Annotated[date, BeforeValidator(_day)]


class Between(BaseModel):
    """Which conversations; days of the company's zone, both included."""

    first: Day | None = Field(default=None, alias="from")
    last: Day | None = Field(default=None, alias="to")
    channel: Annotated[str | None, Field(max_length=32)] = None
    model: Annotated[str | None, Field(max_length=64)] = None


class DashboardQuery(Between):
    """The same, and whether with the time before."""

    compare: Literal["previous", ""] = ""


class ListQuery(Between):
    """The same, and which page."""

    cursor: Annotated[str, Field(pattern=r"^\d{1,7}$")] = "0"
    limit: Annotated[int, Field(ge=1, le=100)] = 50


class SavingsBody(BaseModel):
    """What changes of the formula, its currency and its numbers; a number by another name is one more parameter."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Money]

    formula: Annotated[str | None, Field(min_length=1, max_length=500)] = None
    currency: Annotated[str | None, Field(pattern=r"^[A-Z]{3}$")] = None

    def numbers(self) -> dict[str, float]:
        """The numbers that were sent.

        Raises:
            Invalid: too many, or one is called like a count.
        """
        given = dict(self.__pydantic_extra__ or {})
        if len(given) > _MOST_NUMBERS:
            raise Invalid(f"At most {_MOST_NUMBERS} numbers.")
        for name in given:
            if name in COUNTED or not _NAME.fullmatch(name):
                raise Invalid(f"{name[:40]} cannot be the name of a number.")
        return given
