"""A conversation as a file for the customer, and as text for those who work on it."""

from collections.abc import Sequence
from typing import Any

from desk.gateway.model import Item, Speaker
from desk.gateway.wire import item_json


def as_text(company: str, items: Sequence[Item]) -> str:
    """For the customer, who is ``You``."""
    return f"Your conversation with {company} (times in UTC)\n\n{as_lines(items, customer='You')}"


def as_lines(items: Sequence[Item], *, customer: str) -> str:
    """One line or more an item, with who said it and when in UTC; ``customer`` is how the customer is called."""
    lines = []
    for item in items:
        draft = item.draft
        who = {Speaker.CUSTOMER: customer, Speaker.SYSTEM: "*"}.get(draft.speaker, draft.name or draft.speaker.value)
        lines.append(f"[{item.at:%Y-%m-%d %H:%M}] {who}: {draft.text}")
        lines += [f"    file: {attachment.name}" for attachment in draft.attachments]
    return "\n".join([*lines, ""])


def as_json(conversation: dict[str, Any], conversation_id: str, items: Sequence[Item]) -> dict[str, Any]:
    """The conversation and its items as the API tells them."""
    return {"conversation": conversation, "items": [item_json(conversation_id, item) for item in items]}
