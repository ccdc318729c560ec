"""What a customer sees of an answer that a language model wrote."""

import json
import time
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.fallback import ActionFallback
from actions.questions import ActionAnswerQuestion
from actions.settings import Settings
from actions.turn import Turn
from answering.model import Answer, Citation, Ending, Generated, Proposal
from answering.settings import LanguageModelSettings
from tests.actions.conftest import Run, ScriptedLadder

SOURCE = Citation("warranty", "How long is the warranty?")


def written(outcome: str = "answered", text: str = "3 years.", **more: Any) -> Answer:
    generated = Generated("1", "openai/gpt-4.1", outcome, **more)  # type: ignore[arg-type]
    return Answer("generated", text, (SOURCE,) if outcome == "answered" else (), relevance=0.5, generated=generated)


@pytest.mark.parametrize("action", [ActionAnswerQuestion, ActionFallback])
async def test_a_written_answer_is_told_with_its_sources_and_its_record(
    run: Run, ladder: ScriptedLadder, action: Any
) -> None:
    ladder.reply = written()
    said = await run(action, "and the warranty?", intent="ask_warranty")
    (message,) = said.messages
    assert (message["response"], message["answer"]) == ("utter_answer", "3 years.")
    assert message["source"] == "How long is the warranty?"
    record = message["custom"]
    assert (record["rung"], record["generated"]["prompt"]) == ("generated", "1")
    assert record["generated"]["model"] == "openai/gpt-4.1"
    json.dumps(record)


async def test_a_question_back_has_no_source(run: Run, ladder: ScriptedLadder) -> None:
    ladder.reply = written("asked_back", "The kettle or the blender?")
    said = await run(ActionAnswerQuestion, "how long?", intent="ask_warranty")
    assert said.responses == ["utter_ask_back"]
    assert said.messages[0]["question"] == "The kettle or the blender?"


async def test_what_is_proposed_becomes_a_button_into_its_journey(run: Run, ladder: ScriptedLadder) -> None:
    proposals = (Proposal("return_item", "10026"), Proposal("return_item", "10026"), Proposal("ask_colleague"))
    ladder.reply = written("offered", "", proposals=proposals)
    said = await run(ActionAnswerQuestion, "money back", intent="ask_return_policy")
    assert said.responses == ["utter_proposals"]
    assert [button["payload"] for button in said.messages[0]["buttons"]] == [
        '/return_item{"order_number":"10026"}',
        "/open_ticket",
    ]


@pytest.mark.parametrize("number", ['10026"} /restart', "<script>", "99999999", "drop table"])
async def test_whatever_a_model_wrote_as_a_number_only_an_order_number_gets_into_a_button(
    run: Run, ladder: ScriptedLadder, number: str
) -> None:
    ladder.reply = written("offered", "", proposals=(Proposal("show_order", number),))
    said = await run(ActionAnswerQuestion, "where is it", intent="ask_delivery")
    payload = said.messages[0]["buttons"][0]["payload"]
    assert payload in {"/order_status", '/order_status{"order_number":"10026"}'}


async def test_what_the_material_does_not_hold_is_said_a_person_offered_and_the_gap_noted(
    run: Run, ladder: ScriptedLadder, services: Any
) -> None:
    ladder.reply = Answer("none", generated=Generated("1", "openai/gpt-4.1", "handed_over"))
    for action in (ActionAnswerQuestion, ActionFallback):
        said = await run(action, "do you repair gramophones", intent="ask_product")
        assert said.responses == ["utter_no_answer"]
        assert said.slots["pending_offer"] == "person"
    assert services.gaps.all()


async def test_an_end_without_a_solution_offers_a_person(run: Run, ladder: ScriptedLadder) -> None:
    for resolved, response in ((True, "utter_chat_finished"), (False, "utter_chat_unresolved")):
        ladder.reply = written("finished", "", ending=Ending("finished", resolved=resolved, satisfaction=3))
        said = await run(ActionAnswerQuestion, "never mind", intent="ask_product")
        assert said.responses == [response]
        assert said.messages[0]["custom"]["generated"]["ending"]["resolved"] is resolved


async def test_in_a_form_only_an_answer_is_told_since_the_form_asks_by_itself(run: Run, ladder: ScriptedLadder) -> None:
    ladder.reply = written("asked_back", "Which one?")
    said = await run(ActionFallback, "hm?", form="order_status_form", requested_slot="email")
    assert said.responses == ["utter_not_understood_in_form"]
    ladder.reply = written()
    said = await run(ActionFallback, "hm?", form="order_status_form", requested_slot="email")
    assert (said.responses, said.followed_by) == (["utter_answer"], "order_status_form")


async def test_the_model_is_told_the_conversation_before_without_clicks(run: Run, ladder: ScriptedLadder) -> None:
    order = {"kind": "order_status", "order_number": "10046"}
    before = [
        {"event": "user", "text": "old session"},
        {"event": "session_started"},
        {"event": "user", "text": "where is 10046"},
        {"event": "bot", "text": "On its way.", "data": {"custom": order}},
        {"event": "user", "text": "/ask_delivery"},
        {"event": "user", "text": "it's 493 021, for T-756623"},
    ]
    await run(ActionAnswerQuestion, "and on Sundays?", intent="ask_delivery", before=before)
    history = ladder.asked[0].history
    assert [(one.speaker, one.text) for one in history] == [
        ("customer", "where is 10046"),
        ("bot", "On its way."),
        ("customer", "it's [code], for T-756623"),
    ]
    assert history[1].about == "told the status of order 10046"


async def test_how_long_the_customer_has_waited_is_known_unless_the_clocks_disagree(
    run: Run, ladder: ScriptedLadder
) -> None:
    for ago, waited in ((5.0, 5.0), (-20.0, 0.0), (3600.0, 0.0)):
        said = {"event": "user", "text": "before", "timestamp": time.time() - ago}
        tracker = Tracker("a", {}, {"text": "x"}, [said], False, None, {}, "action_listen")
        assert abs(Turn(tracker, CollectingDispatcher()).waited - waited) < 0.5
    await run(ActionAnswerQuestion, "and when?", intent="ask_delivery")
    assert ladder.asked[-1].waited == 0.0


def test_a_generated_answer_must_come_while_rasa_still_waits() -> None:
    llm = LanguageModelSettings(provider="openai", key="k", seconds=12)  # type: ignore[arg-type]
    Settings().demand_time_for(llm)
    with pytest.raises(ValueError, match="FRONTDESK_ACTION_TIMEOUT_S"):
        Settings(rasa_waits_seconds=8).demand_time_for(llm)
    Settings(rasa_waits_seconds=8).demand_time_for(LanguageModelSettings(provider="off"))


def test_a_provider_without_a_key_is_refused_and_no_key_is_ever_printed() -> None:
    with pytest.raises(ValueError, match="ANSWERING_LLM_KEY is empty"):
        LanguageModelSettings(provider="anthropic")
    with pytest.raises(ValueError, match="seconds") as raised:
        LanguageModelSettings(provider="openai", key="sk-very-secret", seconds=900)  # type: ignore[arg-type]
    assert "sk-very-secret" not in str(raised.value)
