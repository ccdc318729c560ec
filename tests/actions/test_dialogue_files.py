"""What the code says about the dialogue and what Rasa's files say are the same."""

import fnmatch
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from actions.ambiguity import labels
from actions.flows import FORM_SLOTS, FORMS
from actions.handoff.handing_over import EXPLAINED
from actions.questions import NEEDS_A_PERSON
from contracts.escalation import thresholds, words


@pytest.fixture(scope="module")
def domain() -> dict[str, Any]:
    return dict(yaml.safe_load(Path("domain.yml").read_text("utf-8")))


def rule_intents(name: str) -> set[str]:
    rules = yaml.safe_load(Path(f"data/rules/{name}.yml").read_text("utf-8"))["rules"]
    return {step["intent"] for rule in rules for step in rule["steps"] if "intent" in step}


def test_requests_without_a_journey_are_the_same_in_rules_and_code() -> None:
    assert rule_intents("requests") == NEEDS_A_PERSON


def test_every_intent_has_a_rule(domain: dict[str, Any]) -> None:
    ruled = set().union(*(rule_intents(path.stem) for path in Path("data/rules").glob("*.yml")))
    assert set(domain["intents"]) == ruled


def test_forms_and_their_slots_are_the_domains(domain: dict[str, Any]) -> None:
    forms = {name: tuple(form["required_slots"]) for name, form in domain["forms"].items()}
    assert forms == FORM_SLOTS
    assert set(FORMS.values()) <= forms.keys()


def test_every_interrupting_intent_is_kept_out_of_the_forms_values(domain: dict[str, Any]) -> None:
    values = {"inform", "affirm", "deny"}
    for slot in ("order_number", "email", "contact_email"):
        mapping = next(m for m in domain["slots"][slot]["mappings"] if m["type"] == "from_text")
        assert set(mapping["not_intent"]) == set(domain["intents"]) - values


def test_every_response_an_action_names_exists(domain: dict[str, Any]) -> None:
    code = "\n".join(path.read_text("utf-8") for path in Path("actions").glob("*.py"))
    named = set(re.findall(r'"(utter_[a-z_]+)"', code))
    assert named
    assert named <= domain["responses"].keys()


def test_every_reason_and_topic_has_its_sentence(domain: dict[str, Any]) -> None:
    topics = {name for name in words.load().patterns if name.startswith("off_topic_")}
    needed = {f"utter_{name}" for name in topics} | {f"utter_handoff_{reason.value}" for reason in EXPLAINED}
    assert needed <= domain["responses"].keys()


def test_the_replies_that_the_rules_count_exist(domain: dict[str, Any]) -> None:
    limits = thresholds.load()
    patterns = [*limits.failed, *limits.open, *limits.down, *limits.aside]
    assert [name for name in patterns if not fnmatch.filter(domain["responses"], name)] == []


def test_meanings_are_intents_that_lead_somewhere(domain: dict[str, Any]) -> None:
    assert labels().keys() <= set(domain["intents"])


def test_every_button_of_the_domain_carries_an_intent(domain: dict[str, Any]) -> None:
    for variations in domain["responses"].values():
        for button in variations[0].get("buttons", []):
            assert button["payload"].removeprefix("/") in domain["intents"]
