"""What is read out of Rasa's events, and what a conversation's row says of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from conftest import WORKDAY
from review_desk import Reviewing, seconds, turn_rows

from desk.adapters.sql.entrance import accept, begin
from desk.gateway.model import Incoming, NewConversation
from desk.reviews.events import turns_of
from desk.reviews.model import DeskSide, Knew, Outcome, Turn
from desk.reviews.summary import summary_of
from desk.reviews.worth import wording_of, worth_of

NOON = seconds(WORKDAY)
AT = datetime(2026, 11, 25, 12, tzinfo=UTC)
LATER = AT + timedelta(days=1)
SHOP = DeskSide("web", None, None, with_person=False)


def user(text: str, intent: str = "order_status", **more: Any) -> dict[str, Any]:
    parsed = {"intent": {"name": intent, "confidence": 0.9}, **more}
    return {"event": "user", "timestamp": 1.0, "text": text, "parse_data": parsed, "input_channel": "rest"}


def bot(text: str, **metadata: Any) -> dict[str, Any]:
    return {"event": "bot", "timestamp": 2.0, "text": text, "data": {}, "metadata": metadata}


def action(name: str) -> dict[str, Any]:
    return {"event": "action", "timestamp": 2.0, "name": name, "policy": "RulePolicy"}


def turns(*events: dict[str, Any]) -> list[Turn]:
    return turns_of(enumerate(events, start=1))


def turn(text: str = "hello", *, rung: str | None = None, intent: str = "greet", **more: Any) -> Turn:
    knew = Knew(intent={"name": intent, "confidence": 0.9}, rung=rung, scope=0.9, in_scope=True)
    return Turn(position=0, first_event_id=1, message_id=None, at=AT, text=text, knew=more.pop("knew", knew), **more)


@pytest.mark.parametrize(
    ("intent", "said", "reason"),
    [
        ("request_human", "utter_handed_to_desk", "asked_for_person"),
        ("open_ticket", "utter_ticket_opened_known_customer", "ticket_requested"),
        ("complain", "utter_ticket_instead_of_desk", "complaint"),
        ("order_status", "utter_handoff_very_negative", "very_negative"),
        ("order_status", "utter_answer", None),
    ],
)
def test_why_a_person_was_called_shows_in_what_was_said(intent: str, said: str, reason: str | None) -> None:
    found = turns(user("x", intent), action("action_request_handoff"), bot("A colleague comes.", utter_action=said))
    assert found[0].handoff_reason == reason


def test_a_one_time_code_is_blotted_out_and_bookkeeping_left_out() -> None:
    slots = {"code": "482913", "email": "a@b.example", "opening": "words", "fallback_count": 0.0, "suspended": None}
    given = [{"event": "slot", "timestamp": 2.0, "name": name, "value": value} for name, value in slots.items()]
    knew = turns(user("482913"), *given)[0].knew
    assert knew is not None
    assert knew.slots_set == {"code": "[code]", "email": "a@b.example"}


def test_what_a_colleague_said_is_the_colleagues_and_the_customers_answer_no_turn_of_the_bot() -> None:
    part = {"human_part": "p1", "speaker": "customer"}
    found = turns(
        user("get me a human", "request_human"),
        {"event": "active_loop", "timestamp": 3.0, "name": None, "metadata": {"human_part": "p1"}},
        bot("Hello, Niamh here.", human_part="p1", speaker="agent", name="Niamh"),
        {**user("thank you"), "metadata": part},
    )
    assert found[0].agent == ({"speaker": "agent", "name": "Niamh", "text": "Hello, Niamh here."},)
    assert (found[1].text, found[1].knew) == ("thank you", None)
    assert summary_of("x", found, None, now=LATER).outcome is Outcome.PERSON


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ([turn(rung="entry", helped=True)], Outcome.BOT),
        ([turn(rung="entry", helped=True), turn(intent="not_helpful")], Outcome.UNKNOWN),
        ([turn(rung="entry", helped=True), turn(rung="did_you_mean")], Outcome.LEFT),
        ([turn(form="order_status_form")], Outcome.LEFT),
        ([turn(form="order_status_form"), turn(form="", helped=True)], Outcome.BOT),
        ([turn(form="order_status_form"), turn(form="", stopped=True)], Outcome.LEFT),
        ([turn(intent="nlu_fallback")], Outcome.LEFT),
        ([turn(), turn(intent="thank")], Outcome.BOT),
        ([turn()], Outcome.UNKNOWN),
        ([turn(rung="entry", helped=True, handoff_reason="abuse")], Outcome.CALLED),
    ],
)
def test_how_a_conversation_ended(said: list[Turn], outcome: Outcome) -> None:
    assert summary_of("x", said, SHOP, now=LATER).outcome is outcome


def test_nothing_has_ended_until_it_is_quiet_or_closed_but_a_call_for_a_person_stands() -> None:
    told, soon = [turn(rung="entry", helped=True)], AT + timedelta(minutes=29)
    assert summary_of("x", told, SHOP, now=soon).outcome is Outcome.OPEN
    assert summary_of("x", [turn(form="order_status_form")], None, now=soon).outcome is Outcome.OPEN
    assert summary_of("x", told, replace(SHOP, closed=True), now=soon).outcome is Outcome.BOT
    assert summary_of("x", told, replace(SHOP, handoff_reason="abuse"), now=soon).outcome is Outcome.CALLED
    assert summary_of("x", told, replace(SHOP, with_person=True), now=soon).outcome is Outcome.PERSON


def knowing(first: float, second: float, *, scope: float = 1.0, sentiment: float = 0.0) -> Turn:
    ranking = [{"name": "a", "confidence": first}, {"name": "b", "confidence": second}]
    return turn(knew=Knew(intent=ranking[0], ranking=ranking, scope=scope, in_scope=True, sentiment=sentiment))


def test_worth_is_doubt_unhappiness_and_new_wording() -> None:
    sure = worth_of([knowing(0.98, 0.0)], rating=None, handoff_reason=None)
    close = worth_of([knowing(0.46, 0.44)], rating=None, handoff_reason=None)
    angry = worth_of([knowing(0.98, 0.0, sentiment=-0.9)], rating=None, handoff_reason=None)
    strange = worth_of([knowing(0.98, 0.0, scope=0.3)], rating=None, handoff_reason=None)
    assert (sure.points, sure.why) == (0.009, None)
    assert (close.points, close.why) == (0.441, "unsure")
    assert (angry.points, angry.why) == (0.324, "unhappy")
    assert (strange.points, strange.why) == (0.149, "new_wording")
    assert worth_of([knowing(0.98, 0.0)], rating=1, handoff_reason=None).why == "unhappy"
    assert worth_of([], rating=None, handoff_reason=None).points == 0.0


def test_a_message_that_the_service_could_not_judge_is_no_doubt_of_the_model() -> None:
    down = turn(knew=Knew(intent={"name": "nlu_fallback", "confidence": 0.0}))
    assert worth_of([down], rating=None, handoff_reason=None).points == 0.0


def test_one_wording_in_other_clothes_is_the_same() -> None:
    assert wording_of("Where is 10046?!") == wording_of(" where  is 10024")
    assert wording_of("where is it") != wording_of("what is it")


async def test_the_desks_own_record_of_people_is_shown_in_time(reviewing: Reviewing) -> None:
    desk, store = reviewing.desk, reviewing.store
    here = await desk.database.write(begin, NewConversation("web"), desk.now())
    said = await desk.database.write(_say, here.id, "a1", "get me a human", desk.now())
    store.write(turn_rows(here.id, "get me a human", at=seconds(desk.now()), message_id=said, channel="desk"))
    await desk.gateway.ask_for_person(here.id, said)
    await desk.handoffs.take(here.id, ("niamh", "Niamh"), expected=None)
    await desk.handoffs.reply(here.id, ("niamh", "Niamh"), ("r1", "How can I help?"), expected=None)
    await desk.database.write(_say, here.id, "a2", "my kettle broke", desk.now())
    await reviewing.read()
    turns = (await reviewing.get(f"/{here.id}"))["turns"]
    assert [(one["speaker"], one["name"], one["text"]) for one in turns[0]["agent"]] == [
        ("agent", "Niamh", "How can I help?"),
        ("customer", None, "my kettle broke"),
    ]


async def test_a_clicked_button_shows_what_stood_on_it(reviewing: Reviewing) -> None:
    desk = reviewing.desk
    here = await desk.database.write(begin, NewConversation("web"), desk.now())
    clicked = Incoming("a1", text="Returns", payload="/ask_return_policy")
    kept = await desk.database.write(_accept, here.id, clicked, desk.now())
    reviewing.store.write(turn_rows(here.id, "/ask_return_policy", at=NOON, message_id=kept, channel="desk"))
    await reviewing.read()
    turn = (await reviewing.get(f"/{here.id}"))["turns"][0]
    assert (turn["text"], turn["clicked"]) == ("/ask_return_policy", "Returns")


def _say(connection: Any, conversation_id: str, client_id: str, text: str, now: datetime) -> str:
    return _accept(connection, conversation_id, Incoming(client_id, text=text), now)


def _accept(connection: Any, conversation_id: str, incoming: Incoming, now: datetime) -> str:
    return accept(connection, conversation_id, incoming, now, resumable=timedelta(days=3)).item.id
