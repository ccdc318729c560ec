"""Conversations as Rasa's events, written short."""

from collections.abc import Sequence
from typing import Any


def said(text: str, intent: str = "ask_delivery", **parsed: Any) -> dict[str, Any]:
    """A customer's message; ``confidence``, ``sentiment``, ``urgency`` … may be given."""
    confidence = parsed.pop("confidence", 0.9)
    parse_data = {"intent": {"name": intent, "confidence": confidence}, "nlu_status": "ok", **parsed}
    return {"event": "user", "text": text, "parse_data": parse_data}


def replied(response: str, *entries: str) -> dict[str, Any]:
    """The bot's reply by a response's name, telling these entries."""
    citations = [{"entry_id": entry} for entry in entries]
    data = {"custom": {"kind": "answer", "citations": citations}} if entries else {}
    return {"event": "bot", "metadata": {"utter_action": response}, "data": data}


def handed_over() -> dict[str, Any]:
    return {"event": "action", "name": "action_request_handoff"}


def times(count: int, *events: dict[str, Any]) -> Sequence[dict[str, Any]]:
    return [event for _ in range(count) for event in events]
