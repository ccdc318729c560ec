"""Seeded interleavings of customers, agents, bot turns, timeouts and crashes, with what must hold after every step.

``RACES`` and ``RACES_POSTGRESQL`` say how many, ``RACES_FROM`` which seed is the first; a failure names its seed and
prints what was done, in order.
"""

import asyncio
import os
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from raced_desk import AGENTS, GRACE, LEASE, QUEUE, TELL, Customer, InPlace, Race, SteppedLoop, client_id
from sqlalchemy import Connection, Row, Table, select

from desk.accounts.model import Staff
from desk.adapters.sql.inbox_tables import staff_presence
from desk.adapters.sql.tables import conversations, inbox, items, metadata, outbox
from desk.errors import Refusal

STEPS = 14
MOST_ROUNDS = 12
RACES = {
    "sqlite": int(os.environ.get("RACES", "1000")),
    "postgresql": int(os.environ.get("RACES_POSTGRESQL", "100")),
}
FIRST = int(os.environ.get("RACES_FROM", "0"))

Step = Callable[[Race], Awaitable[None]]


async def says(race: Race) -> None:
    await race.says(race.random.choice(race.customers))


async def says_again(race: Race) -> None:
    customer = race.random.choice(race.customers)
    if customer.sent:
        await race.says(customer, race.random.choice(customer.sent))


async def asks_for_person(race: Race) -> None:
    await race.gateway.ask_for_person(race.random.choice(race.customers).id, f"person_{client_id()}")


async def stops_waiting(race: Race) -> None:
    await race.gateway.stop_waiting(race.random.choice(race.customers).id)


async def ends(race: Race) -> None:
    await race.gateway.end(race.random.choice(race.customers).id)


async def looks(race: Race) -> None:
    for customer in race.there:
        found = await race.inbox.summary(customer.id)
        for agent in AGENTS:
            race.saw(agent, customer, found.conversation.version)


async def takes(race: Race) -> None:
    agent, customer = race.random.choice(AGENTS), race.random.choice(race.customers)
    await race.inbox.take(customer.id, agent, race.version(agent, customer))


async def takes_next(race: Race) -> None:
    await race.inbox.next(race.random.choice(AGENTS), ())


async def is_assigned(race: Race) -> None:
    """The desk hands out what waits, to whoever is there by then."""
    await race.assignment.run()


async def replies(race: Race) -> None:
    agent, customer = race.random.choice(AGENTS), race.random.choice(race.customers)
    await _reply(race, agent, customer, race.version(agent, customer))


async def two_reply_at_once(race: Race) -> None:
    """Both have read the same, and write."""
    if not race.there:
        return
    await looks(race)
    customer = race.random.choice(race.there)
    for agent in race.random.sample(AGENTS, 2):
        await _reply(race, agent, customer, race.seen[agent.id, customer.id])


async def _reply(race: Race, agent: Staff, customer: Customer, version: int | None) -> None:
    said = (client_id(), "an agent's words")
    summary, _ = await race.inbox.reply(customer.id, agent, said, version=version)
    since = race.written[customer.id][race.read_up_to[agent.id, customer.id] :] if version is not None else []
    unseen = [by for by in since if by != agent.id]
    assert not unseen, f"{agent.id} wrote over {unseen}"
    race.written[customer.id].append(agent.id)
    race.saw(agent, customer, summary.conversation.version)


async def replies_twice(race: Race) -> None:
    """The console sends again what it had no answer to."""
    agent, customer = race.random.choice(AGENTS), race.random.choice(race.customers)
    said, version = (client_id(), "an agent's words"), race.version(agent, customer)
    for _ in range(2):
        await race.inbox.reply(customer.id, agent, said, version=version)
    race.written[customer.id].append(agent.id)
    added = await race.database.read(_with_client_id, said[0])
    assert added == 1, "a reply was said twice"


async def gives_back(race: Race) -> None:
    agent, customer = race.random.choice(AGENTS), race.random.choice(race.customers)
    note = race.random.choice((None, "a note for the bot"))
    await race.inbox.give_back(customer.id, agent, version=race.version(agent, customer), note=note)


async def snoozes(race: Race) -> None:
    until = race.random.choice((None, race.now() + timedelta(minutes=5)))
    await race.inbox.snooze(race.random.choice(race.customers).id, until)


async def transfers(race: Race) -> None:
    agent, customer, other = race.random.choice(AGENTS), race.random.choice(race.customers), race.random.choice(AGENTS)
    to, team = race.random.choice((((other.id, other.name), None), (None, "returns")))
    await race.inbox.transfer(customer.id, agent, to=to, team=team, note=None)


async def resolves(race: Race) -> None:
    await race.inbox.resolve(race.random.choice(race.customers).id, "solved", None)


async def reopens(race: Race) -> None:
    await race.inbox.reopen(race.random.choice(race.customers).id, race.random.choice(AGENTS))


async def comes_and_goes(race: Race) -> None:
    agent = race.random.choice(AGENTS)
    race.present ^= {agent.id}
    await race.signs_of_life()


async def is_away(race: Race) -> None:
    await race.inbox.away(race.random.choice(AGENTS), away=race.random.random() < 0.5)


async def works(race: Race) -> None:
    await race.poll(race.random.randrange(2))


async def crashes(race: Race) -> None:
    race.crash(race.random.randrange(2))


async def rasa_answers(race: Race) -> None:
    if not race.rasa.working:
        return
    asked = race.random.choice(list(race.rasa.working.values()))
    if asked.message_ids and race.random.random() < 0.3:
        await race.calls_for_person(asked)
    chance = race.random.random()
    if chance < 0.65:
        race.rasa.finish(asked, failed=None, kept=True)
    elif chance < 0.8:
        race.rasa.finish(asked, failed="unreachable", kept=True)  # the answer was lost on its way
    else:
        race.rasa.finish(asked, failed=race.random.choice(("turn_failed", "unreachable")), kept=False)


async def erases(race: Race) -> None:
    """By the customer or an admin, in the middle of anything, also of what a worker has claimed a moment ago."""
    customer = race.random.choice(race.customers)
    if race.random.random() < 0.5:
        await race.poll(race.random.randrange(2))
    await race.retention.erase(customer.id)
    customer.erased = True
    if race.random.random() < 0.5:  # within a second, as a rule
        await race.poll_erasures(race.random.randrange(2))


async def erases_in_the_dialogue(race: Race) -> None:
    await race.poll_erasures(race.random.randrange(2))


async def the_network_is_slow(race: Race) -> None:
    race.rasa.slow = not race.rasa.slow
    race.rasa.arrive()


async def time_passes(race: Race) -> None:
    pauses = (timedelta(seconds=1), TELL, LEASE + timedelta(seconds=1), GRACE, QUEUE + timedelta(seconds=1))
    await race.forward(race.random.choice(pauses))


async def ticks(race: Race) -> None:
    await race.handoffs.end_waits()
    await race.inbox.release_left_alone()


STEPS_BY_WEIGHT: dict[Step, int] = {
    says: 16, says_again: 2, asks_for_person: 5, stops_waiting: 2, ends: 1, looks: 4, takes: 8, takes_next: 2,
    replies: 9, replies_twice: 1, two_reply_at_once: 2, gives_back: 6, snoozes: 2, transfers: 4, resolves: 2,
    comes_and_goes: 2, is_away: 1, works: 16, crashes: 3, rasa_answers: 16, time_passes: 8, ticks: 5, reopens: 2,
    erases: 2, erases_in_the_dialogue: 2, the_network_is_slow: 4,
    is_assigned: 3,
}  # fmt: skip


def _with_client_id(connection: Connection, identifier: str) -> int:
    return len(connection.execute(select(items.c.id).where(items.c.client_id == identifier)).all())


def holds(connection: Connection, race: Race) -> None:
    """Everything that must be so after every step."""
    ids = [customer.id for customer in race.there]
    nothing_comes_back(connection, race)
    known = set(connection.execute(select(staff_presence.c.staff_id)).scalars())
    rows = {row.id: row for row in connection.execute(select(conversations).where(conversations.c.id.in_(ids)))}
    said, waiting, errands = (_by_conversation(connection, table, ids) for table in (items, inbox, outbox))
    for customer in race.there:
        row, spoken, kept = rows[customer.id], said[customer.id], waiting[customer.id]
        one_owner(row, known)
        silent_while_a_person_has_it(spoken)
        nothing_lost_or_doubled(customer, spoken, kept)
        answered_in_order(spoken)
        somebody_cares(race, row, spoken, kept)
        remembered_once(race, spoken, kept, errands[customer.id])


def nothing_comes_back(connection: Connection, race: Race) -> None:
    """Of an erased conversation no table keeps a row, but the errand that erases it elsewhere."""
    ids = [customer.id for customer in race.customers if customer.erased]
    if not ids:
        return
    assert connection.execute(select(conversations.c.id).where(conversations.c.id.in_(ids))).all() == []
    for table in metadata.sorted_tables:
        if "conversation_id" in table.c:
            query = select(table).where(table.c.conversation_id.in_(ids))
            left = connection.execute(query if table is not outbox else query.where(outbox.c.kind != "erase")).all()
            assert left == [], f"{table.name} keeps {left}"


def _by_conversation(connection: Connection, table: Table, ids: list[str]) -> dict[str, list[Row[Any]]]:
    order = table.c.created_at if table is outbox else table.c.position
    found: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in connection.execute(select(table).where(table.c.conversation_id.in_(ids)).order_by(order)):
        found[row.conversation_id].append(row)
    return found


def one_owner(row: Row[Any], known: set[str]) -> None:
    assert (row.agent_id is not None) == (row.state == "agent"), f"{row.state} with {row.agent_id}"
    assert (row.queue_until is not None) == (row.state == "queued"), f"{row.state} until {row.queue_until}"
    assert row.agent_id is None or row.agent_id in known, "an agent whose absence nobody would notice"


def silent_while_a_person_has_it(said: list[Row[Any]]) -> None:
    """From a person's joining until the bot is announced again no bot speaks, nor anybody in its name."""
    person, ended = False, False
    for one in said:
        if one.event == "agent_joined":
            person, ended = True, False
        elif one.event in ("back_to_bot", "stopped_waiting"):
            person = False
        elif one.event == "closed":
            person, ended = False, True
        elif one.speaker == "customer":
            ended = False
        from_bot = one.speaker == "bot" or (one.speaker == "system" and one.event is None)
        assert not (from_bot and person), f"{one.position}: {one.text!r} after takeover"
        assert not (one.speaker == "bot" and ended), f"{one.position}: {one.text!r} after the end"


def nothing_lost_or_doubled(customer: Customer, said: list[Row[Any]], waiting: list[Row[Any]]) -> None:
    assert [one.position for one in said] == list(range(1, len(said) + 1)), "a gap in the timeline"
    kept = [one.client_id for one in said if one.speaker == "customer"]
    assert kept == customer.sent, "a customer's message is missing, doubled or out of order"
    assert Counter(one.id for one in waiting) == Counter(one.id for one in said if one.speaker == "customer")
    answers = Counter(answered for one in said for answered in one.answers)
    assert all(times == 1 for times in answers.values()), "answered twice"
    places = {one.id: one.position for one in said}
    people = [one.position for one in said if one.speaker == "agent"]
    for one in said:
        for answered in one.answers:
            assert not [at for at in people if places[answered] < at < one.position], "the bot answered after a person"


def answered_in_order(said: list[Row[Any]]) -> None:
    """Turns come in the order of what they answer."""
    places = {one.id: one.position for one in said}
    asked = [places[one.answers[0]] for one in said if one.answers]
    assert asked == sorted(asked), f"answered out of order: {asked}"


def somebody_cares(race: Race, row: Row[Any], said: list[Row[Any]], waiting: list[Row[Any]]) -> None:
    """Each unanswered message has work that is due, a deadline in the queue, or somebody who has it."""
    answered = {one for item in said for one in item.answers}
    people = max((one.position for one in said if one.speaker == "agent"), default=0)
    ended = max((one.position for one in said if one.event == "closed"), default=0)
    for one in waiting:
        if one.state == "waiting":
            assert row.state in ("bot", "queued"), f"work for the bot in {row.state}"
            assert row.due_at is not None, "a message that nobody will look at"
            assert row.lease_until is None or row.lease_until <= race.now() + LEASE, "a lease without end"
        elif one.state == "for_person":
            assert row.state in ("queued", "agent"), f"a message for a person in {row.state}"
        else:
            spoken = one.id in answered or one.position < people or one.position < ended
            assert spoken, f"{one.state} without an answer: {one.position}"


def remembered_once(race: Race, said: list[Row[Any]], waiting: list[Row[Any]], errands: list[Row[Any]]) -> None:
    """What is done for the bot is in its memory or on the way there, and never twice."""
    on_the_way = {one["message_id"] for errand in errands if errand.state == "waiting" for one in errand.body["said"]}
    for one in said:
        assert race.rasa.remembered[one.id] <= 1, f"remembered {race.rasa.remembered[one.id]} times"
    for one in waiting:
        if one.state == "done" and one.error is None:
            assert race.rasa.remembered[one.id] == 1 or one.id in on_the_way, "done, and the bot never heard of it"


async def run_out(race: Race) -> None:
    """Everybody leaves, Rasa answers everything: then nothing may be left over."""
    race.present.clear()
    race.rasa.slow = False
    race.rasa.arrive()
    await race.settle()
    for asked in list(race.rasa.working.values()):
        race.rasa.finish(asked, failed=None, kept=True)
    await race.settle()
    rounds = 0
    while (left := await race.database.read(_left_over, race)) and rounds < MOST_ROUNDS:
        rounds += 1
        await race.forward(QUEUE + timedelta(seconds=1))
        await ticks(race)
        for worker in (0, 1):
            await race.poll(worker)
            await race.poll_erasures(worker)
            await race.settle()
            for asked in list(race.rasa.working.values()):
                race.rasa.finish(asked, failed=None, kept=True)
            await race.settle()
    assert not left, f"left over: {left}"
    await race.database.read(holds, race)
    back = [customer.id for customer in race.customers if customer.erased and race.rasa.tracker.get(customer.id)]
    assert not back, f"the dialogue remembers {back}"


def _left_over(connection: Connection, race: Race) -> list[Any]:
    """What still waits for somebody."""
    ids = [customer.id for customer in race.customers]
    unanswered = select(inbox.c.position, inbox.c.state).where(
        inbox.c.conversation_id.in_(ids), inbox.c.state.in_(("waiting", "for_person"))
    )
    untold = select(outbox.c.kind, outbox.c.error).where(outbox.c.conversation_id.in_(ids), outbox.c.state == "waiting")
    queued = select(conversations.c.id, conversations.c.state).where(
        conversations.c.id.in_(ids), conversations.c.state == "queued"
    )
    return [tuple(row) for query in (unanswered, untold, queued) for row in connection.execute(query)]


async def race_once(database: InPlace, seed: int, loop: SteppedLoop) -> None:
    race = Race(database, seed, loop)
    await race.begin(race.random.choice((1, 1, 2)))
    await says(race)
    try:
        for _ in range(STEPS):
            step = race.random.choices(list(STEPS_BY_WEIGHT), list(STEPS_BY_WEIGHT.values()))[0]
            race.log.append(step.__name__)
            try:
                await step(race)
            except Refusal as refused:
                race.log.append(f"  {refused.kind}")
                continue  # nothing was changed
            await race.settle()
            assert not race.crashes, f"a worker crashed: {race.crashes}"
            await race.database.read(holds, race)
        race.log.append("run out")
        await run_out(race)
    except AssertionError as broken:
        raise AssertionError(f"seed {seed}: {broken}\n" + "\n".join(race.log)) from broken
    finally:
        for task in race.tasks():
            task.cancel()
        await asyncio.gather(*race.tasks(), return_exceptions=True)


@pytest.fixture
def raced_database(database_url: str) -> Iterator[InPlace]:
    database = InPlace(database_url, timeout_seconds=5)
    yield database
    database.close()


@pytest.mark.slow
def test_no_order_of_events_makes_two_owners_or_loses_a_message(raced_database: InPlace) -> None:
    kind = "sqlite" if raced_database.is_sqlite else "postgresql"
    with asyncio.Runner(loop_factory=SteppedLoop) as runner:
        loop = runner.get_loop()
        assert isinstance(loop, SteppedLoop)
        for seed in range(FIRST, FIRST + RACES[kind]):
            runner.run(race_once(raced_database, seed, loop))
