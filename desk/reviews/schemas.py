"""Queries and bodies of the review routes. Unknown keys are refused."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from desk.gateway.schemas import Cleaned
from desk.reviews.model import Outcome, ReviewFilter, ReviewState

Name = Annotated[str, Field(min_length=1, max_length=255)]
Share = Annotated[float, Field(ge=0, le=1)]
_DATE_ONLY = len("2026-11-25")


def _until(value: Any) -> Any:
    """A day without a time means all of it."""
    if isinstance(value, str) and len(value) == _DATE_ONLY:
        return datetime.fromisoformat(value).replace(tzinfo=UTC) + timedelta(days=1, microseconds=-1)
    return value


def _aware(value: datetime) -> datetime:
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value


Since = Annotated[datetime, AfterValidator(_aware)]
Until = Annotated[datetime, BeforeValidator(_until), AfterValidator(_aware)]


class Between(BaseModel):
    """From when to when; a day without a time means all of it."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    since: Annotated[Since | None, Field(alias="from")] = None
    until: Annotated[Until | None, Field(alias="to")] = None


class FilterQuery(Between):
    """Everything that a list can be filtered by; all that is given must hold."""

    channel: Name | None = None
    turns_min: Annotated[int, Field(ge=0)] | None = None
    turns_max: Annotated[int, Field(ge=0)] | None = None
    intent: Name | None = None
    entity: Name | None = None
    slot: Name | None = None
    action: Name | None = None
    rung: Name | None = None
    tag: Name | None = None
    confidence_min: Share | None = None
    confidence_max: Share | None = None
    sentiment_max: Annotated[float, Field(ge=-1, le=1)] | None = None
    fallback: bool | None = None
    handoff_reason: Name | None = None
    rating_max: Annotated[int, Field(ge=1, le=5)] | None = None
    outcome: Outcome | None = None
    model: Name | None = None
    state: ReviewState | None = None
    flagged: bool | None = None
    q: Annotated[str, Cleaned, Field(max_length=200)] | None = None

    def filter(self) -> ReviewFilter:
        """The value that the lists ask."""
        given = self.model_dump(include=set(ReviewFilter.__dataclass_fields__))
        return ReviewFilter(**given)


class ListQuery(FilterQuery):
    """A page of the list."""

    sort: Literal["newest", "worth"] = "newest"
    cursor: Annotated[str, Field(max_length=200)] | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 50


class SaveFilterBody(BaseModel):
    """A filter with a name; ``query`` as in the list's address."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Cleaned, Field(min_length=1, max_length=100)]
    query: FilterQuery
    shared: bool = False


class EntityBody(BaseModel):
    """A span of the message; offsets count characters."""

    model_config = ConfigDict(extra="forbid")

    entity: Name
    value: Annotated[str, Cleaned, Field(max_length=500)]
    start: Annotated[int, Field(ge=0, le=4000)]
    end: Annotated[int, Field(ge=1, le=4000)]


class JudgementBody(BaseModel):
    """What is thought of one turn. Left out: stays as it is. Null: taken back."""

    model_config = ConfigDict(extra="forbid")

    intent: Name | None = None
    entities: Annotated[list[EntityBody], Field(max_length=30)] | None = None
    mark: bool | None = None
    answer_rating: Literal[-1, 1] | None = None
    should_have_been: Name | None = None


class CommentBody(BaseModel):
    """A comment on the conversation, or on the turn ``index``."""

    model_config = ConfigDict(extra="forbid")

    index: Annotated[int, Field(ge=0)] | None = None
    text: Annotated[str, Cleaned, Field(min_length=1, max_length=4000)]


Tag = Annotated[str, Cleaned, Field(min_length=1, max_length=40, pattern=r"^\S(.*\S)?$")]


class ChangeBody(BaseModel):
    """State, all tags, flag; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    state: ReviewState | None = None
    tags: Annotated[list[Tag], Field(max_length=20)] | None = None
    flagged: bool | None = None


class TeachBody(BaseModel):
    """Something to say to the bot; without a session a new one begins."""

    model_config = ConfigDict(extra="forbid")

    session_id: Annotated[str, Field(max_length=64)] | None = None
    text: Annotated[str, Cleaned, Field(min_length=1, max_length=4000)]


class HeardBody(BaseModel):
    """Sentences to ask the model in use about."""

    model_config = ConfigDict(extra="forbid")

    texts: Annotated[list[Annotated[str, Field(min_length=1, max_length=4000)]], Field(min_length=1, max_length=64)]


class ExportBody(BaseModel):
    """``dry_run`` writes nothing and shows what would be written."""

    model_config = ConfigDict(extra="forbid")

    dry_run: bool = False
