"""Write ``.env.example`` and ``docs/settings.md`` from the rooms' settings classes: ``make docs``."""

from __future__ import annotations

import argparse
import importlib
import inspect
import re
import sys
from collections.abc import Sequence
from enum import Enum
from pathlib import Path

from pydantic import SecretStr
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined
from pydantic_settings import BaseSettings

from scripts.settings_outside_rooms import COMPOSE, DRIVER, RASA, Group, Setting

ROOMS = ("intent_service", "retrieval", "answering", "backoffice", "actions")
ROOT = Path(__file__).resolve().parents[1]

_ENV_HEAD = """\
# Copy this to .env and take the # away from what you change; here stand the defaults.
# Written by `make docs` from the settings classes.
"""
_PAGE_HEAD = """\
# Settings

Every process reads its settings once, at its start, from the environment; `make run` reads `.env` in the checkout, too.
This page and `.env.example` are written by `make docs` from the settings classes.
"""


def groups(rooms: Sequence[str] = ROOMS) -> list[Group]:
    """Every setting there is, by where it is read."""
    found = [group for room in rooms if (ROOT / room / "settings.py").exists() for group in _of_room(room)]
    return [DRIVER, *found, RASA, COMPOSE]


def env_example(all_groups: Sequence[Group]) -> str:
    """``.env.example``: each variable commented out with its default, so that a copy changes nothing."""
    parts = [_ENV_HEAD]
    for group in all_groups:
        parts.append(f"\n# === {group.title} ({group.where})\n")
        parts += [_env_lines(setting) for setting in group.settings]
    return "".join(parts)


def markdown(all_groups: Sequence[Group]) -> str:
    """``docs/settings.md``: one table a group."""
    parts = [_PAGE_HEAD]
    for group in all_groups:
        parts.append(
            f"\n## {group.title}\n\nRead by {group.where}.\n\n| variable | default | what it is |\n|---|---|---|\n"
        )
        parts += [f"| `{one.name}` | {_cell(one)} | {one.description} |\n" for one in group.settings]
    return "".join(parts)


def _of_room(room: str) -> list[Group]:
    module = importlib.import_module(f"{room}.settings")
    classes = [
        found
        for _, found in inspect.getmembers(module, inspect.isclass)
        if issubclass(found, BaseSettings) and found.__module__ == module.__name__
    ]
    return [
        Group(
            _title(room, found),
            f"{room}/settings.py",
            tuple(_setting(found, name, field) for name, field in found.model_fields.items()),
        )
        for found in classes
    ]


def _title(room: str, owner: type[BaseSettings]) -> str:
    """The room, and what of it where it has several classes: ``Answering: language model``."""
    part = re.sub(r"(?<!^)(?=[A-Z])", " ", owner.__name__.removesuffix("Settings")).lower()
    named = room.replace("_", " ")
    return named.capitalize() if part in {"", named} else f"{named.capitalize()}: {part}"


def _setting(owner: type[BaseSettings], name: str, field: FieldInfo) -> Setting:
    """One field.

    Raises:
        ValueError: it has no description, which this page needs.
    """
    if not field.description:
        raise ValueError(f"{owner.__module__}.{owner.__name__}.{name} needs a description")
    variable = field.validation_alias or owner.model_config.get("env_prefix", "") + name
    description = " ".join(field.description.split())
    return Setting(str(variable).upper(), _default(field), description[0].upper() + description[1:].rstrip(".") + ".")


def _default(field: FieldInfo) -> str | None:
    value = field.get_default(call_default_factory=True, validated_data={})
    if value is PydanticUndefined:
        return None
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def _env_lines(setting: Setting) -> str:
    required = " Required." if setting.default is None else ""
    return f"# {setting.description}{required}\n#{setting.name}={setting.default or ''}\n"


def _cell(setting: Setting) -> str:
    if setting.default is None:
        return "required"
    return f"`{setting.default}`" if setting.default else "empty"


def main(arguments: Sequence[str]) -> int:
    """Write both files, or with ``--check`` say which differs from what would be written."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when a file is not up to date")
    check = parser.parse_args(arguments).check
    found = groups()
    stale = []
    for path, text in ((ROOT / ".env.example", env_example(found)), (ROOT / "docs/settings.md", markdown(found))):
        if check:
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                stale.append(path.name)
        else:
            path.write_text(text, encoding="utf-8")
    if stale:
        print(f"Not up to date: {', '.join(stale)}. Run `make docs` and commit what it writes.")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
