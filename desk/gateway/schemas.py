"""Bodies of the customer API. Unknown keys are refused; texts lose what no data base and no reader can take."""

import unicodedata
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from backoffice.parsing import parse_email
from contracts.payloads import WRONG_PAYLOAD, is_payload

_KEPT_CONTROLS = "\n\t"


def cleaned(text: str) -> str:
    """NFC without control characters and halves of characters."""
    normal = unicodedata.normalize("NFC", text.encode("utf-16", "surrogatepass").decode("utf-16", "ignore"))
    return "".join(one for one in normal if one in _KEPT_CONTROLS or unicodedata.category(one) not in ("Cc", "Cs"))


def _payload(value: str) -> str:
    if value.startswith("/") and not is_payload(value):
        raise ValueError(WRONG_PAYLOAD)
    return value


def _email(value: str) -> str:
    address = parse_email(value)
    if address is None:
        raise ValueError("must be an e-mail address")
    return address


Cleaned = AfterValidator(cleaned)
Payload = Annotated[str, Cleaned, AfterValidator(_payload), Field(min_length=1, max_length=2000)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Page(_Body):
    """Where on the website the conversation began."""

    url: Annotated[str, Cleaned, Field(max_length=2000)]
    title: Annotated[str, Cleaned, Field(max_length=300)] = ""


class BeginBody(_Body):
    """A new conversation."""

    locale: Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$", max_length=35)] | None = None
    page: Page | None = None
    consent: bool | None = None
    identity: Annotated[str, Field(max_length=4096)] | None = None


class IdentifyBody(_Body):
    """The host site's token."""

    identity: Annotated[str, Field(max_length=4096)]


class MessageBody(_Body):
    """A message: words, a clicked button, files, or words with files."""

    client_id: UUID
    text: Annotated[str, Cleaned] | None = None
    payload: Payload | None = None
    title: Annotated[str, Cleaned, Field(max_length=300)] | None = None
    attachments: Annotated[list[Annotated[str, Field(max_length=64)]], Field(max_length=10)] = []


class TypingBody(_Body):
    """Whether the customer writes."""

    on: bool


class ReadBody(_Body):
    """The last position the customer has seen."""

    position: Annotated[int, Field(ge=0, le=2**31 - 1)]


class EmptyBody(_Body):
    """Nothing."""


class ContactBody(_Body):
    """Where a colleague may answer."""

    email: Annotated[str, AfterValidator(_email), Field(max_length=320)]


class RatingBody(_Body):
    """How the customer liked it."""

    score: Annotated[int, Field(ge=1, le=5)]
    comment: Annotated[str, Cleaned, Field(max_length=2000)] | None = None


class _Answer(BaseModel):
    pass


class OpeningAnswer(_Answer):
    """When people are there."""

    open: bool
    text: str
    opens_at: str | None


class QueueAnswer(_Answer):
    """The customer's place."""

    position: int
    wait_seconds: int | None


class AgentAnswer(_Answer):
    """The person who has the conversation."""

    name: str | None


class ConversationAnswer(_Answer):
    """A conversation as it stands."""

    id: str
    state: Literal["bot", "queued", "agent", "closed"]
    agent: AgentAnswer | None
    queue: QueueAnswer | None
    opening: OpeningAnswer
    locale: str | None
    position: int
    identified: bool
    created_at: str
    resumable_until: str


class BegunAnswer(_Answer):
    """A new conversation with its token, which is told only here."""

    token: str
    conversation: ConversationAnswer


class ButtonAnswer(_Answer):
    """Something to click."""

    title: str
    payload: str


class CitationAnswer(_Answer):
    """Where an answer comes from."""

    entry_id: str
    title: str
    path: list[str]
    url: str | None


class CardAnswer(_Answer):
    """A thing with a picture and buttons."""

    title: str
    subtitle: str
    image: str | None
    buttons: list[ButtonAnswer]


class AttachmentAnswer(_Answer):
    """A file; its address needs the token."""

    id: str
    name: str
    type: str
    size: int
    url: str


class ItemAnswer(_Answer):
    """One place in the timeline."""

    position: int
    id: str
    speaker: Literal["customer", "bot", "agent", "system"]
    name: str | None
    client_id: str | None
    text: str
    buttons: list[ButtonAnswer]
    citations: list[CitationAnswer]
    cards: list[CardAnswer]
    image: str | None
    attachments: list[AttachmentAnswer]
    input: dict[str, Any] | None
    event: str | None
    rung: str | None
    at: str


class SentAnswer(_Answer):
    """The message as it was kept."""

    item: ItemAnswer


class TimelineAnswer(_Answer):
    """Items, oldest first; ``more`` of them lie beyond in the direction asked for."""

    items: list[ItemAnswer]
    more: bool


class ErasedAnswer(_Answer):
    """What was erased."""

    receipt: str
    erased_at: str
    erased: dict[str, int | str]


class FeaturesAnswer(_Answer):
    """What this gateway can do."""

    attachments: bool
    rating: bool
    person: bool


class LimitsAnswer(_Answer):
    """What it takes."""

    message_chars: int
    attachment_bytes: int
    attachment_types: list[str]


class ConfigAnswer(_Answer):
    """What a widget needs before the first message."""

    company: str
    bot_name: str
    greeting: str
    suggestions: list[ButtonAnswer]
    opening: OpeningAnswer
    features: FeaturesAnswer
    limits: LimitsAnswer


class ErrorDetail(_Answer):
    """What went wrong."""

    type: str
    message: str
    request_id: str


class ErrorAnswer(_Answer):
    """The one error body."""

    error: ErrorDetail
