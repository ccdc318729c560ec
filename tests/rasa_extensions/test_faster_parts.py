"""The parts of Rasa that were replaced for speed do what the stock ones do."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
from neighbours import Neighbour
from rasa.core.actions.action import RemoteAction
from rasa.core.featurizers.tracker_featurizers import MaxHistoryTrackerFeaturizer
from rasa.core.nlg import interpolator
from rasa.shared.core import events
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.utils.common import all_subclasses
from rasa.utils.endpoints import EndpointConfig

from rasa_extensions import action_answers, action_connections, event_kinds, past_states, payloads
from rasa_extensions.action_answers import validate_action_result
from rasa_extensions.internals import UnsupportedRasa

ANSWERS: list[Any] = [
    {"events": [], "responses": []},
    {"events": [{"event": "slot", "name": "a", "value": 1}], "responses": [{"text": "Done."}]},
    {"events": [{"event": "followup", "name": "action_listen"}, {"event": "active_loop", "name": None}]},
    {"events": [{"event": "action", "policy": None, "confidence": None, "name": "x", "action_text": None}]},
    {"events": [{"event": "session_ended"}]},
    {"events": [{"event": "slot", "value": 1}]},
    {"events": [{"event": "slot", "name": 7, "value": 1}]},
    {"events": [{"event": "bot", "text": 5}]},
    {"events": [{"name": "a"}]},
    {"events": [{"event": None}]},
    {"events": ["slot"]},
    {"events": {"event": "slot"}},
    {"responses": [3]},
    [],
    "nothing",
]


@pytest.mark.parametrize("answer", ANSWERS, ids=str)
def test_an_answer_is_accepted_exactly_when_the_stock_schema_accepts_it(answer: Any) -> None:
    schema = RemoteAction.action_response_format_spec()
    stock = jsonschema.Draft7Validator(schema).is_valid(answer)
    action = RemoteAction("action_x", EndpointConfig("http://localhost"))
    try:
        accepted = validate_action_result(action, answer)
    except jsonschema.ValidationError:
        accepted = False
    assert accepted is stock


def test_events_that_do_not_name_their_kind_stop_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    other = {"properties": {"events": {"type": "array", "items": {"oneOf": [{"properties": {}}]}}}}
    monkeypatch.setattr(RemoteAction, "action_response_format_spec", staticmethod(lambda: other))
    action_answers._validators.cache_clear()
    try:
        with pytest.raises(UnsupportedRasa):
            action_answers.prepare()
    finally:
        action_answers._validators.cache_clear()


def test_every_kind_of_event_is_found_as_the_stock_method_finds_it() -> None:
    known = {kind.type_name for kind in all_subclasses(Event) if isinstance(kind.type_name, str)}
    assert len(known) > 15
    for _ in range(2):  # the second time from memory
        assert all(event_kinds.resolve_by_type(name) is event_kinds._stock(name) for name in known)


def test_an_unknown_event_is_still_an_error_unless_a_default_is_given() -> None:
    assert event_kinds.resolve_by_type("new", events.SlotSet) is events.SlotSet
    assert event_kinds.resolve_by_type("topic") is None
    with pytest.raises(ValueError, match="new"):
        event_kinds.resolve_by_type("new")


async def test_calls_in_a_row_use_one_connection_and_one_after_a_break_opens_another(actions: Neighbour) -> None:
    endpoint = EndpointConfig(f"{actions.url}/webhook", headers={"x-frontdesk-secret": "s"})
    for _ in range(3):
        async with action_connections.session(endpoint) as session, session.post(endpoint.url, json={}) as answer:
            assert (await answer.json())["responses"]
            assert answer.request_info.headers["x-frontdesk-secret"] == "s"
    connector = action_connections._connector()
    assert [len(kept) for kept in connector._conns.values()] == [1]
    assert not connector.closed
    await connector.close()
    assert action_connections._connector() is not connector


DOMAIN = Domain.from_yaml(
    """
    version: "3.1"
    intents: [greet, ask]
    entities: [product]
    slots: {product: {type: text, mappings: [{type: from_entity, entity: product}]}}
    actions: [action_answer]
    """
)


def conversation() -> list[Event]:
    """Two turns, a slot set in the second."""
    entity = {"entity": "product", "value": "kettle", "start": 0, "end": 6}
    return [
        events.ActionExecuted("action_listen"),
        events.UserUttered("hi", {"name": "greet", "confidence": 1.0}),
        events.ActionExecuted("action_answer"),
        events.ActionExecuted("action_listen"),
        events.UserUttered("kettle?", {"name": "ask", "confidence": 1.0}, [entity]),
        events.SlotSet("product", "kettle"),
    ]


def tracker_of(said: list[Event]) -> DialogueStateTracker:
    return DialogueStateTracker.from_events("c", said, DOMAIN.slots, domain=DOMAIN)


def states_read(monkeypatch: Any, make: Any) -> list[Any]:
    """The states for text and for intent after every event of a conversation, one tracker growing."""
    monkeypatch.setattr(MaxHistoryTrackerFeaturizer, "_create_states", staticmethod(make))
    featurizer, tracker, seen = MaxHistoryTrackerFeaturizer(), tracker_of([]), []
    for event in conversation():
        tracker.update(event, DOMAIN)
        seen += [
            repr(featurizer.prediction_states([tracker], DOMAIN, use_text_for_last_user_input=by_text))
            for by_text in (True, False, True)
        ]
    return seen


def test_past_states_are_the_stock_ones_by_text_and_by_intent_after_every_event(monkeypatch: Any) -> None:
    assert states_read(monkeypatch, past_states.create_states) == states_read(monkeypatch, past_states._stock)


def test_the_history_is_replayed_once_for_both_and_again_after_an_event(monkeypatch: Any) -> None:
    replays: list[int] = []
    replay = DialogueStateTracker.generate_all_prior_trackers
    monkeypatch.setattr(
        DialogueStateTracker, "generate_all_prior_trackers", lambda tracker: replays.append(1) or replay(tracker)
    )
    tracker = tracker_of(conversation())
    past_states.create_states(tracker, DOMAIN)
    past_states.create_states(tracker, DOMAIN)
    assert len(replays) == 1
    tracker.update(events.ActionExecuted("action_answer"), DOMAIN)
    assert past_states.create_states(tracker, DOMAIN)[-1]["prev_action"] == {"action_name": "action_answer"}
    assert len(replays) == 2


def test_a_payload_stays_as_it_is_and_a_text_is_filled(monkeypatch: Any) -> None:
    failed: list[str] = []
    monkeypatch.setattr(interpolator.structlogger, "exception", lambda event, **_: failed.append(event))
    monkeypatch.setattr(interpolator, "interpolate_text", payloads.interpolate_text)
    response = {"text": "Refund of {sum}?", "buttons": [{"title": "{sum}", "payload": '/inform{"choice": "refund"}'}]}
    filled = interpolator.interpolate(response, {"sum": "€5"})
    assert filled["text"] == "Refund of €5?"
    assert filled["buttons"] == [{"title": "€5", "payload": '/inform{"choice": "refund"}'}]
    assert failed == []
    interpolator.interpolate("{nothing}", {})
    assert failed == ["interpolator.interpolate.text"]
