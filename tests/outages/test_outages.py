"""What customers are told while a process is gone, by the running system."""

import re
import sqlite3
from contextlib import closing

import pytest

from tests.outages.conftest import System

pytestmark = [pytest.mark.server, pytest.mark.slow]


def test_without_the_intent_service_a_policy_question_is_still_answered(system: System) -> None:
    reply = system.say("How long is the warranty?", sender="policy")
    assert "3 years" in reply
    assert "Source:" in reply


def test_without_the_intent_service_the_way_to_a_person_stays_open(system: System) -> None:
    assert re.search(r"T-\d{6}", system.say("I need to talk to a person", sender="person"))


def test_without_the_intent_service_an_orders_status_is_told_to_its_customer_only(system: System) -> None:
    assert "e-mail" in system.say("10046", sender="status")
    assert "https://track" in system.say("aoife.brennan@example.com", sender="status")
    system.say("10046", sender="stranger")
    assert "https://track" not in system.say("somebody@example.com", sender="stranger")


def test_a_dead_action_server_is_said_and_the_same_message_works_when_it_is_back(system: System) -> None:
    system.actions.kill()
    said = system.say("How long is the warranty?", sender="actions")
    assert "isn't answering right now" in said
    assert "help@alderwick.example" in said, "another way to reach the company"
    assert 'rasa_turns_total{outcome="action_failed"}' in system.metrics()
    system.actions.start()
    assert "3 years" in system.say("How long is the warranty?", sender="actions")


def test_a_back_office_that_stops_in_mid_journey_does_nothing_by_half_and_nothing_twice(system: System) -> None:
    for line in ("/cancel_order", "10047", "cian.murphy@example.org"):
        read_back = system.say(line, sender="cancels")
    assert "Shall I cancel it" in read_back
    assert "six-digit code" in system.say("/affirm", sender="cancels")
    code = system.newest_code()
    with closing(sqlite3.connect(system.database)) as blocker:
        blocker.execute("BEGIN IMMEDIATE")
        said = system.say(code, sender="cancels")
        assert "Nothing was changed" in said
        assert "Shall I try again" in said
        assert "Shall I try again" in system.say("yes", sender="cancels")
        blocker.rollback()
    assert "10047 is cancelled" in system.say("yes", sender="cancels")
    assert "done already" in system.say("/affirm", sender="cancels")
    with closing(sqlite3.connect(system.database)) as book:
        refunds = book.execute("SELECT count(*) FROM audit_log WHERE action LIKE '%cancel%'").fetchone()
    assert refunds == (1,)
