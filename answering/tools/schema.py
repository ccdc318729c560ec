"""The JSON schema of a tool's arguments in the strict form that providers hold a model to."""

from typing import Any

from answering.tools.model import Arguments

_NOISE = {"title", "default", "$defs"}


def strict_schema(arguments: type[Arguments]) -> dict[str, Any]:
    """Every field required (those that may be left out take null), nothing else allowed, no references."""
    schema = arguments.model_json_schema()
    made: dict[str, Any] = _plain(schema, schema.get("$defs", {}))
    made["required"] = sorted(made.setdefault("properties", {}))
    made["additionalProperties"] = False
    return made


def _plain(part: Any, definitions: dict[str, Any]) -> Any:
    if isinstance(part, list):
        return [_plain(one, definitions) for one in part]
    if not isinstance(part, dict):
        return part
    if reference := part.get("$ref"):
        return _plain(definitions[reference.rsplit("/", 1)[-1]], definitions)
    kept = {key: value for key, value in part.items() if key not in _NOISE or key in part.get("properties", {})}
    return {
        key: {name: _plain(field, definitions) for name, field in value.items()}
        if key == "properties"
        else _plain(value, definitions)
        for key, value in kept.items()
    }
