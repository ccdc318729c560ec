"""Conversations are handed out by capacity and skill, to people who are there."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from conftest import Running, Talk, running
from staff_browser import Browser, accounts_of

from desk.accounts.model import Account, Role
from desk.inbox.assigning import Present, Wanted, chosen

AGENT = frozenset({Role.AGENT})


def present(name: str, capacity: int = 4, open_: int = 0, **more: Any) -> Present:
    return Present(Account(name, f"{name}@shop.example", name, AGENT, capacity=capacity, **more), open_)


def test_who_has_most_room_gets_it_and_nobody_more_than_they_take() -> None:
    wanted = Wanted("c", None, None, ())
    assert chosen(wanted, [present("a", 4, 3), present("b", 6, 2), present("c", 2, 0)]).account.id == "b"  # type: ignore[union-attr]
    assert chosen(wanted, [present("a", 4, 4), present("b", 0, 0), present("c", 2, 5)]) is None


def test_language_comes_before_skill_and_skill_before_room() -> None:
    wanted = Wanted("c", None, "de-AT", ("refund_status", "kettle"))
    speaks = present("speaks", 2, 1, languages=("de",))
    knows = present("knows", 3, 1, skills=("Refund_Status", "kettle"))
    free = present("free", 9)
    assert chosen(wanted, [free, knows, speaks]) is speaks
    assert chosen(wanted, [free, knows]) is knows


def test_a_team_is_demanded_and_whoever_passed_it_on_is_spared() -> None:
    wanted = Wanted("c", "returns", None, (), passed_on_by="a")
    assert chosen(wanted, [present("a", teams=("returns",)), present("b", teams=("sales",))]) is None
    assert chosen(wanted, [present("a"), present("any")]).account.id == "any"  # type: ignore[union-attr]


@pytest.fixture
async def shop(settings: Any, dialogue: Any, clock: Any) -> AsyncIterator[Running]:
    async with running(settings, dialogue, clock) as gateway:
        yield gateway


async def agent(shop: Running, name: str, **values: Any) -> Account:
    """Somebody with their console open."""
    accounts = accounts_of(shop)
    made, _ = await accounts.create(f"{name}@shop.example", name, [Role.AGENT], "a long enough password")
    account = await accounts.change(made.id, **values) if values else made
    await shop.desk.inbox.alive(account.staff("s"))
    return account


async def waits(shop: Running) -> Talk:
    talk = await shop.begin()
    await talk.call("POST", "/person", json={})
    return talk


async def switched_on(shop: Running) -> None:
    boss, _ = await accounts_of(shop).create("boss@shop.example", "Boss", [Role.ADMIN], "a long enough password")
    await shop.desk.assignment.switch(boss.staff("s"), on=True)


async def owner(talk: Talk) -> Any:
    return (await talk.state())["agent"]


async def test_nothing_is_handed_out_until_an_admin_says_so(shop: Running) -> None:
    await agent(shop, "niamh")
    talk = await waits(shop)
    assert await shop.desk.assignment.run() == 0
    assert (await talk.state())["state"] == "queued"
    admin = Browser(shop.app)
    await accounts_of(shop).create("boss@shop.example", "Boss", [Role.ADMIN], "a long enough password")
    await admin.sign_in("boss@shop.example")
    assert (await admin.call("PUT", "/assignment", json={"on": True})).json() == {"on": True}
    assert (await talk.state())["state"] == "agent"


async def test_who_waits_longest_is_served_first_and_the_rest_wait_for_room(shop: Running) -> None:
    await agent(shop, "niamh", capacity=1)
    await agent(shop, "omar", capacity=1)
    talks = [await waits(shop) for _ in range(3)]
    await switched_on(shop)
    await shop.desk.assignment.run()
    assert [(await one.state())["state"] for one in talks] == ["agent", "agent", "queued"]
    await shop.desk.inbox.resolve(talks[0].id, "solved", None)
    await shop.desk.assignment.run()
    assert (await talks[2].state())["state"] == "agent"


async def test_nobody_who_is_away_or_gone_gets_anything(shop: Running, clock: Any) -> None:
    niamh, omar = await agent(shop, "niamh"), await agent(shop, "omar")
    await shop.desk.inbox.away(niamh.staff("s"), away=True)
    clock.forward(seconds=121)
    talk = await waits(shop)
    await switched_on(shop)
    assert await shop.desk.assignment.run() == 0
    await shop.desk.inbox.away(niamh.staff("s"), away=False)
    await shop.desk.inbox.alive(omar.staff("s"))
    await shop.desk.assignment.run()
    assert await owner(talk) == {"name": "omar"}


async def test_two_gateways_at_once_give_nobody_more_than_they_take(shop: Running) -> None:
    await agent(shop, "niamh", capacity=2)
    await agent(shop, "omar", capacity=2)
    talks = [await waits(shop) for _ in range(6)]
    await switched_on(shop)
    await asyncio.gather(*(shop.desk.assignment.run() for _ in range(6)))
    owners = [await owner(one) for one in talks]
    assert sorted(one["name"] for one in owners if one) == ["niamh", "niamh", "omar", "omar"]
