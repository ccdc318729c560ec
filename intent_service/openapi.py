"""The API description, with this service's own limits in it."""

from typing import Any

from fastapi import FastAPI

from intent_service.settings import IntentServiceSettings


def describe_limits(app: FastAPI, settings: IntentServiceSettings) -> None:
    """Make the description say what is accepted: either a text or texts, none empty, within the limits."""
    text = {"type": "string", "minLength": 1, "maxLength": settings.max_characters}
    texts = {"type": "array", "items": text, "minItems": 1, "maxItems": settings.max_texts}
    plain = app.openapi

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            schemas = plain()["components"]["schemas"]
            schemas["ClassifyBody"] |= {"oneOf": [_only("text", text), _only("texts", texts)]}
            for key in ("properties", "additionalProperties", "type"):
                schemas["ClassifyBody"].pop(key, None)
            schemas["EmbedBody"] |= _only("texts", texts)
        return plain()

    app.openapi = described  # type: ignore[method-assign]  # FastAPI's documented way to extend it


def _only(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": {name: schema}, "required": [name], "additionalProperties": False}
