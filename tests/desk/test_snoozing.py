"""What is put off: it stays its agent's, comes back at its time or with the customer, and is told to consoles."""

from datetime import timedelta
from typing import Any

import pytest
from conftest import Talk
from inbox_office import PEOPLE, Office, office

__all__ = ["office"]


async def tick(office: Office) -> None:
    await office.gateway.desk.inbox.end_snoozes()
    await office.gateway.desk.inbox.release_left_alone()


@pytest.fixture
async def snoozed(office: Office, clock: Any) -> Talk:
    """Niamh has answered, and put it off for an hour."""
    talk = await office.waiting()
    await office.niamh.act(talk, "take")
    await office.niamh.act(talk, "reply", client_id="r", text="I'll ask the warehouse.")
    clock.forward(seconds=1)
    await office.niamh.act(talk, "snooze", until=(clock() + timedelta(hours=1)).isoformat())
    return talk


async def test_it_stays_its_agents_who_goes_home_and_waits_for_others_once_it_is_back(
    office: Office, snoozed: Talk
) -> None:
    heard = await snoozed.heard()
    await office.niamh.call("POST", "/me/away", 204, json={"away": True})
    office.gateway.clock.forward(minutes=5)
    await tick(office)
    assert (await office.omar.ids("snoozed"), await snoozed.heard()) == ([snoozed.id], heard)
    office.gateway.clock.forward(hours=1)
    await tick(office)
    assert await office.omar.ids("unassigned") == [snoozed.id]


async def test_consoles_are_told_when_its_time_is_over(office: Office, snoozed: Talk) -> None:
    office.gateway.clock.forward(hours=2)
    await office.gateway.desk.inbox.alive(PEOPLE["niamh"])
    listener = office.gateway.desk.hub.listen_to_all()
    await tick(office)
    told = await listener.get()
    assert told is not None
    assert (told.of, told.signal) == (snoozed.id, ("changed", {}))
    assert await office.niamh.ids("mine") == [snoozed.id]


async def test_whoever_takes_it_over_has_it_before_them(office: Office, snoozed: Talk) -> None:
    taken = await office.omar.act(snoozed, "take")
    assert (taken["status"], taken["snoozed_until"]) == ("open", None)


async def test_it_stays_awake_once_the_customer_wrote_and_was_answered(
    office: Office, snoozed: Talk, clock: Any
) -> None:
    clock.forward(seconds=1)
    await snoozed.say("any news?")
    answered = await office.niamh.act(snoozed, "reply", client_id="r2", text="Not yet.")
    assert answered["conversation"]["status"] == "open"
