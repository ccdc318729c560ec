"""How customers talk: upset, once more, beside the point, two things at once, in words instead of clicks."""

from typing import Any

import pytest

from actions.bare_facts import ActionTakeInformation
from actions.bootstrap import Services
from actions.fallback import ActionFallback
from actions.flows import ActionStartFlow
from actions.person import ActionAcceptOffer, ActionDeclineOffer
from actions.questions import ActionAnswerQuestion, quoted
from actions.small_talk import ActionPleasantry, ActionSmallTalk
from answering.follow_up import leans, says_nothing_alone
from answering.model import Answer, Citation, Suggestion
from tests.actions.conftest import Run, ScriptedLadder
from tests.actions.journey_player import Player

ENTRY = Answer("entry", "Five days.", (Citation("known", "How long it takes"),), relevance=0.9)
NEAR = Answer("did_you_mean", suggestions=(Suggestion("The kettle", '/ask_entry{"entry_id":"known"}'),), relevance=0.4)


@pytest.fixture
def player(services: Services) -> Player:
    return Player(services)


def turn(text: str, response: str, **data: Any) -> list[dict[str, Any]]:
    """A customer's message and the bot's reply as Rasa's events."""
    parsed = {"intent": {"name": "nlu_fallback", "confidence": 0.3}, "nlu_status": "ok"}
    bot = {"event": "bot", "text": "…", "metadata": {"utter_action": response}, "data": data}
    return [{"event": "user", "text": text, "parse_data": parsed}, bot]


def ranked(*names: str) -> list[dict[str, Any]]:
    return [{"name": name, "confidence": round(0.9 / len(names), 2)} for name in names]


# Moods


async def test_an_upset_customer_is_met_before_the_first_question_and_once_only(player: Player) -> None:
    said = await player.says("it leaks and I am furious", "report_damaged_item", sentiment=-0.6)
    assert said == ["utter_tone_angry", "utter_ask_order_number_claim"]


@pytest.mark.parametrize(
    ("message", "met"),
    [
        (("does it work with oil", "ask_product", -0.55), []),  # even questions are read so
        (("and this after three weeks", "complain", -0.55), ["utter_tone_angry"]),
        (("where on earth is it", "ask_delivery", -0.7), ["utter_tone_angry"]),
        (("thank you so much!!!", "ask_delivery", 0.6), []),
        (("what now!!!", "ask_delivery", -0.1), []),  # shouting alone is no anger
        (("what now!!!", "ask_delivery", -0.4), ["utter_tone_angry"]),
        (("your chat is trash", "ask_delivery", -0.6), ["utter_tone_angry"]),
    ],
)
async def test_what_counts_as_upset(
    run: Run, ladder: ScriptedLadder, message: tuple[str, str, float], met: list[str]
) -> None:
    ladder.reply = ENTRY
    text, intent, sentiment = message
    said = await run(ActionAnswerQuestion, text, intent=intent, sentiment=sentiment)
    assert said.responses == [*met, "utter_answer"]


async def test_the_same_mood_is_not_met_again_so_soon(run: Run, ladder: ScriptedLadder) -> None:
    ladder.reply = ENTRY
    before = turn("furious", "utter_tone_angry")
    said = await run(ActionAnswerQuestion, "still furious", intent="ask_delivery", before=before)
    assert said.responses == ["utter_answer"]


# Questions that come again


async def test_a_question_comes_again_in_other_words_each_time(player: Player, ladder: ScriptedLadder) -> None:
    ladder.reply = ENTRY
    assert await player.says("cancel my order", "cancel_order") == ["utter_ask_order_number_cancel_order"]
    assert await player.says("how long do refunds take", "ask_return_policy") == [
        "utter_answer",
        "utter_ask_order_number",
    ]
    assert player.slots["asked_before"] == "again"
    await player.says("do you sell beans", "ask_product")
    assert player.slots["asked_before"] == "once_more"
    await player.says("its 44")
    assert (player.said[0], player.slots["asked_before"]) == ("utter_invalid_order_number", "short")


async def test_who_has_no_number_is_not_pressed_and_the_second_time_offered_a_person(player: Player) -> None:
    await player.says("cancel my order", "cancel_order")
    assert await player.says("no idea which", "recommend_product") == [
        "utter_no_order_number",
        "utter_ask_order_number",
    ]
    assert player.slots["asked_before"] == "waiting"
    assert (await player.says("i cant find it", "ask_capabilities"))[0] == "utter_person_instead"
    assert player.slots["pending_offer"] == "person"


@pytest.mark.parametrize("text", ["where do I find that number", "what is that", "which number?"])
async def test_a_question_about_the_question_is_answered(player: Player, text: str) -> None:
    await player.says("cancel my order", "cancel_order")
    assert (await player.says(text, "ask_opening_hours"))[0] == "utter_no_order_number"
    assert player.form == "cancel_order_form"


async def test_why_the_number_is_needed_is_said_once(player: Player) -> None:
    await player.says("cancel my order", "cancel_order")
    assert await player.says("why do you need that", "ask_opening_hours") == ["utter_ask_order_number"]
    assert player.slots["asked_before"] == "again"
    assert (await player.says("but why", "ask_opening_hours"))[0] == "utter_no_order_number"


async def test_what_was_told_already_takes_nothing_back(player: Player) -> None:
    await player.says("cancel 10047", "cancel_order")
    assert await player.says("i told you my email already", "correct_detail") == ["utter_ask_email"]
    assert player.slots["order_number"] == "10047"


async def test_a_value_told_beside_the_question_is_thanked_for(player: Player) -> None:
    await player.says("cancel my order", "cancel_order")
    assert await player.says("cian.murphy@example.org") == ["utter_noted", "utter_ask_order_number"]


async def test_a_yes_is_no_wrong_number(player: Player) -> None:
    await player.says("cancel my order", "cancel_order")
    assert await player.says("yes", "affirm") == ["utter_ask_order_number"]


async def test_whoever_has_paid_is_not_told_that_they_owe_nothing(player: Player) -> None:
    assert await player.says("my card was debited but your site just hung", "payment_failed") == ["utter_ask_had_order"]
    assert "utter_paid_without_mail" in await player.says("i paid but never got an email", "inform")


# Two things at once


async def test_a_part_that_names_nothing_is_asked_with_its_neighbour(player: Player, ladder: ScriptedLadder) -> None:
    ladder.reply = ENTRY
    parts = [("do you ship to Sweden", "ask_delivery"), ("how much is it", "ask_price")]
    await player.says("do you ship to Sweden and how much is it", "ask_delivery", segments=parts)
    assert [question.text for question in ladder.asked] == [
        "do you ship to Sweden",
        "do you ship to Sweden how much is it",
    ]


async def test_no_part_is_passed_over_in_silence(player: Player, ladder: ScriptedLadder) -> None:
    parts = [("where is it", "order_status"), ("do you have gift wrap", "ask_promotions")]
    said = await player.says("where is it and do you have gift wrap", "order_status", segments=parts)
    assert said == ["utter_part_not_answered", "utter_ask_order_number_order_status"]
    assert ladder.asked[-1].text == "do you have gift wrap"


async def test_price_and_stock_of_one_article_are_one_answer(player: Player) -> None:
    parts = [("what does the Pip cost", "ask_price"), ("is it in stock", "check_stock")]
    said = await player.says("what does the Pip cost and is it in stock", "ask_price", segments=parts)
    assert said == ["utter_stock_in_stock"]


async def test_what_is_asked_beside_a_person_is_answered_before_they_come(
    player: Player, ladder: ScriptedLadder
) -> None:
    ladder.reply = ENTRY
    parts = [("i want to talk to a person", "request_human"), ("how long is the warranty", "ask_warranty")]
    said = await player.says("i want to talk to a person and how long is the warranty", "request_human", segments=parts)
    assert said[:2] == ["utter_answer", "utter_ticket_opened"]


async def test_the_request_said_first_is_begun_first(player: Player) -> None:
    parts = [
        ("change the address of 10041", "change_delivery_address"),
        ("send the invoice of 10026", "request_invoice"),
    ]
    text = "change the address of 10041, and send the invoice of 10026"
    assert await player.says(text, "request_invoice", segments=parts) == ["utter_ask_email_change_delivery_address"]


async def test_a_question_about_an_order_changes_nothing(player: Player) -> None:
    said = await player.says("what happened to my other order, 10026", "report_wrong_item", confidence=0.47)
    assert said == ["utter_ask_email_order_status"]


async def test_what_a_change_of_mind_left_is_all_that_is_wanted(player: Player) -> None:
    left = [("change the address", "change_delivery_address")]
    said = await player.says("cancel 10041, no wait, change the address", "change_delivery_address", segments=left)
    assert said == ["utter_ask_email_change_delivery_address"]
    assert (player.slots["order_number"], player.slots["opening"]) == ("10041", "change the address")


async def test_several_questions_of_one_kind_are_asked_one_by_one(run: Run, ladder: ScriptedLadder) -> None:
    replies = [Answer("none"), ENTRY, Answer("none")]

    async def answer(question: Any) -> Answer:
        ladder.asked.append(question)
        return replies[min(len(ladder.asked), len(replies)) - 1]

    ladder.answer = answer  # type: ignore[method-assign]
    product = {"product": "Dune robot vacuum"}
    said = await run(
        ActionAnswerQuestion, "does dune climb rugs, and how loud is it", intent="ask_product", entities=product
    )
    assert [question.text for question in ladder.asked[1:]] == [
        "does dune climb rugs",
        "Dune robot vacuum how loud is it",
    ]
    assert said.responses == ["utter_answer", "utter_part_not_answered"]


@pytest.mark.parametrize("text", ["how much is it", "can I put it in the oven", "and for headphones?"])
def test_what_points_at_its_neighbour(text: str) -> None:
    assert leans(text)


def test_only_what_names_nothing_says_nothing_alone() -> None:
    assert says_nothing_alone("and how much is it")
    assert not says_nothing_alone("can I put it in the oven")
    assert not leans("do you sell gift cards")


def test_a_quote_holds_words_only() -> None:
    assert quoted("**gift** [wrap](http://x.example)  <b>now</b>") == "gift wrap http x example b now b"
    assert len(quoted("word " * 60)) <= 60


# Words instead of clicks


def offered() -> list[dict[str, Any]]:
    buttons = [
        {"title": "Descaling the Brio machine", "payload": '/ask_entry{"entry_id":"other"}'},
        {"title": "Descaling the Tarn kettle", "payload": '/ask_entry{"entry_id":"known"}'},
        {"title": "None of these", "payload": "/not_helpful"},
    ]
    return turn("how do I descale it", "utter_did_you_mean", buttons=buttons)


@pytest.mark.parametrize("text", ["the kettle", "kettel", "the second one"])
async def test_a_suggestion_is_chosen_in_words(run: Run, ladder: ScriptedLadder, text: str) -> None:
    ladder.reply = ENTRY
    assert (await run(ActionTakeInformation, text, intent="inform", before=offered())).responses == ["utter_answer"]
    assert (await run(ActionFallback, text, before=offered())).responses == ["utter_answer"]


@pytest.mark.parametrize("text", ["descaling", "the toaster", "the third one"])
async def test_words_that_fit_two_or_none_choose_nothing(run: Run, ladder: ScriptedLadder, text: str) -> None:
    ladder.reply = ENTRY
    said = await run(ActionTakeInformation, text, intent="inform", before=offered())
    assert said.responses == ["utter_tell_me_more"]


async def test_a_no_to_suggestions_brings_the_offer_of_a_person(run: Run) -> None:
    said = await run(ActionDeclineOffer, "nope", intent="deny", before=offered())
    assert (said.responses, said.slots["pending_offer"]) == (["utter_not_helpful"], "person")


# What was no help


async def test_a_few_words_after_a_miss_are_a_miss_not_a_question(run: Run, ladder: ScriptedLadder) -> None:
    ladder.reply = NEAR
    before = turn("asdf", "utter_not_understood")
    said = await run(ActionFallback, "still nothing", before=before, intent_ranking=ranked("deny", "not_helpful"))
    assert said.responses == ["utter_not_understood_again"]
    asks = await run(ActionFallback, "still late", before=before, intent_ranking=ranked("order_status", "ask_delivery"))
    assert asks.responses == ["utter_did_you_mean"]


async def test_the_same_once_more_is_no_new_question(run: Run, ladder: ScriptedLadder) -> None:
    ladder.reply = NEAR
    said = await run(
        ActionFallback, "MY PARCEL?!", before=turn("my parcel", "utter_no_answer"),
        intent_ranking=ranked("order_status", "ask_delivery"),
    )  # fmt: skip
    assert said.responses == ["utter_not_understood_again"]


async def test_who_gets_no_further_after_the_offer_is_handed_over(run: Run) -> None:
    before = turn("still nothing", "utter_not_understood_again")
    said = await run(ActionFallback, "still nothing!", before=before, intent_ranking=ranked("deny"))
    assert "ticket_number" in said.slots


async def test_what_was_tried_already_is_no_yes(run: Run) -> None:
    data = {"custom": {"kind": "answer", "citations": [{"entry_id": "oat-lever"}]}}
    said = await run(
        ActionAcceptOffer, "did that already", intent="affirm", before=turn("lever", "utter_answer", **data)
    )
    assert (said.responses, said.slots["pending_offer"]) == (["utter_tried_already"], "person")
    assert (await run(ActionAcceptOffer, "ok", intent="affirm")).responses == ["utter_yes_to_what"]


@pytest.mark.parametrize(("text", "response"), [("thats wrong", "utter_not_helpful"), ("no", "utter_offer_declined")])
async def test_a_contradiction_is_no_farewell(run: Run, text: str, response: str) -> None:
    assert (await run(ActionDeclineOffer, text, intent="deny")).responses == [response]


async def test_a_grumble_about_the_bot_is_not_looked_up(run: Run, ladder: ScriptedLadder) -> None:
    ladder.reply = NEAR
    said = await run(
        ActionFallback, "your bot is dumb", sentiment=-0.4, intent_ranking=ranked("complain", "ask_if_bot")
    )
    assert said.responses == ["utter_not_helpful"]


# Small talk


@pytest.mark.parametrize(
    ("text", "response"),
    [
        ("how's it going", "utter_how_are_you"),
        ("you ok?", "utter_how_are_you"),
        ("how old are you", "utter_about_me"),
        ("what's the weather like", "utter_off_topic_homework"),
    ],
)
async def test_small_talk_is_answered_for_what_it_asks(run: Run, text: str, response: str) -> None:
    said = await run(ActionSmallTalk, text, intent="how_are_you", intent_ranking=ranked("how_are_you"))
    assert said.responses == [response]


async def test_what_is_hardly_small_talk_is_looked_up(run: Run) -> None:
    said = await run(ActionSmallTalk, "do you have a fridge", intent_ranking=ranked("how_are_you", "check_stock"))
    assert (said.responses, said.followed_by) == ([], "action_fallback")


@pytest.mark.parametrize(
    ("text", "intent", "response"),
    [
        ("thanks a million", "thank", "utter_thanks"),
        ("love it", "praise", "utter_praise"),
        ("thanks for nothing", "thank", "utter_not_helpful"),
        ("i expected better from you", "praise", "utter_not_helpful"),
        ("unbelievable!!", "praise", "utter_not_helpful"),
        ("you did not disappoint me", "praise", "utter_praise"),
        ("thanks for wasting my time", "thank", "utter_not_helpful"),
    ],
)
async def test_thanks_are_taken_as_they_are_meant(run: Run, text: str, intent: str, response: str) -> None:
    assert (await run(ActionPleasantry, text, intent=intent)).responses == [response]


@pytest.mark.parametrize(
    ("text", "begun"),
    [
        ("I don't want 10034 any more, take it back out of the system", "cancel_order_form"),
        ("I don't want you to keep anything about me, my order was 10034", "delete_my_data_form"),
    ],
)
async def test_what_the_words_never_mean_gives_way_to_what_is_likely_next(run: Run, text: str, begun: str) -> None:
    likely = [{"name": "delete_my_data", "confidence": 0.58}, {"name": "cancel_order", "confidence": 0.26}]
    done = await run(ActionStartFlow, text, intent="delete_my_data", intent_ranking=likely)
    assert done.followed_by == begun
