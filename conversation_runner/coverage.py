"""Which parts of the assistant the played conversations reached, and which none did."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from conversation_runner.domain import Domain, Rule
from conversation_runner.elsewhere import Elsewhere
from conversation_runner.turn import Event, ran_by

Token = tuple[str, str | None]


@dataclass(frozen=True)
class Part:
    """One intent, action, response, form or rule, and the scenarios that reached it."""

    name: str
    scenarios: tuple[str, ...]
    elsewhere: Elsewhere | None = None

    @property
    def reached(self) -> bool:
        """Whether any scenario did."""
        return bool(self.scenarios)


@dataclass(frozen=True)
class Kind:
    """All parts of one kind, in the order of their names."""

    name: str
    parts: tuple[Part, ...]

    @property
    def reached(self) -> int:
        """How many parts some scenario reached."""
        return sum(part.reached for part in self.parts)

    @property
    def elsewhere(self) -> tuple[str, ...]:
        """Names of those that only another test can reach."""
        return tuple(part.name for part in self.parts if part.elsewhere and not part.reached)

    @property
    def listed_in_vain(self) -> tuple[str, ...]:
        """Names of those said to be reached elsewhere, which a scenario reaches all the same."""
        return tuple(part.name for part in self.parts if part.elsewhere and part.reached)

    @property
    def missed(self) -> tuple[str, ...]:
        """Names that nothing reaches."""
        return tuple(part.name for part in self.parts if not part.reached and not part.elsewhere)

    @property
    def share(self) -> float:
        """Reached parts of all, in [0, 1]; 1 when there is nothing to reach."""
        return self.reached / len(self.parts) if self.parts else 1.0


def coverage(
    domain: Domain,
    rules: Sequence[Rule],
    conversations: Iterable[tuple[str, Sequence[Event]]],
    elsewhere: Mapping[str, Elsewhere] | None = None,
) -> tuple[Kind, ...]:
    """Coverage by the conversations, given as scenario name and tracker events.

    ``elsewhere`` are the responses that no scenario can bring about.
    """
    places = elsewhere or {}
    reached: dict[Token, dict[str, None]] = {}
    for scenario, events in conversations:
        for token in {*_names(events, domain), *_matching(rules, tokens_of(events))}:
            reached.setdefault(token, {})[scenario] = None

    def kind(name: str, label: str, names: Iterable[str]) -> Kind:
        found = {one: tuple(sorted(reached.get((label, one), ()))) for one in names}
        return Kind(name, tuple(Part(one, scenarios, places.get(one)) for one, scenarios in sorted(found.items())))

    return (
        kind("intents", "intent", domain.intents),
        kind("actions", "ran", domain.actions - domain.responses),
        kind("responses", "ran", domain.responses),
        kind("forms", "ran", domain.forms),
        kind("rules", "rule", (rule.name for rule in rules)),
    )


def _names(events: Sequence[Event], domain: Domain) -> Iterator[Token]:
    for event in events:
        if event.get("event") == "user":
            yield ("intent", _intent(event))
        elif name := ran_by(event):
            yield ("ran", name)
            yield from _inside_form(name, domain)
        elif event.get("event") == "active_loop" and event.get("name"):
            yield ("ran", event["name"])


def _inside_form(name: str, domain: Domain) -> Iterator[Token]:
    """Actions a form runs by itself: Rasa records the form only, so they count with it."""
    if name in domain.forms:
        yield ("ran", f"validate_{name}")
        for slot in domain.forms[name]:
            yield ("ran", f"action_ask_{slot}")


def tokens_of(events: Sequence[Event]) -> list[Token]:
    """The conversation as rules see it: intents, actions and changes of the active form."""
    tokens: list[Token] = []
    for event in events:
        match event.get("event"):
            case "user":
                tokens.append(("intent", _intent(event)))
            case "action" if event.get("name") != "action_listen":
                tokens.append(("action", event.get("name")))
            case "active_loop":
                tokens.append(("active_loop", event.get("name")))
    return tokens


def _intent(event: Event) -> str | None:
    return ((event.get("parse_data") or {}).get("intent") or {}).get("name")


def _matching(rules: Sequence[Rule], tokens: Sequence[Token]) -> Iterator[Token]:
    for rule in rules:
        if _reached(rule, tokens):
            yield ("rule", rule.name)


def _reached(rule: Rule, tokens: Sequence[Token]) -> bool:
    """Whether the rule's steps follow one another within one turn, with anything in between.

    The first step has to come while the rule's form is the active one, if the rule names one.
    """
    loop: str | None = None
    for position, token in enumerate(tokens):
        if token in rule.steps[0] and rule.active_loop in (None, loop) and _follow(rule, tokens[position + 1 :]):
            return True
        if token[0] == "active_loop":
            loop = token[1]
    return False


def _follow(rule: Rule, later: Sequence[Token]) -> bool:
    wanted = list(rule.steps[1:])
    for token in later:
        if not wanted:
            break
        if token in wanted[0]:
            wanted.pop(0)
        elif token[0] == "intent":
            return False
    return not wanted


def write_json(path: Path, kinds: Sequence[Kind], scenarios: int) -> None:
    """Write the report for programmes: per kind the names reached, with their scenarios, and the missed."""
    report = {
        "scenarios": scenarios,
        **{
            kind.name: {
                "reached": {part.name: list(part.scenarios) for part in kind.parts if part.reached},
                "missed": list(kind.missed),
                "elsewhere": {
                    part.name: {"why": part.elsewhere.why, "test": part.elsewhere.test}
                    for part in kind.parts
                    if part.elsewhere and not part.reached
                },
                "share": round(kind.share, 4),
            }
            for kind in kinds
        },
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
