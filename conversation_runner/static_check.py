"""What can be found wrong in scenarios without talking to the assistant: names that do not exist."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from conversation_runner.domain import BUILT_IN_ACTIONS, BUILT_IN_INTENTS, BUILT_IN_SLOTS, Domain
from conversation_runner.knowledge import KnowledgeNames
from conversation_runner.scenario import ScenarioFile, Step
from conversation_runner.scenario_file import Problem, did_you_mean


def check(files: Iterable[ScenarioFile], domain: Domain, knowledge: KnowledgeNames | None = None) -> list[Problem]:
    """Names in ``files`` that neither the domain nor the knowledge declares, in the order of the files."""
    problems: list[Problem] = []
    slots = domain.slots | BUILT_IN_SLOTS
    for file in files:
        problems += _unknown(file, ("setup", "slots"), file.scenario.setup.slots, slots, "slot")
        for index, step in enumerate(file.scenario.steps):
            problems += _check_step(file, index, step, domain)
            problems += _check_citations(file, index, step, knowledge)
        problems += _check_first_click(file)
    return problems


def _check_step(file: ScenarioFile, index: int, step: Step, domain: Domain) -> Iterator[Problem]:
    expect = step.expect
    can_run, forms = domain.can_run | BUILT_IN_ACTIONS, frozenset(domain.forms)
    named: tuple[tuple[str, Iterable[str], frozenset[str], str], ...] = (
        ("intent", expect.intent, domain.intents | BUILT_IN_INTENTS, "intent"),
        ("slots", expect.slots, domain.slots | BUILT_IN_SLOTS, "slot"),
        ("action", expect.action, can_run, "action"),
        ("actions", expect.actions, can_run, "action"),
        ("no_action", expect.no_action, can_run, "action"),
        ("active_form", (expect.active_form,) if expect.active_form else (), forms, "form"),
    )
    for field, names, known, kind in named:
        yield from _unknown(file, ("steps", index, "expect", field), names, known, kind)


def _unknown(
    file: ScenarioFile, place: tuple[str | int, ...], names: Iterable[str], known: frozenset[str], kind: str
) -> Iterator[Problem]:
    for position, name in enumerate(names):
        if name not in known:
            exact = (*place, name) if (*place, name) in file.lines else (*place, position)
            yield Problem(file.path, file.line_of(*exact), f"unknown {kind} `{name}`{did_you_mean(name, known)}")


def _check_citations(file: ScenarioFile, index: int, step: Step, knowledge: KnowledgeNames | None) -> Iterator[Problem]:
    if knowledge is None:
        return
    for field, names in (("citation", step.expect.citation), ("finds", step.expect.finds)):
        for position, name in enumerate(names):
            if not knowledge.has(name):
                line = file.line_of("steps", index, "expect", field, position)
                hint = did_you_mean(name, knowledge.ids | knowledge.titles)
                yield Problem(file.path, line, f"no knowledge entry `{name}`{hint}")


def _check_first_click(file: ScenarioFile) -> Iterator[Problem]:
    if file.scenario.steps[0].click is not None and not file.scenario.setup.customer:
        yield Problem(
            file.path, file.line_of("steps", 0, "click"), "nothing to click before the bot has said something"
        )


def knowledge_or_none(folder: Path) -> KnowledgeNames | None:
    """The names of the entries under ``folder``, or ``None`` where there is no such folder."""
    return KnowledgeNames.read(folder) if folder.is_dir() else None
