"""The inbox as the console's JSON (agreed with ``web/console``)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from desk.gateway.model import Item, Speaker, State
from desk.gateway.wire import item_json, moment
from desk.inbox.model import Customer, Note, Summary

_BETWEEN = 0.001
"""A note stands between the item after which it was written and the next one."""


def summary_json(summary: Summary, now: datetime) -> dict[str, Any]:
    """A conversation as the list shows it."""
    conversation, details = summary.conversation, summary.details
    waits = summary.waiting_since
    agent = {"id": conversation.agent_id, "name": conversation.agent_name} if conversation.agent_id else None
    return {
        "id": conversation.id,
        "channel": conversation.channel,
        "state": conversation.state.value,
        "status": summary.status(now),
        "version": conversation.version,
        "agent": agent,
        "team": details.team,
        "priority": details.priority,
        "customer": {
            "id": conversation.customer_id,
            "name": details.customer_name,
            "email": conversation.contact_email,
        },
        "title": summary.title,
        "last": _words_json(summary),
        "unread": summary.unread,
        "waiting_seconds": max(0, int((now - waits).total_seconds())) if waits else None,
        "mood": summary.mood,
        "tags": list(details.tags),
        "snoozed_until": moment(details.snoozed_until) if summary.is_snoozed(now) else None,
        "locale": conversation.locale,
        "created_at": moment(conversation.created_at),
        "updated_at": moment(conversation.updated_at),
        "rating": summary.rating,
        "missed": summary.missed,
        "outcome": _outcome_json(summary),
        "merged_into": details.merged_into if conversation.state is State.CLOSED else None,
        "read_by_customer": conversation.read_by_customer,
    }


def _outcome_json(summary: Summary) -> dict[str, Any] | None:
    """How a colleague said that it went; None where it goes on, or nobody said so."""
    details = summary.details
    if summary.conversation.state is not State.CLOSED or details.resolution is None or details.merged_into:
        return None
    return {"reason": details.resolution, "comment": details.resolution_comment}


def _words_json(summary: Summary) -> dict[str, Any] | None:
    last = summary.last
    if last is None:
        return None
    file = {"name": last.file.name, "type": last.file.type} if last.file else None
    return {"speaker": last.speaker.value, "text": last.text, "at": moment(last.at), "file": file}


def told(
    conversation_id: str,
    item: Item,
    knew: Mapping[str, Any] | None = None,
    translations: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """An item; its files come by the console's own way. ``translations``: the same by language."""
    shown = item_json(conversation_id, item)
    for attachment in shown["attachments"]:
        attachment["url"] = f"/console/api/conversations/{conversation_id}/attachments/{attachment['id']}"
    if item.draft.speaker is Speaker.AGENT:
        shown["client_id"] = item.draft.client_id
    return {
        **shown,
        "private": False,
        "note": False,
        "knew": dict(knew) if knew else None,
        "translations": dict(translations or {}),
    }


def note_json(note: Note, place: int = 1) -> dict[str, Any]:
    """A note in the shape of an item, ``place``-th after the item that it follows."""
    return {
        "position": note.after_position + place * _BETWEEN,
        "id": note.id,
        "speaker": "agent",
        "name": note.author_name,
        "client_id": note.client_id,
        "text": note.text,
        "buttons": [],
        "citations": [],
        "cards": [],
        "image": None,
        "attachments": [],
        "input": None,
        "event": None,
        "rung": None,
        "at": moment(note.at),
        "private": True,
        "note": True,
        "knew": None,
        "translations": {},
    }


def timeline_json(
    conversation_id: str,
    items: Sequence[Item],
    notes: Sequence[Note],
    knew: Mapping[str, Mapping[str, Any]],
    translations: Mapping[str, Mapping[str, str]],
) -> list[dict[str, Any]]:
    """Items and the notes between them, oldest first; only notes that belong to these items."""
    first = items[0].position if items else 0
    shown = [told(conversation_id, item, _reason(item, knew), translations.get(item.id)) for item in items]
    shown += [one for one in _numbered(notes) if one["position"] > first or first <= 1]
    return sorted(shown, key=lambda one: float(one["position"]))


def _reason(item: Item, knew: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any] | None:
    if item.draft.speaker is not Speaker.BOT:
        return None
    return next((knew[one] for one in item.draft.answers if one in knew), None)


def _numbered(notes: Sequence[Note]) -> Iterator[dict[str, Any]]:
    place: dict[int, int] = {}
    for note in notes:
        place[note.after_position] = place.get(note.after_position, 0) + 1
        yield note_json(note, place[note.after_position])


def customer_json(customer: Customer | None) -> dict[str, Any] | None:
    """The panel beside the conversation."""
    if customer is None:
        return None
    return {
        "id": customer.id,
        "name": customer.name,
        "email": customer.email,
        "phone": customer.phone,
        "since": customer.since,
        "orders": [dict(order) for order in customer.orders],
        "tickets": [dict(ticket) for ticket in customer.tickets],
        "verified": customer.verified,
    }
