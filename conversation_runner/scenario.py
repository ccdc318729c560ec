"""A scenario: what a customer says step by step, and what must hold after each step."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from conversation_runner.matching import Pattern, problem_with


def _pattern(value: Any) -> Pattern:
    if isinstance(value, Pattern):
        return value
    if isinstance(value, dict) and set(value) == {"contains"} and isinstance(value["contains"], str | int):
        return Pattern(str(value["contains"]), literal=True)
    if isinstance(value, str | int) and not isinstance(value, bool) and str(value):
        if problem := problem_with(str(value)):
            raise ValueError(problem)
        return Pattern(str(value))
    raise ValueError("must be a regular expression, or {contains: some literal text}")


def _patterns(value: Any) -> tuple[Pattern, ...]:
    return tuple(_pattern(item) for item in (value if isinstance(value, list) else [value]))


def _titles(value: Any) -> tuple[Pattern, ...]:
    """Button titles, or parts of them, to the letter: titles end in question marks."""
    titles = value if isinstance(value, list) else [value]
    if not all(isinstance(title, str) and title for title in titles):
        raise ValueError("must be a button's title or a list of titles")
    return tuple(Pattern(title, literal=True) for title in titles)


def _names(value: Any) -> tuple[str, ...]:
    names = value if isinstance(value, list) else [value]
    if not names or not all(isinstance(name, str) and name for name in names):
        raise ValueError("must be a name or a list of names")
    return tuple(names)


def _said(value: Any) -> str:
    """What the customer types; numbers need no quotes, long texts are ``{text: …, times: …}``."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or value is None:
        raise ValueError("must be text; put it in quotes")
    if isinstance(value, int):
        return str(value)
    if isinstance(value, dict) and set(value) == {"text", "times"} and isinstance(value["times"], int):
        return str(value["text"]) * value["times"]
    raise ValueError("must be text, or {text: …, times: …} for a long one")


def _said_lines(value: Any) -> tuple[str, ...]:
    return tuple(_said(item) for item in (value if isinstance(value, list) else [value]))


def _steps(value: Any) -> Any:
    if not isinstance(value, list) or not value:
        raise ValueError("must be a list with at least one step")
    return value


def _clicked(value: Any) -> str | int:
    if isinstance(value, bool) or not isinstance(value, str | int) or value in ("", 0):
        raise ValueError("must be a button's title, or its place counted from 1")
    return value


Patterns = Annotated[tuple[Pattern, ...], BeforeValidator(_patterns)]
Names = Annotated[tuple[str, ...], BeforeValidator(_names)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    def states(self, field: str) -> bool:
        """Whether the file says anything about ``field`` (``active_form: null`` says something)."""
        return field in self.model_fields_set


class Expect(_Strict):
    """What must hold after a step; only what is written is checked."""

    text: Patterns = ()
    not_text: Patterns = ()
    messages: int | None = Field(default=None, ge=0, strict=True)
    intent: Names = ()
    slots: dict[str, Any] = Field(default_factory=dict)
    action: Names = ()
    actions: Names = ()
    no_action: Names = ()
    buttons: Annotated[tuple[Pattern, ...], BeforeValidator(_titles)] = ()
    active_form: str | None = None
    ticket: bool | None = Field(default=None, strict=True)
    citation: Names = ()
    finds: Names = ()
    same_text_as: int | None = Field(default=None, ge=1, strict=True)

    @model_validator(mode="after")
    def _one_way_to_say_it(self) -> Expect:
        if self.action and self.actions:
            raise ValueError("write `action` or `actions`, not both")
        return self

    @property
    def actions_in_order(self) -> tuple[str, ...]:
        """Actions and responses that must have run in this turn, in this order, others in between."""
        return self.action or self.actions


class Step(_Strict):
    """The customer types something or clicks a button (its title, or its place counted from 1).

    ``code_from_mail`` is an address: ``{code}`` in ``customer`` becomes the code of the newest letter to it.
    """

    customer: Annotated[str, BeforeValidator(_said)] | None = None
    click: Annotated[str | int, BeforeValidator(_clicked)] | None = None
    code_from_mail: str | None = None
    expect: Expect = Field(default_factory=Expect)

    @model_validator(mode="after")
    def _says_or_clicks(self) -> Step:
        if (self.customer is None) == (self.click is None):
            raise ValueError("needs either `customer` or `click`")
        if (self.code_from_mail is not None) != ("{code}" in (self.customer or "")):
            raise ValueError("`{code}` needs `code_from_mail: an address`, and the other way round")
        return self


class Setup(_Strict):
    """How the conversation came here: slots set through Rasa's API, then lines said without expectations.

    ``random`` gives names to values that are new in each run, by their shape: ``#`` is a digit, ``?`` a letter.
    """

    random: dict[str, str] = Field(default_factory=dict)
    slots: dict[str, Any] = Field(default_factory=dict)
    customer: Annotated[tuple[str, ...], BeforeValidator(_said_lines)] = ()


class Scenario(_Strict):
    """One behaviour of the assistant, named after its file."""

    description: str = Field(min_length=1)
    tags: Names = ()
    setup: Setup = Field(default_factory=Setup)
    steps: Annotated[tuple[Step, ...], BeforeValidator(_steps)]

    @model_validator(mode="after")
    def _same_text_as_an_earlier_step(self) -> Scenario:
        for number, step in enumerate(self.steps, start=1):
            if (step.expect.same_text_as or 0) >= number:
                raise ValueError(f"`same_text_as` of step {number} must name an earlier step")
        return self

    @property
    def mail_addresses(self) -> frozenset[str]:
        """Whose letters are read: scenarios with one in common are not played at the same time."""
        return frozenset(step.code_from_mail for step in self.steps if step.code_from_mail)


class ScenarioFile(_Strict):
    """A scenario with where it stands: ``lines`` leads from a place in the document to its line."""

    name: str
    path: Path
    scenario: Scenario
    lines: dict[tuple[str | int, ...], int]

    def line_of(self, *place: str | int) -> int:
        """The line of ``place``, or of the nearest thing around it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def mentions(self, text: str) -> bool:
        """Whether name, description or a tag contains ``text``."""
        wanted = text.casefold()
        return any(wanted in value.casefold() for value in (self.name, self.scenario.description, *self.scenario.tags))
