"""What is odd about the knowledge is found; what is not odd is left alone."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest

from retrieval.adapters.embedded.searcher import Searcher
from retrieval.adapters.hashing_embedder import HashingEmbedder
from retrieval.evaluation.bench import content_of, opened
from retrieval.inspection import stats, verify
from retrieval.links import dead_pages
from retrieval.model import Entry
from retrieval.relevance import calibration
from tests.retrieval.conftest import NOON
from tests.retrieval.knowledge_index_contract import HOURS, RETURNS, entry


async def findings(entries: list[Entry]) -> list[tuple[str, str]]:
    with opened(await content_of(entries, HashingEmbedder(128))) as searcher:
        return [(found.entry_id, found.oddity) for found in verify(searcher, calibration.load(), NOON)]


async def test_nothing_odd_is_nothing_said() -> None:
    assert await findings([RETURNS, HOURS]) == []


@pytest.mark.parametrize(
    ("change", "oddity"),
    [
        ({"valid_until": NOON}, "expired"),
        ({"valid_until": NOON + timedelta(days=29)}, "expires soon"),
        ({"valid_until": NOON + timedelta(days=31)}, None),
        ({"valid_from": NOON + timedelta(days=1)}, "not yet valid"),
        ({"valid_from": NOON}, None),
    ],
)
async def test_validity_is_looked_at(change: dict[str, object], oddity: str | None) -> None:
    found = await findings([replace(RETURNS, **change), HOURS])  # type: ignore[arg-type]
    assert found == ([("returns", oddity)] if oddity else [])


async def test_two_entries_with_the_same_question_are_told() -> None:
    twin = entry("twin", "Something else", "Quite another text about lamps.", questions=("Return window?",))
    found = await findings([RETURNS, twin])
    assert ("twin", "near duplicate") in found
    assert "not found by its own question" in {oddity for _, oddity in found}


async def test_two_entries_that_say_the_same_are_told_once() -> None:
    twin = replace(RETURNS, entry_id="twin", questions=())  # type: ignore[arg-type]
    assert [pair for pair in await findings([RETURNS, twin]) if pair[1] == "near duplicate"] == [
        ("twin", "near duplicate")
    ]


async def test_an_expired_twin_is_no_duplicate() -> None:
    twin = replace(RETURNS, entry_id="twin", questions=(), valid_until=NOON)  # type: ignore[arg-type]
    assert await findings([RETURNS, twin]) == [("twin", "expired")]


@pytest.fixture
async def searcher() -> Iterator[Searcher]:
    entries = [RETURNS, replace(HOURS, audience="staff"), entry("old", "Old", valid_until=NOON)]
    with opened(await content_of(entries, HashingEmbedder(128))) as made:
        yield made


async def test_stats_count_entries_and_what_a_visitor_may_be_told(searcher: Searcher) -> None:
    counted = stats(searcher, NOON)
    assert (counted.entries, counted.visible, counted.questions) == (3, 1, 1)
    assert counted.by_audience == {"public": 2, "staff": 1}
    assert counted.passages == 7


async def test_links_to_files_and_entries_that_are_not_there_are_told(tmp_path: Path) -> None:
    (tmp_path / "there.md").write_text("x")
    answer = (
        "[a](there.md#part) [b](gone.md) [c](entry:hours) [d](entry:nothing) [e](https://x.example) [f](#here) "
        "[g](javascript:alert) ![h](gone.png) [i](mailto:a@b.example)"
    )
    linked = replace(RETURNS, answer=answer, source=str(tmp_path / "returns.md"))
    with opened(await content_of([linked, HOURS], HashingEmbedder(128))) as searcher:
        found = [item for item in verify(searcher, calibration.load(), NOON) if item.oddity == "dead link"]
    assert [item.detail.split(": ")[0] for item in found] == [
        "gone.md", "entry:nothing", "javascript:alert", "gone.png",
    ]  # fmt: skip


async def test_pages_of_the_web_that_do_not_answer_are_told() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/slow":
            raise httpx.ReadTimeout("slow")
        if request.url.path == "/no-head":
            return httpx.Response(405 if request.method == "HEAD" else 200)
        return httpx.Response(404 if request.url.path == "/gone" else 200)

    links = [f"https://x.example/{name}" for name in ("fine", "gone", "slow", "no-head", "gone")]
    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client:
        dead = await dead_pages(links, client)
    assert {link.rsplit("/", 1)[-1]: said for link, said in dead.items()} == {
        "gone": "answers 404",
        "slow": "does not answer (ReadTimeout)",
    }


@pytest.mark.parametrize(
    ("ends", "begins", "told"),
    [
        (NOON, NOON, None),
        (NOON, NOON + timedelta(days=1), "neither holds"),
        (NOON + timedelta(days=1), NOON, "both hold"),
    ],
)
async def test_one_entry_must_follow_the_other_at_once(ends: datetime, begins: datetime, told: str | None) -> None:
    old = replace(RETURNS, valid_until=ends)
    new = entry("returns-2027", "From next year", "Other words.", questions=("Return window?",), valid_from=begins)
    with opened(await content_of([old, new], HashingEmbedder(128))) as searcher:
        found = [item for item in verify(searcher, calibration.load(), NOON) if item.oddity == "contradicting validity"]
    assert len(found) == bool(told)
    assert all(told in item.detail for item in found if told)


async def test_every_passage_is_counted_while_its_question_is_asked() -> None:
    told: list[tuple[str, int, int]] = []
    with opened(await content_of([RETURNS, HOURS], HashingEmbedder(128))) as searcher:
        verify(searcher, calibration.load(), NOON, lambda *stage: told.append(stage))
        total = len(searcher.snapshot.passages)
    assert told == [("ask", number + 1, total) for number in range(total)]
