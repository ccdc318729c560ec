"""Changes: who asks for one, what it would do, what it did, and why not."""

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Any, Generic, TypeVar, cast

from pydantic import TypeAdapter

from backoffice.model.ids import ConversationId, MessageId

TOKEN_CHARACTERS = 24


@dataclass(frozen=True, slots=True)
class Act:
    """One request to change something.

    ``key`` makes it happen once: made from the message id and the purpose, it counts within the conversation
    and the kind of change. The same key again returns the first result and does nothing.
    """

    conversation_id: ConversationId
    message_id: MessageId
    key: str


class Reason(StrEnum):
    """Why something was not done. A refusal changes nothing and may be asked again."""

    NOT_VERIFIED = "not_verified"
    """Nobody has proved who this conversation is with: order number and e-mail, or sign in."""
    NOT_CONFIRMED = "not_confirmed"
    """It moves money, goods or data: a code to the address on file comes first."""
    NOT_FOUND = "not_found"
    """No such thing of this customer's; another's is told the same."""
    CHANGED = "changed"
    """What was agreed is no longer what would happen: preview again and read it back."""
    ALREADY_DONE = "already_done"
    TOO_EARLY = "too_early"
    TOO_LATE = "too_late"
    SHIPPED = "shipped"
    NOT_DELIVERED = "not_delivered"
    NOTHING_LEFT = "nothing_left"
    """The goods are back already, or the money is."""
    FINAL_SALE = "final_sale"
    OPENED = "opened"
    NOT_RETURNABLE = "not_returnable"
    WARRANTY = "warranty"
    """Too late for a return, but a fault is covered by the warranty."""
    REGION_NOT_SERVED = "region_not_served"
    OTHER_REGION = "other_region"
    """Another delivery region costs another amount: cancel and order anew."""
    PO_BOX = "po_box"
    EXPRESS_ONLY_IRELAND = "express_only_ireland"
    NO_SUCH_PRODUCT = "no_such_product"
    CLOSED = "closed"
    FULL = "full"
    NO_SUCH_TIME = "no_such_time"
    ADDRESS_TAKEN = "address_taken"
    OPEN_BUSINESS = "open_business"
    """Orders, returns or subscriptions are still open; ``about`` names them."""
    WRONG_CODE = "wrong_code"
    INVALID = "invalid"
    """A value that can never be right: ask again, with an example."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why not. ``policy`` is the knowledge entry to cite; ``day`` and ``moment`` are what the reason speaks of."""

    reason: Reason
    policy: str | None = None
    day: date | None = None
    moment: datetime | None = None
    about: tuple[str, ...] = ()


class Plan:
    """What a change would do: amounts and days to read back. Never holds the present moment."""

    __slots__ = ()

    @property
    def token(self) -> str:
        """Stands for exactly this plan: what the customer agreed to is what is done, or nothing is."""
        return hashlib.sha256(adapter_of(cast("Any", type(self))).dump_json(self)).hexdigest()[:TOKEN_CHARACTERS]


P = TypeVar("P", bound=Plan)


@dataclass(frozen=True, slots=True)
class Done(Generic[P]):
    """A change that was made: what it did, its number for the customer if it has one, and when."""

    plan: P
    at: datetime
    reference: str | None = field(default=None)


@cache
def adapter_of(kind: Any) -> TypeAdapter[Any]:
    """Between values of this type and JSON."""
    return TypeAdapter(kind)


def agreed(plan: P | Refusal, token: str) -> P | Refusal:
    """The plan if it is the one that was agreed to; ``CHANGED`` when it is another by now."""
    if isinstance(plan, Refusal) or plan.token == token:
        return plan
    return Refusal(Reason.CHANGED)
