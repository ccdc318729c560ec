"""The check of an action server's answer with its schemas compiled once and each event held against its own.

Stock Rasa hands the constant schema to ``jsonschema.validate``, which checks the schema itself against its
metaschema on every action call: most of what an action turn costs. It then tries every event against all 23 kinds
of event. Each kind names itself in a constant, so at most one can fit: here only that one is looked at. What is
accepted stays the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from jsonschema import ValidationError
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction

from rasa_extensions.internals import UnsupportedRasa


@lru_cache(maxsize=1)
def _validators() -> tuple[Any, Any, dict[str, Any]]:
    """For the answer without its events' kinds, for what all events share, and for each kind by its name."""
    schema = RemoteAction.action_response_format_spec()
    validator_for(schema).check_schema(schema)
    event = dict(schema["properties"]["events"]["items"])
    kinds = event.pop("oneOf")
    whole = {**schema, "properties": {**schema["properties"], "events": {"type": "array"}}}
    by_name = {kind["properties"]["event"]["const"]: _compiled(kind) for kind in kinds}
    return _compiled(whole), _compiled(event), by_name


def _compiled(schema: dict[str, Any]) -> Any:
    return validator_for(schema)(schema)


def _errors(result: Any) -> Iterator[Any]:
    whole, event, kinds = _validators()
    yield from whole.iter_errors(result)
    for one in (result.get("events") or []) if isinstance(result, dict) else []:
        yield from event.iter_errors(one)
        kind = kinds.get(one["event"]) if isinstance(one.get("event"), str) else None
        if kind is None:
            yield ValidationError("an event of no known kind")
        else:
            yield from kind.iter_errors(one)


def prepare() -> None:
    """Compile the schemas now, so that a Rasa whose events are described otherwise stops the start.

    Raises:
        UnsupportedRasa: an event's schema does not name its kind.
    """
    try:
        _validators()
    except (KeyError, TypeError) as error:
        raise UnsupportedRasa("Rasa's schema of events is not the one that rasa_extensions was written for.") from error


def validate_action_result(self: RemoteAction, result: dict[str, Any]) -> bool:
    """Stands in for ``RemoteAction._validate_action_result``.

    Raises:
        ValidationError: the answer is not one of an action server.
    """
    for error in _errors(result):
        raise ValidationError(f"{self.name()} was answered with something that is not events and responses") from error
    return True
