"""What every journey does alike, shown with the cancellation of an order."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest

from actions.bootstrap import Services
from backoffice.adapters.mail import MemoryPost
from backoffice.errors import BackofficeUnavailable
from backoffice.model.order import OrderState
from tests.actions.conftest import Clock
from tests.actions.journey_player import Player

CIAN = "cian.murphy@example.org"
AOIFE = "aoife.brennan@example.com"


@pytest.fixture
def player(services: Services) -> Player:
    return Player(services)


def code_in(post: MemoryPost) -> str:
    found = re.search(r"\b\d{6}\b", post.sent[-1].text)
    assert found
    return found[0]


def state_of(services: Services, number: str, email: str) -> OrderState:
    """Read by another conversation, so that what the bot says proves nothing."""
    assert services.backoffice.access.verify("checker", order_number=number, email=email, message_id=number).verified
    order = services.backoffice.orders.order_for("checker", number)
    assert order
    return order.state


async def to_the_code(player: Player, number: str = "10047", email: str = CIAN) -> None:
    await player.says(f"cancel {number}, {email}", "cancel_order")
    assert await player.clicks("Yes") == ["utter_code_sent"]


async def test_only_what_is_missing_is_asked_and_nothing_is_done_before_the_code(
    player: Player, services: Services, post: MemoryPost
) -> None:
    assert await player.says("please cancel order 10047", "cancel_order") == ["utter_ask_email_cancel_order"]
    assert await player.says(CIAN) == ["utter_read_back_cancel_order"]
    assert await player.says("yes", "affirm") == ["utter_code_sent"]
    assert state_of(services, "10047", CIAN) is OrderState.PLACED
    assert await player.says(code_in(post), "nlu_fallback") == ["utter_done_cancel_order"]
    assert state_of(services, "10047", CIAN) is OrderState.CANCELLED


async def test_the_code_is_asked_once_a_conversation_and_never_kept(
    player: Player, services: Services, post: MemoryPost
) -> None:
    await to_the_code(player)
    await player.says(code_in(post), "inform")
    assert player.slots["code"] is None
    again = Player(services, slots=player.slots, turns=10)
    assert await again.says("cancel 10043 too", "cancel_order") == ["utter_cancel_shipped", "utter_offer_person"]
    assert len(post.sent) == 1


async def test_a_slot_that_says_so_opens_nothing(player: Player, services: Services) -> None:
    player.slots |= {"agreed": "m0", "code": "111111", "code_sent": "m0", "plan": "x"}
    said = await player.says("cancel 10047", "cancel_order")
    assert said == ["utter_ask_email_cancel_order"]
    assert state_of(services, "10047", CIAN) is OrderState.PLACED


async def test_no_after_the_read_back_changes_nothing_and_says_so(player: Player, services: Services) -> None:
    await player.says(f"cancel 10047, {CIAN}", "cancel_order")
    assert await player.says("no, leave it", "deny") == ["utter_stopped_cancel_order"]
    assert state_of(services, "10047", CIAN) is OrderState.PLACED
    assert player.form is None


async def test_a_second_click_on_yes_does_nothing_more(player: Player, post: MemoryPost) -> None:
    await to_the_code(player)
    await player.says(code_in(post), "inform")
    assert await player.says("yes", "affirm") == ["utter_already_done"]


async def test_the_button_of_a_plan_left_behind_agrees_to_nothing(player: Player, services: Services) -> None:
    await player.says(f"cancel 10046 {AOIFE}", "cancel_order")
    await player.says("cancel 10041", "cancel_order")
    assert player.said == ["utter_read_back_cancel_order"]
    said = await player.says('/affirm{"plan": "of-another-order"}', "affirm", {"plan": "of-another-order"})
    assert "utter_code_sent" not in said
    assert state_of(services, "10041", AOIFE) is OrderState.PLACED


async def test_a_correction_at_the_read_back_reads_back_anew(player: Player) -> None:
    await player.says(f"cancel 10041 {AOIFE}", "cancel_order")
    said = await player.says("no, I meant 10046", "correct_detail", {"order_number": "10046"})
    assert said[0] == "utter_cancel_shipped"


async def test_yes_with_another_number_is_no_yes(player: Player, services: Services) -> None:
    await player.says(f"cancel 10041 {AOIFE}", "cancel_order")
    assert "utter_code_sent" not in await player.says("yes, 10046 please", "affirm")
    assert state_of(services, "10041", AOIFE) is OrderState.PLACED


async def test_a_question_is_answered_and_the_journey_goes_on(player: Player) -> None:
    await player.says("cancel 10047", "cancel_order")
    said = await player.says("how long do refunds take?", "ask_return_policy")
    assert said[0] == "utter_no_answer"
    assert player.slots["requested_slot"] == "email"


async def test_another_request_is_taken_up_and_the_first_comes_back(player: Player) -> None:
    await player.says(f"cancel 10041 {AOIFE}", "cancel_order")
    said = await player.says("where is 10046 by the way?", "order_status")
    assert said == ["utter_order_in_transit", "utter_resume_cancel_order", "utter_read_back_cancel_order"]
    assert player.messages[-1]["number"] == "10041"


async def test_two_requests_in_one_message_are_both_done(player: Player) -> None:
    parts = [("cancel 10041", "cancel_order"), ("where is 10046", "order_status")]
    await player.says(f"cancel 10041 and where is 10046? {AOIFE}", "cancel_order", segments=parts)
    assert player.said == ["utter_read_back_cancel_order"]
    said = await player.says("no", "deny")
    assert said == ["utter_stopped_cancel_order", "utter_resume_order_status", "utter_order_in_transit"]


async def test_several_orders_are_offered_and_may_be_named_by_article_or_day(player: Player) -> None:
    await player.says(f"where is 10046, {AOIFE}", "order_status")
    player.slots["last_order"] = None
    assert await player.says("where is my order", "order_status") == ["utter_ask_which_order"]
    assert len(player.messages[-1]["buttons"]) == 4
    assert await player.says("the headfones", "nlu_fallback") == ["utter_order_delivered_before"]
    player.slots["last_order"] = None
    await player.says("where is my order", "order_status")
    await player.says("the one from last thursday", "inform")
    assert player.said == ["utter_unclear_order", "utter_ask_which_order"], "two are from that day"
    await player.says("the one i bought on 9 october", "inform")
    assert player.messages[-1]["number"] == "10012"


async def test_the_only_order_that_fits_is_not_asked_for(player: Player) -> None:
    await player.says(f"where is 10046, {AOIFE}", "order_status")
    assert await player.says("i want to cancel my order", "cancel_order") == ["utter_read_back_cancel_order"]
    assert player.messages[-1]["number"] == "10041", "her three other orders have left"


async def test_a_wrong_value_gets_a_hint_then_another_way_then_a_person(player: Player) -> None:
    await player.says("cancel my order", "cancel_order")
    assert (await player.says("99", "inform"))[0] == "utter_invalid_order_number"
    assert (await player.says("98", "inform"))[0] == "utter_no_order_number"
    assert (await player.says("97", "inform"))[0] == "utter_person_instead"
    await player.says("yes", "affirm")
    assert player.said[0] == "utter_ticket_opened"


async def test_what_was_collected_goes_to_the_person(player: Player, services: Services) -> None:
    await player.says(f"cancel 10047 {CIAN}", "cancel_order")
    await player.says("get me a human", "request_human")
    ticket = services.backoffice.tickets.ticket_for("anna", player.slots["ticket_number"])
    assert ticket is not None
    assert ticket.collected["order_number"] == "10047"
    assert player.slots["order_number"] is None


async def test_a_wrong_code_counts_and_the_sixth_needs_a_new_one(player: Player, services: Services) -> None:
    await to_the_code(player)
    for tries_left in "4321":
        said = await player.says("000000", "inform")
        assert "utter_code_wrong" in said
        assert player.messages[0]["tries_left"] == tries_left
    assert (await player.says("000000", "inform"))[:2] == ["utter_code_spent", "utter_code_pause"]
    assert await player.says("send it again", "nlu_fallback") == ["utter_code_pause_again"]
    assert state_of(services, "10047", CIAN) is OrderState.PLACED


async def test_another_code_is_sent_when_asked_for(player: Player, post: MemoryPost, clock: Clock) -> None:
    await to_the_code(player)
    clock.at += timedelta(minutes=2)
    assert await player.says("nothing arrived, send me another one", "nlu_fallback") == ["utter_code_sent"]
    assert len(post.sent) == 2
    assert await player.says(code_in(post), "inform") == ["utter_done_cancel_order"]


async def test_a_new_code_is_no_code_of_the_shop(player: Player, post: MemoryPost, clock: Clock) -> None:
    await to_the_code(player)
    clock.at += timedelta(minutes=2)
    assert await player.says("could i get a new code please", "promo_code_problem") == ["utter_code_sent"]
    assert len(post.sent) == 2
    said = await player.says("a new one for my discount code, it won't work", "promo_code_problem")
    assert said[0] == "utter_ask_promo_code"


async def test_the_limit_of_codes_leaves_the_last_one_as_it_is(
    player: Player, services: Services, post: MemoryPost, clock: Clock
) -> None:
    await to_the_code(player)
    clock.at += timedelta(minutes=2)
    code = code_in(post)
    for number in range(6):
        services.backoffice.codes.send_code(f"other{number}", message_id="m1", email=CIAN)
    assert await player.says("send me another one", "nlu_fallback") == ["utter_code_limited_holds"]
    assert await player.says("send it again", "nlu_fallback") == ["utter_code_limited_holds_again"]
    assert await player.says(code, "inform") == ["utter_done_cancel_order"]


async def test_where_no_code_may_be_sent_that_is_said_with_a_person_and_no_number_is_judged(
    player: Player, services: Services, post: MemoryPost, clock: Clock
) -> None:
    for number in range(6):
        services.backoffice.codes.send_code(f"other{number}", message_id="m1", email=CIAN)
    sent = len(post.sent)
    await player.says(f"cancel 10047 {CIAN}", "cancel_order")
    assert await player.clicks("Yes") == ["utter_code_limited"]
    assert player.messages[0]["until"] == "13:00"
    assert {button["title"] for button in player.messages[0]["buttons"]} == {"Talk to a person", "Stop"}
    assert await player.says("482913", "inform") == ["utter_code_none_sent", "utter_code_limited_again"]
    assert await player.says("i didnt get any mail", "nlu_fallback") == ["utter_code_limited_again"]
    clock.at += timedelta(minutes=61)
    assert len(post.sent) == sent
    assert await player.says("send it again", "nlu_fallback") == ["utter_code_sent"]
    assert await player.says(code_in(post), "inform") == ["utter_done_cancel_order"]


async def test_the_limit_of_codes_leads_to_a_person_at_a_plain_yes(player: Player, services: Services) -> None:
    for number in range(6):
        services.backoffice.codes.send_code(f"other{number}", message_id="m1", email=CIAN)
    await player.says(f"cancel 10047 {CIAN}", "cancel_order")
    await player.clicks("Yes")
    assert (await player.says("ok yes", "affirm"))[0].startswith("utter_ticket_opened")


async def test_a_code_that_is_wished_for_too_soon_is_told_in_other_words_the_second_time(
    player: Player, post: MemoryPost
) -> None:
    await to_the_code(player)
    assert await player.says("i didnt get any mail", "nlu_fallback") == ["utter_code_wait"]
    assert await player.says("send it again", "nlu_fallback") == ["utter_code_wait_again"]
    said = await player.says("can you send it as sms", "nlu_fallback")
    assert said == ["utter_code_only_by_mail", "utter_ask_code_again"]
    assert await player.says(code_in(post), "inform") == ["utter_done_cancel_order"]


@pytest.mark.parametrize("value", [{"a": 1}, ["a", {"b": 1}], None, True, "10046; drop"])
async def test_a_payload_that_holds_no_plain_value_is_answered_and_never_kept(player: Player, value: Any) -> None:
    payload = "/inform" + json.dumps({"order_number": value})
    assert await player.says(payload, "order_status", {"order_number": value})
    assert player.slots["order_number"] is None or isinstance(player.slots["order_number"], str)
    said = await player.says(payload, "inform", {"order_number": value, "email": value})
    assert said
    await player.says(f"10046 {AOIFE}", "inform")
    assert player.said == ["utter_order_in_transit"]


async def test_a_plan_that_is_another_by_now_is_read_back_anew(
    player: Player, services: Services, post: MemoryPost, clock: Clock
) -> None:
    await to_the_code(player)
    clock.at += timedelta(days=1)
    said = await player.says(code_in(post), "inform")
    assert "utter_done_cancel_order" not in said, "the code is a day old and the days have moved"
    assert state_of(services, "10047", CIAN) is OrderState.PLACED


async def test_an_outage_at_the_last_step_does_nothing_and_trying_again_does_it_once(
    player: Player, services: Services, post: MemoryPost, monkeypatch: pytest.MonkeyPatch
) -> None:
    await to_the_code(player)
    desk = services.backoffice.order_changes
    with monkeypatch.context() as outage:
        outage.setattr(desk, "cancel", _down)
        assert await player.says(code_in(post), "inform") == ["utter_ask_retry"]
    assert await player.says("yes", "affirm") == ["utter_done_cancel_order"]
    assert state_of(services, "10047", CIAN) is OrderState.CANCELLED


async def test_an_outage_at_the_start_keeps_what_was_said(
    player: Player, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as outage:
        outage.setattr(services.backoffice.access, "standing", _down)
        outage.setattr(services.backoffice.access, "verify", _down)
        assert await player.says(f"cancel 10047 {CIAN}", "cancel_order") == ["utter_ask_retry"]
        assert await player.says("again", "nlu_fallback") == ["utter_ask_retry"]
    assert await player.says("yes", "affirm") == ["utter_read_back_cancel_order"]


@pytest.mark.parametrize(
    ("text", "mood"),
    [
        ("10047!!! this is ridiculous", "utter_tone_angry"),
        ("10047, it was for my dad's funeral", "utter_tone_sad"),
        ("10047 haha, as if I knew that by heart", "utter_tone_joking"),
    ],
)
async def test_a_mood_gets_half_a_sentence_once_and_the_journey_goes_on(player: Player, text: str, mood: str) -> None:
    await player.says("cancel my order", "cancel_order")
    assert await player.says(text, "inform") == [mood, "utter_ask_email"]


async def test_stop_says_what_was_not_done(player: Player, services: Services) -> None:
    await to_the_code(player)
    assert await player.says("stop", "stop") == ["utter_stopped_cancel_order"]
    assert player.form is None
    assert state_of(services, "10047", CIAN) is OrderState.PLACED


def _down(*_: object, **__: object) -> None:
    raise BackofficeUnavailable


@pytest.mark.parametrize("text", ["hmm", "wait", "maybe", "not sure", "yes?", "what happens then"])
async def test_hesitation_is_no_yes(player: Player, text: str) -> None:
    await player.says(f"cancel 10047, {CIAN}", "cancel_order")
    assert "utter_code_sent" not in await player.says(text, "affirm")
    assert player.form == "cancel_order_form"


async def test_two_orders_in_one_request_are_seen_to_one_after_the_other(player: Player) -> None:
    await player.says(f"cancel both 10041 and 10046, {AOIFE}", "cancel_order")
    assert player.messages[0]["number"] == "10041"
    said = await player.says("no", "deny")
    assert said[:3] == ["utter_stopped_cancel_order", "utter_resume_cancel_order", "utter_cancel_shipped"]


async def test_as_well_waits_and_corrects_nothing(player: Player) -> None:
    await player.says(f"cancel 10041 {AOIFE}", "cancel_order")
    said = await player.says("and 10046 as well", "inform")
    assert said == ["utter_after_this_one", "utter_read_back_cancel_order"]
    assert player.messages[-1]["number"] == "10041"


async def test_instead_takes_the_place_of_what_was_going_on(player: Player) -> None:
    await player.says(f"cancel 10041 {AOIFE}", "cancel_order")
    said = await player.says("don't cancel it, tell me where it is instead", "order_status")
    assert said[0] == "utter_stopped_cancel_order"
    assert player.slots["suspended"] is None


@pytest.mark.parametrize("text", ["what code?", "which email do you mean"])
async def test_a_question_about_the_code_is_answered(player: Player, text: str) -> None:
    await to_the_code(player)
    assert await player.says(text, "ask_promotions") == ["utter_no_code", "utter_ask_code_again"]
