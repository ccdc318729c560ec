"""A guard: the parts of Rasa that this package replaces are the ones it was written for.

Rasa 3.6.21 is the last open release, so its insides do not move by themselves; what can move is the pin. A
changed method would make a patch wrong silently, so the process refuses to start instead.
"""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable
from typing import Any

from rasa.core.actions.action import RemoteAction
from rasa.core.featurizers.tracker_featurizers import TrackerFeaturizer
from rasa.core.nlg.interpolator import interpolate_text
from rasa.core.policies.rule_policy import RulePolicy
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import FailSafeTrackerStore, SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

SUPPORTED_RASA = "3.6.21"

_EXPECTED: dict[Callable[..., Any], str] = {
    RemoteAction.run: "ccabf6f1160d527a",
    RemoteAction._validate_action_result: "f8cdb4be68123961",
    RemoteAction.action_response_format_spec: "091b74aa3738d126",
    MessageProcessor.handle_message: "0c41d4780d2d4676",
    MessageProcessor._run_action: "6d383d0179ef1187",
    MessageProcessor._run_prediction_loop: "cb30a0cbb690c571",
    MessageProcessor._handle_message_with_tracker: "f42e1ae303933d9f",
    SQLTrackerStore.__init__: "64e704d159dfa35b",
    SQLTrackerStore._retrieve: "c8adbf6f4b61ddd1",
    SQLTrackerStore._event_query: "cd44f7901b860bfd",
    SQLTrackerStore.save: "57165e46eab3de08",
    Event.resolve_by_type: "b5cf570fa7f286c7",
    interpolate_text: "103660b426d1753b",
    EndpointConfig.session: "e55aa13d9d4fb4bc",
    EndpointConfig.request: "ccdb778aed8208e2",
    TrackerFeaturizer._create_states: "2fed265eee3bfa38",
    RulePolicy._predict: "f5182d8a10639e14",
    RulePolicy._find_action_from_rules: "be6da6ee0f5429bd",
    Domain.states_for_tracker_history: "035111ce73ac90ba",
    DialogueStateTracker.generate_all_prior_trackers: "a1f6954347b52649",
    FailSafeTrackerStore.on_tracker_store_error: "6faca7ba72b36da4",
    FailSafeTrackerStore.on_tracker_store_retrieve_error: "162b49564c52ab49",
}


class UnsupportedRasa(RuntimeError):
    """The installed Rasa is not the one that this package's replacements were written for."""


def digest(function: Callable[..., Any]) -> str:
    """First 16 hex digits of the SHA-256 of a function's source."""
    return hashlib.sha256(inspect.getsource(function).encode()).hexdigest()[:16]


def check(expected: dict[Callable[..., Any], str] = _EXPECTED) -> None:
    """Compare each relied-on function with its known source.

    Raises:
        UnsupportedRasa: one of them differs; the message names it.
    """
    changed = [function.__qualname__ for function, known in expected.items() if digest(function) != known]
    if changed:
        raise UnsupportedRasa(
            f"rasa_extensions was written for Rasa {SUPPORTED_RASA}, but {', '.join(changed)} reads differently "
            f"here. Install requirements/rasa.txt, or review rasa_extensions/turns.py against the new source and "
            f"update the digests in rasa_extensions/internals.py."
        )
