"""Every figure of a small history, each worked out by hand in the comments, on each data base."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from conftest import Clock
from console_guard import OneStaff, Remembered
from fastapi import APIRouter, FastAPI
from history import MONDAY, Talk
from sqlalchemy import delete, update

from desk.accounts.model import Role
from desk.adapters.sql.database import Database
from desk.adapters.sql.tables import conversations
from desk.analytics.bootstrap import build_numbers_room
from desk.analytics.figures import FIGURES
from desk.analytics.savings import evaluate
from desk.analytics.service import Numbers
from desk.errors import Invalid
from desk.metrics import build_metrics
from desk.web.http_errors import install_error_handlers

HOUR, DAY = 3600, 86400

# Ten conversations of three days; what each counts as stands beside it.
TALKS = [
    # Told in 2 s, thanked, never came back: resolved by the bot, 10 s.
    Talk("told", [(0, "c", "how long do I have?"), (2, "b", "entry"), (8, "c", "ok"), (10, "b", "hello")]),
    # Rated 5: resolved by the bot at once, 4 s.
    Talk("liked", [(0, "c", "do you ship?"), (4, "b", "generated")], rating=5),
    # Rated 2: not resolved although answered.
    Talk("disliked", [(0, "c", "do you ship?"), (6, "b", "entry")], rating=2),
    # Nothing found and left: fallback, unanswered, not resolved.
    Talk("lost", [(0, "c", "pay with bitcoin?"), (3, "b", "none")], day=1),
    # Suggestions, one clicked, then told: one fallback, resolved by the bot, 20 s.
    Talk("clicked", [(0, "c", "the thing"), (1, "b", "did_you_mean"), (15, "c", "/q"), (20, "b", "entry")], day=1),
    # Came back after two hours: reopened, not resolved.
    Talk(
        "back", [(0, "c", "where is it?"), (5, "b", "entry"), (2 * HOUR, "c", "still not"), (7205, "b", "entry")], day=1
    ),
    # Handed over after 30 s, Niamh spoke 90 s later, closed, rated 4: resolved by a person, 120 s.
    Talk(
        "person",
        [
            (0, "c", "a person please"),
            (2, "b", "hello"),
            (30, "s", "handoff_queued"),
            (100, "s", "agent_joined"),
            (120, "a", "Hello!"),
            (130, "s", "closed"),
        ],
        day=2,
        rating=4,
        reason="asked_for_person",
    ),
    # Handed over, nobody came: not resolved.
    Talk("alone", [(0, "c", "help"), (1, "b", "none"), (10, "s", "handoff_queued")], day=2, reason="angry"),
    # With Niamh right now, who took over unasked and spoke 30 s later; time has decided: resolved by a person, 50 s.
    Talk(
        "taken",
        [(0, "c", "hm"), (1, "b", "entry"), (20, "s", "agent_joined"), (50, "a", "May I?")],
        day=2,
        state="agent",
    ),
    # Said nothing: counts nowhere.
    Talk("silent", [(0, "b", "hello")], day=2),
]


@dataclass
class Board:
    """The dashboard's room with a browser at it."""

    http: httpx.AsyncClient
    numbers: Numbers
    database: Database
    guard: OneStaff
    audit: Remembered

    async def ask(self, path: str = "", status: int = 200, method: str = "GET", **given: Any) -> Any:
        answer = await self.http.request(method, f"/console/api/numbers{path}", **given)
        assert answer.status_code == status, answer.text
        return answer.json()

    async def figures(self, query: str = "?from=2026-11-02&to=2026-11-04") -> dict[str, Any]:
        return {one["id"]: one["value"] for one in (await self.ask(query))["figures"]}

    async def write(self, *talks: Talk) -> None:
        for talk in talks:
            await self.database.write(talk.write)


@pytest.fixture
async def board(database_url: str, clock: Clock) -> AsyncIterator[Board]:
    database = Database(database_url, timeout_seconds=5)
    room = build_numbers_room(database, zone=ZoneInfo("Europe/Dublin"), now=clock)
    guard, audit, app, router = OneStaff(), Remembered(), FastAPI(), APIRouter(prefix="/console/api")
    router.include_router(room.routes(guard, audit))
    app.include_router(router)
    install_error_handlers(app, build_metrics())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://desk") as http:
        yield Board(http, room.numbers, database, guard, audit)
    database.close()


@pytest.fixture
async def worked(board: Board) -> Board:
    """The board with the ten conversations, three weeks later."""
    await board.write(*TALKS)
    return board


async def test_every_figure_is_what_a_hand_computes(worked: Board) -> None:
    figures = await worked.figures()
    assert figures == {
        "conversations": 9,  # all but the silent one
        "resolved_by_bot": pytest.approx(3 / 9),  # told, liked, clicked
        "resolved": pytest.approx(5 / 9),  # and person, taken
        "containment": pytest.approx(6 / 9),  # all but person, alone, taken
        "escalation": pytest.approx(3 / 9),
        "rating": pytest.approx((5 + 2 + 4) / 3),
        "first_response": 2,  # 1 1 1 2 2 3 4 5 6 (alone taken clicked told person lost liked back disliked)
        "person_response": 60,  # person 90, taken 30: the mean of the two
        "resolution_time": 20,  # 4 10 20 50 120 (liked told clicked taken person)
        "reopened": pytest.approx(1 / 9),
        "fallback": pytest.approx(3 / 12),  # lost, clicked, alone; told, clicked and back have two turns
        "unanswered": 2,  # lost, alone
        "cost": round((3 * 8 / 60 * 30 + 1 * 0.002 + 3 * 10) / 9 * 100),
        "saved": round((3 * 8 / 60 * 30 - 1 * 0.002 - 3 * 10) * 100),
    }


async def test_days_add_up_and_each_has_its_own_medians(worked: Board) -> None:
    shown = {one["id"]: one["series"] for one in (await worked.ask("?from=2026-11-01&to=2026-11-04"))["figures"]}
    assert shown["conversations"] == [
        {"at": "2026-11-01", "value": 0},
        {"at": "2026-11-02", "value": 3},
        {"at": "2026-11-03", "value": 3},
        {"at": "2026-11-04", "value": 3},
    ]
    assert [one["value"] for one in shown["first_response"]] == [None, 4, 3, 1]
    assert [one["value"] for one in shown["resolved_by_bot"]] == [None, pytest.approx(2 / 3), pytest.approx(1 / 3), 0]


async def test_nobody_knows_before_the_time_is_over_unless_the_customer_has_said(worked: Board, clock: Clock) -> None:
    clock.to(MONDAY + timedelta(hours=1))
    figures = await worked.figures("?from=2026-11-02&to=2026-11-02")
    assert (figures["resolved_by_bot"], figures["resolved"]) == (0.5, 0.5)  # liked of liked and disliked; told waits
    clock.to(MONDAY + timedelta(hours=73))
    assert (await worked.figures("?from=2026-11-02&to=2026-11-02"))["resolved_by_bot"] == pytest.approx(2 / 3)


async def test_while_most_are_not_decided_their_shares_are_not_known(board: Board, clock: Clock) -> None:
    clock.to(MONDAY + timedelta(hours=1))
    told = [(0, "c", "where?"), (2, "b", "entry")]
    await board.write(*(Talk(name, told) for name in "abc"), Talk("lost", [(0, "c", "bitcoin?"), (2, "b", "none")]))
    query, ids = "?from=2026-11-02&to=2026-11-02", ("resolved_by_bot", "resolved", "reopened")
    shown = {one["id"]: one for one in (await board.ask(query))["figures"]}
    assert [(shown[one]["value"], shown[one]["decided"]) for one in ids] == [(None, {"count": 1, "of": 4})] * 3
    assert shown["escalation"]["decided"] is None
    clock.to(MONDAY + timedelta(hours=73))
    shown = {one["id"]: one for one in (await board.ask(query))["figures"]}
    assert [(shown[one]["value"], shown[one]["decided"]["count"]) for one in ids] == [(0.75, 4), (0.75, 4), (0, 4)]


async def test_running_costs_begin_with_the_first_conversation_and_end_today(board: Board, clock: Clock) -> None:
    clock.to(MONDAY)
    assert (await board.figures("?from=2026-10-07&to=2026-11-04"))["saved"] == 0
    await board.write(Talk("x", [(0, "c", "where?"), (2, "b", "entry")]))
    clock.to(MONDAY + timedelta(days=1))
    shown = {one["id"]: one for one in (await board.ask("?from=2026-10-07&to=2026-11-04"))["figures"]}
    assert (shown["saved"]["value"], shown["cost"]["value"]) == (-2 * 10 * 100, 2 * 10 * 100)
    assert [one["value"] for one in shown["saved"]["series"]][-4:] == [0, -1000, -1000, 0]
    assert (await board.ask("/savings?from=2026-10-07&to=2026-11-04"))["saved"] == -2 * 10 * 100


@pytest.mark.parametrize(
    ("after", "reopened"),
    [(29 * 60, False), (31 * 60, True), (71 * HOUR, True), (73 * HOUR, False)],
)
async def test_coming_back_is_writing_after_half_an_hour_and_within_three_days(
    board: Board,
    after: int,
    reopened: bool,  # noqa: FBT001
) -> None:
    said = [(0, "c", "hello"), (1, "b", "entry"), (1 + after, "c", "again"), (2 + after, "b", "entry")]
    await board.write(Talk("x", said))
    assert (await board.figures("?from=2026-11-02&to=2026-11-02"))["reopened"] == (1 if reopened else 0)


async def test_words_after_the_end_reopen_at_once(board: Board) -> None:
    said = [(0, "c", "hello"), (1, "b", "entry"), (5, "s", "closed"), (60, "c", "but"), (61, "b", "entry")]
    await board.write(Talk("x", said))
    assert (await board.figures("?from=2026-11-02&to=2026-11-02"))["reopened"] == 1


async def test_another_conversation_of_the_same_customer_reopens_the_first(board: Board, clock: Clock) -> None:
    clock.to(MONDAY + timedelta(days=1))
    first = Talk("first", [(0, "c", "where?"), (2, "b", "entry")], customer="c1")
    await board.write(first, Talk("other", [(0, "c", "where?"), (2, "b", "entry")], customer="c2"))
    assert (await board.figures())["reopened"] is None  # nobody knows yet
    clock.to(MONDAY + timedelta(days=2, minutes=5))
    await board.write(Talk("second", [(0, "c", "still?"), (2, "b", "entry")], day=2, customer="c1"))
    await board.figures()
    clock.to(MONDAY + timedelta(days=9))
    figures = await board.figures()
    assert figures["reopened"] == pytest.approx(1 / 3)
    assert figures["resolved_by_bot"] == pytest.approx(2 / 3)


async def test_an_address_left_for_an_answer_is_an_escalation(board: Board) -> None:
    await board.write(Talk("x", [(0, "c", "help"), (1, "b", "none")], contact="jane@example.com"))
    shown = await board.ask("?from=2026-11-02&to=2026-11-02")
    assert shown["escalations"] == [{"reason": "left_contact", "count": 1}]


async def test_a_rating_given_later_is_counted(worked: Board) -> None:
    await worked.figures()
    rate = update(conversations).where(conversations.c.id == "told").values(rating_score=1)
    await worked.database.write(lambda connection: connection.execute(rate))
    figures = await worked.figures()
    assert figures["rating"] == pytest.approx((5 + 2 + 4 + 1) / 4)
    assert figures["resolved_by_bot"] == pytest.approx(2 / 9)


async def test_an_erased_conversation_is_gone_from_the_figures(worked: Board) -> None:
    await worked.figures()
    gone = delete(conversations).where(conversations.c.id == "person")  # the data base takes what hangs on it along
    await worked.database.write(lambda connection: connection.execute(gone))
    assert (await worked.figures())["conversations"] == 8


async def test_escalations_and_colleagues(worked: Board) -> None:
    shown = await worked.ask("?from=2026-11-02&to=2026-11-04")
    assert shown["escalations"] == [
        {"reason": "angry", "count": 1},
        {"reason": "asked_for_person", "count": 1},
        {"reason": "taken_over", "count": 1},
    ]
    assert shown["agents"] == [
        {"id": "s_niamh", "name": "Niamh", "open": 1, "resolved": 2, "first_response_median": 60.0}
    ]


@pytest.mark.parametrize(
    ("figure", "ids"),
    [
        ("conversations", {"told", "liked", "disliked", "lost", "clicked", "back", "person", "alone", "taken"}),
        ("resolved_by_bot", {"told", "liked", "disliked", "lost", "clicked", "back", "person", "alone", "taken"}),
        ("containment", {"told", "liked", "disliked", "lost", "clicked", "back"}),
        ("escalation", {"person", "alone", "taken"}),
        ("rating", {"liked", "disliked", "person"}),
        ("reopened", {"back"}),
        ("fallback", {"lost", "clicked", "alone"}),
        ("unanswered", {"lost", "alone"}),
        ("person_response", {"person", "taken"}),
        ("resolution_time", {"told", "liked", "clicked", "person", "taken"}),
        ("saved", {"told", "liked", "clicked"}),
    ],
)
async def test_a_figure_opens_the_conversations_behind_it(worked: Board, figure: str, ids: set[str]) -> None:
    shown = await worked.ask("?from=2026-11-02&to=2026-11-04")
    url = next(one["conversations_url"] for one in shown["figures"] if one["id"] == figure)
    found = (await worked.http.get(url)).json()["items"]
    assert {one["id"] for one in found} == ids


async def test_the_worst_come_first_and_pages_follow_each_other(worked: Board) -> None:
    query = "?from=2026-11-02&to=2026-11-04&limit=2"
    first = await worked.ask(f"/rating/conversations{query}")
    assert [(one["id"], one["value"], one["first_text"]) for one in first["items"]] == [
        ("disliked", 2, "do you ship?"),
        ("person", 4, "a person please"),
    ]
    second = await worked.ask(f"/rating/conversations{query}&cursor={first['next']}")
    assert [one["id"] for one in second["items"]] == ["liked"]
    assert second["next"] is None
    await worked.ask("/nothing/conversations", 404)


async def test_the_time_before_is_as_long_and_just_before(worked: Board) -> None:
    shown = await worked.ask("?from=2026-11-04&to=2026-11-04&compare=previous")
    by_id = {one["id"]: one for one in shown["figures"]}
    assert (by_id["conversations"]["value"], by_id["conversations"]["previous"]) == (3, 3)
    assert by_id["unanswered"]["previous"] == 1
    assert by_id["resolution_time"]["previous"] == 20
    assert (await worked.ask("?from=2026-11-04&to=2026-11-04"))["figures"][0]["previous"] is None


async def test_a_channel_is_counted_by_itself(worked: Board) -> None:
    await worked.write(Talk("other", [(0, "c", "hi"), (1, "b", "entry")], channel="rest"))
    assert (await worked.figures("?from=2026-11-02&to=2026-11-04&channel=rest"))["conversations"] == 1


async def test_a_day_is_the_companys_day(board: Board) -> None:
    late = MONDAY.replace(month=7, day=1, hour=23, minute=30)  # half past midnight in Dublin's summer
    await board.write(Talk("x", [(0, "c", "hi"), (1, "b", "entry")], more={"created_at": late, "updated_at": late}))
    assert (await board.figures("?from=2026-07-02&to=2026-07-02"))["conversations"] == 1


async def test_figures_without_a_conversation_are_empty_not_wrong(board: Board) -> None:
    figures = await board.figures()
    assert (figures["conversations"], figures["rating"], figures["escalation"], figures["cost"]) == (
        0,
        None,
        None,
        None,
    )


async def test_targets_and_definitions_stand_beside_the_figures(worked: Board) -> None:
    shown = {one["id"]: one for one in (await worked.ask())["figures"]}
    assert {name: one["target"] for name, one in shown.items() if one["target"]} == {
        "rating": {"op": ">", "value": 4.2},
        "resolved_by_bot": {"op": ">", "value": 0.7},
        "escalation": {"op": "<", "value": 0.2},
        "resolution_time": {"op": "<", "value": 180.0},
        "reopened": {"op": "<", "value": 0.05},
    }
    assert all(one["definition"] for one in shown.values())


async def test_the_formula_can_be_edited_and_is_arithmetic_only(worked: Board) -> None:
    body = {"formula": "resolved_by_bot * minutes_per_conversation * bonus", "bonus": 2.0}
    saved = await worked.ask("/savings?from=2026-11-02&to=2026-11-04", method="PUT", json=body)
    assert (saved["formula"], saved["parameters"]["bonus"], saved["saved"]) == (body["formula"], 2.0, 3 * 8 * 2 * 100)
    assert (await worked.figures())["saved"] == 3 * 8 * 2 * 100
    again = await worked.ask("/savings", method="PUT", json={"minutes_per_conversation": 10})
    assert (again["formula"], again["parameters"]["minutes_per_conversation"]) == (body["formula"], 10.0)
    assert (await worked.ask("/savings"))["parameters"] == again["parameters"]
    for wrong in ({"days": 3}, {"minutes_per_conversation": "many"}, {"Bad Name": 1}, {"currency": "euro"}):
        await worked.ask("/savings", 422, method="PUT", json=wrong)
    refused = await worked.ask("/savings", 422, method="PUT", json={"formula": "open('/etc/passwd')"})
    assert "names, numbers" in refused["error"]["message"]
    assert (await worked.ask("/savings"))["formula"] == body["formula"]


@pytest.mark.parametrize(
    "formula",
    [
        "1 +", "x", "(1).real", "1 if 1 else 2", "2 ** 9", "[1]", "'a'", "True", "lambda: 1", "1e999 * 0 or 1",
        "-" * 400 + "1", "(" * 300 + "1" + ")" * 300, "1\n2", "print(1)", "__import__", "1 < 2",
    ],
)  # fmt: skip
def test_what_is_no_arithmetic_is_refused(formula: str) -> None:
    with pytest.raises(Invalid):
        evaluate(formula, {"a": 1.0})


def test_arithmetic_is_computed() -> None:
    assert evaluate("-(a + 2) * 3 / b - 1", {"a": 1.0, "b": 2.0}) == -5.5
    assert evaluate("1 / (a - a)", {"a": 1.0}) is None


async def test_the_file_has_a_line_a_day_and_one_of_all(worked: Board) -> None:
    answer = await worked.http.get("/console/api/numbers.csv?from=2026-11-02&to=2026-11-04")
    lines = answer.text.splitlines()
    assert lines[0].split(",") == ["day", *(figure.id for figure in FIGURES)]
    assert [line.split(",")[:3] for line in lines[1:]] == [
        ["2026-11-02", "3", "0.666667"],
        ["2026-11-03", "3", "0.333333"],
        ["2026-11-04", "3", "0"],
        ["all", "9", "0.333333"],
    ]
    assert answer.headers["content-disposition"] == 'attachment; filename="frontdesk-2026-11-02-2026-11-04.csv"'


async def test_a_time_that_is_none_is_refused(board: Board) -> None:
    await board.ask("?from=2026-11-04&to=2026-11-02", 422)
    await board.ask("?from=2020-11-04&to=2026-11-02", 422)
    await board.ask("?from=yesterday", 422)
    shown = await board.ask()
    assert (date.fromisoformat(shown["to"]) - date.fromisoformat(shown["from"])).days == 29


async def test_only_who_may_see_the_numbers_gets_in(board: Board) -> None:
    board.guard.roles = frozenset({Role.AGENT, Role.EDITOR})
    for path in ("/numbers", "/numbers.csv", "/numbers/savings", "/numbers/rating/conversations"):
        assert (await board.http.get(f"/console/api{path}")).status_code == 401, path
    board.guard.roles = frozenset({Role.LEAD})
    await board.ask()


def test_the_documentation_has_each_definition_and_target() -> None:
    text = Path("docs/figures.md").read_text(encoding="utf-8")
    for figure in FIGURES:
        target = f"{figure.target.op} {figure.target.value:g}" if figure.target else ""
        assert f"| {figure.name} | {figure.definition} | {target} |" in text, figure.id
