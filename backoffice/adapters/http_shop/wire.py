"""What goes over the wire to a shop: the room's own values as JSON, each with its version where it has one."""

import hashlib
from dataclasses import dataclass
from typing import Any

from backoffice.model.act import Act, Plan, Reason, adapter_of
from backoffice.model.order_change import CancelPlan, ClaimPlan, LostPlan, MovePlan, OrderPlan, ReturnPlan, SearchPlan

KINDS: dict[str, type[OrderPlan]] = {
    "cancel": CancelPlan,
    "move": MovePlan,
    "return": ReturnPlan,
    "search": SearchPlan,
    "lost": LostPlan,
    "claim": ClaimPlan,
}
NAMES: dict[type[Plan], str] = {kind: name for name, kind in KINDS.items()}
KEY_CHARACTERS = 64


@dataclass(frozen=True, slots=True)
class ChangeRequest:
    """The body of a change: what was agreed, and who asked through which conversation and message."""

    kind: str
    plan: dict[str, Any]
    conversation_id: str
    message_id: str


@dataclass(frozen=True, slots=True)
class RefusedBody:
    """The body of a change that the shop did not make for a reason that can be told."""

    reason: Reason


def key_of(act: Act, kind: type[Plan]) -> str:
    """The ``Idempotency-Key``: one conversation, one kind of change, one key of the caller."""
    named = "\x00".join((act.conversation_id, NAMES[kind], act.key))
    return hashlib.sha256(named.encode("utf-8", "surrogatepass")).hexdigest()[:KEY_CHARACTERS]


def read(kind: Any, content: bytes) -> Any:
    """The value in a body; ``ValueError`` when it is none of this kind."""
    return adapter_of(kind).validate_json(content)


def written(kind: Any, value: Any) -> Any:
    """The value as JSON values."""
    return adapter_of(kind).dump_python(value, mode="json")
