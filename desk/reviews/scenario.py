"""A conversation as a scenario of the conversation runner (docs/conversations.md): what should hold the next time.

The runner is not imported: it knows the product from outside only. A test reads what is written here with its reader.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from desk.reviews.examples import written_as_example
from desk.reviews.model import Turn
from desk.reviews.wire import TurnNotes
from privacy.personal_data import PersonalData

_TOLD = frozenset({"approved", "entry", "generated"})
_HEAD = """\
# From a conversation that was reviewed in the console; personal data stands masked, so that numbers and addresses may
# have to be replaced by the demo company's. Only what is written under `expect` is checked.
"""


def scenario_of(turns: Sequence[Turn], notes: Mapping[int, TurnNotes], personal_data: PersonalData) -> str:
    """The YAML of one scenario. Corrected intents and answers that should have been are what is expected."""
    steps, before = [], None
    for turn in turns:
        if turn.knew is not None and turn.text:
            steps.append(_step(turn, before, notes.get(turn.position, TurnNotes()), personal_data))
        before = turn
    if not steps:
        steps = [{"customer": "hello"}]
    document = {"description": _description(turns, personal_data), "tags": ["reviewed"], "steps": steps}
    return _HEAD + yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=110)


def _description(turns: Sequence[Turn], personal_data: PersonalData) -> str:
    words = next((turn.text for turn in turns if turn.text and not turn.clicked), "")
    first = written_as_example(words, (), personal_data)
    return f"As a customer had it who began with: {first[:80]}" if first else "As a customer had it"


def _step(turn: Turn, before: Turn | None, notes: TurnNotes, personal_data: PersonalData) -> dict[str, Any]:
    title = _title(turn, before) if turn.clicked else None
    words = turn.text if turn.clicked else written_as_example(turn.text, (), personal_data)
    said: dict[str, Any] = {"click": title} if title else {"customer": words or "…"}
    expected = _expected(turn, notes)
    return {**said, "expect": expected} if expected else said


def _title(turn: Turn, before: Turn | None) -> str | None:
    """What stood on the button: the runner clicks, as the customer did."""
    buttons = [button for said in (before.bot if before else ()) for button in said.buttons]
    return next((str(one["title"]) for one in buttons if one["payload"] == turn.text and one["title"]), None)


def _expected(turn: Turn, notes: TurnNotes) -> dict[str, Any]:
    expected: dict[str, Any] = {}
    if intent := notes.intent or turn.intent:
        expected["intent"] = intent
    entry = notes.should_have_been or _told(turn)
    if entry:
        expected["citation"] = entry
    if turn.form is not None and not notes.intent:  # with another intent another journey begins
        expected["active_form"] = turn.form or None
    return expected


def _told(turn: Turn) -> str | None:
    for said in turn.bot:
        if said.rung in _TOLD and said.citations:
            return str(said.citations[0]["entry_id"]) or None
    return None
