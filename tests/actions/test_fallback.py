"""What happens to a message that fits no intent."""

import pytest

from actions.fallback import ActionFallback
from actions.questions import NEEDS_A_PERSON, ActionAnswerQuestion
from answering.errors import KnowledgeUnavailable
from answering.model import Answer, Citation, Question, Suggestion
from tests.actions.conftest import Run, ScriptedLadder

ENTRY = Answer("entry", "Thirty days.", (Citation("returns-window", "How long can I return?"),), relevance=0.9)


async def test_the_open_forms_value_is_taken_from_the_text(run: Run) -> None:
    said = await run(ActionFallback, "it's jo@example.org??", form="contact_form", requested_slot="contact_email")
    assert said.slots["contact_email"] == "jo@example.org"
    assert said.followed_by == "contact_form"


async def test_a_question_is_answered_with_its_source(run: Run, ladder: ScriptedLadder) -> None:
    ladder.reply = ENTRY
    said = await run(ActionFallback, "30 days or what")
    assert said.messages[0]["source"] == "How long can I return?"
    assert said.messages[0]["custom"]["citations"][0]["entry_id"] == "returns-window"


async def test_the_first_miss_names_what_the_bot_can_do_the_second_offers_a_person(run: Run) -> None:
    first = await run(ActionFallback, "qwertz", fallback_count=0.0)
    second = await run(ActionFallback, "asdf", fallback_count=first.slots["fallback_count"])
    assert first.responses == ["utter_not_understood"]
    assert second.responses == ["utter_not_understood_again"]
    assert second.slots["pending_offer"] == "person"


@pytest.mark.parametrize("text", ["get me a HUMAN", "can i talk to a real person", "representative"])
async def test_the_way_to_a_person_stays_open_while_the_intent_service_is_down(run: Run, text: str) -> None:
    assert "ticket_number" in (await run(ActionFallback, text, nlu_status="down")).slots


async def test_an_order_number_is_enough_while_the_intent_service_is_down(run: Run) -> None:
    said = await run(ActionFallback, "order 10046 where", nlu_status="down")
    assert (said.slots["order_number"], said.followed_by) == ("10046", "order_status_form")


async def test_every_miss_is_followed_by_something(run: Run) -> None:
    said = await run(ActionFallback, "???")
    assert said.followed_by == "action_listen", "without it Rasa would run the fallback ten times"


async def test_near_entries_become_buttons_with_a_way_out(run: Run, ladder: ScriptedLadder) -> None:
    suggestion = Suggestion("How long?", '/ask_entry{"entry_id":"a"}')
    ladder.reply = Answer("did_you_mean", suggestions=(suggestion,), relevance=0.4)
    said = await run(ActionAnswerQuestion, "return time", intent="ask_return_policy")
    assert [button["title"] for button in said.messages[0]["buttons"]] == ["How long?", "None of these"]


@pytest.mark.parametrize("intent", sorted(NEEDS_A_PERSON))
async def test_a_request_without_a_journey_is_never_a_dead_end(run: Run, intent: str) -> None:
    said = await run(ActionAnswerQuestion, "do it", intent=intent)
    assert said.slots["pending_offer"] == "person"


async def test_unreadable_knowledge_is_said(run: Run, ladder: ScriptedLadder) -> None:
    async def broken(_: Question) -> Answer:
        raise KnowledgeUnavailable("gone")

    ladder.answer = broken  # type: ignore[method-assign, assignment]
    assert (await run(ActionAnswerQuestion, "how long", intent="ask_return_policy")).responses == [
        "utter_knowledge_down"
    ]
