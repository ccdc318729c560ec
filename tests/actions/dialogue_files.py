"""Rasa's files as the tests read them."""

from pathlib import Path
from typing import Any

import yaml


def read_domain() -> dict[str, Any]:
    """All files of the domain as one."""
    whole: dict[str, Any] = {"intents": [], "entities": [], "slots": {}, "forms": {}, "actions": [], "responses": {}}
    for path in sorted(Path("domain").glob("*.yml")):
        for key, part in yaml.safe_load(path.read_text("utf-8")).items():
            if isinstance(part, dict) and key in whole:
                assert not whole[key].keys() & part.keys(), f"{path} repeats a name"
                whole[key] |= part
            elif isinstance(part, list):
                whole[key] += part
    return whole
