"""Scenarios played against a real HTTP server."""

from __future__ import annotations

import re
import socket
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.conversation_runner.conftest import Project
from tests.conversation_runner.stub_rasa import Reply, StubRasa, said

ORDER = Reply(
    [said("What’s your order number?", ("Talk to a person", "/request_human"))],
    intent="order_status",
    confidence=0.91,
    ranking=[{"name": "order_status", "confidence": 0.91}, {"name": "stop", "confidence": 0.05}],
    entities=[{"entity": "product", "value": "kettle"}],
    ran=["action_start_flow", "order_status_form", "utter_ask_order_number"],
    slots={"requested_slot": "order_number"},
    form="order_status_form",
)


def test_a_scenario_whose_expectations_hold_passes(project: Project, rasa: StubRasa) -> None:
    rasa.replies["where is my kettle"] = ORDER
    project.scenario(
        "order/asked",
        """
        - customer: hello
          expect: {text: hello, messages: 1, intent: greet, buttons: [], active_form: null, ticket: false}
        - customer: where is my kettle
          expect:
            text: [what's your, {contains: "number?"}]
            not_text: goodbye
            intent: [stop, order_status]
            actions: [action_start_flow, utter_ask_order_number]
            no_action: action_order_status
            buttons: talk to a person
            slots: {order_number: null}
            active_form: order_status_form
        """,
    )
    run = project.run()
    assert run.status == 0
    assert "✓ order/asked  2 turns" in run.output
    assert run.last_line == "1 passed, 0 failed"


def test_only_what_ran_in_the_turn_counts(project: Project, rasa: StubRasa) -> None:
    rasa.replies["where is my kettle"] = ORDER
    steps = "- customer: where is my kettle\n- customer: hello\n  expect: "
    project.scenario("before", steps + "{no_action: action_start_flow}\n")
    assert project.run().status == 0
    project.scenario("before", steps + "{action: action_start_flow}\n")
    assert project.run().status == 1


@pytest.mark.parametrize(("pattern", "status"), [("{contains: 'a.c?'}", 1), ("'a.c?'", 0)])
def test_literal_text_is_taken_to_the_letter(project: Project, rasa: StubRasa, pattern: str, status: int) -> None:
    rasa.replies["hello"] = Reply([said("abc")])
    project.scenario("a", f"- customer: hello\n  expect: {{text: {pattern}}}\n")
    assert project.run().status == status


@pytest.mark.parametrize(
    ("expect", "account"),
    [
        ("text: goodbye", ["text", "/goodbye/", "in none of the messages"]),
        ("not_text: number", ["not_text", "nowhere /number/"]),
        ("messages: 2", ["messages", "2", "1"]),
        ("intent: greet", ["intent", "greet", "order_status 0.91"]),
        ("slots: {order_number: '10046'}", ["slots", "order_number: '10046'", "empty"]),
        ("actions: [utter_ask_order_number, action_start_flow]", ["utter_ask_order_number → action_start_flow"]),
        ("action: action_order_status", ["action_order_status"]),
        ("no_action: action_start_flow", ["not action_start_flow", "it ran"]),
        ("buttons: Returns", ["[Returns]", "[Talk to a person]"]),
        ("buttons: []", ["no buttons", "[Talk to a person]"]),
        ("active_form: null", ["no form", "order_status_form"]),
        ("ticket: true", ["a ticket number", "none in the reply"]),
        ("citation: Delivery times", ["Delivery times", "no source named"]),
    ],
)
def test_a_difference_is_told_with_what_was_expected_and_what_came(
    project: Project, rasa: StubRasa, expect: str, account: list[str]
) -> None:
    rasa.replies["where is my kettle"] = ORDER
    project.scenario("asked", f"- customer: hello\n- customer: where is my kettle\n  expect: {{{expect}}}\n")
    run = project.run()
    assert run.status == 1
    assert run.last_line == "0 passed, 1 failed"
    for words in account:
        assert words in run.output


def test_the_account_of_a_failure_shows_the_conversation_and_what_the_bot_made_of_it(
    project: Project, rasa: StubRasa
) -> None:
    rasa.replies["where is my kettle"] = ORDER
    project.scenario(
        "asked", "- customer: hello\n- customer: where is my kettle\n  expect: {text: shipped}\n- customer: more\n"
    )
    output = project.run().output
    assert "tests/conversations/asked.yml:4  step 2 of 3" in output
    assert "customer hello" in output
    assert "→ customer where is my kettle" in output
    assert "[Talk to a person]" in output
    assert "order_status 0.91 · stop 0.05" in output
    assert "product=kettle" in output
    assert "action_start_flow → order_status_form → utter_ask_order_number" in output
    assert "order_status_form, asks for order_number" in output
    assert [text for _, text in rasa.heard] == ["hello", "where is my kettle"]


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (Reply([said("No.")], recorded=False), "the message is not in the tracker"),
        (Reply([said("No.")], intent=None), "no intent"),
        (Reply([said("No.")], nlu_status="down"), "In 1 turn the intent service did not answer"),
        (Reply([said("No.")], nlu_status="down"), "nothing: the intent service did not answer"),
    ],
)
def test_the_account_says_when_nothing_was_understood(
    project: Project, rasa: StubRasa, reply: Reply, words: str
) -> None:
    rasa.replies["hello"] = reply
    project.scenario("a", "- customer: hello\n  expect: {text: yes}\n")
    assert words in project.run().output


def test_clicking_sends_what_is_behind_the_button(project: Project, rasa: StubRasa) -> None:
    rasa.replies["hm"] = Reply([said("Did you mean", ("Delivery costs", "/ask{1}"), ("Delivery", "/ask{2}"))])
    project.scenario("clicks", "- customer: hm\n- click: delivery\n- click: delivery c\n- click: 1\n")
    assert project.run().status == 0
    assert [text for _, text in rasa.heard] == ["hm", "/ask{2}", "/ask{1}", "/ask{1}"]


@pytest.mark.parametrize("wanted", ["Returns", "7"])
def test_clicking_a_button_that_is_not_there_fails_and_names_those_that_are(
    project: Project, rasa: StubRasa, wanted: str
) -> None:
    rasa.replies["hm"] = Reply([said("Did you mean", ("Delivery", "/ask{2}"))])
    project.scenario("clicks", f"- customer: hm\n- click: {wanted}\n")
    run = project.run()
    assert run.status == 1
    assert f"a button [{wanted}]" in run.output
    assert "[Delivery]" in run.output


def test_the_setup_sets_slots_and_says_its_lines_first(project: Project, rasa: StubRasa) -> None:
    project.write(
        "tests/conversations/later.yml",
        """
        description: Later on
        tags: late
        setup: {slots: {order_number: "10046"}, customer: [hi, 10046]}
        steps:
        - customer: {text: "ab ", times: 3}
          expect: {slots: {order_number: 10046}}
        """,
    )
    assert project.run().status == 0
    assert [text for _, text in rasa.heard] == ["hi", "10046", "ab ab ab "]


def test_a_setup_that_gets_no_reply_fails_there(project: Project, rasa: StubRasa) -> None:
    rasa.replies["hi"] = Reply([])
    text = "description: d\nsetup: {customer: hi}\nsteps:\n- customer: hello\n"
    project.write("tests/conversations/later.yml", text)
    run = project.run()
    assert run.status == 1
    assert "in the set-up" in run.output


@pytest.mark.parametrize(
    ("messages", "words"),
    [
        ([], "no message at all"),
        ([said("Hello!"), said("  ")], "an empty message"),
        ([said("Could not run action_order_status.")], "internals shown: action_order_status"),
        ([said("Your order_number please")], "internals shown: order_number"),
        ([said("Hi {name}")], "internals shown: {name}"),
        ([said("Your order None is late")], "internals shown: None"),
        ([said("KeyError: 'x'")], "internals shown: KeyError"),
        ([said("Pick", ("order_status", "/order_status"))], "internals shown: order_status"),
        ([said("Sorry, not now.")], "a part of the system is down"),
    ],
)
def test_replies_no_customer_should_get_fail_without_being_asked_for(
    project: Project, rasa: StubRasa, messages: list[dict[str, object]], words: str
) -> None:
    rasa.replies["hello"] = Reply(messages)
    project.scenario("hello", "- customer: hello\n")
    run = project.run()
    assert run.status == 1
    assert words in run.output


def test_what_looks_like_an_internal_name_but_is_not_passes(project: Project, rasa: StubRasa) -> None:
    text = "See https://a.example/order_status or order_number@a.example. None of these? You wrote order_status."
    rasa.replies["is order_status a word"] = Reply([said(text)])
    project.scenario("hello", "- customer: is order_status a word\n")
    assert project.run().status == 0


def test_silence_and_outages_pass_where_the_scenario_expects_them(project: Project, rasa: StubRasa) -> None:
    rasa.replies["quiet"] = Reply([])
    rasa.replies["down"] = Reply([said("Sorry, not now.")], recorded=False)
    project.scenario(
        "expected", "- customer: quiet\n  expect: {messages: 0}\n- customer: down\n  expect: {text: not now}\n"
    )
    assert project.run().status == 0


@pytest.mark.parametrize("where", ["custom", "metadata", "text"])
def test_a_citation_is_found_wherever_the_bot_put_it(project: Project, rasa: StubRasa, where: str) -> None:
    project.write("knowledge/faq/a.md", "---\nid: delivery-times\ntitle: Delivery times\n---\nOne day.\n")
    cited = {"citations": [{"entry_id": "delivery-times"}]}
    rasa.replies["hello"] = {
        "custom": Reply([said("One day.", custom=cited)]),
        "metadata": Reply([said("One day.")], metadata=cited),
        "text": Reply([said("One day. Source: Delivery times")]),
    }[where]
    project.scenario("a", "- customer: hello\n  expect: {citation: delivery-times}\n")
    project.scenario("b", "- customer: hello\n  expect: {citation: Delivery times}\n")
    assert project.run().last_line == "2 passed, 0 failed"


@pytest.mark.parametrize(
    ("message", "status"),
    [
        (said("One day. Source: Delivery times"), 0),
        (said("Did you mean", ("Delivery times", "/ask_1")), 0),
        (said("Did you mean", ("How long…", '/ask_entry{"entry_id":"delivery-times"}')), 0),
        (said("Did you mean", ("Returns", "/ask_2")), 1),
    ],
)
def test_an_entry_is_found_when_it_is_told_or_offered(
    project: Project, rasa: StubRasa, message: dict[str, object], status: int
) -> None:
    project.write("knowledge/faq/a.md", "---\nid: delivery-times\ntitle: Delivery times\n---\nOne day.\n")
    rasa.replies["hello"] = Reply([message])
    project.scenario("a", "- customer: hello\n  expect: {finds: delivery-times}\n")
    run = project.run()
    assert run.status == status
    assert ("[Returns]" in run.output) == (status == 1)


@pytest.fixture
def tickets(tmp_path: Path) -> Callable[..., Path]:
    """Makes a data base with the given ticket numbers."""

    def make(*numbers: str) -> Path:
        path = tmp_path / "desk.db"
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("CREATE TABLE tickets (id INTEGER, number TEXT)")
            connection.executemany("INSERT INTO tickets VALUES (1, ?)", [(number,) for number in numbers])
            connection.commit()
        return path

    return make


@pytest.mark.parametrize(("numbers", "status"), [(("T-000123",), 0), (("T-000124",), 1)])
def test_a_ticket_counts_when_the_back_office_has_it(
    project: Project, rasa: StubRasa, tickets: Callable[..., Path], numbers: tuple[str, ...], status: int
) -> None:
    rasa.replies["hello"] = Reply([said("Your ticket is T-000123.")])
    project.scenario("a", "- customer: hello\n  expect: {ticket: true}\n")
    run = project.run("--tickets-db", str(tickets(*numbers)))
    assert run.status == status
    assert ("T-000123 is not in the back office" in run.output) == (status == 1)


def test_a_data_base_without_tickets_is_one_sentence(project: Project, tmp_path: Path) -> None:
    project.scenario("a", "- customer: hello\n")
    (tmp_path / "empty.db").touch()
    run = project.run("--tickets-db", "empty.db")
    assert run.status == 2
    assert run.output.strip() == "empty.db has no table `tickets`."


def test_scenarios_run_side_by_side_and_a_conversation_in_order(project: Project, rasa: StubRasa) -> None:
    rasa.meet = 2
    for name in ("a", "b", "c", "d"):
        project.scenario(name, f"- customer: {name} one\n- customer: {name} two\n")
    assert project.run("--jobs", "2").status == 0
    assert rasa.most_at_once == 2
    by_sender: dict[str, list[str]] = {}
    for sender, text in rasa.heard:
        by_sender.setdefault(sender, []).append(text)
    assert sorted(by_sender.values()) == [[f"{name} one", f"{name} two"] for name in "abcd"]


def test_filter_chooses_by_name_description_or_tag(project: Project, rasa: StubRasa) -> None:
    project.scenario("order/one", "- customer: one\n")
    project.scenario("two", "- customer: two\n")
    project.write("tests/conversations/three.yml", "description: x\ntags: [slow]\nsteps: [{customer: three}]\n")
    assert project.run("--filter", "ORDER/").last_line == "1 passed, 0 failed"
    assert project.run("-k", "slow").last_line == "1 passed, 0 failed"
    assert [text for _, text in rasa.heard] == ["one", "three"]
    nothing = project.run("-k", "nowhere")
    assert nothing.status == 2
    assert nothing.output.startswith("No scenario fits")


def test_fail_fast_starts_nothing_after_a_failure(project: Project, rasa: StubRasa) -> None:
    for name in ("a", "b", "c"):
        project.scenario(name, "- customer: hello\n  expect: {text: bonjour}\n")
    run = project.run("--fail-fast", "--jobs", "1")
    assert run.status == 1
    assert len(rasa.heard) == 1
    assert "2 scenarios not run" in run.output
    assert run.last_line == "0 passed, 1 failed"


def test_verbose_shows_conversations_that_passed(project: Project) -> None:
    project.scenario("a", "- customer: hello\n")
    assert "Hello!" not in project.run().output
    assert "Hello!" in project.run("--verbose").output


def test_hostile_characters_are_spelt_out_and_long_texts_cut(project: Project, rasa: StubRasa) -> None:
    rasa.replies["\x07bell [bold]"] = Reply([said("y" * 5000)])
    project.scenario("a", '- customer: "\\abell [bold]"\n  expect: {text: nothing}\n')
    output = project.run().output
    assert "→ customer \\x07bell [bold]" in output
    assert "(5,000 characters)" in " ".join(output.split())
    assert "y" * 500 not in output.replace("\n", "")


def test_values_drawn_for_a_run_are_said_and_expected(project: Project, rasa: StubRasa) -> None:
    project.write(
        "tests/conversations/drawn.yml",
        """
        description: d
        setup: {random: {number: "109##", mail: "?#.x@example.com"}, customer: "at {mail}"}
        steps:
        - customer: "{number} and {other}"
          expect: {not_text: ["{number}", {contains: "{mail}"}], slots: {}}
        """,
    )
    for _ in range(3):
        assert project.run().status == 0
    said = [text for _, text in rasa.heard]
    assert all(re.fullmatch(r"at [a-z]\d\.x@example\.com", text) for text in said[::2])
    assert all(re.fullmatch(r"109\d\d and \{other\}", text) for text in said[1::2])
    assert len(set(said)) > 2


def test_a_drawn_value_is_matched_to_the_letter(project: Project, rasa: StubRasa) -> None:
    rasa.replies["say a.c"] = Reply([said("abc")], slots={"order_number": "a.c"})
    text = "description: d\nsetup: {random: {x: a.c}}\nsteps:\n- customer: say {x}\n  expect: {text: '{x}'}\n"
    project.write("tests/conversations/drawn.yml", text)
    assert project.run().status == 1
    project.write("tests/conversations/drawn.yml", text.replace("text: '{x}'", "slots: {order_number: '{x}'}"))
    assert project.run().status == 0


@pytest.mark.parametrize(("second", "status"), [("Not found (1 left)", 0), ("Wrong e-mail (1 left)", 1)])
def test_the_same_words_as_an_earlier_step_can_be_asked_for(
    project: Project, rasa: StubRasa, second: str, status: int
) -> None:
    rasa.replies["one"] = Reply([said("Not found (2 left)")])
    rasa.replies["two"] = Reply([said(second)])
    project.scenario("same", "- customer: one\n- customer: two\n  expect: {same_text_as: 1}\n")
    run = project.run()
    assert run.status == status
    assert ("the words of step 1: Not found (# left)" in run.output) == (status == 1)


def unused_url() -> str:
    """An address where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}"


def test_nobody_listening_is_one_sentence(project: Project) -> None:
    project.scenario("a", "- customer: hello\n")
    run = project.run(url=unused_url())
    assert run.status == 2
    assert len(run.output.strip().splitlines()) == 1
    assert run.output.startswith("Nothing answers at http://127.0.0.1:")


def test_an_address_that_is_none_is_one_sentence(project: Project) -> None:
    project.scenario("a", "- customer: hello\n")
    run = project.run(url="rasa")
    assert run.status == 2
    assert "is no address" in run.output


@pytest.mark.parametrize(
    ("status", "words"),
    [(404, "--enable-api"), (409, "no model loaded"), (503, "not ready"), (500, "HTTP 500")],
)
def test_an_assistant_that_cannot_be_used_is_one_sentence(
    project: Project, rasa: StubRasa, status: int, words: str
) -> None:
    rasa.status = status
    project.scenario("a", "- customer: hello\n")
    run = project.run()
    assert run.status == 2
    assert words in run.output
    assert len(run.output.strip().splitlines()) == 1


def test_the_token_is_sent_and_a_missing_one_is_explained(
    project: Project, rasa: StubRasa, monkeypatch: pytest.MonkeyPatch
) -> None:
    rasa.token = "sesame"
    project.scenario("a", "- customer: hello\n")
    refused = project.run()
    assert refused.status == 2
    assert "--auth-token" in refused.output
    assert project.run("--auth-token", "sesame").status == 0
    monkeypatch.setenv("RASA_AUTH_TOKEN", "sesame")
    assert project.run().status == 0


def test_an_assistant_that_goes_away_ends_the_run_with_one_sentence_a_scenario(
    project: Project, rasa: StubRasa
) -> None:
    rasa.break_after = 1
    for name in ("a", "b", "c"):
        project.scenario(name, "- customer: hello\n")
    run = project.run("--jobs", "1")
    assert run.status == 1
    assert "✗ b  step 1: Nothing answers at" in run.output
    assert "Traceback" not in run.output
    assert "1 scenario not run" in run.output
    assert run.last_line == "1 passed, 1 failed"


def test_a_turn_without_end_fails_its_scenario_only(project: Project, rasa: StubRasa) -> None:
    rasa.stall = lambda text: text == "hang"
    project.scenario("a", "- customer: hang\n")
    project.scenario("b", "- customer: hello\n")
    run = project.run("--timeout", "0.2", "--jobs", "1")
    assert "✗ a  step 1: No answer from" in run.output
    assert run.last_line == "1 passed, 1 failed"


def test_a_body_that_is_not_json_fails_with_a_sentence(project: Project, rasa: StubRasa) -> None:
    rasa.html = True
    project.scenario("a", "- customer: hello\n")
    run = project.run()
    assert run.status == 1
    assert "not JSON" in run.output
