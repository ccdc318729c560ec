"""What the assistant is made of, read from its own files: the domain and the rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from conversation_runner.errors import RunnerError

BUILT_IN_INTENTS = frozenset({"restart", "back", "out_of_scope", "session_start", "nlu_fallback"})
BUILT_IN_SLOTS = frozenset({"requested_slot", "session_started_metadata"})
BUILT_IN_ACTIONS = frozenset(
    {
        "action_listen", "action_restart", "action_session_start", "action_default_fallback",
        "action_deactivate_loop", "action_revert_fallback_events", "action_default_ask_affirmation",
        "action_default_ask_rephrase", "action_two_stage_fallback", "action_unlikely_intent", "action_back",
        "action_extract_slots",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Domain:
    """The names that the domain declares; forms with the slots they ask for.

    ``outage_texts`` are the sentences of responses called ``utter_…_down``, ``utter_turn_failed`` and
    ``utter_verification_failed``: what a customer reads when a part of the system is away.
    """

    intents: frozenset[str] = frozenset()
    actions: frozenset[str] = frozenset()
    responses: frozenset[str] = frozenset()
    slots: frozenset[str] = frozenset()
    forms: dict[str, tuple[str, ...]] = field(default_factory=dict)
    outage_texts: frozenset[str] = frozenset()

    @property
    def can_run(self) -> frozenset[str]:
        """Everything that can stand in ``action``: actions, responses, forms."""
        return self.actions | self.responses | frozenset(self.forms)

    @property
    def internal_names(self) -> frozenset[str]:
        """Names no customer should ever read; those without an underscore are ordinary words."""
        named = self.intents | self.can_run | self.slots | BUILT_IN_ACTIONS | BUILT_IN_INTENTS | BUILT_IN_SLOTS
        return frozenset(name for name in named if "_" in name)


def read_domain(path: Path) -> Domain:
    """The domain from one file or from a folder of them.

    Raises:
        RunnerError: a file cannot be read or is no domain.
    """
    intents: set[str] = set()
    actions: set[str] = set()
    responses: set[str] = set()
    slots: set[str] = set()
    forms: dict[str, tuple[str, ...]] = {}
    outages: set[str] = set()
    for document in _documents(path):
        intents |= {_first_key(item) for item in document.get("intents") or []}
        actions |= {_first_key(item) for item in document.get("actions") or []}
        responses |= set(document.get("responses") or {})
        outages |= set(_outage_texts(document.get("responses") or {}))
        slots |= set(document.get("slots") or {})
        for name, form in (document.get("forms") or {}).items():
            forms[name] = tuple((form or {}).get("required_slots") or ())
    return Domain(
        frozenset(intents),
        frozenset(actions),
        frozenset(responses),
        frozenset(slots),
        forms,
        frozenset(outages),
    )


def _outage_texts(responses: dict[str, Any]) -> Iterator[str]:
    for name, variations in responses.items():
        if name.endswith(("_down", "turn_failed", "verification_failed")):
            yield from (variation["text"].strip() for variation in variations if variation.get("text"))


@dataclass(frozen=True)
class Rule:
    """One rule: alternatives of tokens such as ``("intent", "greet")``, in the order they must come."""

    name: str
    steps: tuple[frozenset[tuple[str, str | None]], ...]
    active_loop: str | None = None


def read_rules(folder: Path) -> tuple[Rule, ...]:
    """Every rule under ``folder`` that begins with something one can observe; empty without the folder."""
    rules = [
        rule
        for document in (_documents(folder) if folder.exists() else ())
        for rule in (_rule(entry) for entry in document.get("rules") or [])
        if rule.steps
    ]
    return tuple(sorted(rules, key=lambda rule: rule.name))


def _rule(entry: dict[str, Any]) -> Rule:
    steps = (_alternatives(step) for step in entry.get("steps") or [] if isinstance(step, dict))
    loops = [item["active_loop"] for item in entry.get("condition") or [] if "active_loop" in item]
    return Rule(str(entry.get("rule")), tuple(step for step in steps if step), loops[0] if loops else None)


def _alternatives(step: dict[str, Any]) -> frozenset[tuple[str, str | None]]:
    """The tokens of one step; slots and checkpoints leave no trace of their own and are passed over."""
    options = step.get("or") or [step]
    return frozenset(
        (kind, option[kind]) for option in options for kind in ("intent", "action", "active_loop") if kind in option
    )


def _documents(path: Path) -> Iterator[dict[str, Any]]:
    files = sorted([*path.rglob("*.yml"), *path.rglob("*.yaml")]) if path.is_dir() else [path]
    for file in files:
        try:
            document = yaml.safe_load(file.read_text(encoding="utf-8"))
        except OSError as error:
            raise RunnerError(f"{file} cannot be read: {error.strerror}.") from error
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            raise RunnerError(f"{file} is not YAML; `rasa data validate` says more.") from error
        if isinstance(document, dict):
            yield document


def _first_key(item: Any) -> str:
    return str(next(iter(item))) if isinstance(item, dict) else str(item)
