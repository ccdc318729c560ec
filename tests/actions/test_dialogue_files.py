"""What the code says about the dialogue and what Rasa's files say are the same."""

import fnmatch
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from actions.ambiguity import labels
from actions.flows import FORM_SLOTS
from actions.handoff.handing_over import EXPLAINED
from actions.journey.again import AGAIN, ASKED_BEFORE, ONCE_MORE, SHORT, WAITING
from actions.journey.fields import fields_of
from actions.journey.model import ORDER_NUMBER
from actions.journeys import BY_INTENT, JOURNEYS
from contracts.escalation import thresholds, words
from contracts.nlu import REQUESTS
from tests.actions.dialogue_files import read_domain


@pytest.fixture(scope="module")
def domain() -> dict[str, Any]:
    return read_domain()


def rule_intents(name: str) -> set[str]:
    rules = yaml.safe_load(Path(f"data/rules/{name}.yml").read_text("utf-8"))["rules"]
    return {step["intent"] for rule in rules for step in rule["steps"] if "intent" in step}


def test_every_intent_has_a_rule(domain: dict[str, Any]) -> None:
    ruled = set().union(*(rule_intents(path.stem) for path in Path("data/rules").glob("*.yml")))
    assert set(domain["intents"]) == ruled


def test_forms_and_their_slots_are_the_domains(domain: dict[str, Any]) -> None:
    forms = {name: tuple(form["required_slots"]) for name, form in domain["forms"].items()}
    assert forms == FORM_SLOTS


def test_every_interrupting_intent_is_kept_out_of_the_forms_values(domain: dict[str, Any]) -> None:
    values = {"inform", "affirm", "deny"}
    mapping = next(m for m in domain["slots"]["contact_email"]["mappings"] if m["type"] == "from_text")
    assert set(mapping["not_intent"]) == set(domain["intents"]) - values


def test_what_a_journey_declares_is_in_the_domain(domain: dict[str, Any]) -> None:
    for journey in JOURNEYS:
        assert {f"action_{journey.name}", f"validate_{journey.form}"} <= set(domain["actions"])
        hints = {response for field in fields_of(journey) for response in (field.hint, field.another_way)}
        said = hints | set(journey.refusals.values()) | ({f"utter_offer_{journey.name}"} if journey.offered else set())
        opening = {f"utter_ask_order_number_{journey.name}", f"utter_ask_email_{journey.name}"}
        said |= opening if ORDER_NUMBER in journey.slots else set()
        assert said | {f"utter_stopped_{journey.name}", f"utter_resume_{journey.name}"} <= domain["responses"].keys()
        asking = {name.removeprefix("utter_") for name in domain["responses"]}
        asking |= {name.removeprefix("action_") for name in domain["actions"]}
        unasked = [s for s in journey.slots if not {f"ask_{s}", f"ask_{journey.form}_{s}"} & asking]
        assert not unasked, f"nothing asks for {unasked} of {journey.name}"


def test_each_journey_is_started_by_a_rule_and_by_one_journey_only() -> None:
    started: set[str] = set()
    for path in Path("data/rules").glob("*.yml"):
        for rule in yaml.safe_load(path.read_text("utf-8"))["rules"]:
            if {"action": "action_start_flow"} in rule["steps"]:
                started |= {step["intent"] for step in rule["steps"] if "intent" in step}
    assert started == BY_INTENT.keys()
    assert len(BY_INTENT) == sum(len(journey.intents) for journey in JOURNEYS)


def test_every_response_an_action_names_exists(domain: dict[str, Any]) -> None:
    code = "\n".join(path.read_text("utf-8") for path in Path("actions").rglob("*.py"))
    named = set(re.findall(r'"(utter_[a-z_]*[a-z])"', code)) - {"utter_action"}  # a key of Rasa's metadata
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
    assert labels().keys() == REQUESTS, "what is asked about is what the understanding leaves open"


def test_every_button_of_the_domain_carries_an_intent(domain: dict[str, Any]) -> None:
    for variations in domain["responses"].values():
        for button in (button for variation in variations for button in variation.get("buttons", [])):
            assert button["payload"].removeprefix("/").partition("{")[0] in domain["intents"]


def test_a_question_that_comes_again_has_other_words_and_the_same_answers_to_click(domain: dict[str, Any]) -> None:
    """One variation at most fits each way of asking: Rasa draws by lot among several."""
    for name, (first, *others) in domain["responses"].items():
        ways = [condition["value"] for other in others for condition in other["condition"]]
        assert len(ways) == len(others) == len(set(ways)), name
        assert set(ways) <= {AGAIN, ONCE_MORE, SHORT, WAITING}, name
        assert {condition["name"] for other in others for condition in other["condition"]} <= {ASKED_BEFORE}, name
        assert len({variation["text"] for variation in (first, *others)}) == len(others) + 1, name
        choices = {button["payload"] for button in first.get("buttons", [])}
        assert all(choices <= {button["payload"] for button in other.get("buttons", [])} for other in others), name
