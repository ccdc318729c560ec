"""The pipeline's intent component: the intent service behind ``/model/parse`` and ``rasa shell nlu``.

In a conversation ``turns.py`` has already asked the service when Rasa reaches its NLU graph, so this component
is not called there.
"""

from __future__ import annotations

from typing import Any, Dict, List

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.training_data.message import Message

from rasa_extensions import turns
from rasa_extensions.understanding import shared_intent_service

turns.install()  # rasa shell imports no channel of ours; the pipeline is what every Rasa process loads


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class IntentServiceClassifier(GraphComponent, IntentClassifier):
    """Writes the intent service's judgement into each message."""

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> IntentServiceClassifier:
        """Made once a model load; where the service is comes from the environment, not from the frozen config."""
        return cls()

    def process(self, messages: List[Message]) -> List[Message]:
        """Adds intent, ranking, entities, segments, sentiment and urgency; leaves ``/intent`` messages alone."""
        for message in messages:
            text = message.get("text")
            if text and not message.get("intent"):
                for key, value in shared_intent_service().parse_blocking(text).items():
                    message.set(key, value, add_to_output=True)
        return messages
