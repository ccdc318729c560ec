"""Agents at work, over HTTP: queues, taking over, words for colleagues only, and customers who are not forgotten."""

import asyncio
import json
from datetime import UTC, datetime
from typing import Any

from conftest import Talk
from inbox_office import PEOPLE, Office, office

__all__ = ["office"]

SUNDAY = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)


async def test_whoever_takes_a_conversation_answers_it_and_the_bot_is_silent(office: Office) -> None:
    talk = await office.waiting("my kettle leaks")
    assert await office.niamh.ids("unassigned") == [talk.id]
    taken = await office.niamh.act(talk, "take", version=2)
    assert (taken["state"], taken["agent"]["name"], taken["status"]) == ("agent", "Niamh", "open")
    replied = await office.niamh.act(talk, "reply", client_id="r1", text="I'll send a new one.", version=3)
    again = await office.niamh.act(talk, "reply", client_id="r1", text="I'll send a new one.", version=3)
    assert replied["item"]["id"] == again["item"]["id"]
    await talk.say("thank you")
    assert (await talk.heard())[-2:] == ["Niamh has joined the conversation.", "I'll send a new one."]
    assert office.gateway.dialogue.asked == []
    assert await office.niamh.ids("mine") == [talk.id]
    assert await office.niamh.ids("unassigned") == []


async def test_the_second_writer_is_told_who_was_first_and_nothing_is_said(office: Office) -> None:
    talk = await office.waiting()
    version = (await office.niamh.get(f"/conversations/{talk.id}"))["conversation"]["version"]
    await office.niamh.act(talk, "reply", client_id="a", text="Hello, Niamh here.", version=version)
    refused = await office.omar.act(talk, "reply", 409, client_id="b", text="Hello, Omar here.", version=version)
    assert (refused["error"]["type"], refused["error"]["by"]) == ("stale_version", "Niamh")
    assert "Hello, Omar here." not in await talk.heard()


async def test_two_agents_who_take_at_once_are_one_owner(office: Office) -> None:
    talk = await office.waiting()
    url, bodies = f"/inbox-by-header/conversations/{talk.id}/take", {"version": 2}
    answers = await asyncio.gather(
        *(office.gateway.http.post(url, json=bodies, headers={"x-staff": who}) for who in ("niamh", "omar"))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]


async def test_notes_never_reach_the_customer_or_the_bot(office: Office) -> None:
    talk = await office.waiting()
    await office.niamh.act(talk, "take")
    secret = "careful, this one sued us"
    note = await office.niamh.act(talk, "notes", 201, client_id="n1", text=secret)
    assert note == await office.niamh.act(talk, "notes", 201, client_id="n1", text=secret)
    await office.niamh.act(talk, "reply", client_id="r", text="How can I help?")
    assert secret in await office.omar.texts(talk)
    for path in ("/timeline?limit=200", "", "/transcript", "/transcript?format=json"):
        assert secret not in (await talk.call("GET", path)).text
    await office.niamh.act(talk, "return")
    await talk.say("hello again")
    await talk.answered()
    assert secret not in json.dumps(office.gateway.dialogue.human_parts)


async def test_the_bot_gets_the_note_that_is_meant_for_it(office: Office) -> None:
    talk = await office.waiting()
    await office.niamh.act(talk, "take")
    await office.niamh.act(talk, "return", note="Refund was promised for 10046.")
    await talk.say("so?")
    await talk.answered()
    assert office.gateway.dialogue.human_parts[0][-1]["speaker"] == "note"
    assert not any("Refund was promised" in text for text in await talk.heard())
    shown = (await office.omar.get(f"/conversations/{talk.id}"))["items"]
    notes = [(one["name"], one["text"]) for one in shown if one["private"]]
    assert notes == [("Niamh", "Refund was promised for 10046.")]


async def test_a_hand_back_that_is_refused_leaves_no_note(office: Office) -> None:
    talk = await office.waiting()
    await office.niamh.act(talk, "take")
    await office.niamh.act(talk, "return", 409, version=1, note="Refund was promised.")
    assert "Refund was promised." not in await office.niamh.texts(talk)


async def test_the_next_one_is_the_most_urgent_then_the_longest_waiting(office: Office, clock: Any) -> None:
    first = await office.waiting("one")
    clock.forward(seconds=5)
    second = await office.waiting("two")
    clock.forward(seconds=5)
    third = await office.waiting("three")
    await office.niamh.act(third, "priority", priority="urgent")
    assert await office.niamh.ids("unassigned") == [third.id, first.id, second.id]
    taken = [(await office.niamh.call("POST", "/inbox/next"))["id"] for _ in range(3)]
    assert taken == [third.id, first.id, second.id]
    assert await office.niamh.call("POST", "/inbox/next", 204) is None


async def test_a_call_out_of_hours_waits_in_a_queue_of_its_own_with_reason_and_ticket(office: Office) -> None:
    office.gateway.clock.to(SUNDAY)
    talk, other = await office.gateway.begin(), await office.gateway.begin()
    for one in (talk, other):
        await one.say("can i ring someone")
        await one.answered()
    told = {"reason": "asked_for_person", "priority": "high", "summary": "Wants to ring."}
    await office.gateway.internal("handoffs", conversation_id=talk.id, message_id="m", **told)
    office.customers.tickets[talk.id] = ["T-100001"]
    found = await office.niamh.get("/inbox", queue="missed")
    assert [(one["id"], one["missed"], one["priority"]) for one in found["items"]] == [(talk.id, True, "high")]
    assert (found["counts"]["missed"], found["counts"]["bot"]) == (1, 2)
    shown = await office.niamh.get(f"/conversations/{talk.id}")
    assert (shown["handoff"]["reason"], shown["tickets"]) == ("asked_for_person", ["T-100001"])
    office.gateway.clock.forward(days=1)
    await office.niamh.act(talk, "reply", client_id="r", text="Good morning!")
    await office.niamh.act(talk, "return")
    assert await office.niamh.ids("missed") == []


async def test_who_stopped_waiting_is_not_missed_and_whom_nobody_came_for_is(office: Office) -> None:
    patient, impatient = await office.waiting(), await office.waiting()
    await impatient.call("DELETE", "/person")
    assert await office.niamh.ids("missed") == []
    office.gateway.clock.forward(hours=2)
    await office.gateway.desk.handoffs.end_waits()
    assert await office.niamh.ids("missed") == [patient.id]
    await office.niamh.act(patient, "resolve", reason="no_answer")
    assert await office.niamh.ids("missed") == []


async def test_whom_nobody_came_for_after_an_agent_was_gone_is_missed(office: Office) -> None:
    talk = await office.waiting()
    await office.niamh.act(talk, "take")
    await office.niamh.call("POST", "/me/away", 204, json={"away": True})
    assert await office.omar.ids("unassigned") == [talk.id]
    office.gateway.clock.forward(hours=2)
    await office.gateway.desk.handoffs.end_waits()
    assert await office.omar.ids("missed") == [talk.id]
    assert (await office.omar.get("/inbox", queue="mine"))["counts"]["missed"] == 1
    await office.omar.act(talk, "take")
    await office.omar.act(talk, "return")
    assert await office.omar.ids("missed") == []


async def test_what_waits_for_a_team_is_taken_by_its_people(office: Office) -> None:
    talk = await office.waiting()
    await office.niamh.act(talk, "take")
    await office.niamh.act(talk, "transfer", team="billing", note="about an invoice")
    assert "I'm passing you on" in (await talk.heard())[-1]
    assert await office.pia.call("POST", "/inbox/next", 204) is None
    assert (await office.omar.call("POST", "/inbox/next"))["id"] == talk.id
    assert "about an invoice" in await office.omar.texts(talk)


async def test_what_waits_is_passed_to_a_team_without_taking_it(office: Office) -> None:
    talk = await office.waiting()
    heard = await talk.heard()
    passed = await office.niamh.act(talk, "transfer", team="billing", note="about an invoice")
    assert (passed["state"], passed["team"]) == ("queued", "billing")
    assert await office.pia.call("POST", "/inbox/next", 204) is None
    assert await talk.heard() == heard  # still the same place in the same line


async def test_what_cannot_be_passed_to_a_team_is_left_as_it_was(office: Office) -> None:
    talk = await office.gateway.begin()
    await talk.say("where is my kettle")
    await talk.answered()
    refused = await office.niamh.act(talk, "transfer", 409, team="billing", note="about an invoice")
    assert "Take it over" in refused["error"]["message"]
    opened = await office.niamh.get(f"/conversations/{talk.id}")
    assert (opened["conversation"]["team"], opened["notes_count"]) == (None, 0)


async def test_a_colleague_gets_the_conversation_at_once(office: Office) -> None:
    talk = await office.waiting()
    await office.niamh.act(talk, "take")
    passed = await office.niamh.act(talk, "transfer", agent_id="omar")
    assert passed["agent"] == {"id": "omar", "name": "Omar"}
    await office.niamh.act(talk, "transfer", 404, agent_id="nobody")
    await office.niamh.act(talk, "transfer", 422)


async def test_snoozed_until_its_time_or_until_the_customer_writes(office: Office, clock: Any) -> None:
    talk = await office.waiting()
    await office.niamh.act(talk, "take")
    await office.niamh.act(talk, "reply", client_id="r", text="I'll ask the warehouse.")
    until = clock().replace(microsecond=0)
    await office.niamh.act(talk, "snooze", 422, until=until.isoformat())
    clock.forward(seconds=1)
    later = (clock() + (clock() - until) + (clock() - until)).isoformat()
    snoozed = await office.niamh.act(talk, "snooze", until=later)
    assert snoozed["status"] == "snoozed"
    assert (await office.niamh.ids("mine"), await office.niamh.ids("snoozed")) == ([], [talk.id])
    clock.forward(seconds=0.2)
    await talk.say("any news?")
    assert (await office.niamh.ids("mine"), await office.niamh.ids("snoozed")) == ([talk.id], [])


async def test_an_agent_sees_how_far_the_customer_has_read(office: Office) -> None:
    talk = await office.waiting()
    replied = await office.niamh.act(talk, "reply", client_id="r", text="I'll send a new one.")
    position = replied["item"]["position"]
    assert replied["conversation"]["read_by_customer"] < position
    await talk.call("POST", "/read", json={"position": position})
    opened = await office.niamh.get(f"/conversations/{talk.id}")
    assert opened["conversation"]["read_by_customer"] == position


async def test_resolved_and_opened_again(office: Office) -> None:
    talk = await office.waiting()
    await office.niamh.act(talk, "take")
    ended = await office.niamh.act(talk, "resolve", reason="solved", comment="sent a new kettle")
    assert (ended["status"], ended["state"]) == ("resolved", "closed")
    assert ended["outcome"] == {"reason": "solved", "comment": "sent a new kettle"}
    assert await office.niamh.ids("resolved") == [talk.id]
    assert (await office.omar.act(talk, "reopen"))["agent"]["id"] == "omar"
    await office.omar.act(talk, "reopen", 409)


async def test_what_a_customer_opens_again_has_no_outcome_any_more(office: Office) -> None:
    talk = await office.waiting()
    await office.niamh.act(talk, "resolve", reason="no_answer", comment="called twice")
    await talk.say("sorry, I was away")
    opened = await office.niamh.get(f"/conversations/{talk.id}")
    assert (opened["conversation"]["status"], opened["conversation"]["outcome"]) == ("pending", None)
    await talk.call("POST", "/end", json={})
    closed = await office.niamh.get(f"/conversations/{talk.id}")
    assert (closed["conversation"]["status"], closed["conversation"]["outcome"]) == ("resolved", None)


async def test_lists_are_searched_and_filtered(office: Office) -> None:
    kettle, lamp = await office.waiting("my kettle leaks 100%"), await office.waiting("my lamp flickers")
    await office.niamh.act(kettle, "tags", add=["leak", "kettle"])
    await office.niamh.act(kettle, "tags", remove=["leak"], add=[])
    await office.niamh.act(lamp, "priority", priority="low")
    assert await office.niamh.ids("all", q="KETTLE") == [kettle.id]
    assert await office.niamh.ids("all", q="100%") == [kettle.id]
    assert await office.niamh.ids("all", q="_%") == []
    assert await office.niamh.ids("all", q=lamp.id) == [lamp.id]
    assert await office.niamh.ids("all", tag="kettle") == [kettle.id]
    assert await office.niamh.ids("all", tag="leak") == []
    assert await office.niamh.ids("all", priority="low") == [lamp.id]


async def test_long_lists_come_in_pages(office: Office) -> None:
    talks = []
    for number in range(5):
        talks.append(await office.gateway.begin())
        await talks[-1].say(f"question {number}")
        await talks[-1].answered()
    seen: list[str] = []
    cursor = None
    while True:
        query = {"queue": "bot", "limit": 2} | ({"cursor": cursor} if cursor else {})
        page = await office.niamh.get("/inbox", **query)
        seen += [one["id"] for one in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == [talk.id for talk in reversed(talks)]
    assert page["counts"] == {"mine": 0, "unassigned": 0, "missed": 0, "bot": 5, "snoozed": 0, "resolved": 0}
    await office.niamh.call("GET", "/inbox", 422, params={"queue": "bot", "cursor": "nonsense"})


async def test_an_opened_conversation_tells_why_and_who_and_what_the_bot_knew(office: Office) -> None:
    talk = await office.gateway.begin()
    said = await talk.say("where is it")
    await talk.answered()
    office.knowing.known[said["id"]] = {"intent": {"name": "order_status", "confidence": 0.9}}
    body = {
        "conversation_id": talk.id, "message_id": "m", "reason": "very_negative", "priority": "high",
        "summary": "Kettle late.", "sentiment": [-0.2, -0.8], "ticket_number": "T-000001",
    }  # fmt: skip
    await office.gateway.internal("handoffs", **body)
    found = await office.niamh.get(f"/conversations/{talk.id}")
    assert (found["handoff"]["reason"], found["handoff"]["summary"]) == ("very_negative", "Kettle late.")
    assert (found["conversation"]["mood"], found["conversation"]["priority"]) == (-0.8, "high")
    assert (found["customer"]["name"], found["tickets"]) == ("Mary Kelly", ["T-000001"])
    assert [one["customer"]["name"] for one in (await office.omar.get("/inbox", queue="all"))["items"]] == [
        "Mary Kelly"
    ]
    bot = [one for one in found["items"] if one["speaker"] == "bot"]
    assert bot[0]["knew"]["intent"]["name"] == "order_status"
    assert [one["name"] for one in found["viewers"]] == ["Niamh"]
    assert ("niamh", "conversation.open", talk.id) in office.notebook.lines


async def test_a_glance_at_a_conversation_neither_opens_it_nor_looks(office: Office) -> None:
    talk = await office.waiting()
    seen = await office.niamh.get(f"/conversations/{talk.id}/summary")
    assert (seen["id"], seen["state"]) == (talk.id, "queued")
    assert office.gateway.desk.inbox.presence.viewers(talk.id) == []
    assert [line for line in office.notebook.lines if line[1] == "conversation.open"] == []


async def test_an_agent_who_is_gone_or_away_does_not_keep_the_customer(office: Office, clock: Any) -> None:
    desk = office.gateway.desk
    left, kept = await office.waiting(), await office.waiting()
    await desk.inbox.alive(PEOPLE["niamh"])
    await desk.inbox.alive(PEOPLE["omar"])
    await office.niamh.act(left, "take")
    await office.omar.act(kept, "take")
    clock.forward(seconds=121)
    await desk.inbox.alive(PEOPLE["omar"])
    await desk.inbox.release_left_alone()
    assert (await left.state())["state"] == "queued"
    assert "had to leave" in (await left.heard())[-1]
    assert (await kept.state())["state"] == "agent"
    await office.omar.call("POST", "/me/away", 204, json={"away": True})
    assert (await kept.state())["state"] == "queued"
    clock.forward(minutes=11)
    await desk.handoffs.end_waits()
    assert [(await talk.state())["state"] for talk in (left, kept)] == ["bot", "bot"]


async def test_files_go_both_ways(office: Office) -> None:
    talk = await office.waiting()
    await office.niamh.act(talk, "take")
    png = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
    files = {"file": ("label.png", png, "image/png")}
    kept = await office.niamh.call("POST", f"/conversations/{talk.id}/attachments", 201, files=files)
    await office.niamh.act(talk, "reply", client_id="f", text="", attachments=[kept["id"]])
    assert (await talk.items())[-1]["attachments"][0]["name"] == "label.png"
    last = (await office.niamh.get(f"/conversations/{talk.id}/summary"))["last"]
    assert (last["text"], last["file"]) == ("", {"name": "label.png", "type": "image/png"})
    await office.niamh.act(talk, "reply", 422, client_id="g", text="")
    await office.niamh.act(talk, "reply", 422, client_id="h", text="x", attachments=["a_unknown"])


async def test_a_ticket_carries_the_conversation(office: Office) -> None:
    talk = await office.waiting("please talk to me")
    assert await office.niamh.act(talk, "ticket", 201, subject="Kettle") == {"number": "T-100001"}


async def test_unknown_conversations_are_not_found(office: Office) -> None:
    nowhere = Talk(office.gateway.http, "c_nowhere", "")
    for what, body in {
        "take": {}, "notes": {"client_id": "x", "text": "x"}, "tags": {}, "read": {"position": 1}, "viewing": {},
        "priority": {"priority": "low"}, "resolve": {}, "typing": {"on": True}, "reopen": {},
    }.items():  # fmt: skip
        await office.niamh.act(nowhere, what, 404, **body)
    await office.niamh.call("GET", "/conversations/c_nowhere", 404)
