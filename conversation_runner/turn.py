"""One turn of a conversation, read from what the customer received and what Rasa's tracker recorded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

Event = dict[str, Any]
_SILENT: Final = frozenset({"action_listen", "action_session_start", "action_extract_slots"})


@dataclass(frozen=True)
class Button:
    """A button as the customer sees it, and what clicking it sends."""

    title: str
    payload: str


@dataclass(frozen=True)
class BotMessage:
    """One message over REST."""

    text: str = ""
    buttons: tuple[Button, ...] = ()
    other: dict[str, Any] = field(default_factory=dict)

    @property
    def shows_something(self) -> bool:
        """Whether a customer sees anything at all."""
        return bool(self.text.strip() or self.buttons or self.other)


@dataclass(frozen=True)
class Tracker:
    """What Rasa remembers of a conversation."""

    slots: dict[str, Any]
    active_form: str | None
    requested_slot: str | None
    events: tuple[Event, ...]


@dataclass(frozen=True)
class Understood:
    """The message as Rasa took it: ``ranking`` is best first, confidences are probabilities.

    ``recorded`` is false when the message never reached the tracker: refused at the door, or the turn failed.
    ``service_down`` is true when the intent service gave no answer, so that nothing was understood at all.
    """

    recorded: bool
    service_down: bool
    intent: str | None
    confidence: float
    ranking: tuple[tuple[str, float], ...]
    entities: tuple[tuple[str, Any], ...]


@dataclass(frozen=True)
class Turn:
    """What the customer said and everything that came of it."""

    said: str
    clicked: str | None
    messages: tuple[BotMessage, ...]
    understood: Understood
    ran: tuple[str, ...]
    slots: dict[str, Any]
    active_form: str | None
    requested_slot: str | None
    events: tuple[Event, ...]
    seconds: float = 0.0

    @property
    def buttons(self) -> tuple[Button, ...]:
        """Every button of the turn, in order."""
        return tuple(button for message in self.messages for button in message.buttons)


def turn_from(
    *,
    said: str,
    clicked: str | None,
    messages: Sequence[BotMessage],
    tracker: Tracker,
    seen: int,
    seconds: float,
) -> Turn:
    """The turn that ends with ``tracker``; ``seen`` is how many events had been there before it."""
    events = tracker.events[seen:]
    return Turn(
        said=said,
        clicked=clicked,
        messages=tuple(messages),
        understood=understood_in(events),
        ran=tuple(what_ran(events)),
        slots=tracker.slots,
        active_form=tracker.active_form,
        requested_slot=tracker.requested_slot,
        events=events,
        seconds=seconds,
    )


def understood_in(events: Sequence[Event]) -> Understood:
    """What the last customer message of ``events`` was taken for."""
    said = [event for event in events if event.get("event") == "user"]
    parsed = (said[-1].get("parse_data") or {}) if said else {}
    intent = parsed.get("intent") or {}
    return Understood(
        recorded=bool(said),
        service_down=parsed.get("nlu_status") == "down",
        intent=intent.get("name"),
        confidence=float(intent.get("confidence") or 0.0),
        ranking=tuple(
            (str(r.get("name")), float(r.get("confidence") or 0.0)) for r in parsed.get("intent_ranking") or []
        ),
        entities=tuple((str(e.get("entity")), e.get("value")) for e in parsed.get("entities") or []),
    )


def what_ran(events: Sequence[Event]) -> Iterator[str]:
    """Actions in their order, and each response after the action that uttered it."""
    last = None
    for event in events:
        name = ran_by(event)
        if name is None or name in _SILENT or (event["event"] == "bot" and name == last):
            continue
        yield name
        last = name


def ran_by(event: Event) -> str | None:
    """The action or response this event tells of, if any."""
    if event.get("event") == "action":
        return event.get("name")
    if event.get("event") == "bot":
        return (event.get("metadata") or {}).get("utter_action")
    return None


def citations_in(turn: Turn) -> frozenset[str]:
    """Ids and titles of the sources named in the structured part of the replies, folded to lower case.

    Actions may hang ``citations`` on a message anywhere: REST carries them in ``custom``, the tracker also
    keeps a message's metadata.
    """
    structured = [
        *(message.other for message in turn.messages),
        *(event for event in turn.events if event.get("event") == "bot"),
    ]
    return frozenset(name.casefold() for part in structured for name in _cited(part))


def _cited(value: Any, *, inside: bool = False) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _cited(item, inside=inside or key in ("citations", "citation", "sources"))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _cited(item, inside=inside)
    elif inside and isinstance(value, str):
        yield value
