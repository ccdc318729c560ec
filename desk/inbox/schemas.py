"""Bodies that consoles send."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from desk.gateway.schemas import Cleaned
from desk.inbox.model import Queue

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]
ClientId = Annotated[str, Field(min_length=1, max_length=64)]
Text = Annotated[str, Cleaned, Field(max_length=8000)]
Words = Annotated[str, Cleaned, Field(min_length=1, max_length=8000)]
Language = Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$", max_length=35)]
"""A BCP 47 tag."""
Version = int | None
Filter = Annotated[str | None, Field(max_length=200)]


class Body(BaseModel):
    """Unknown keys are refused."""

    model_config = ConfigDict(extra="forbid")


class Page(Body):
    """Which part of which queue; ``q`` is words that were said, or a conversation's id."""

    queue: Queue = Queue.MINE
    team: Filter = None
    priority: Filter = None
    tag: Filter = None
    q: Filter = None
    cursor: Filter = None
    limit: Annotated[int, Field(ge=1, le=100)] = 50


class TakeBody(Body):
    """``version`` is the one that the agent has seen; without it the newest is taken."""

    version: Version = None


class Original(Body):
    """What a reply was translated from."""

    language: Language
    text: Words


class ReplyBody(Body):
    """Words or files, or both."""

    client_id: ClientId
    text: Text = ""
    version: Version = None
    attachments: Annotated[list[Name], Field(max_length=10)] = []
    original: Original | None = None


class NoteBody(Body):
    """For colleagues."""

    client_id: ClientId
    text: Words


class ReturnBody(Body):
    """To the bot; ``note`` is for it alone."""

    version: Version = None
    note: Annotated[str, Cleaned, Field(max_length=2000)] | None = None


class SnoozeBody(Body):
    """Until when."""

    until: AwareDatetime


class ResolveBody(Body):
    """How it ended."""

    reason: Literal["solved", "no_answer", "spam", "other"] = "solved"
    comment: Annotated[str, Cleaned, Field(max_length=2000)] | None = None


class TransferBody(Body):
    """To a colleague or to a team."""

    agent_id: Name | None = None
    team: Name | None = None
    note: Annotated[str, Cleaned, Field(max_length=2000)] | None = None


class PriorityBody(Body):
    """How soon."""

    priority: Literal["low", "normal", "high", "urgent"]


class TagsBody(Body):
    """Tags in, tags out."""

    add: Annotated[list[Name], Field(max_length=20)] = []
    remove: Annotated[list[Name], Field(max_length=20)] = []


class TypingBody(Body):
    """Whether the agent writes."""

    on: bool


class ReadBody(Body):
    """Up to where."""

    position: Annotated[float, Field(ge=0, le=2**31 - 1)]


class TicketBody(Body):
    """What the ticket is about."""

    subject: Annotated[str, Cleaned, Field(min_length=1, max_length=200)]
    team: Name | None = None


class AssignmentBody(Body):
    """Whether conversations are handed out."""

    on: bool


class AwayBody(Body):
    """Whether the agent takes conversations."""

    away: bool
