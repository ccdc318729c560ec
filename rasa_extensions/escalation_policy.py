"""Escalation: asked on every customer message, before any rule or form, whatever is going on.

The rules are ``contracts/escalation``; this only brings them the tracker and Rasa their decision.
"""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Text

from rasa.core.policies.policy import Policy, PolicyPrediction, SupportedData
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered
from rasa.shared.core.generator import TrackerWithCachedStates
from rasa.shared.core.trackers import DialogueStateTracker

from contracts.escalation import thresholds, words
from contracts.escalation.history import HANDOVER_ACTION, state_from
from contracts.escalation.model import Decision, Step
from contracts.escalation.rules import decide
from rasa_extensions.metrics import ESCALATIONS

WARNING_ACTION = "action_warn_abuse"

_MOST_EVENTS = 600
"""What happened longer ago decides nothing, and reading it would make long conversations slow."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=False)
class EscalationPolicy(Policy):
    """Predicts the handover or a warning where the rules ask for one, and nothing otherwise."""

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """Above RulePolicy's 4; what beats an open form is ``is_no_user_prediction``."""
        return {"priority": 100}

    @staticmethod
    def supported_data() -> SupportedData:
        """Takes whatever there is: it learns nothing."""
        return SupportedData.ML_AND_RULE_DATA

    def train(self, training_trackers: List[TrackerWithCachedStates], domain: Domain, **kwargs: Any) -> Resource:
        """Nothing to learn; Rasa calls it all the same."""
        return self._resource

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: Optional[Dict[Text, Any]] = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        """The action that the rules ask for, else no opinion."""
        action = self._action(tracker)
        if action is None:
            return self._prediction(self._default_predictions(domain))
        scores = self._default_predictions(domain)
        scores[domain.index_for_action(action)] = 1.0
        return self._prediction(scores, is_no_user_prediction=True)

    @staticmethod
    def _action(tracker: DialogueStateTracker) -> str | None:
        if tracker.latest_action_name in (HANDOVER_ACTION, WARNING_ACTION):
            return ACTION_LISTEN_NAME  # the turn is over; an open form would ask at once otherwise
        if tracker.latest_action_name != ACTION_LISTEN_NAME or not tracker.latest_message:
            return None
        decision = decision_for(tracker)
        if decision.step is Step.NONE:
            return None
        ESCALATIONS.labels(decision.reason.value if decision.reason else decision.step.value).inc()
        return HANDOVER_ACTION if decision.hands_over else WARNING_ACTION


def decision_for(tracker: DialogueStateTracker) -> Decision:
    """What the rules say of the tracker's last message."""
    events = list(tracker.events)[-_MOST_EVENTS:]
    if not any(isinstance(event, UserUttered) for event in events):
        return Decision()
    limits = thresholds.load()
    state = state_from(
        (event.as_dict() for event in events),
        limits,
        words.load(),
        slots={name: tracker.slots[name].value for name in ("ticket_number", "refund_minor") if name in tracker.slots},
        active_form=tracker.active_loop_name,
    )
    return decide(state, limits)
