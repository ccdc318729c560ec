"""The check of an action server's answer with the schema compiled once.

Stock Rasa hands the constant schema to ``jsonschema.validate``, which checks the schema itself against its
metaschema on every action call: most of what an action turn costs. The same schema and the same errors stay.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from jsonschema import ValidationError
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction


@lru_cache(maxsize=1)
def _validator() -> Any:
    schema = RemoteAction.action_response_format_spec()
    kind = validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)


def validate_action_result(self: RemoteAction, result: dict[str, Any]) -> bool:
    """Stands in for ``RemoteAction._validate_action_result``.

    Raises:
        ValidationError: the answer is not one of an action server.
    """
    for error in _validator().iter_errors(result):
        raise ValidationError(f"{self.name()} was answered with something that is not events and responses") from error
    return True
