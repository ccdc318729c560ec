"""Reading scenario files: YAML with line numbers, so that every complaint names its line."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from conversation_runner.scenario import Expect, Scenario, ScenarioFile, Setup, Step

Place = tuple[str | int, ...]
_LITERALS: dict[str, Any] = {"true": True, "false": False, "null": None, "~": None, "": None}
_INTEGER = re.compile(r"-?(0|[1-9][0-9]*)")


@dataclass(frozen=True, order=True)
class Problem:
    """Something wrong in a file, found without talking to the assistant."""

    path: Path
    line: int
    message: str

    def __str__(self) -> str:
        """``file:line: message``, which editors and terminals make clickable."""
        return f"{self.path}:{self.line}: {self.message}"


class _BadDocumentError(Exception):
    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line, self.message = line, message


def find(paths: Iterable[Path]) -> list[tuple[str, Path]]:
    """Names and paths of the scenario files under ``paths``, in order, each once.

    A name is the path without its ending, from the folder asked for, or from the last folder called
    ``conversations``.
    """
    found: dict[Path, str] = {}
    for root in paths:
        files = sorted([*root.rglob("*.yml"), *root.rglob("*.yaml")]) if root.is_dir() else [root]
        for path in files:
            found.setdefault(path, _name(path, root))
    return [(name, path) for path, name in found.items()]


def _name(path: Path, root: Path) -> str:
    parts = path.with_suffix("").parts
    if "conversations" in parts[:-1]:
        last = len(parts) - 1 - parts[::-1].index("conversations")
        return "/".join(parts[last + 1 :])
    return "/".join(path.relative_to(root).with_suffix("").parts) if path != root else path.stem


def load(paths: Iterable[Path]) -> tuple[list[ScenarioFile], list[Problem]]:
    """Every readable scenario under ``paths``, and what is wrong with the others."""
    files: list[ScenarioFile] = []
    problems: list[Problem] = []
    for name, path in find(paths):
        try:
            files.append(read(name, path))
        except ExceptionGroup as group:
            problems += [Problem(path, e.line, e.message) for e in group.exceptions if isinstance(e, _BadDocumentError)]
    return files, problems


def read(name: str, path: Path) -> ScenarioFile:
    """Read one file.

    Raises:
        ExceptionGroup: what is wrong in it, each with its line.
    """
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
        lines: dict[Place, int] = {}
        document = _value(root, (), lines) if root is not None else None
        return ScenarioFile(name=name, path=path, scenario=Scenario.model_validate(document), lines=lines)
    except _BadDocumentError as error:
        raise ExceptionGroup("scenario", [error]) from None
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise ExceptionGroup("scenario", [_BadDocumentError(1, f"cannot be read: {reason}")]) from None
    except yaml.YAMLError as error:
        raise ExceptionGroup("scenario", [_syntax(error)]) from None
    except ValidationError as error:
        raise ExceptionGroup(
            "scenario", [_complaint(item["loc"], item["type"], item["msg"], lines) for item in error.errors()]
        ) from None


def _syntax(error: yaml.YAMLError) -> _BadDocumentError:
    mark = getattr(error, "problem_mark", None)
    what = getattr(error, "problem", None) or getattr(error, "reason", None) or "unreadable"
    return _BadDocumentError(mark.line + 1 if mark else 1, f"not YAML: {what}")


def _value(node: yaml.Node, place: Place, lines: dict[Place, int]) -> Any:
    """The plain value of a node. ``yes`` and ``no`` stay words, because customers say them."""
    lines.setdefault(place, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        mapping: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            if key in mapping:
                raise _BadDocumentError(key_node.start_mark.line + 1, f"`{key}` stands twice")
            lines[(*place, key)] = key_node.start_mark.line + 1
            mapping[key] = _value(value_node, (*place, key), lines)
        return mapping
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*place, index), lines) for index, item in enumerate(node.value)]
    return _scalar(node)


def _scalar(node: yaml.Node) -> Any:
    text = str(node.value)
    if not isinstance(node, yaml.ScalarNode) or node.style is not None:
        return text
    if text.lower() in _LITERALS:
        return _LITERALS[text.lower()]
    return int(text) if _INTEGER.fullmatch(text) else text


def _complaint(location: Place, kind: str, message: str, lines: dict[Place, int]) -> _BadDocumentError:
    place = location
    while place and place not in lines:
        place = place[:-1]
    line = lines.get(place, 1)
    if kind == "extra_forbidden":
        return _BadDocumentError(line, _unknown_key(location))
    if kind == "missing":
        return _BadDocumentError(line, f"`{location[-1]}` is missing")
    words = message.removeprefix("Value error, ").removeprefix("Input ")
    return _BadDocumentError(line, words if words.startswith("write ") else f"{_subject(place)}{words}")


def _subject(place: Place) -> str:
    if place and isinstance(place[-1], int) and place[:-1] == ("steps",):
        return f"step {place[-1] + 1} "
    return next((f"`{part}` " for part in reversed(place) if isinstance(part, str)), "")


def _unknown_key(location: Place) -> str:
    key, around = str(location[-1]), _model_at(location[:-1])
    return f"unknown key `{key}`{did_you_mean(key, around.model_fields)}"


def _model_at(place: Place) -> type[BaseModel]:
    if not place:
        return Scenario
    if place[-1] in ("expect", "setup"):
        return Expect if place[-1] == "expect" else Setup
    return Step


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A hint to the nearest known name, ready to follow the complaint; empty when nothing is near."""
    near: Sequence[str] = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f" – did you mean `{near[0]}`?" if near else ""
