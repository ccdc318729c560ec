"""Coverage, JUnit and the recorder."""

from __future__ import annotations

import json
import shutil
from xml.etree import ElementTree as ET

import pytest

from conversation_runner.coverage import coverage
from conversation_runner.domain import Domain, read_domain, read_rules
from conversation_runner.turn import Event
from tests.conversation_runner.conftest import Project
from tests.conversation_runner.stub_rasa import Reply, StubRasa, said

RULES = """
    rules:
    - rule: greet back
      steps: [{intent: greet}, {action: utter_greet}]
    - rule: start
      steps:
      - or: [{intent: stop}, {intent: order_status}]
      - action: action_start_flow
    - rule: show it
      condition: [{active_loop: order_status_form}]
      steps:
      - action: order_status_form
      - active_loop: null
      - slot_was_set: [{requested_slot: null}]
      - action: action_order_status
"""


def user(intent: str) -> Event:
    return {"event": "user", "parse_data": {"intent": {"name": intent}}}


def action(name: str) -> Event:
    return {"event": "action", "name": name}


def loop(name: str | None) -> Event:
    return {"event": "active_loop", "name": name}


def reached_rules(project: Project, *events: Event) -> list[str]:
    rules = read_rules(project.write("rules/a.yml", RULES).parent)
    *_, kind = coverage(Domain(), rules, [("scenario", events)])
    assert kind.name == "rules"
    return [part.name for part in kind.parts if part.reached]


def test_a_rule_counts_when_its_steps_follow_in_one_turn(project: Project) -> None:
    assert reached_rules(project, user("greet"), action("utter_greet")) == ["greet back"]
    assert reached_rules(project, user("greet"), action("action_else"), action("utter_greet")) == ["greet back"]
    assert reached_rules(project, user("order_status"), action("action_start_flow")) == ["start"]
    assert reached_rules(project, user("stop"), action("action_start_flow")) == ["start"]


def test_a_rule_does_not_count_across_turns_or_with_another_action(project: Project) -> None:
    assert reached_rules(project, user("greet"), action("action_start_flow")) == []
    assert reached_rules(project, user("greet"), user("stop"), action("utter_greet")) == []
    assert reached_rules(project, action("utter_greet"), user("greet")) == []


def test_a_rule_with_a_form_counts_only_while_that_form_is_active(project: Project) -> None:
    end = [action("order_status_form"), loop(None), action("action_order_status")]
    assert reached_rules(project, loop("order_status_form"), user("inform"), *end) == ["show it"]
    assert reached_rules(project, user("inform"), *end) == []
    assert reached_rules(project, loop("order_status_form"), loop(None), user("inform"), *end) == []


def test_actions_inside_a_form_count_with_the_form(project: Project) -> None:
    domain = read_domain(project.root / "domain")
    kinds = {k.name: k for k in coverage(domain, (), [("s", [action("order_status_form")])])}
    assert kinds["forms"].missed == ()
    assert "validate_order_status_form" not in kinds["actions"].missed
    assert kinds["actions"].missed == ("action_order_status", "action_start_flow")


def test_responses_count_whoever_utters_them(project: Project) -> None:
    domain = read_domain(project.root / "domain")
    bot = {"event": "bot", "metadata": {"utter_action": "utter_ask_order_number"}}
    kinds = {k.name: k for k in coverage(domain, (), [("s", [bot, action("utter_greet")])])}
    assert kinds["responses"].missed == ("utter_turn_failed",)
    assert kinds["responses"].share == pytest.approx(2 / 3)


def test_coverage_is_shown_and_written(project: Project, rasa: StubRasa) -> None:
    project.write("data/rules/a.yml", RULES)
    rasa.replies["bye"] = Reply([said("x")], intent="stop", ran=["action_start_flow"])
    project.scenario("folder/one", "- customer: hello\n")
    project.scenario("two", "- customer: bye\n")
    run = project.run("--coverage")
    assert run.status == 0
    shown = " ".join(run.output.split())
    assert "intents 2/4 50% reached not: order_status, request_human" in shown
    assert run.last_line == "2 passed, 0 failed"
    report = json.loads((project.root / "var/coverage/conversations.json").read_text())
    assert report["scenarios"] == 2
    assert report["intents"]["reached"] == {"greet": ["folder/one"], "stop": ["two"]}
    assert report["rules"] == {
        "reached": {"greet back": ["folder/one"], "start": ["two"]},
        "missed": ["show it"],
        "elsewhere": {},
        "share": 0.6667,
    }
    page = (project.root / "var/coverage/conversations.html").read_text()
    assert "folder/one" in page
    assert '<li class="missed">show it</li>' in page


def test_a_rule_without_observable_steps_is_left_out(project: Project) -> None:
    rules = "rules: [{rule: x, steps: [{slot_was_set: [{a: b}]}]}]"
    assert read_rules(project.write("rules/a.yml", rules).parent) == ()


def test_junit_has_a_case_for_each_scenario(project: Project, rasa: StubRasa) -> None:
    rasa.replies["\x07"] = Reply([said("no \x01 way", ("\x02", "x"))])
    project.scenario("folder/good", "- customer: hello\n")
    project.scenario("folder/bad", '- customer: "\\a"\n  expect: {text: yes, buttons: more}\n')
    project.scenario("later", "- customer: hello\n")
    run = project.run("--junit", "out/junit.xml", "--fail-fast", "--jobs", "1")
    assert run.status == 1
    suite = ET.parse(project.root / "out/junit.xml").getroot()[0]  # noqa: S314 - our own file
    assert {k: suite.get(k) for k in ("tests", "failures", "errors", "skipped")} == {
        "tests": "3",
        "failures": "1",
        "errors": "0",
        "skipped": "2",
    }
    bad = next(case for case in suite if case.get("name") == "bad")
    assert bad.get("classname") == "folder"
    assert "expected /yes/" in str(bad[0].get("message"))
    assert "step 1 of 1" in str(bad[0].text)
    assert "[\ufffd]" in str(bad[0].text)


def test_recording_writes_a_scenario_that_passes(project: Project, rasa: StubRasa) -> None:
    rasa.replies["where?"] = Reply(
        [said("What’s the number (of 5 digits)? It starts with 10.", ("Talk to a person?", "/request_human"))],
        intent="order_status",
        ran=["action_start_flow", "order_status_form", "utter_ask_order_number"],
        form="order_status_form",
    )
    rasa.replies["/request_human"] = Reply([said("Your ticket is T-123456. We write soon.")], intent="request_human")
    out = "tests/conversations/new/recorded.yml"
    run = project.run("record", "--out", out, lines=("where?", "1", "yes", "/quit", "never"))
    assert run.status == 0
    assert "[1 Talk to a person?]" in run.output
    assert "3 steps written" in run.output
    assert [text for _, text in rasa.heard] == ["where?", "/request_human", "yes"]
    text = (project.root / out).read_text()
    assert "contains: What’s the number (of 5 digits)?" in text
    assert "click: Talk to a person?" in text
    assert "contains: Your ticket is\n" in text
    assert "ticket: true" in text
    assert "123456" not in text
    shutil.rmtree(project.root / "domain")
    assert project.run(out).last_line == "1 passed, 0 failed"


def test_recording_ends_with_the_keyboard_and_never_overwrites(project: Project) -> None:
    assert project.run("record", "--out", "a.yml", lines=("hello",)).status == 0
    before = (project.root / "a.yml").read_text()
    again = project.run("record", "--out", "a.yml", lines=("other",))
    assert again.status == 2
    assert "a.yml is there already" in again.output
    assert (project.root / "a.yml").read_text() == before


def test_recording_nothing_writes_nothing(project: Project) -> None:
    run = project.run("record", "--out", "a.yml")
    assert run.status == 2
    assert not (project.root / "a.yml").exists()


def test_recording_goes_on_after_a_turn_that_failed(project: Project, rasa: StubRasa) -> None:
    rasa.stall = lambda text: text == "hang"
    run = project.run("record", "--out", "a.yml", "--timeout", "0.2", lines=("hang", "hello"))
    assert run.status == 0
    assert "No answer from" in run.output
    assert "hang" not in (project.root / "a.yml").read_text()
