"""What customers are told while a process is gone, by the running system."""

import re

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
