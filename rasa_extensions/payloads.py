"""A button's payload is no text with placeholders.

Stock Rasa fills slots into every string of a response. The braces of ``/inform{"choice": "refund"}`` are a slot
that does not exist, so each button costs an exception and an error line with its trace, among which an operator
finds no other.
"""

from __future__ import annotations

from rasa.core.nlg import interpolator

_stock = interpolator.interpolate_text


def interpolate_text(response: str, values: dict[str, str]) -> str:
    """Stands in for ``interpolator.interpolate_text``."""
    is_payload = response.startswith("/") and '{"' in response
    return response if is_payload else _stock(response, values)


def install() -> None:
    interpolator.interpolate_text = interpolate_text
