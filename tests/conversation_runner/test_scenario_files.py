"""What a scenario file may say, and what the runner says of one that is wrong."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from conversation_runner.scenario_file import load
from tests.conversation_runner.conftest import Project
from tests.conversation_runner.stub_rasa import StubRasa

HEAD = "description: d\nsteps:\n"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("description: d\nsteps:\n- custmer: hi\n", "3: unknown key `custmer` – did you mean `customer`?"),
        ("description: d\ntag: x\nsteps: [{customer: hi}]\n", "2: unknown key `tag` – did you mean `tags`?"),
        (HEAD + "- customer: hi\n  expect:\n    intnt: x\n", "5: unknown key `intnt` – did you mean `intent`?"),
        ("setup: {slot: {a: b}}\n" + HEAD + "- customer: hi\n", "1: unknown key `slot` – did you mean `slots`?"),
        (HEAD + "- customer: hi\n  expct:\n    text: x\n", "4: unknown key `expct` – did you mean `expect`?"),
        (HEAD + "- customer: hi\n  expect: {zzz: 1}\n", "4: unknown key `zzz`"),
        ("steps: [{customer: hi}]\n", "1: `description` is missing"),
        ("description: d\nsteps: []\n", "2: `steps` must be a list with at least one step"),
        ("", "1:"),
        ("- a\n- b\n", "1:"),
        (HEAD + "- expect: {text: x}\n", "3: step 1 needs either `customer` or `click`"),
        (HEAD + "- customer: hi\n- customer: a\n  click: b\n", "4: step 2 needs either `customer` or `click`"),
        (HEAD + "- customer: true\n", "3: `customer` must be text"),
        (HEAD + "- customer: {text: x}\n", "3: `customer` must be text, or {text: …, times: …}"),
        (HEAD + "- click: 0\n", "3: `click` must be a button's title"),
        (HEAD + "- customer: hi\n  expect: {text: '('}\n", "4: `text` is no regular expression"),
        (HEAD + "- customer: hi\n  expect: {text: {contain: x}}\n", "4: `text` must be a regular expression"),
        (HEAD + "- customer: hi\n  expect: {intent: []}\n", "4: `intent` must be a name"),
        (HEAD + "- customer: hi\n  expect: {messages: one}\n", "4: `messages`"),
        (HEAD + "- customer: hi\n  expect: {ticket: 'yes'}\n", "4: `ticket`"),
        (HEAD + "- customer: hi\n  expect: {buttons: {a: b}}\n", "4: `buttons` must be a button's title"),
        (HEAD + "- customer: hi\n  expect: {action: greet, actions: greet}\n", "write `action` or `actions`"),
        (HEAD + "- customer: hi\n  customer: ho\n", "4: `customer` stands twice"),
        (HEAD + "- customer: hi\n  expect: {same_text_as: 1}\n", "`same_text_as` of step 1 must name an earlier"),
        (HEAD + "- customer: [hi\n", "not YAML"),
    ],
)
def test_a_file_that_is_wrong_is_told_with_its_line(project: Project, text: str, complaint: str) -> None:
    project.write("tests/conversations/wrong.yml", text)
    run = project.run("--check")
    assert run.status == 1
    assert run.output.startswith("tests/conversations/wrong.yml:")
    assert complaint in run.output.removeprefix("tests/conversations/wrong.yml:")


def test_every_mistake_in_every_file_is_told_at_once(project: Project) -> None:
    project.write("tests/conversations/a.yml", HEAD + "- custmer: hi\n- customer: hi\n  expct: {}\n")
    project.write("tests/conversations/b.yml", "steps: [{customer: hi}]\n")
    lines = project.run("--check").output.splitlines()
    assert [line.split(": ")[0] for line in lines] == [
        "tests/conversations/a.yml:3",
        "tests/conversations/a.yml:5",
        "tests/conversations/b.yml:1",
    ]


def test_files_that_cannot_be_read_are_told(project: Project) -> None:
    project.write("tests/conversations/a.yml", "").write_bytes(b"\xff\xfe\x00")
    assert "not UTF-8" in project.run("--check").output
    assert "nowhere.yml:1: cannot be read: No such file" in project.run("nowhere.yml", "--check").output


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("yes", "yes"),
        ("no", "no"),
        ("10046", "10046"),
        ("007", "007"),
        ("1.50", "1.50"),
        ("2026-11-23", "2026-11-23"),
        ("12:30", "12:30"),
        ('""', ""),
        ('"\\0\\x1b🙈"', "\0\x1b🙈"),
        ("{text: ab, times: 2}", "abab"),
    ],
)
def test_what_a_customer_says_is_taken_to_the_letter(tmp_path: Path, written: str, said: str) -> None:
    path = tmp_path / "a.yml"
    path.write_text(f"{HEAD}- customer: {written}\n", encoding="utf-8")
    (file,), problems = load([path])
    assert not problems
    assert file.scenario.steps[0].customer == said


@pytest.mark.parametrize(
    ("expect", "complaint"),
    [
        ("intent: gret", "unknown intent `gret` – did you mean `greet`?"),
        ("intent: [greet, request_humn]", "did you mean `request_human`?"),
        ("action: action_strat_flow", "unknown action `action_strat_flow` – did you mean `action_start_flow`?"),
        ("actions: [utter_greet, utter_geet]", "did you mean `utter_greet`?"),
        ("no_action: action_nothing_like_it_anywhere", "unknown action"),
        ("slots: {order_no: x}", "unknown slot `order_no`"),
        ("active_form: order_form", "did you mean `order_status_form`?"),
        ("finds: deliveri", "no knowledge entry `deliveri` – did you mean `delivery`?"),
        ("citation: deliveri", "no knowledge entry `deliveri` – did you mean `delivery`?"),
    ],
)
def test_names_the_assistant_does_not_have_are_found_before_anything_is_played(
    project: Project, rasa: StubRasa, expect: str, complaint: str
) -> None:
    project.write("knowledge/a.md", "---\nid: delivery\ntitle: Delivery\n---\nText\n")
    project.scenario("a", f"- customer: hi\n  expect:\n    {expect}\n")
    run = project.run()
    assert run.status == 1
    assert run.output.startswith("tests/conversations/a.yml:5: ")
    assert complaint in run.output
    assert not rasa.heard


def test_each_name_of_a_list_is_told_with_its_own_line(project: Project) -> None:
    project.scenario(
        "a", "- customer: hi\n  expect:\n    intent:\n    - greet\n    - nobody\n    slots:\n      nothing: 1\n"
    )
    lines = project.run("--check").output.splitlines()
    assert [line.split(": ")[0] for line in lines] == [
        "tests/conversations/a.yml:7",
        "tests/conversations/a.yml:9",
    ]


def test_setup_slots_and_a_click_before_any_reply_are_checked(project: Project) -> None:
    project.write("tests/conversations/a.yml", "description: d\nsetup: {slots: {no_slot: 1}}\nsteps: [{click: x}]\n")
    output = project.run("--check").output
    assert "a.yml:2: unknown slot `no_slot`" in output
    assert "a.yml:3: nothing to click" in output


def test_names_that_rasa_has_by_itself_are_known(project: Project) -> None:
    project.scenario(
        "a", "- customer: hi\n  expect: {intent: nlu_fallback, action: action_listen, slots: {requested_slot: null}}\n"
    )
    run = project.run("--check")
    assert run.status == 0
    assert "1 scenarios read" in run.output


def test_a_project_without_a_domain_is_played_without_that_check(project: Project) -> None:
    shutil.rmtree(project.root / "domain")
    project.scenario("a", "- customer: hi\n  expect: {intent: greet}\n")
    run = project.run()
    assert run.status == 0
    assert "domain is not there, so names are not checked." in run.output


def test_a_domain_may_be_a_folder_and_one_that_is_broken_is_one_sentence(project: Project) -> None:
    project.write("domain/intents.yml", "intents: [greet]\n")
    project.write("domain/more/slots.yml", "slots: {name: {type: text}}\n")
    project.scenario("a", "- customer: hi\n  expect: {intent: greet, slots: {name: null}}\n")
    assert project.run("--domain", "domain", "--check").status == 0
    project.write("domain/broken.yml", "a: [b\n")
    run = project.run("--domain", "domain", "--check")
    assert run.status == 2
    assert run.output.startswith("domain/broken.yml is not YAML")


def test_paths_may_be_files_and_folders_and_each_scenario_is_played_once(project: Project, rasa: StubRasa) -> None:
    project.scenario("x/a", "- customer: a\n")
    project.scenario("x/b", "- customer: b\n")
    folder = "tests/conversations/x"
    run = project.run(f"{folder}/b.yml", folder, "--jobs", "1")
    assert [text for _, text in rasa.heard] == ["b", "a"]
    assert "✓ x/b" in run.output
