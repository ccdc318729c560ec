"""Values that are new in every run, for scenarios that must not meet what an earlier run left behind."""

from __future__ import annotations

import random
import re
import string
from collections.abc import Mapping
from typing import Any

from conversation_runner.matching import Pattern
from conversation_runner.scenario import Expect, Scenario, Step

_DRAWN = {"#": string.digits, "?": string.ascii_lowercase}


def draw(shapes: Mapping[str, str], source: random.Random) -> dict[str, str]:
    """A value for each shape: ``#`` becomes a digit, ``?`` a letter, the rest stays."""
    return {
        name: "".join(source.choice(_DRAWN[sign]) if sign in _DRAWN else sign for sign in shape)
        for name, shape in shapes.items()
    }


def filled(scenario: Scenario, values: Mapping[str, str]) -> Scenario:
    """``scenario`` with ``{name}`` replaced by its value wherever something is said or expected."""
    if not values:
        return scenario
    setup = scenario.setup
    said = tuple(_fill(line, values) for line in setup.customer)
    steps = tuple(_step(step, values) for step in scenario.steps)
    return scenario.model_copy(update={"setup": setup.model_copy(update={"customer": said}), "steps": steps})


def _step(step: Step, values: Mapping[str, str]) -> Step:
    return step.model_copy(update={"customer": _fill(step.customer, values), "expect": _expect(step.expect, values)})


def _expect(expect: Expect, values: Mapping[str, str]) -> Expect:
    stated = {
        "text": tuple(_pattern(pattern, values) for pattern in expect.text),
        "not_text": tuple(_pattern(pattern, values) for pattern in expect.not_text),
        "slots": {name: _fill(value, values) for name, value in expect.slots.items()},
    }
    return expect.model_copy(update={name: value for name, value in stated.items() if expect.states(name)})


def _pattern(pattern: Pattern, values: Mapping[str, str]) -> Pattern:
    escaped = values if pattern.literal else {name: re.escape(value) for name, value in values.items()}
    return Pattern(_fill(pattern.text, escaped), literal=pattern.literal)


def _fill(value: Any, values: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        for name, replacement in values.items():
            value = value.replace(f"{{{name}}}", replacement)
    return value
