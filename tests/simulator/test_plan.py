"""Everything a run draws comes from its seed, and nobody is played twice where something changes."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from backoffice.adapters.sql.database import Database
from backoffice.adapters.sql.migrate import create_tables
from backoffice.adapters.sql.seed import seed
from backoffice.bootstrap import build_calendar, utc_now
from backoffice.demo_data import load_demo
from backoffice.settings import BackofficeSettings
from simulator.bank import read_bank
from simulator.cast import Cast
from simulator.ledger import Ledger, Rewind
from simulator.plan import plan

BANK = read_bank()


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo company as the product writes it."""
    file = tmp_path_factory.mktemp("shop") / "backoffice.db"
    database = Database(f"sqlite:///{file}", timeout_seconds=5)
    create_tables(database)
    now = utc_now()
    seed(database, load_demo(now, build_calendar(BackofficeSettings.model_construct())), now)
    database.close()
    return file


@pytest.fixture(scope="module")
def cast(path: Path) -> Cast:
    return Ledger(path).cast()


def test_every_order_and_subscription_that_a_goal_names_belongs_to_somebody(cast: Cast) -> None:
    named = {number for goal in BANK.goals.values() for number in (*goal.orders, *goal.subscriptions)}
    assert [number for number in sorted(named) if cast.owner(number) is None] == []


def test_the_same_seed_draws_the_same_and_another_one_something_else(cast: Cast) -> None:
    first, again, other = (list(plan(BANK, cast, seed=s, conversations=50)) for s in (1, 1, 2))
    assert first == again
    assert first != other


def test_a_longer_run_begins_like_a_shorter_one(cast: Cast) -> None:
    short = [visit for some in plan(BANK, cast, seed=5, conversations=10) for visit in some]
    long = [visit for some in plan(BANK, cast, seed=5, conversations=100) for visit in some]
    assert long[:10] == short


def test_nobody_plays_beside_a_customer_whose_things_are_changed(cast: Cast) -> None:
    for visits in plan(BANK, cast, seed=3, conversations=400):
        parts = Counter(cast.owner(v.facts["order_number"]).id for v in visits if v.order)  # type: ignore[union-attr]
        for visit in visits:
            goal = BANK.goals[visit.goals[0]]
            if visit.order and (goal.exclusive or goal.stranger):
                assert parts[cast.owner(visit.order.number).id] == 1  # type: ignore[union-attr]


def test_every_goal_and_every_tactic_is_drawn_in_a_long_run(cast: Cast) -> None:
    visits = [visit for some in plan(BANK, cast, seed=4, conversations=3000) for visit in some]
    assert {name for visit in visits for name in visit.goals} == set(BANK.goals)
    assert {visit.tactic.name for visit in visits if visit.tactic} == {tactic.name for tactic in BANK.tactics}


def test_a_stranger_never_has_the_right_address(cast: Cast) -> None:
    for visit in (one for some in plan(BANK, cast, seed=6, conversations=1000) for one in some if one.tactic):
        assert visit.order is not None
        owner = cast.owner(visit.order.number)
        assert owner is not None
        assert owner.email not in visit.facts.values()
        assert {"guess_one", "guess_two", "guess_three", "own_email"} <= visit.facts.keys()


def test_a_rewound_data_base_is_as_it_was(path: Path) -> None:
    import sqlite3  # noqa: PLC0415 - writes as the running system would

    rewind, before = Rewind(path), Ledger(path).rows()
    with sqlite3.connect(path) as live:
        live.execute("UPDATE orders SET state = 'cancelled'")
    assert Ledger(path).rows() != before
    rewind()
    assert Ledger(path).rows() == before
