"""Conversations and what is said in them, as values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NewType

ConversationId = NewType("ConversationId", str)
MessageId = NewType("MessageId", str)


class State(StrEnum):
    """Who answers."""

    BOT = "bot"
    QUEUED = "queued"
    AGENT = "agent"
    CLOSED = "closed"


class Speaker(StrEnum):
    """Who said it."""

    CUSTOMER = "customer"
    BOT = "bot"
    AGENT = "agent"
    SYSTEM = "system"


class Happened(StrEnum):
    """What an item tells beside its words."""

    HANDOFF_QUEUED = "handoff_queued"
    AGENT_JOINED = "agent_joined"
    AGENT_LEFT = "agent_left"
    BACK_TO_BOT = "back_to_bot"
    STOPPED_WAITING = "stopped_waiting"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that the customer sent; ``type`` is what its bytes are, not what its name says."""

    id: str
    name: str
    type: str
    size: int


@dataclass(frozen=True, slots=True)
class Draft:
    """An item that has no place in the timeline yet.

    Attributes:
        message: buttons, custom data and image as Rasa's channel gives them.
        answers: ids of the customer's messages that this answers.
    """

    speaker: Speaker
    text: str = field(default="", repr=False)
    name: str | None = None
    client_id: str | None = None
    message: Mapping[str, Any] = field(default_factory=dict, repr=False)
    attachments: Sequence[Attachment] = ()
    event: Happened | None = None
    answers: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """One place in a conversation's timeline; positions are 1, 2, 3 … without gaps."""

    position: int
    id: str
    draft: Draft
    at: datetime


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation as it stands.

    Attributes:
        version: grows with each change of owner; a write that names an older one is refused.
        position: of the newest item, 0 when nothing was said.
        queue_place: 1 for the next to be served; None outside the queue.
        human_since: position after which people, not the bot, were in charge.
    """

    id: ConversationId
    channel: str
    state: State
    version: int
    agent_id: str | None
    agent_name: str | None
    position: int
    locale: str | None
    customer_id: str | None
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None
    queued_at: datetime | None
    human_since: int | None
    contact_email: str | None
    read_by_customer: int
    queue_place: int | None = None


@dataclass(frozen=True, slots=True)
class NewConversation:
    """How a conversation begins."""

    channel: str
    token_hash: str | None = None
    external_id: str | None = None
    locale: str | None = None
    page_url: str | None = None
    page_title: str | None = None
    consent: bool | None = None


@dataclass(frozen=True, slots=True)
class Incoming:
    """A customer's message: words, or a button's payload with the title that was clicked."""

    client_id: str
    text: str = field(default="", repr=False)
    payload: str | None = field(default=None, repr=False)
    attachments: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Batch:
    """What Rasa is asked in one turn: one message, or several quick ones of a customer.

    Attributes:
        id: the turn's message id; the same at every try.
        attempts: how often it was sent, this time included.
        since: when the first of its messages was received.
        told: the customer knows that it takes longer.
    """

    id: MessageId
    message_ids: Sequence[str]
    text: str = field(repr=False)
    payload: str | None = field(repr=False)
    metadata: Mapping[str, Any] = field(repr=False)
    attempts: int
    since: datetime
    told: bool


@dataclass(frozen=True, slots=True)
class Errand:
    """Something to be told to a neighbour: a row of the outbox."""

    id: str
    kind: str
    body: Mapping[str, Any] = field(repr=False)
    attempts: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Claim:
    """Who would work on a conversation, and until when its lease would hold."""

    owner: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to work on a conversation until it expires; ``fence`` is refused once somebody else has a newer one."""

    conversation_id: ConversationId
    fence: int
    work: Batch | Errand | None
