"""Bodies and queries of the editor's routes. Only form is checked here; what an entry may say, retrieval judges."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from desk.errors import Invalid

_DAY = 10  # characters of 2026-12-31
Line = Annotated[str, Field(max_length=300)]
Lines = Annotated[list[Line], Field(max_length=60)]


def _products(value: object) -> object:
    return [value] if isinstance(value, str) and value else value or []


class EntryBody(BaseModel):
    """An entry, or on PUT those of its fields that change. Days are whole days of the company's."""

    model_config = ConfigDict(extra="forbid")

    id: Annotated[str, Field(max_length=80)] | None = None
    title: Line = ""
    answer: Annotated[str, Field(max_length=20_000)] = ""
    questions: Lines = []
    category: Line = "general"
    product: Annotated[Lines, BeforeValidator(_products)] = []
    audience: Literal["public", "customer", "staff"] = "public"
    locale: Annotated[str, Field(max_length=35)] = "en"
    valid_from: Annotated[str, Field(max_length=40)] | None = None
    valid_until: Annotated[str, Field(max_length=40)] | None = None
    url: Annotated[str, Field(max_length=500)] | None = None
    state: Literal["live", "draft"] = "live"
    version: int | None = None
    why: Annotated[str, Field(max_length=200)] = ""
    allow_personal_data: bool = False

    def fields(self, *, all_of_them: bool) -> dict[str, Any]:
        """The entry's own fields: all, or only those that were sent."""
        own = self.model_dump(exclude={"id", "state", "version", "why", "allow_personal_data"})
        return own if all_of_them else {name: value for name, value in own.items() if name in self.model_fields_set}


def moment_of(text: str | None) -> date | datetime | None:
    """A day, or a moment with its zone.

    Raises:
        Invalid: neither.
    """
    if not text:
        return None
    try:
        if len(text) == _DAY:
            return date.fromisoformat(text)
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Invalid("A date is written as 2026-12-31, a moment as 2026-12-31T18:00:00Z.") from error
    if moment.tzinfo is None:
        raise Invalid("A moment needs its time zone, such as 2026-12-31T18:00:00Z.")
    return moment


class TryBody(BaseModel):
    """A question to be tried."""

    model_config = ConfigDict(extra="forbid")

    question: Annotated[str, Field(min_length=1, max_length=1000)]
    audience: Literal["public", "customer", "staff"] = "public"
    locale: Annotated[str, Field(max_length=35)] = "en"


class RestoreBody(BaseModel):
    """Which version shall come back."""

    model_config = ConfigDict(extra="forbid")

    version: int


class GapDraftBody(BaseModel):
    """A question that gets a draft."""

    model_config = ConfigDict(extra="forbid")

    question: Annotated[str, Field(min_length=1, max_length=300)]
    conversation_id: Annotated[str, Field(max_length=255)] | None = None


class GapDoneBody(BaseModel):
    """A gap, in the wordings in which it was shown."""

    model_config = ConfigDict(extra="forbid")

    questions: Annotated[list[Line], Field(min_length=1, max_length=10)]
    done: bool = True
