"""Answers that no scenario can bring about, with the reason and the test that does."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

from conversation_runner.errors import RunnerError


@dataclass(frozen=True)
class Elsewhere:
    """Where a response is reached instead, and why no scenario reaches it.

    ``words`` are a part of its text by which the test knows it; without them the test names the response.
    """

    why: str
    test: str
    words: str | None = None


def read_elsewhere(path: Path) -> dict[str, Elsewhere]:
    """The list by response; empty without the file.

    Raises:
        RunnerError: it is not the list that it should be, or names a response twice.
    """
    if not path.is_file():
        return {}
    found: dict[str, Elsewhere] = {}
    try:
        for entry in yaml.safe_load(path.read_text(encoding="utf-8")):
            place = Elsewhere(entry["why"], entry["test"], entry.get("words"))
            for response in entry["responses"]:
                if response in found:
                    raise RunnerError(f"{path} names {response} twice.")
                found[response] = place
    except (yaml.YAMLError, KeyError, TypeError) as error:
        raise RunnerError(f"{path} is no list of `why`, `test` and `responses`: {error}") from error
    return found
