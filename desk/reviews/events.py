"""Rasa's events into turns: from a customer's message to the next one.

What the bot knew stands in the events: the understanding in the message's ``parse_data`` (``contracts/nlu.py``), what
it did as ``action`` and ``slot`` events, where an answer came from in the custom data of the bot's message
(``actions/questions.py``), the model in every event's metadata. Nothing here trusts their form: a tracker may hold
what older versions, other tools or ``rasa shell`` wrote.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from desk.reviews.model import Knew, Said, Turn

HUMAN_PART = "human_part"  # rasa_extensions/human_part.py
_NOT_TOLD = frozenset({"action_listen", "action_session_start", "action_unlikely_intent"})
_HANDED_OVER = ("utter_handed_to_desk", "utter_ticket_opened", "utter_ticket_instead_of_desk", "utter_ticket_exists")
_REASON = "utter_handoff_"
_BY_INTENT = {
    "request_human": "asked_for_person",
    "open_ticket": "ticket_requested",
    "complain": "complaint",
}
_STOPS = frozenset({"action_stop_flow", "action_deactivate_loop"})
_TOLD = frozenset({"approved", "entry", "generated"})
_QUIET_SLOTS = frozenset({"opening", "session_started_metadata"})  # the customer's own words again; Rasa's own
_COUNTERS = frozenset({"fallback_count", "invalid_tries"})
_BLOTTED_SLOTS = frozenset({"code"})
_RANKED = 5
_LONGEST_VALUE = 500

Event = Mapping[str, Any]


def turns_of(events: Iterable[tuple[int, Event]], *, position: int = 0) -> list[Turn]:
    """The turns of one conversation, oldest first.

    Args:
        events: rows of the tracker in order, each with its id.
        position: of the first turn that begins here.
    """
    drafts: list[_Draft] = []
    for event_id, event in events:
        kind = event.get("event")
        if kind == "user":
            drafts.append(_begin(event_id, event))
        elif kind == "bot" and not drafts:
            drafts.append(_Draft(event_id, _at(event), model_version=_model(event)))
        if drafts and kind != "user":
            drafts[-1].add(str(kind), event)
    return [draft.turn(position + n) for n, draft in enumerate(drafts)]


@dataclass
class _Draft:
    """A turn while its events are read."""

    first_event_id: int
    at: datetime
    text: str = ""
    message_id: str | None = None
    parsed: Event | None = None
    channel: str | None = None
    model_version: str = ""
    actions: list[str] = field(default_factory=list)
    slots: dict[str, Any] = field(default_factory=dict)
    bot: list[Said] = field(default_factory=list)
    agent: list[dict[str, Any]] = field(default_factory=list)
    policy: str | None = None
    form: str | None = None
    prompt: str | None = None

    def add(self, kind: str, event: Event) -> None:
        if kind == "bot":
            self._add_said(event)
        elif kind == "action":
            self._add_action(event)
        elif kind == "slot":
            self._add_slot(event)
        elif kind == "active_loop" and HUMAN_PART not in _mapping(event.get("metadata")):
            self.form = str(event.get("name") or "")

    def _add_said(self, event: Event) -> None:
        metadata = _mapping(event.get("metadata"))
        text = str(event.get("text") or "")
        if HUMAN_PART in metadata:
            name = str(metadata.get("name") or "")
            self.agent.append({"speaker": "agent", "name": name, "text": text})
            return
        data = _mapping(event.get("data"))
        custom = _mapping(data.get("custom"))
        told = custom.get("kind") == "answer"
        self.prompt = _text(_mapping(custom.get("generated")).get("prompt")) or self.prompt
        self.bot.append(
            Said(
                text=text,
                buttons=[_button(one) for one in _list(data.get("buttons"))],
                rung=_text(custom.get("rung")) if told else None,
                citations=_citations(custom) if told else (),
                response=_text(metadata.get("utter_action")),
            )
        )

    def _add_action(self, event: Event) -> None:
        name = str(event.get("name") or "")
        if not name or name in _NOT_TOLD:
            return
        if not self.actions:
            self.policy = _text(event.get("policy"))
        self.actions.append(name)

    def _add_slot(self, event: Event) -> None:
        name, value = str(event.get("name") or ""), event.get("value")
        if value is None or name in _QUIET_SLOTS or (name in _COUNTERS and not value):
            return
        self.slots[name] = "[code]" if name in _BLOTTED_SLOTS else _short(value)

    def turn(self, position: int) -> Turn:
        rung = next((said.rung for said in self.bot if said.rung), None)
        stopped = bool(_STOPS.intersection(self.actions))
        return Turn(
            position=position,
            first_event_id=self.first_event_id,
            message_id=self.message_id,
            at=self.at,
            text=self.text,
            knew=self._knew(rung),
            bot=tuple(self.bot),
            agent=tuple(self.agent),
            form=self.form,
            stopped=stopped,
            helped=rung in _TOLD or (self.form == "" and not stopped and not self._handoff_reason()),
            handoff_reason=self._handoff_reason(),
            channel=self.channel,
            model_version=self.model_version,
            prompt=self.prompt,
        )

    def _knew(self, rung: str | None) -> Knew | None:
        if self.parsed is None:
            return None
        parsed, scope = self.parsed, _mapping(self.parsed.get("scope"))
        return Knew(
            intent=_score(parsed.get("intent")),
            ranking=[score for one in _list(parsed.get("intent_ranking"))[:_RANKED] if (score := _score(one))],
            entities=[_entity(one) for one in _list(parsed.get("entities"))],
            sentiment=_number(parsed.get("sentiment")),
            urgency=_text(parsed.get("urgency")),
            actions=tuple(self.actions),
            slots_set=self.slots,
            rung=rung,
            citations=tuple(citation for said in self.bot for citation in said.citations),
            policy=self.policy,
            scope=_number(scope.get("score")),
            in_scope=scope["in_scope"] if isinstance(scope.get("in_scope"), bool) else None,
        )

    def _handoff_reason(self) -> str | None:
        responses = [said.response or "" for said in self.bot]
        if named := next((one for one in responses if one.startswith(_REASON)), None):
            return named.removeprefix(_REASON)
        if not any(one.startswith(_HANDED_OVER) for one in responses):
            return None
        intent = (_score((self.parsed or {}).get("intent")) or {}).get("name")
        return _BY_INTENT.get(str(intent), "asked_for_person")


def _begin(event_id: int, event: Event) -> _Draft:
    parsed, metadata = _mapping(event.get("parse_data")), _mapping(event.get("metadata"))
    return _Draft(
        first_event_id=event_id,
        at=_at(event),
        text=str(event.get("text") or ""),
        message_id=_text(event.get("message_id")) or _text(parsed.get("message_id")),
        parsed=None if HUMAN_PART in metadata else parsed,
        channel=_text(event.get("input_channel")),
        model_version=_model(event),
    )


def _at(event: Event) -> datetime:
    seconds = _number(event.get("timestamp")) or 0.0
    return datetime.fromtimestamp(seconds, UTC)


def _model(event: Event) -> str:
    return str(_mapping(event.get("metadata")).get("model_id") or "")


def _score(value: Any) -> dict[str, Any] | None:
    given = _mapping(value)
    name, confidence = _text(given.get("name")), _number(given.get("confidence"))
    return {"name": name, "confidence": confidence or 0.0} if name else None


def _entity(value: Any) -> dict[str, Any]:
    given = _mapping(value)
    kept: dict[str, Any] = {"entity": str(given.get("entity") or ""), "value": _short(given.get("value"))}
    for key in ("start", "end"):
        if isinstance(given.get(key), int):
            kept[key] = given[key]
    return kept


def _button(value: Any) -> dict[str, str]:
    given = _mapping(value)
    return {"title": str(given.get("title") or ""), "payload": str(given.get("payload") or "")}


def _citations(custom: Event) -> tuple[dict[str, Any], ...]:
    relevance = _number(custom.get("relevance"))
    return tuple(
        {"entry_id": str(one.get("entry_id") or ""), "title": str(one.get("title") or ""), "relevance": relevance}
        for one in map(_mapping, _list(custom.get("citations")))
    )


def _short(value: Any) -> Any:
    """Plain values as they are, long or nested ones as far as anybody reads them."""
    if isinstance(value, bool | int | float) or value is None:
        return value
    return str(value)[:_LONGEST_VALUE]


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else []


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
