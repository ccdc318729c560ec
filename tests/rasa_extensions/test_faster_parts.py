"""The parts of Rasa that were replaced for speed do what the stock ones do."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
from neighbours import Neighbour
from rasa.core.actions.action import RemoteAction
from rasa.shared.core import events
from rasa.shared.core.events import Event
from rasa.shared.utils.common import all_subclasses
from rasa.utils.endpoints import EndpointConfig

from rasa_extensions import action_answers, action_connections, event_kinds
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
