"""The head of a knowledge file: what must stand there, and what it means in time."""

import difflib
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from retrieval.errors import DocumentRefused

_ID = re.compile(r"^[a-z0-9][a-z0-9._-]{0,79}$")
_DAY = re.compile(r"^\d{4}-\d{2}-\d{2}$")
_MOMENT = re.compile(r"^\d{4}-\d{2}-\d{2}[T ]")
_LONGEST_LINE = 300
_MOST_QUESTIONS = 60
_MOST_SECTIONS = 300
_DAYS = frozenset({"valid_from", "valid_until"})
_SAID_OF_KIND = {
    "missing": "is missing; give it",
    "string_type": "must be text; write it between quotation marks",
}
_SAID_OF_KEY = {"url": "must begin with https://", "locale": "must be a language such as en or de-AT"}


def _as_tuple(value: object) -> object:
    if isinstance(value, list):
        return tuple(value)
    return (value,) if isinstance(value, str) else value


def _as_text(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _day_or_moment(value: object) -> object:
    """A day in quotes, or in a table's cell, is a day as well; a number would pass for seconds since 1970."""
    if isinstance(value, str):
        text = value.strip()
        if _DAY.match(text):
            return date.fromisoformat(text)
        if _MOMENT.match(text):
            return datetime.fromisoformat(text)
    elif isinstance(value, date) or value is None:
        return value
    raise ValueError("no day")


Line = Annotated[str, Field(min_length=1, max_length=_LONGEST_LINE)]
Day = Annotated[datetime | date | None, BeforeValidator(_day_or_moment)]
Questions = Annotated[tuple[Line, ...], BeforeValidator(_as_tuple), Field(max_length=_MOST_QUESTIONS)]


class FrontMatter(BaseModel):
    """The front matter of one file. Unknown keys are refused: a misspelt ``valid_untill`` must not pass.

    ``sections`` gives questions to sections of a manual, by their headings: ``Cleaning > Emptying the dust bin``.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, str_strip_whitespace=True)

    id: Line
    title: Line
    kind: Literal["entry", "faq", "policy", "manual"] = "entry"
    category: Line = "general"
    product: Annotated[tuple[Line, ...], BeforeValidator(_as_tuple), Field(max_length=_MOST_QUESTIONS)] = ()
    audience: Literal["public", "customer", "staff"] = "public"
    locale: Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$")] = "en"
    valid_from: Day = None
    valid_until: Day = None
    questions: Questions = ()
    sections: Mapping[Line, Questions] = Field(default_factory=dict, max_length=_MOST_SECTIONS)
    updated: Annotated[str, BeforeValidator(_as_text)] | None = None
    url: Annotated[str, Field(pattern=r"^https://\S+$", max_length=500)] | None = None
    version: Annotated[str, BeforeValidator(str)] | None = None
    personal_data: Literal["allowed"] | None = None


class _Loader(yaml.CSafeLoader):
    """Leaves a day that no calendar has (2026-02-30) as text, so that the check can name its key."""


def _day_or_text(loader: yaml.CSafeLoader, node: yaml.ScalarNode) -> object:
    try:
        return loader.construct_yaml_timestamp(node)
    except ValueError:
        return node.value


_Loader.add_constructor("tag:yaml.org,2002:timestamp", _day_or_text)


def head_yaml(text: str) -> object:
    """What a front matter, or the file beside a document, holds.

    Raises:
        yaml.YAMLError: it is no YAML, or more than plain values.
    """
    return yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader's child


def parse(metadata: dict[str, object]) -> FrontMatter:
    """Check a file's front matter.

    Raises:
        DocumentRefused: with the first two faults, each with its key, never with the value.
    """
    if not metadata:
        raise DocumentRefused("no front matter: begin the file with ---, give id and title, close with ---")
    return checked(metadata, where="front matter")


def checked(metadata: Mapping[str, object], *, where: str) -> FrontMatter:
    """Check what an author wrote at ``where`` (front matter, a row, the file beside a PDF).

    Raises:
        DocumentRefused: as for ``parse``.
    """
    try:
        head = FrontMatter.model_validate(dict(metadata))
    except ValidationError as error:
        faults = error.errors(include_input=False, include_url=False, include_context=False)
        told = dict.fromkeys(_told(fault["loc"], fault["type"], fault["msg"]) for fault in faults)
        raise DocumentRefused(f"{where}: {'; '.join([*told][:2])}") from None
    if not _ID.match(head.id):
        raise DocumentRefused(f"{where}: id must be lower-case letters, digits, dots and hyphens")
    return head


def _told(place: tuple[int | str, ...], kind: str, message: str) -> str:
    name = str(place[0]) if place else ""
    if name in _DAYS:
        return f"{name}: no day; write it as 2026-12-31"
    if kind == "extra_forbidden":
        meant = difflib.get_close_matches(name, FrontMatter.model_fields, n=1)
        return f"{name}: no such key; {f'write {meant[0]}' if meant else 'take it out'}"
    return f"{'.'.join(map(str, place))}: {_SAID_OF_KEY.get(name) or _SAID_OF_KIND.get(kind, message)}"


def moment(value: date | datetime | None, zone: ZoneInfo, *, end_of_day: bool) -> datetime | None:
    """A date of the front matter as an instant in UTC; a bare date means the company's own day.

    ``end_of_day`` makes a bare date inclusive: valid until the 23rd holds until the 23rd has ended.
    """
    if value is None:
        return None
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=zone)).astimezone(UTC)
    day = value + timedelta(days=1) if end_of_day else value
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)
