"""Values as the API's JSON."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from desk.company import Opening
from desk.gateway.model import Attachment, Conversation, Item, Speaker, State


def moment(at: datetime | None) -> str | None:
    """ISO 8601 in UTC."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at else None


def opening_json(opening: Opening) -> dict[str, Any]:
    return {"open": opening.open, "text": opening.text, "opens_at": moment(opening.opens_at)}


def attachment_json(conversation_id: str, attachment: Attachment) -> dict[str, Any]:
    return {
        "id": attachment.id,
        "name": attachment.name,
        "type": attachment.type,
        "size": attachment.size,
        "url": f"/v1/conversations/{conversation_id}/attachments/{attachment.id}",
    }


def item_json(conversation_id: str, item: Item) -> dict[str, Any]:
    """One item: the message's data (`custom`) spread over the fields that a client draws."""
    draft, message = item.draft, item.draft.message
    custom = message.get("custom")
    data: Mapping[str, Any] = custom if isinstance(custom, dict) else {}
    citations = [_citation(one) for one in _objects(data.get("citations"))]
    return {
        "position": item.position,
        "id": item.id,
        "speaker": draft.speaker.value,
        "name": draft.name,
        "client_id": draft.client_id if draft.speaker is Speaker.CUSTOMER else None,
        "text": _without_source_line(draft.text, citations),
        "buttons": [_button(one) for one in _objects(message.get("buttons"))],
        "citations": citations,
        "cards": [_card(one) for one in _objects(data.get("cards"))],
        "image": _text_or_none(message.get("image")),
        "attachments": [attachment_json(conversation_id, one) for one in draft.attachments],
        "input": data["input"] if isinstance(data.get("input"), dict) else None,
        "event": draft.event.value if draft.event else None,
        "rung": _text_or_none(data.get("rung")),
        "at": moment(item.at),
    }


def buttons_of(item: Item) -> list[dict[str, str]]:
    """Everything that the customer can click in one item."""
    message = item.draft.message
    custom = message.get("custom")
    cards = _objects(custom.get("cards")) if isinstance(custom, dict) else []
    return [_button(one) for holder in (message, *cards) for one in _objects(holder.get("buttons"))]


def conversation_json(
    conversation: Conversation, *, opening: Opening, resumable_until: datetime, identified: bool
) -> dict[str, Any]:
    queue = None
    if conversation.state is State.QUEUED:
        queue = {"position": conversation.queue_place or 1, "wait_seconds": None}
    agent = {"name": conversation.agent_name} if conversation.state is State.AGENT else None
    return {
        "id": conversation.id,
        "state": conversation.state.value,
        "agent": agent,
        "queue": queue,
        "opening": opening_json(opening),
        "locale": conversation.locale,
        "position": conversation.position,
        "identified": identified,
        "created_at": moment(conversation.created_at),
        "resumable_until": moment(resumable_until),
    }


def rasa_message(external_id: str, item: Item) -> dict[str, Any]:
    """An item in the format of Rasa's REST channel."""
    fields = ("buttons", "custom", "image", "attachment", "elements", "quick_replies")
    kept = {name: item.draft.message[name] for name in fields if item.draft.message.get(name)}
    return {"recipient_id": external_id, **({"text": item.draft.text} if item.draft.text else {}), **kept}


def _objects(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _button(one: Mapping[str, Any]) -> dict[str, str]:
    return {"title": str(one.get("title") or ""), "payload": str(one.get("payload") or one.get("title") or "")}


def _without_source_line(text: str, citations: Sequence[Mapping[str, Any]]) -> str:
    """The words without the paragraph that names the sources: this client draws them, others read them."""
    named = "; ".join(" > ".join(one["path"]) or one["title"] for one in citations)
    paragraphs = text.split("\n\n")
    return "\n\n".join(one for one in paragraphs if not named or one.partition(": ")[2] != named)


def _citation(one: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "entry_id": str(one.get("entry_id") or ""),
        "title": str(one.get("title") or ""),
        "path": [str(part) for part in one.get("path") or []],
        "url": _text_or_none(one.get("url")),
    }


def _card(one: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "title": str(one.get("title") or ""),
        "subtitle": str(one.get("subtitle") or ""),
        "image": _text_or_none(one.get("image")),
        "buttons": [_button(button) for button in _objects(one.get("buttons"))],
    }


def _text_or_none(value: Any) -> str | None:
    return str(value) if value else None
