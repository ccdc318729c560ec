"""From Rasa's rows to transcripts: every channel, row by row, nothing missed, nothing twice."""

from pathlib import Path
from urllib.parse import quote

import pytest
from conftest import WORKDAY, Clock
from pydantic import SecretStr
from review_desk import Reviewing, row, seconds, turn_rows
from sqlalchemy import Connection, text

from desk.accounts.model import Role, Staff
from desk.adapters.sql import review_lease
from desk.adapters.sql.entrance import begin
from desk.bootstrap import build_desk
from desk.errors import LeaseLost, TrackerUnavailable
from desk.gateway.model import Incoming, NewConversation
from desk.handoff.model import Handoff
from desk.reviews.reader import TrackerReader
from desk.settings import DeskSettings

NOON = seconds(WORKDAY)


async def test_rows_of_a_real_rasa_become_transcripts(reviewing: Reviewing, clock: Clock) -> None:
    clock.forward(days=30)
    reviewing.store.write_golden()
    await reviewing.read()
    listed = await reviewing.get()
    assert listed["total"] == 7
    assert (await reviewing.get("/facets"))["channels"] == ["desk", "rest", "shell"]
    kettle = next(one for one in listed["items"] if "FURIOUS" in one["first_text"])
    assert kettle["intents"] == ["report_damaged_item", "refund_status", "inform"]
    assert (kettle["turns"], kettle["min_confidence"], kettle["sentiment_min"]) == (3, 0.9039, -0.669)
    assert (kettle["outcome"], kettle["why_next"]) == ("left", "unhappy")
    for person in (one for one in listed["items"] if one["handoff_reason"]):
        assert (person["handoff_reason"], person["outcome"]) == ("asked_for_person", "called")
    shell = next(one for one in listed["items"] if one["channel"] == "shell")
    assert (shell["first_text"], shell["rungs"]) == ("how long does delivery to cork take", ["entry"])


async def test_what_the_bot_knew_stands_beside_each_message(reviewing: Reviewing) -> None:
    reviewing.store.write_golden()
    await reviewing.read()
    found = await reviewing.ids(q="wait bitcoin")
    turns = (await reviewing.get(f"/{found[0]}"))["turns"]
    assert [turn["index"] for turn in turns] == [0, 1, 2, 3]
    asked = turns[1]
    assert asked["knew"]["intent"] == {"name": "ask_payment_methods", "confidence": 0.8784}
    assert [one["name"] for one in asked["knew"]["ranking"]][1] == "ask_if_bot"
    assert (asked["knew"]["rung"], asked["knew"]["policy"]) == ("entry", "RulePolicy")
    assert asked["knew"]["citations"][0] == {
        "entry_id": "payment-not-accepted",
        "title": "Can I pay by cheque, cash on delivery or crypto?",
        "relevance": 0.977,
    }
    assert turns[0]["knew"]["entities"] == [{"entity": "order_number", "value": "10046", "start": 30, "end": 35}]
    assert turns[0]["knew"]["slots_set"]["order_number"] == "10046"
    assert turns[0]["bot"][0]["text"] == "Which e-mail address did you use for the order?"


async def test_a_conversation_that_goes_on_grows_and_is_unread_again(reviewing: Reviewing) -> None:
    reviewing.store.write(turn_rows("ann", "where is my parcel", at=NOON))
    await reviewing.read()
    await reviewing.put("/ann", state="reviewed")
    reviewing.store.write(turn_rows("ann", "and my refund", at=NOON + 60, intent="refund_status"))
    await reviewing.read()
    detail = await reviewing.get("/ann")
    assert [turn["text"] for turn in detail["turns"]] == ["where is my parcel", "and my refund"]
    assert (detail["row"]["state"], detail["row"]["turns"]) == ("unread", 2)
    assert await reviewing.ids(intent="refund_status") == ["ann"]


async def test_an_answer_that_comes_after_a_look_belongs_to_its_message(reviewing: Reviewing) -> None:
    asked, *answered = turn_rows("ann", "where is my parcel", at=NOON)
    reviewing.store.write([asked])
    await reviewing.read()
    reviewing.store.write(answered)
    await reviewing.read()
    turns = (await reviewing.get("/ann"))["turns"]
    assert len(turns) == 1
    assert (turns[0]["bot"][0]["text"], turns[0]["knew"]["actions"]) == ("An answer.", ["action_answer_question"])


async def test_looking_again_after_a_restart_changes_nothing(reviewing: Reviewing, clock: Clock) -> None:
    reviewing.store.write_golden()
    await reviewing.read()
    before = [await reviewing.get(f"/{one}") for one in await reviewing.ids()]
    desk = reviewing.desk
    again = TrackerReader(reviewing.reader.tracker, desk.database, desk.metrics, clock, owner=reviewing.reader.owner)
    while await again.read_once():
        pass
    assert [await reviewing.get(f"/{one}") for one in await reviewing.ids()] == before


async def test_rows_that_were_committed_late_are_found(reviewing: Reviewing, clock: Clock) -> None:
    """Another Rasa process had numbered its rows before, and committed them after they were passed by."""
    late = turn_rows("late", "a slow one", at=NOON)
    reviewing.store.write([one | {"id": 100 + n} for n, one in enumerate(turn_rows("fast", "quick", at=NOON))])
    await reviewing.read()
    reviewing.store.write([one | {"id": 50 + n} for n, one in enumerate(late)])
    clock.forward(seconds=40)
    await reviewing.read()
    assert sorted(await reviewing.ids()) == ["fast", "late"]


async def test_numbers_that_sqlite_gives_again_are_read(reviewing: Reviewing) -> None:
    reviewing.store.write(turn_rows("old", "before", at=NOON))
    reviewing.store.write([one | {"id": 40 + n} for n, one in enumerate(turn_rows("gone", "secret", at=NOON + 1))])
    await reviewing.read()
    reviewing.store.erase("gone")
    reviewing.store.write([one | {"id": 39 + n} for n, one in enumerate(turn_rows("new", "after", at=NOON + 90))])
    await reviewing.read()
    assert "new" in await reviewing.ids()


async def test_a_tracker_that_was_begun_anew_replaces_the_turns(reviewing: Reviewing) -> None:
    reviewing.store.write(turn_rows("ann", "first", at=NOON) + turn_rows("ann", "second", at=NOON + 5))
    await reviewing.read()
    reviewing.store.erase("ann")
    reviewing.store.write([one | {"id": 500 + n} for n, one in enumerate(turn_rows("ann", "anew", at=NOON + 99))])
    await reviewing.read()
    assert [turn["text"] for turn in (await reviewing.get("/ann"))["turns"]] == ["anew"]


async def test_one_gateway_reads_at_a_time(reviewing: Reviewing, clock: Clock) -> None:
    desk = reviewing.desk
    other = TrackerReader(reviewing.reader.tracker, desk.database, desk.metrics, clock)
    reviewing.store.write(turn_rows("ann", "hello", at=NOON))
    assert await reviewing.reader.read_once()
    assert not await other.read_once()
    clock.forward(seconds=31)
    reviewing.store.write(turn_rows("ben", "hello", at=NOON + 31))
    assert await other.read_once()
    with pytest.raises(LeaseLost):
        await desk.database.write(review_lease.move, reviewing.reader.owner, (1, 1.0))


async def test_what_was_erased_meanwhile_is_not_written_again(reviewing: Reviewing) -> None:
    desk = reviewing.desk
    here = await desk.database.write(begin, NewConversation("web"), desk.now())
    reviewing.store.write(turn_rows(here.id, "my secret", at=NOON))
    await reviewing.read()
    receipt = await desk.retention.erase(here.id)
    assert receipt.erased["transcripts"] == 1
    assert (await reviewing.call("GET", f"/{here.id}")).status_code == 404
    assert await reviewing.ids(q="secret") == []
    assert await desk.database.read(_words_kept) == 0
    reviewing.store.write(turn_rows(here.id, "an answer on its way", at=NOON + 1))
    await reviewing.read()
    assert await reviewing.ids() == []


def _words_kept(connection: Connection) -> int:
    return int(connection.execute(text("SELECT count(*) FROM review_words")).scalar_one())


async def test_what_the_desk_does_not_have_is_erased_by_its_age(reviewing: Reviewing, clock: Clock) -> None:
    reviewing.store.write(turn_rows("shell", "old words", at=NOON, channel="cmdline"))
    await reviewing.read()
    assert (await reviewing.get())["items"][0]["channel"] == "shell"
    clock.forward(days=181)
    assert await reviewing.desk.retention.run_schedule() == 1
    assert await reviewing.ids() == []


async def test_who_comes_back_under_an_erased_name_is_read_from_then_on(reviewing: Reviewing, clock: Clock) -> None:
    name = "a/sender?of REST" + "x" * 100
    reviewing.store.write(turn_rows(name, "old words", at=NOON))
    await reviewing.read()
    clock.forward(days=181)
    await reviewing.desk.retention.run_schedule()
    later = NOON + 182 * 86400
    reviewing.store.write(turn_rows(name, "new words", at=later))
    await reviewing.read()
    assert [turn["text"] for turn in (await reviewing.get(f"/{quote(name, safe='')}"))["turns"]] == ["new words"]
    assert (await reviewing.put(f"/{quote(name, safe='')}/turns/1", mark=True))["marks"]
    assert await reviewing.ids(q="old") == []


async def test_what_only_people_held_has_a_transcript_until_rasa_has_its_own(
    reviewing: Reviewing, clock: Clock
) -> None:
    desk, agent = reviewing.desk, Staff("niamh", "Niamh", "n@shop.example", frozenset({Role.AGENT}), "s_1")
    token, here = await desk.gateway.begin(NewConversation("web"))
    await desk.gateway.ask_for_person(here.id, "m_person")
    first = await desk.gateway.send(token, here.id, Incoming("1", text="is anybody there"))
    await desk.inbox.take(here.id, agent, None)
    await desk.inbox.reply(here.id, agent, ("2", "Yes, about your kettle?"), version=None)
    await desk.gateway.send(token, here.id, Incoming("3", text="the lid is broken"))
    await reviewing.read()
    assert await reviewing.ids() == [], "the bot may still be about to say something"
    clock.forward(seconds=61)
    await reviewing.read()
    (listed,) = (await reviewing.get(q="kettle"))["items"]
    assert (listed["id"], listed["outcome"], listed["turns"], listed["min_confidence"]) == (here.id, "person", 2, None)
    turns = (await reviewing.get(f"/{here.id}"))["turns"]
    said = [(turn["text"], turn["knew"], [one["text"] for one in turn["agent"]]) for turn in turns]
    assert said == [("is anybody there", None, ["Yes, about your kettle?"]), ("the lid is broken", None, [])]
    await reviewing.put(f"/{here.id}/turns/1", mark=True)
    await desk.gateway.send(token, here.id, Incoming("4", text="and the base"))
    clock.forward(seconds=61)
    await reviewing.read()
    turns = (await reviewing.get(f"/{here.id}"))["turns"]
    assert [(turn["text"], bool(turn["marks"])) for turn in turns][1:] == [
        ("the lid is broken", True),
        ("and the base", False),
    ]
    reviewing.store.write(
        turn_rows(here.id, "is anybody there", at=NOON, message_id=str(first.item.id))
        + turn_rows(here.id, "and what now", at=NOON + 200)
    )
    await reviewing.read()
    assert (await reviewing.get(f"/{here.id}"))["turns"][1]["text"] == "and what now"


async def test_rating_and_handoff_come_from_the_desk(reviewing: Reviewing, clock: Clock) -> None:
    desk = reviewing.desk
    here = await desk.database.write(begin, NewConversation("web"), desk.now())
    reviewing.store.write(turn_rows(here.id, "where is it", at=NOON, channel="desk"))
    await reviewing.read()
    assert (await reviewing.get())["items"][0]["channel"] == "web"
    await desk.gateway.rate(here.id, 1, "no")
    await desk.gateway.ask_for_person(here.id, "m_1")
    clock.forward(seconds=31)
    await reviewing.read()
    found = (await reviewing.get(rating_max=2))["items"][0]
    assert (found["rating"], found["handoff_reason"], found["outcome"]) == (1, "asked_for_person", "called")
    assert found["why_next"] == "unhappy"


async def test_a_ticket_out_of_hours_is_a_call_until_a_person_has_spoken(reviewing: Reviewing, clock: Clock) -> None:
    desk, agent = reviewing.desk, Staff("niamh", "Niamh", "n@shop.example", frozenset({Role.AGENT}), "s_1")
    clock.to(WORKDAY.replace(hour=20))
    here = await desk.database.write(begin, NewConversation("web"), desk.now())
    said = desk.now().timestamp()
    reviewing.store.write(turn_rows(here.id, "can i ring someone", at=said, channel="desk"))
    assert await desk.handoffs.call(here.id, Handoff("m_1", "asked_for_person")) is None
    await reviewing.read()
    (found,) = (await reviewing.get(outcome="called"))["items"]
    assert (found["id"], found["handoff_reason"]) == (here.id, "asked_for_person")
    await desk.inbox.reply(here.id, agent, ("2", "I ring you now."), version=None)
    await desk.inbox.give_back(here.id, agent, version=None, note=None)
    clock.forward(seconds=31)
    await reviewing.read()
    assert await reviewing.ids(outcome="person") == [here.id]


async def test_a_conversation_is_open_until_it_has_been_quiet(reviewing: Reviewing, clock: Clock) -> None:
    said = clock().timestamp()
    reviewing.store.write(turn_rows("shell", "asdf", at=said, intent="nlu_fallback", rung="none", channel="cmdline"))
    await reviewing.read()
    assert await reviewing.ids(outcome="open") == ["shell"]
    clock.forward(minutes=31)
    await reviewing.read()
    assert (await reviewing.ids(outcome="open"), await reviewing.ids(outcome="left")) == ([], ["shell"])


async def test_teaching_is_in_no_list(reviewing: Reviewing) -> None:
    reviewing.store.write(turn_rows("teach-000000000000000000000000", "a try", at=NOON))
    await reviewing.read()
    assert (await reviewing.get())["total"] == 0
    assert (await reviewing.call("GET", "/next")).status_code == 204


async def test_events_of_a_strange_form_cost_no_other_conversation(reviewing: Reviewing) -> None:
    strange = [
        row("odd", NOON, {"event": "user", "text": None, "parse_data": None, "metadata": None}),
        row("odd", NOON, {"event": "bot", "text": "x\x00y", "data": [1], "metadata": "no"}),
        row("worse", 1e300, {"event": "user", "text": "in the far future", "parse_data": {"intent": "no"}}),
    ]
    nothing = {"sender_id": "odd", "type_name": "user", "timestamp": None, "data": "not json"}
    reviewing.store.write([*strange, *turn_rows("fine", "hello", at=NOON), nothing])
    await reviewing.read()
    assert not await reviewing.reader.read_once()
    assert "fine" in await reviewing.ids()
    assert (await reviewing.get("/odd"))["turns"][0]["bot"][0]["text"] == "xy"


async def test_a_tracker_that_is_not_there_is_waited_for(settings: DeskSettings, tmp_path: Path) -> None:
    missing = tmp_path / "none" / "tracker.db"
    desk = build_desk(settings.model_copy(update={"tracker_url": SecretStr(f"sqlite:///{missing}")}))
    assert desk.reviews.reader is not None
    with pytest.raises(TrackerUnavailable):
        await desk.reviews.reader.read_once()
    assert not missing.exists()
    assert await desk.reviews.desk.reasons.of("ann") == {}
    await desk.close()


async def test_the_inbox_learns_the_reasons_message_by_message(reviewing: Reviewing) -> None:
    reviewing.store.write(turn_rows("c_1", "where is it", at=NOON, message_id="m_1"))
    reasons = await reviewing.desk.reviews.desk.reasons.of("c_1")
    assert reasons["m_1"]["intent"] == {"name": "order_status", "confidence": 0.9}
