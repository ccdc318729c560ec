"""What happens to a message that fits no intent."""

import json
from pathlib import Path

import pytest

from actions.fallback import ActionFallback
from actions.questions import ActionAnswerQuestion
from answering.errors import KnowledgeUnavailable
from answering.model import Answer, Citation, Question, Suggestion
from contracts.nlu import parse_data_from
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


@pytest.mark.parametrize(
    ("text", "follows"),
    [("Yes please", "action_accept_offer"), ("no thanks", "action_decline_offer"), ("ok", "action_accept_offer")],
)
async def test_a_plain_answer_to_an_offer_is_understood_while_the_intent_service_is_down(
    run: Run, text: str, follows: str
) -> None:
    assert (await run(ActionFallback, text, nlu_status="down", pending_offer="person")).followed_by == follows


async def test_a_yes_to_nothing_is_no_answer_while_the_intent_service_is_down(run: Run) -> None:
    assert (await run(ActionFallback, "yes", nlu_status="down")).responses == ["utter_understanding_down"]


@pytest.mark.parametrize("text", ["get me a HUMAN", "can i talk to a real person", "representative"])
async def test_the_way_to_a_person_stays_open_while_the_intent_service_is_down(run: Run, text: str) -> None:
    assert "ticket_number" in (await run(ActionFallback, text, nlu_status="down")).slots


async def test_to_talk_to_somebody_else_asks_for_no_person_of_ours(run: Run) -> None:
    said = await run(ActionFallback, "first I will talk to the neighbour", nlu_status="down")
    assert "ticket_number" not in said.slots
    assert "ticket_number" in (await run(ActionFallback, "let me talk to your team", nlu_status="down")).slots


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
    assert [button["title"] for button in said.messages[0]["buttons"]] == [
        "How long?",
        "No, something else",
        "Talk to a person",
    ]


async def test_unreadable_knowledge_is_said(run: Run, ladder: ScriptedLadder) -> None:
    async def broken(_: Question) -> Answer:
        raise KnowledgeUnavailable("gone")

    ladder.answer = broken  # type: ignore[method-assign, assignment]
    assert (await run(ActionAnswerQuestion, "how long", intent="ask_return_policy")).responses == [
        "utter_knowledge_down"
    ]


@pytest.mark.parametrize(
    ("ranking", "asked"),
    [
        ([("cancel_order", 0.42), ("return_item", 0.36), ("greet", 0.1)], ["Cancel an order", "Send something back"]),
        ([("cancel_order", 0.39), ("return_item", 0.2)], []),
        ([("ask_delivery", 0.3), ("return_item", 0.29)], []),
        ([("cancel_order", 0.12), ("return_item", 0.11)], []),
    ],
)
async def test_a_message_between_two_requests_is_asked_about(
    run: Run, ranking: list[tuple[str, float]], asked: list[str]
) -> None:
    scores = [{"name": name, "confidence": confidence} for name, confidence in ranking]
    said = await run(ActionFallback, "I don't want it any more", intent_ranking=scores)
    buttons = [button["title"] for button in said.messages[0]["buttons"]]
    assert [title for title in buttons if title != "None of these"] == asked


def test_two_intents_that_are_not_told_apart_are_no_intent() -> None:
    def name_for(first: float, second: float) -> str:
        scores = [{"name": "cancel_order", "confidence": first}, {"name": "return_item", "confidence": second}]
        result = dict(json.loads(Path("contracts/golden/classify_question.json").read_text("utf-8")))["response"][
            "results"
        ][0]
        return str(parse_data_from("x", result | {"intent": scores[0], "ranking": scores})["intent"]["name"])

    assert name_for(0.48, 0.45) == "nlu_fallback"
    assert name_for(0.52, 0.40) == "cancel_order"


async def test_a_grumble_about_the_bot_is_known_by_its_words(run: Run, ladder: ScriptedLadder) -> None:
    said = await run(ActionFallback, "lol your bot is dumb", intent="nlu_fallback", sentiment=-0.2)
    assert said.responses == ["utter_not_helpful"]
    assert not ladder.asked
